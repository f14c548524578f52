"""Remarks on hidden counts where far more are expected, and on groups that seem to have delivered nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import Status
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.hidden import hidden_remarks, missing_remarks


@pytest.fixture
def hiding(invented_counts):
    """Make counts of large areas in groups of eight, some of which are hidden, with or without totals."""
    plain = invented_counts(levels="few")

    def make(rows, totals=()):
        hidden = np.isin(np.arange(len(plain)), rows)
        people = pd.Series(np.full(len(plain), 2000), plain.areas.codes)
        counts = replace(
            plain,
            areas=replace(plain.areas, population=people),
            lower=np.where(hidden, 0, 200),
            upper=np.where(hidden, 9, 200),
            status=np.where(hidden, Status.SUPPRESSED, Status.EXACT),
        )
        table = pd.DataFrame(
            [["gemeente", group, status] for group, status in totals], columns=["level", "group", "status"]
        )
        return replace(counts, totals=table)

    return make


def of_kind(counts):
    return {each.kind: each for each in hidden_remarks(counts)}


def first_group(counts):
    groups = counts.areas.levels["gemeente"].to_numpy()
    return groups[0], np.flatnonzero(groups == groups[0])


def test_a_group_that_shows_nothing_where_many_are_expected_did_not_deliver(hiding):
    group, rows = first_group(hiding([]))
    counts = hiding(rows)
    (found,) = hidden_remarks(counts)
    assert found.kind is RemarkKind.NOT_DELIVERED
    assert set(found.areas) == set(counts.areas.codes[rows])
    expected = 200 * len(rows)
    assert f"in {group} about {expected:,} of {2000 * len(rows):,} people" in found.text.en
    assert f'under [delivery]: none = ["{group}"]' in found.text.en
    assert f'none = ["{group}"]' in found.text.nl


def test_one_area_that_shows_its_count_is_a_delivery(hiding):
    _, rows = first_group(hiding([]))
    found = of_kind(hiding(rows[1:]))
    assert list(found) == [RemarkKind.HIDDEN_UNLIKELY]
    assert len(found[RemarkKind.HIDDEN_UNLIKELY].areas) == len(rows) - 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.EXACT, RemarkKind.HIDDEN_UNLIKELY),
        (Status.ROUNDED, RemarkKind.HIDDEN_UNLIKELY),
        (Status.SUPPRESSED, RemarkKind.NOT_DELIVERED),
        (Status.MISSING, RemarkKind.NOT_DELIVERED),
    ],
)
def test_its_own_row_with_a_count_is_a_delivery_too(hiding, status, kind):
    group, rows = first_group(hiding([]))
    assert list(of_kind(hiding(rows, [(group, status)]))) == [kind]


def test_both_are_said_each_of_its_own_areas(hiding):
    _, rows = first_group(hiding([]))
    other = next(row for row in range(40) if row not in rows)
    counts = hiding([*rows, other])
    found = of_kind(counts)
    assert set(found[RemarkKind.NOT_DELIVERED].areas) == set(counts.areas.codes[rows])
    assert found[RemarkKind.HIDDEN_UNLIKELY].areas == (counts.areas.codes[other],)


def test_nothing_is_said_of_hidden_counts_that_may_be_small(hiding):
    _, rows = first_group(hiding([]))
    counts = hiding(rows)
    few = counts.areas.population.copy()
    few.iloc[rows] = 50
    assert of_kind(replace(counts, areas=replace(counts.areas, population=few))) == {}


def test_missing_counts_that_are_said_to_be_where_few_are_expected_are_only_those(hiding):
    """Of 30 missing counts 20 are of areas where about 5 are expected: the others, of 2000 people, are not named."""
    plain = hiding([])
    rows, large = np.arange(20), np.arange(20, 30)
    missing = np.isin(np.arange(len(plain)), [*rows, *large])
    people = plain.areas.population.copy()
    people.iloc[rows] = 50
    counts = replace(
        plain,
        areas=replace(plain.areas, population=people),
        lower=np.where(missing, 0, np.where(np.arange(len(plain)) == 30, 10, 200)),
        upper=np.where(missing, 50, np.where(np.arange(len(plain)) == 30, 10, 200)),
        status=np.where(missing, Status.MISSING, Status.EXACT),
    )
    (found,) = missing_remarks(counts)
    assert "20 counts are missing where few are expected" in found.text.en
    assert set(found.areas) == set(counts.areas.codes[rows])
    few = np.isin(np.arange(len(plain)), large[:1])
    counts = replace(counts, status=np.where(few, Status.MISSING, Status.EXACT))
    counts = replace(counts, lower=np.where(few, 0, np.maximum(counts.lower, 10)))
    counts = replace(counts, upper=np.where(few, 50, counts.lower))
    (found,) = missing_remarks(counts)
    assert "none is hidden, and 1 is missing" in found.text.en
