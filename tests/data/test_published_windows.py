"""The table of what values stand for: each row is exactly the counts that are published so, by writing every count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bayesmodel.data.interpret import publish
from bayesmodel.data.published_windows import larger_in_words, published_windows, window_in_words
from bayesmodel.study.parts import Publication

EVERY, TIMES = np.arange(80), 400


@st.composite
def rules(draw):
    """Rules of every kind and order, those that leave no interval left out."""
    values = {
        "hidden_below": draw(st.integers(0, 14)),
        "hidden_from": draw(st.integers(0, 2)),
        "hidden_when": draw(st.sampled_from(["before rounding", "after rounding"])),
        "rounded_to": draw(st.integers(1, 6)),
        "rounding": draw(st.sampled_from(["nearest", "random"])),
        "zero_symbols": draw(st.sampled_from([(), ("-",)])),
        "hidden_symbols": (".", "?"),
        "missing_symbols": ("",),
    }
    try:
        return Publication(**values)
    except ValidationError:
        return draw(rules())


def counts_published_as(rule):
    """The counts that are published as each cell, by publishing every count many times."""
    cells = publish(np.tile(EVERY, TIMES), rule, seed=1).reshape(TIMES, -1)
    found = {}
    for count, column in zip(EVERY, cells.T, strict=True):
        for cell in np.unique(column):
            found.setdefault(str(cell), []).append(int(count))
    return found


@given(rules())
def test_each_row_is_exactly_the_counts_that_are_published_so(rule):
    # that there is a symbol of zero does not say that every zero got it
    found = counts_published_as(rule.model_copy(update={"zero_symbols": ()}))
    table = published_windows(rule)
    for row in table:
        if row.published == "empty cell":
            continue
        expected = found.get(row.cells[0], [])
        if row.published == "'-'":
            expected = [0]
        window = list(range(row.lower, row.upper + 1))
        assert sorted(set(expected)) == window
    shown = [int(row.published) for row in table if row.published.isdigit()]
    assert shown == sorted(set(shown))


@pytest.mark.parametrize(
    ("rule", "hidden", "of_ten"),
    [
        ({"hidden_below": 8, "rounded_to": 5}, "0..7", "8..12"),
        ({"hidden_below": 10, "rounded_to": 5}, "0..9", "10..12"),
        ({"hidden_below": 10, "rounded_to": 5, "hidden_when": "after rounding"}, "0..7", "8..12"),
        ({"hidden_below": 10, "raised_from": 8}, "0..7", "8..10"),
        ({"hidden_below": 10, "rounded_to": 5, "rounding": "random"}, "0..9", "10..14"),
        ({"hidden_below": 10, "rounded_to": 5, "rounding": "random", "hidden_when": "after rounding"}, "0..9", "6..14"),
    ],
)
def test_both_orders_of_hiding_and_rounding(rule, hidden, of_ten):
    table = published_windows(Publication(hidden_symbols=(".",), **rule))
    said = {row.published: window_in_words(row.lower, row.upper) for row in table}
    assert (said["'.'"], said["10"]) == (hidden, of_ten)


def test_a_missing_count_may_be_anything():
    table = published_windows(Publication(missing_symbols=("x",)))
    assert [row.upper is None for row in table] == [True, False, False, False]
    assert window_in_words(0, None) == "0 up to everyone"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({}, "themselves"),
        ({"rounded_to": 10}, "up to 5 fewer and 4 more"),
        ({"rounded_to": 3, "rounding": "random"}, "up to 2 fewer and 2 more, the nearer the likelier"),
    ],
)
def test_larger_numbers(rule, said):
    assert larger_in_words(Publication(**rule)) == said


def test_a_cell_hidden_to_protect_another_is_below_its_limit():
    rule = Publication(secondary_symbols=("s",), secondary_from=10, secondary_below=50)
    (row,) = [each for each in published_windows(rule) if each.cells == ("s",)]
    assert (row.lower, row.upper) == (10, 49)
    open_ended = rule.model_copy(update={"secondary_below": 0})
    assert next(each.upper for each in published_windows(open_ended) if each.cells == ("s",)) is None
