"""Complementary suppression against an attacker who tries every count that fits what is public."""

import itertools

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.complementary import Cells, complementary

LIMIT = 3
"""A low one, so that everything that fits can be listed."""
ENOUGH = 40_000


def country(seed):
    """Return counts, people and groups of a small country: gemeenten in regions, and a level across them."""
    rng = np.random.default_rng(seed)
    areas = int(rng.integers(2, 9))
    people = rng.integers(1, 14, areas)
    value = rng.binomial(people, rng.uniform(0.05, 0.5))
    gemeente = np.sort(rng.integers(0, 3, areas))
    nested = pd.DataFrame({"gemeente": gemeente.astype(str), "regio": (gemeente // 2).astype(str), "all": "all"})
    crossing = pd.DataFrame({"corop": rng.integers(0, 2, areas).astype(str)})
    return value, people, nested, crossing


def hidden_by(cells, found):
    """Return the rows that are hidden."""
    small = np.flatnonzero(cells.known & (cells.value < cells.limit) & (cells.people > 0))
    return sorted({*small.tolist(), *found.protects})


def everything_that_fits(cells, found, levels):
    """List all values (fitting, hidden) of the hidden counts that agree with what is shown and with public totals."""
    rows = hidden_by(cells, found)
    ranges = [
        range(min(cells.limit - 1, int(n)) + 1) if value < cells.limit else range(cells.limit, int(n) + 1)
        for value, n in zip(cells.value[rows], cells.people[rows], strict=True)
    ]
    if np.prod([len(each) for each in ranges], dtype=float) > ENOUGH:
        return rows, ranges, None
    every = np.array(list(itertools.product(*ranges)))
    for level in levels:
        for group in levels[level].unique():
            inside = [nth for nth, row in enumerate(rows) if levels[level][row] == group]
            if inside and (level, group) not in found.totals:
                total = cells.value[[rows[nth] for nth in inside]].sum()
                every = every[every[:, inside].sum(axis=1) == total]
    return rows, ranges, every


@pytest.mark.parametrize("insiders", [False, True])
def test_no_small_count_is_known_better_than_that_it_is_small(insiders):
    tried = 0
    for seed in range(120):
        value, people, nested, crossing = country(seed)
        cells = Cells(value, people, np.ones(len(value), dtype=bool), LIMIT, insiders=insiders)
        found = complementary(cells, nested, crossing)
        rows, ranges, every = everything_that_fits(cells, found, nested.join(crossing))
        if every is None:
            continue
        for nth, row in enumerate(rows):
            if value[row] >= LIMIT:
                continue
            others = [None, *(other for other in range(len(rows)) if other != nth)] if insiders else [None]
            for other in others:
                fits = every if other is None else every[every[:, other] == value[rows[other]]]
                assert set(fits[:, nth]) == set(ranges[nth]), (seed, row, other)
                tried += 1
    assert tried > 300


def test_without_complementary_suppression_the_same_attacker_finds_counts():
    value, people = np.array([2, 9, 8]), np.array([20, 40, 40])
    cells = Cells(value, people, np.ones(3, dtype=bool), LIMIT)
    nothing = complementary(cells, pd.DataFrame(index=range(3)))
    _rows, _ranges, every = everything_that_fits(cells, nothing, pd.DataFrame({"gemeente": ["A"] * 3}))
    assert every.tolist() == [[2]]


def test_a_reader_who_knows_how_counts_are_chosen_finds_none():
    """Which counts are hidden depends on the counts: try all that would have been published in the same way."""
    narrower = counts = 0
    for seed in range(60):
        value, people, nested, _crossing = country(seed)
        cells = Cells(value, people, np.ones(len(value), dtype=bool), LIMIT, insiders=bool(seed % 2))
        found = complementary(cells, nested)
        rows, ranges, every = everything_that_fits(cells, found, nested)
        if every is None or not rows or len(every) > 400:
            continue
        alike = []
        for fitting in every:
            other = value.copy()
            other[rows] = fitting
            made = complementary(Cells(other, people, cells.known, LIMIT, insiders=cells.insiders), nested)
            if dict(made.protects) == dict(found.protects) and set(made.totals) == set(found.totals):
                alike.append(fitting)
        for nth, row in enumerate(rows):
            if value[row] < LIMIT and len(ranges[nth]) > 1:
                left = {int(each[nth]) for each in alike}
                assert len(left) > 1, (seed, row)
                narrower += len(left) < len(ranges[nth])
                counts += 1
    assert counts > 40
    assert narrower < 0.15 * counts


def test_the_choice_looks_at_people_and_not_at_counts():
    people = np.array([40, 400, 300, 500])
    nested = pd.DataFrame({"gemeente": ["A"] * 4})
    known = np.ones(4, dtype=bool)
    first = complementary(Cells(np.array([5, 60, 44, 70]), people, known, 10, insiders=False), nested)
    other = complementary(Cells(np.array([5, 44, 60, 70]), people, known, 10, insiders=False), nested)
    assert set(first.protects) == set(other.protects) == {2}  # the fewest people of whom 30 are expected


def test_a_group_without_enough_others_has_its_total_hidden_with_that_of_a_neighbour():
    nested = pd.DataFrame({"gemeente": ["A", "B", "B", "B", "C", "C"], "all": ["all"] * 6})
    value, people = np.array([4, 60, 50, 40, 80, 90]), np.array([30, 400, 380, 350, 600, 700])
    found = complementary(Cells(value, people, np.ones(6, dtype=bool), 10, insiders=False), nested)
    assert set(found.totals) == {("gemeente", "A"), ("gemeente", "B")}
    assert len(found.protects) == 1
    assert set(found.protects) <= {1, 2, 3}


def test_a_level_across_is_hidden_only_where_it_tells_more():
    nested = pd.DataFrame({"gemeente": ["A", "A", "B", "B"], "all": ["all"] * 4})
    value, people = np.array([4, 60, 5, 70]), np.array([30, 400, 35, 500])
    cells = Cells(value, people, np.ones(4, dtype=bool), 10, insiders=False)
    same = complementary(cells, nested, pd.DataFrame({"corop": ["X", "X", "Y", "Y"]}))
    across = complementary(cells, nested, pd.DataFrame({"corop": ["X", "Y", "Y", "Y"]}))
    assert same.totals == ()
    assert set(across.totals) == {("corop", "X"), ("corop", "Y")}


def test_counts_that_nobody_knows_are_in_no_sum():
    nested = pd.DataFrame({"gemeente": ["A"] * 3})
    known = np.array([True, True, False])
    cells = Cells(np.array([4, 60, 0]), np.array([30, 400, 900]), known, 10, insiders=False)
    assert set(complementary(cells, nested).protects) == {1}


def test_counts_of_a_total_that_was_opened_in_vain_protect_at_the_next_level():
    nested = pd.DataFrame({"gemeente": ["A", "B", "C"], "regio": ["1", "1", "2"], "all": ["all"] * 3})
    value, people = np.array([4, 12, 14]), np.array([30, 400, 500])
    found = complementary(Cells(value, people, np.ones(3, dtype=bool), 10, insiders=False), nested)
    assert set(found.protects) == {1, 2}
    assert ("all", "all") not in found.totals  # 12 and 14 can fall by six, the small one rises by five at most
