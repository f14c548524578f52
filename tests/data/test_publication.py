"""The rules against counting: publish every count from 0 to 60 by hand and see which ones a number stands for."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bayesmodel.data import mask
from bayesmodel.data.publication import (
    are_hidden,
    highest_hidden,
    lowest_hidden,
    published_bounds,
    published_numbers,
    round_counts,
)
from bayesmodel.study.parts import Publication

EVERY = np.arange(61)


def publications():
    when = st.sampled_from(["before rounding", "after rounding"])
    rules = st.builds(
        dict,
        hidden_below=st.integers(0, 25),
        hidden_from=st.integers(0, 3),
        hidden_when=when,
        rounded_to=st.integers(1, 12),
    )
    # a window of hidden counts that leaves some below it and some above it within one multiple has no one interval
    return rules.filter(
        lambda rule: rule["hidden_from"] == 0 or rule["hidden_from"] + rule["rounded_to"] <= rule["hidden_below"]
    ).map(lambda rule: Publication(**rule))


def is_hidden(publication):
    """Which counts are hidden, by the words of the rule."""
    tested = EVERY if publication.hidden_when == "before rounding" else round_counts(EVERY, publication.rounded_to)
    return (tested >= publication.hidden_from) & (tested < publication.hidden_below)


@given(publications())
def test_hidden_counts_are_exactly_those_from_the_lowest_to_the_highest(publication):
    window = list(range(lowest_hidden(publication), highest_hidden(publication) + 1))
    assert EVERY[is_hidden(publication)].tolist() == window
    assert EVERY[are_hidden(EVERY, publication)].tolist() == window


@given(publications())
def test_a_published_number_stands_for_exactly_the_counts_that_give_it(publication):
    shown = ~is_hidden(publication)
    published = round_counts(EVERY, publication.rounded_to)
    for number in np.unique(published[shown & (EVERY < 40)]):
        lower, upper = published_bounds(np.array([number]), publication)
        expected = EVERY[shown & (published == number)]
        assert (max(lower[0], 0), upper[0]) == (expected.min(), expected.max())


@given(publications())
def test_a_number_whose_counts_are_all_hidden_has_crossed_bounds(publication):
    hidden, published = is_hidden(publication), round_counts(EVERY, publication.rounded_to)
    for number in np.unique(published[EVERY < 40]):
        lower, upper = published_bounds(np.array([number]), publication)
        assert (lower[0] > upper[0]) == hidden[published == number].all()


@given(st.integers(0, 1000), st.integers(1, 50))
def test_rounding_is_to_the_nearest_multiple(count, to):
    rounded = int(round_counts(np.array([count]), to)[0])
    assert rounded % to == 0
    assert abs(rounded - count) * 2 <= to


@pytest.mark.parametrize(
    ("below", "when", "to", "highest", "of_ten"),
    [
        (10, "before rounding", 1, 9, (10, 10)),
        (8, "before rounding", 5, 7, (8, 12)),
        (10, "before rounding", 5, 9, (10, 12)),
        (10, "after rounding", 5, 7, (8, 12)),
        (0, "before rounding", 5, -1, (8, 12)),
        (0, "after rounding", 5, -1, (8, 12)),
        (5, "after rounding", 10, 4, (5, 14)),
    ],
)
def test_rules_that_publishers_use(below, when, to, highest, of_ten):
    publication = Publication(hidden_below=below, hidden_when=when, rounded_to=to)
    lower, upper = published_bounds(np.array([10]), publication)
    assert (highest_hidden(publication), (lower[0], upper[0])) == (highest, of_ten)


RAISED = Publication(hidden_below=10, raised_from=8)


def test_a_raised_count_stands_for_its_window():
    """Every count lies in the bounds of what it is published as; bounds of two published numbers do not overlap."""
    shown = EVERY[~are_hidden(EVERY, RAISED)]
    numbers = published_numbers(shown, RAISED)
    lower, upper = published_bounds(numbers, RAISED)
    assert ((lower <= shown) & (shown <= upper)).all()
    assert (highest_hidden(RAISED), numbers.min(), lower.min()) == (7, 10, 8)
    windows = sorted(set(zip(lower.tolist(), upper.tolist(), strict=True)))
    assert all(one[1] < other[0] for one, other in pairwise(windows))


def test_a_number_that_is_raised_is_never_shown():
    lower, upper = published_bounds(np.array([8, 9, 10]), RAISED)
    assert (lower > upper).tolist() == [True, True, False]


def test_raw_counts_become_what_would_be_known():
    lower, upper, status = mask(np.array([3, 8, 9, 10, 11]), np.full(5, 100), RAISED)
    assert list(zip(lower.tolist(), upper.tolist(), strict=True)) == [(0, 7), (8, 10), (8, 10), (8, 10), (11, 11)]
    assert status.tolist() == ["suppressed", "rounded", "rounded", "rounded", "exact"]


WRONG = [{"raised_from": 10}, {"raised_from": 2, "hidden_from": 2}, {"raised_from": 8, "rounded_to": 5}]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_rule_that_raises_nothing_is_refused(wrong):
    with pytest.raises(ValidationError, match="raised_from"):
        Publication(hidden_below=10, **wrong)


@pytest.mark.parametrize("shown", range(10))
def test_no_number_below_the_limit_is_shown_where_counts_are_raised_to_it(shown):
    """Of 0..7 hidden and 8 and 9 shown as 10, the highest that is hidden too."""
    lower, upper = published_bounds(np.array([shown]), Publication(hidden_below=10, raised_from=8))
    assert lower[0] > upper[0]
