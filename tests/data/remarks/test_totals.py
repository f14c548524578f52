"""Remarks on people in no area, on totals below their areas and on totals of other people."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.completeness import total_remarks


@pytest.fixture
def with_totals(invented_counts):
    """Make counts with totals of three gemeenten of 1,000 people counted, of whom 900 are in wijken."""
    counts = invented_counts(levels="few")

    def make(**changes):
        table = pd.DataFrame(
            {
                "level": "gemeente",
                "group": ["G00", "G01", "G02"],
                "code": ["GM0001", "GM0002", "GM0003"],
                "name": ["Aa", "Bee", "Cee"],
                "areas": 8.0,
                "population": 9000.0,
                "covered": 1.0,
                "status": "exact",
                "lower": 1000.0,
                "upper": 1000.0,
                "placed_lower": 900.0,
                "placed_upper": 900.0,
                "aside_lower": 0.0,
                "aside_upper": 0.0,
                "unplaced_lower": 100.0,
                "unplaced_upper": 100.0,
            }
        ).assign(**changes)
        return replace(counts, totals=table)

    return make


def said(counts):
    return {each.kind: each for each in total_remarks(counts)}


def test_nothing_is_said_without_totals_or_of_totals_that_add_up(invented_counts, with_totals):
    assert said(invented_counts()) == {}
    assert said(with_totals(placed_lower=1000.0, placed_upper=1000.0, unplaced_lower=0.0, unplaced_upper=0.0)) == {}
    # of rounded counts a few are not to be told from none
    assert said(with_totals(placed_lower=992.0, placed_upper=1008.0, unplaced_lower=0.0, unplaced_upper=10.0)) == {}


def test_people_in_no_wijk_are_counted_and_named_where_they_are_many(with_totals):
    (found,) = said(with_totals()).values()
    assert found.kind is RemarkKind.UNPLACED
    assert "10.0% are in no wijk" in found.text.en
    assert "10,0% in geen enkele wijk" in found.text.nl
    assert found.areas == ()
    more = with_totals(placed_lower=[700.0, 900, 950], placed_upper=[700.0, 900, 950])
    more = more.totals.assign(unplaced_lower=[300.0, 100, 50], unplaced_upper=[300.0, 100, 50])
    found = said(replace(with_totals(), totals=more))[RemarkKind.UNPLACED]
    assert found.areas == ("G00",)
    assert "most in Aa: 30.0%" in found.text.en
    assert "count that much too few" in found.text.en


@pytest.mark.parametrize(("unplaced", "seen"), [([470.0, 475, 480], True), ([300.0, 475, 480], False)])
def test_much_and_as_much_everywhere_is_no_matter_of_addresses(with_totals, unplaced, seen):
    placed = [1000 - each for each in unplaced]
    each = {"placed_lower": placed, "placed_upper": placed, "unplaced_lower": unplaced, "unplaced_upper": unplaced}
    counts = with_totals(**each)
    six = pd.concat([counts.totals, counts.totals.assign(group=["G03", "G04", "G05"])], ignore_index=True)
    found = said(replace(counts, totals=six))[RemarkKind.UNPLACED]
    assert ("as much in every gemeente" in found.text.en) == seen
    assert ("ongeveer evenveel" in found.text.nl) == seen


def test_a_total_below_its_wijken_is_said_with_both_numbers(with_totals):
    rows = {"lower": [1000.0, 850, 1000], "upper": [1000.0, 850, 1000], "unplaced_lower": 0.0, "unplaced_upper": 0.0}
    found = said(with_totals(**rows))[RemarkKind.TOTAL_BELOW]
    assert "Bee at most 850, its wijken at least 900" in found.text.en
    assert found.areas == ("G01 (850 < 900)",)


def test_a_total_that_is_not_known_is_below_nothing(with_totals):
    rows = {"lower": np.nan, "upper": np.nan, "unplaced_lower": np.nan, "unplaced_upper": np.nan, "status": "missing"}
    assert said(with_totals(**rows)) == {}


def test_a_total_of_other_people_is_said(with_totals):
    found = said(with_totals(covered=[0.4, 1.0, np.nan]))
    assert found[RemarkKind.TOTAL_OF_OTHERS].areas == ("G00",)
    assert "those of Aa hold 40% of its 9,000" in found[RemarkKind.TOTAL_OF_OTHERS].text.en
