"""Random rounding against its definition: up or down with the probability by which a multiple is the nearer one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bayesmodel.data import Status, interpret_counts, mask, publish
from bayesmodel.data.interpret import masked
from bayesmodel.data.publication import (
    highest_hidden,
    intervals,
    lowest_hidden,
    lowest_shown,
    published_bounds,
    window_weights,
)
from bayesmodel.data.publication_evidence import HIDDEN, published_as
from bayesmodel.study.parts import Publication

EVERY = range(80)
RULES = [
    Publication(rounding="random", rounded_to=base, hidden_below=below, hidden_from=first, hidden_when=when)
    for base in (2, 3, 5, 10)
    for when in ("before rounding", "after rounding")
    for below, first in ((0, 0), (4, 0), (5, 0), (10, 0), (11, 0), (12, 1))
]


def chances(rule, count):
    """Probability of each way in which a count is published, by the words of the rule."""
    base = rule.rounded_to
    down = count // base * base
    found = {down: 1 - (count - down) / base}
    if count > down:
        found[down + base] = (count - down) / base

    def hides(tested):
        return rule.hidden_from <= tested < rule.hidden_below

    cells = {}
    for number, chance in found.items():
        cell = HIDDEN if hides(count if rule.hidden_when == "before rounding" else number) else number
        cells[cell] = cells.get(cell, 0) + chance
    return cells


def by_cell(rule):
    """For each cell, the counts that it can stand for and the probability that each is published so."""
    cells = {}
    for count in EVERY:
        for cell, chance in chances(rule, count).items():
            cells.setdefault(cell, {})[count] = chance
    return {cell: counts for cell, counts in cells.items() if cell < 50}


def names(rule):
    return f"{rule.rounded_to}, {rule.hidden_from} to {rule.hidden_below} {rule.hidden_when}"


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_a_cell_stands_for_exactly_the_counts_that_can_give_it_with_their_probability(rule):
    for cell, counts in by_cell(rule).items():
        hidden, no = np.array([cell == HIDDEN]), np.array([False])
        numbers, people = np.array([max(cell, 0)]), np.array([1_000])
        lower, upper, status = intervals(numbers, people, rule, hidden=hidden, missing=no, zero=no)
        assert (lower[0], upper[0]) == (min(counts), max(counts))
        found = window_weights(numbers, lower, upper, status, rule)[0]
        expected = [counts.get(count, 0.0) for count in range(lower[0], upper[0] + 1)]
        assert np.allclose(found[: len(expected)], expected, atol=1e-12)
        assert not found[len(expected) :].any()


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_limits_are_those_of_counting(rule):
    cells = by_cell(rule)
    if HIDDEN in cells:
        assert (lowest_hidden(rule), highest_hidden(rule)) == (min(cells[HIDDEN]), max(cells[HIDDEN]))
        above = [cell for cell, counts in cells.items() if cell != HIDDEN and max(counts) > max(cells[HIDDEN])]
        assert lowest_shown(rule) == min(above)
    never = set(range(0, 50, rule.rounded_to)) - set(cells)
    for number in never:
        lower, upper = published_bounds(np.array([number]), rule)
        assert lower[0] > upper[0]


@pytest.mark.parametrize("rule", RULES, ids=names)
def test_the_table_of_probabilities_is_that_of_counting(rule):
    table = published_as(rule, 60)
    assert np.allclose(table.sum(), 1)
    for count in range(61):
        found = table[count][table[count] > 0].to_dict()
        assert found == pytest.approx(chances(rule, count))


def test_what_is_published_occurs_as_often_as_it_should():
    """And on average a rounded count is the count: the rounding is unbiased."""
    rule = Publication(rounding="random", rounded_to=5, hidden_below=0)
    counts = np.repeat(np.arange(20), 20_000)
    numbers = publish(counts, rule, seed=3).astype(int)
    assert np.abs(numbers.reshape(20, -1).mean(axis=1) - np.arange(20)).max() < 4 * 2.5 / np.sqrt(20_000)
    assert (numbers[counts == 8] == 10).mean() == pytest.approx(0.6, abs=0.015)
    assert set(numbers[counts == 15].tolist()) == {15}


@given(st.sampled_from(RULES), st.integers(0, 10_000))
def test_a_count_lies_in_the_window_it_is_published_as(rule, seed):
    rng = np.random.default_rng(seed)
    people = rng.integers(0, 60, 50)
    counts = rng.binomial(people, 0.4)
    known = masked(counts, people, rule, seed)
    assert ((known.lower <= counts) & (counts <= known.upper)).all()
    weights = window_weights(known.numbers, known.lower, known.upper, known.status, rule)
    assert (weights[np.arange(50), counts - known.lower] > 0).all()
    assert all((one == other).all() for one, other in zip(known, mask(counts, people, rule, seed), strict=False))


def test_cells_are_read_as_windows_with_weights(table_of):
    rule = {"hidden_below": 5, "rounded_to": 3, "rounding": "random", "hidden_symbols": ["."]}
    counts = interpret_counts(table_of(["3", "6", ".", "9", "."], [50, 50, 50, 8, 0], rule))
    assert counts.status.tolist() == ["rounded", "rounded", "suppressed", "rounded", "zero"]
    assert list(zip(counts.lower.tolist(), counts.upper.tolist(), strict=True))[:4] == [(5, 5), (5, 8), (0, 4), (7, 8)]
    assert (counts.weights[:4].round(2) * 100).astype(int).tolist() == [
        [33, 0, 0, 0, 0],
        [67, 100, 67, 33, 0],
        [100, 100, 100, 100, 100],
        [33, 67, 0, 0, 0],
    ]
    assert counts.notes == (
        "1 hidden ('.'), read as 0..4; 0 missing (none); 3 rounded at random to 3; 0 exact; "
        "1 without people, left out of the fit.",
    )


def test_other_bounds_are_plain_windows(table_of):
    """What a check hides or leaves out is no longer weighed, however wide."""
    rule = {"hidden_below": 0, "rounded_to": 3, "rounding": "random"}
    counts = interpret_counts(table_of(["3", "6"], [50, 50], rule))
    wider = counts.with_bounds([1], 10, 19, Status.SUPPRESSED)
    assert wider.weights[1].tolist() == [1.0] * 5
    assert (wider.weights[0] == counts.weights[0]).all()
    assert counts.weights[1].min() < 1


@pytest.mark.parametrize("wrong", [{"rounded_to": 1}, {"rounded_to": 101}, {"rounded_to": 1, "raised_from": 8}])
def test_a_base_that_rounds_nothing_is_refused(wrong):
    with pytest.raises(ValidationError, match="rounded_to of 2 to 100"):
        Publication(rounding="random", hidden_below=10, **wrong)


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ({"rounded_to": 5, "hidden_from": 1, "hidden_below": 2}, 0),
        ({"rounded_to": 10, "hidden_from": 3, "hidden_below": 5}, None),
        ({"rounded_to": 5, "hidden_from": 1, "hidden_below": 3, "rounding": "random"}, 0),
        ({"rounded_to": 3, "hidden_from": 2, "hidden_below": 3, "rounding": "random"}, 3),
        ({"rounded_to": 3, "hidden_from": 1, "hidden_below": 3, "rounding": "random"}, None),
    ],
)
def test_a_number_for_counts_on_both_sides_of_the_hidden_ones_is_refused(rule, number):
    if number is None:
        assert Publication(**rule).rounded_to == rule["rounded_to"]
    else:
        with pytest.raises(ValidationError, match=f"{number} would be shown for counts below hidden_from"):
            Publication(**rule)
