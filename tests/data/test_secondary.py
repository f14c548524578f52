"""Counts hidden only to protect another: windows of their own, that need not be small."""

import numpy as np
import pytest
from pydantic import ValidationError

from bayesmodel.data import Status, interpret_counts
from bayesmodel.data.published_windows import published_windows, window_in_words
from bayesmodel.data.remarks import remarks_on
from bayesmodel.data.remarks.hidden import chance_of_hidden
from bayesmodel.errors import DataError
from bayesmodel.model.priors import crude_share
from bayesmodel.study.parts import Publication

RULE = {"hidden_below": 10, "hidden_symbols": ["."], "secondary_symbols": ["-"]}


@pytest.mark.parametrize(
    ("bounds", "window"),
    [
        ({}, (0, 900)),
        ({"secondary_from": 10}, (10, 900)),
        ({"secondary_from": 10, "secondary_below": 50}, (10, 49)),
        ({"secondary_below": 2_000}, (0, 900)),
    ],
)
def test_the_window_is_that_of_the_rule_within_the_people(table_of, bounds, window):
    counts = interpret_counts(table_of(["12", ".", "-"], [50, 50, 900], RULE | bounds))
    assert counts.status.tolist() == ["exact", "suppressed", "secondary"]
    assert (counts.lower[2], counts.upper[2]) == window
    assert counts.observed.tolist() == [True, True, window != (0, 900)]


def test_it_is_told_apart_from_small_counts(table_of):
    counts = interpret_counts(table_of(["12", ".", "-"], [50, 50, 900], RULE | {"secondary_from": 10}))
    assert counts.notes == (
        "1 hidden ('.'), read as 0..9; 1 hidden to protect another ('-'), read as 10 up to everyone; 0 missing (none); "
        "1 exact.",
    )
    assert counts.statuses.index.tolist() == ["exact", "suppressed", "secondary"]
    rows = {row.published: window_in_words(row.lower, row.upper) for row in published_windows(counts.study.publication)}
    assert rows["'-'"] == "10 up to everyone"
    assert rows["'.'"] == "0..9"


def test_large_ones_are_no_remark_where_small_counts_so_hidden_are(table_of):
    """A hundred wijken of a thousand, a tenth in care; one of them hidden."""
    shown, people = ["100"] * 99, [1000 + i for i in range(100)]
    odd = interpret_counts(table_of([*shown, "."], people, RULE))
    protecting = interpret_counts(table_of([*shown, "-"], people, RULE))
    assert len(chance_of_hidden(odd)) == 1
    assert len(chance_of_hidden(protecting)) == 0
    kinds = [{remark.kind for remark in remarks_on(counts)} for counts in (odd, protecting)]
    assert "hidden unlikely" in {str(kind) for kind in kinds[0]} or len(kinds[0]) > len(kinds[1])
    assert crude_share(protecting) == pytest.approx(sum(map(int, shown)) / sum(people[:-1]), rel=1e-3)


def test_too_few_people_for_it_is_a_fault(table_of):
    with pytest.raises(DataError, match="secondary_from 10 people or more") as caught:
        interpret_counts(table_of(["12", "-"], [50, 7], RULE | {"secondary_from": 10}))
    assert list(caught.value.faults[0].rows) == ["WK000001 ('- of 7')"]


def test_nobody_there_is_no_fault(table_of):
    counts = interpret_counts(table_of(["12", "-"], [50, 0], RULE | {"secondary_from": 10}))
    assert counts.status.tolist() == ["exact", "zero"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"secondary_symbols": ["."], "hidden_symbols": ["."]},
        {"secondary_symbols": ["-"], "secondary_from": 10, "secondary_below": 10},
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValidationError, match=r"given twice|leaves no count"):
        Publication(**wrong)


def test_beside_random_rounding_every_count_of_it_weighs_the_same(table_of):
    rule = RULE | {"rounding": "random", "rounded_to": 3, "secondary_from": 10}
    counts = interpret_counts(table_of(["12", ".", "-"], [50, 50, 900], rule))
    assert (counts.weights[2] == 1).all()
    assert (
        counts.weights[0].round(2).tolist() == [0.33, 0.67, 1.0, 0.67, 0.33, 0, 0, 0, 0, 0][: counts.weights.shape[1]]
    )
    assert np.array_equal(counts.status == Status.SECONDARY, [False, False, True])
