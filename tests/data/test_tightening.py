"""Bounds narrowed by sums: nothing widens, no fitting counts are lost, any order ends alike, and enumeration agrees."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.data.tightening import Sums, tighten

INFINITE = np.inf


def sums(name, cells, signs, lower, upper):
    return Sums(
        name,
        np.atleast_2d(np.array(cells)),
        np.array(signs),
        np.atleast_1d(np.asarray(lower, dtype=float)),
        np.atleast_1d(np.asarray(upper, dtype=float)),
    )


def fits(counts, every):
    counts = np.asarray(counts)
    totals = [(each, (counts[each.cells] * each.signs).sum(axis=1)) for each in every]
    return all(((total >= each.lower) & (total <= each.upper)).all() for each, total in totals)


def hull(low, high, every):
    """The least and the most of each count over all counts that fit, by enumeration."""
    ranges = (range(a, b + 1) for a, b in zip(low, high, strict=True))
    fitting = np.array([counts for counts in product(*ranges) if fits(counts, every)])
    return (fitting.min(axis=0), fitting.max(axis=0)) if len(fitting) else None


@st.composite
def worlds(draw, tree=True):
    """Two areas of a count and two parts each, published as intervals round the truth, and sums that hold of it."""
    parts = np.array(draw(st.lists(st.integers(0, 4), min_size=4, max_size=4)))
    truth = np.array([parts[0] + parts[1], *parts[:2], parts[2] + parts[3], *parts[2:]])
    slack = st.lists(st.integers(0, 2), min_size=6, max_size=6)
    low, high = np.maximum(truth - draw(slack), 0), truth + draw(slack)
    known = truth[[0, 3]].sum()
    every = [
        sums("parts", [[1, 2, 0], [4, 5, 3]], [1, 1, -1], [0, 0], [0, 0]),
        sums("total", [[0, 3]], [1, 1], known - draw(st.integers(0, 2)), known + draw(st.integers(0, 2))),
    ]
    if not tree:
        part = truth[[1, 4]].sum()
        every.append(sums("part", [[1, 4]], [1, 1], -INFINITE, part + draw(st.integers(0, 1))))
    return truth, low, high, every


@given(worlds(tree=False))
def test_nothing_widens_and_the_truth_is_never_lost(world):
    truth, low, high, every = world
    found = tighten(low, high, every)
    assert not found.contradictions
    assert (found.lower >= low).all()
    assert (found.upper <= high).all()
    assert ((found.lower <= truth) & (truth <= found.upper)).all()


@given(worlds(tree=False), st.permutations([0, 1, 2]))
def test_any_order_of_the_sums_ends_alike(world, order):
    _, low, high, every = world
    one, other = tighten(low, high, every), tighten(low, high, [every[place] for place in order])
    np.testing.assert_array_equal(one.lower, other.lower)
    np.testing.assert_array_equal(one.upper, other.upper)


@given(worlds())
def test_without_a_cycle_it_is_what_enumeration_gives(world):
    _, low, high, every = world
    found = tighten(low, high, every)
    least, most = hull(low, high, every)
    np.testing.assert_array_equal(found.lower, least)
    np.testing.assert_array_equal(found.upper, most)


@given(worlds(tree=False))
def test_with_a_cycle_it_never_leaves_out_what_enumeration_allows(world):
    _, low, high, every = world
    found = tighten(low, high, every)
    least, most = hull(low, high, every)
    assert (found.lower <= least).all()
    assert (found.upper >= most).all()


@given(worlds(tree=False))
def test_narrowing_again_changes_nothing(world):
    _, low, high, every = world
    found = tighten(low, high, every)
    again = tighten(found.lower, found.upper, every)
    assert not again.steps


@given(worlds(tree=False))
def test_the_steps_lead_from_the_first_bounds_to_the_last(world):
    _, low, high, every = world
    found = tighten(low, high, every)
    now = np.array([low, high])
    for step in found.steps:
        assert now[:, step.cell].tolist() == [step.lower_before, step.upper_before]
        assert (step.lower, step.upper) != (step.lower_before, step.upper_before)
        assert step.by in {each.name for each in every}
        now[:, step.cell] = step.lower, step.upper
    np.testing.assert_array_equal(now, [found.lower, found.upper])


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=3),
    st.integers(0, 12),
    st.integers(0, 4),
)
def test_one_sum_contradicts_just_when_no_counts_fit(pairs, lower, width):
    low, high = np.array([min(pair) for pair in pairs]), np.array([max(pair) for pair in pairs])
    every = [sums("total", [[0, 1, 2]], [1, 1, -1], lower, lower + width)]
    found = tighten(low, high, every)
    assert bool(found.contradictions) == (hull(low, high, every) is None)


def test_a_contradiction_names_its_cells_and_what_they_were_known_to_be():
    parts = sums("ages", [[1, 2, 0]], [1, 1, -1], 0, 0)
    found = tighten(np.array([8, 13, 0]), np.array([12, 17, 7]), [parts])
    (wrong,) = found.contradictions
    assert (wrong.by, wrong.cells) == ("ages", (1, 2, 0))
    assert wrong.bounds == ((13, 17), (0, 7), (8, 12))


def test_sums_are_used_for_each_area_on_its_own():
    low, high = np.zeros(6, dtype=int), np.full(6, 9)
    found = tighten(low, high, [sums("total", [[0, 1], [2, 3], [4, 5]], [1, 1], [18, 0, 5], [18, 0, INFINITE])])
    assert found.lower.tolist() == [9, 9, 0, 0, 0, 0]
    assert found.upper.tolist() == [9, 9, 0, 0, 9, 9]


@pytest.mark.parametrize("size", [1, 400])
def test_many_areas_take_no_longer_way(size):
    low, high = np.zeros(3 * size, dtype=int), np.full(3 * size, 7)
    low[:size], high[:size] = 8, 12
    area = np.arange(size)
    found = tighten(
        low, high, [sums("p", np.c_[area + size, area + 2 * size, area], [1, 1, -1], [0] * size, [0] * size)]
    )
    assert set(found.lower[size:]) == {1}
    assert len(found.steps) == 2 * size
