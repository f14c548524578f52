"""Totals of groups as intervals beside the sums of their areas: symbols, rounding, and what cannot be."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.totals import (
    inflation,
    interpret_totals,
    pooled_unplaced_share,
    total_faults,
    unplaced_shares,
    usable_totals,
)
from bayesmodel.example import small_world

# 13, 70, 260 and "." (hidden), 288, 84 and "x" (not delivered)
COUNTED = {"gemeente": small_world().levels["gemeente"]}


def world(rows, **publication):
    """The small world with totals: ``{(level, group): (published, population, aside)}``."""
    areas = small_world()
    if publication:
        study = areas.study.model_copy(update={"publication": areas.study.publication.model_copy(update=publication)})
        areas = replace(areas, study=study)
    table = [
        [level, group, group, published, population, *aside]
        for (level, group), (published, population, aside) in rows.items()
    ]
    return replace(areas, totals=pd.DataFrame(table, columns=COLUMNS))


def bounds(areas):
    """What the counts of the areas are at least and at most."""
    counts = interpret_counts(areas)
    return counts.lower, counts.upper


def group_of(place):
    return COUNTED["gemeente"].iloc[place]


def total_of(published, place=0, aside=(0.0, 0.0, 0.0), population=None, **publication):
    """The row of the gemeente of one wijk."""
    level, group = "gemeente", group_of(place)
    people = small_world().population[(COUNTED["gemeente"] == group).to_numpy()].sum() + aside[2]
    areas = world({(level, group): (published, people if population is None else population, aside)}, **publication)
    lower, upper = bounds(areas)
    members = (COUNTED["gemeente"] == group).to_numpy()
    return interpret_totals(areas, lower, upper).iloc[0], lower[members].sum(), upper[members].sum()


def test_what_is_unplaced_lies_between_the_total_less_the_most_and_the_least():
    row, least, most = total_of("1000", place=3)
    assert most == least + 9 or most > least
    assert (row["lower"], row["upper"], row["status"]) == (1000, 1000, "exact")
    assert (row["unplaced_lower"], row["unplaced_upper"]) == (max(1000 - most, 0), 1000 - least)
    assert row["covered"] == 1


def test_areas_that_are_left_out_are_not_unplaced():
    row, least, most = total_of("1000", aside=(20.0, 29.0, 300.0))
    assert (row["unplaced_lower"], row["unplaced_upper"]) == (1000 - most - 29, 1000 - least - 20)
    assert row["placed_lower"] == least
    assert row["covered"] == 1


def test_a_rounded_total_has_the_window_of_a_rounded_count():
    row, *_ = total_of("1000", rounded_to=1)
    assert row["status"] == "exact"
    areas = world({("gemeente", group_of(0)): ("1000", 9000.0, (0, 0, 0))}, rounded_to=5)
    lower = upper = np.zeros(len(areas), dtype=np.int64)
    row = interpret_totals(areas, lower, upper).iloc[0]
    assert (row["lower"], row["upper"], row["status"]) == (998, 1002, "rounded")


def test_totals_that_are_no_multiples_are_not_rounded():
    rows = {
        ("gemeente", group_of(0)): ("1001", 9000.0, (0, 0, 0)),
        ("gemeente", group_of(6)): ("500", 9000.0, (0, 0, 0)),
    }
    areas = world(rows, rounded_to=5)
    lower = upper = np.zeros(len(areas), dtype=np.int64)
    found = interpret_totals(areas, lower, upper)
    assert found["status"].tolist() == ["exact", "exact"]
    assert found["lower"].tolist() == found["upper"].tolist() == [1001, 500]


def test_a_hidden_total_tells_something_only_of_a_group_that_can_be_so_small():
    row, least, _ = total_of(".")
    assert least > 9
    assert row["status"] == "missing"
    assert np.isnan(row["unplaced_upper"])
    areas = world({("gemeente", group_of(0)): (".", 9000.0, (0, 0, 0))})
    nothing = np.zeros(len(areas), dtype=np.int64)
    row = interpret_totals(areas, nothing, nothing + 3).iloc[0]
    assert (row["status"], row["lower"], row["upper"]) == ("suppressed", 0, 9)
    assert (row["unplaced_lower"], row["unplaced_upper"]) == (0, 9)


@pytest.mark.parametrize("published", ["x", "?", "", "6.555", "-3"])
def test_a_total_that_is_missing_or_no_number_is_not_known(published):
    row, *_ = total_of(published)
    assert row["status"] == "missing"
    assert np.isnan(row["lower"])


def test_a_total_below_its_areas_leaves_nobody_unplaced():
    row, least, _ = total_of("1")
    assert row["upper"] < least
    assert (row["unplaced_lower"], row["unplaced_upper"]) == (0, 0)


def test_the_country_is_of_all_areas_and_only_of_the_same_people():
    people = float(small_world().population.sum())
    for population, rows in ((people, 1), (1.05 * people, 1), (10 * people, 0), (np.nan, 0)):
        areas = world({("country", "NL"): ("900", population, (0, 0, 0))})
        found = interpret_totals(replace(areas, totals=areas.totals.assign(group="country")), *bounds(areas))
        assert len(found) == rows


def rows_of(*rows):
    """Totals of gemeenten: total, placed and unplaced, each with its bounds."""
    names = ["lower", "upper", "placed_lower", "placed_upper", "unplaced_lower", "unplaced_upper"]
    return pd.DataFrame(rows, columns=names).assign(level="gemeente", covered=1.0)


def test_only_a_share_that_differs_from_the_others_changes_a_comparison():
    alike = rows_of((100, 100, 80, 80, 20, 20), (1000, 1000, 800, 800, 200, 200))
    assert pooled_unplaced_share(usable_totals(alike)) == pytest.approx(0.2)
    assert np.allclose(inflation(alike), 1)
    other = rows_of((100, 100, 60, 60, 40, 40), (900, 900, 900, 900, 0, 0))
    assert np.allclose(inflation(other)["lower"], [0.96 * 100 / 60, 0.96])


def test_bounds_of_what_is_unplaced_are_bounds_of_the_change():
    found = inflation(rows_of((98, 102, 70, 80, 18, 32), (900, 900, 900, 900, 0, 0)))
    assert found["lower"][0] < found["upper"][0]
    shares = unplaced_shares(rows_of((98, 102, 70, 80, 18, 32)))
    assert shares.iloc[0].tolist() == [18 / 102, 32 / 102]


def test_totals_of_other_people_do_not_say_what_is_ordinary():
    rows = rows_of((100, 100, 90, 90, 10, 10), (1000, 1000, 10, 10, 990, 990))
    rows.loc[1, "covered"] = 0.02
    assert pooled_unplaced_share(usable_totals(rows)) == pytest.approx(0.1)
    assert np.isnan(pooled_unplaced_share(usable_totals(rows.iloc[:0])))


def test_areas_that_add_up_may_count_any_number_within_a_rounded_total():
    """With nobody unplaced a total is refused only where its least is above all that its areas can count."""
    areas = world({("gemeente", group_of(3)): ("1000", np.nan, (0.0, 0.0, 0.0))})
    study = areas.study.model_copy(update={"totals": areas.study.totals.model_copy(update={"unplaced": "none"})})
    counts = interpret_counts(areas)
    counts = counts.with_study(study)
    most = counts.totals["placed_upper"].iloc[0]
    for least, faults in ((most - 2, 0), (most, 0), (most + 1, 1)):
        found = total_faults(replace(counts, totals=counts.totals.assign(lower=least, upper=most + 5)))
        assert len(found) == faults
