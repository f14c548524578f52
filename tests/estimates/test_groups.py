"""Groups: what a user may mean by areas, and what is refused with help."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.groups import groups_of


def areas_in(fit, groups):
    """The codes of the areas of each group."""
    ends = np.append(groups.starts, len(groups.members))[1:]
    codes = fit.counts.areas.codes[groups.rows]
    return {
        code: codes[groups.members[start:end]].tolist()
        for code, start, end in zip(groups.codes, groups.starts, ends, strict=True)
    }


def test_a_level_holds_every_area_once(fit):
    for level in fit.study.level_names:
        found = areas_in(fit, groups_of(fit.counts, level))
        lies_in = fit.counts.areas.levels[level]
        assert found == {code: lies_in.index[lies_in == code].tolist() for code in sorted(set(lies_in))}


def test_codes_of_several_kinds_keep_the_order_asked(fit):
    groups = groups_of(fit.counts, ["JZ02", "WK000101", "GM0001"])
    assert groups.dim == "group"
    assert groups.names == ("Regio 02", "Wijk 000101", "Gemeente 0001")
    assert areas_in(fit, groups) == {
        "JZ02": ["WK000300", "WK000301"],
        "WK000101": ["WK000101"],
        "GM0001": ["WK000100", "WK000101", "WK000102"],
    }


def test_codes_of_one_kind_are_named_after_it(fit):
    assert groups_of(fit.counts, ["GM0002", "GM0001"]).dim == "gemeente"
    assert groups_of(fit.counts, "WK000100").dim == "wijk"


def test_own_groups_by_name_or_by_column(fit):
    wanted = {"north": ["WK000100", "WK000102"], "south": ["WK000200"]}
    column = pd.Series(
        {code: name for name, codes in wanted.items() for code in codes} | {"WK000300": np.nan}, name="team"
    )
    assert areas_in(fit, groups_of(fit.counts, wanted)) == wanted
    assert areas_in(fit, groups_of(fit.counts, column)) == wanted
    assert groups_of(fit.counts, column).dim == "team"


def test_totals_are_sums_over_the_areas(fit):
    people = fit.counts.population
    groups = groups_of(fit.counts, {"some": ["WK000102", "GM0002"], "one": ["WK000102"]})
    assert groups.total(people[groups.rows]).tolist() == [60 + 300 + 1500 + 200, 60]


@pytest.mark.parametrize("level", ["wijk", "gemeente", "regio", None])
def test_groups_of_the_whole_country_add_up_to_it(fit, level):
    groups = groups_of(fit.counts, level)
    assert groups.total(fit.counts.population[groups.rows]).sum() == fit.counts.population.sum()


def test_an_unknown_code_gets_near_misses_and_the_year_of_the_boundaries(fit):
    with pytest.raises(UnknownNameError, match=r"Did you mean WK000101.*boundaries of 2017"):
        groups_of(fit.counts, ["WK000100", "WK0OO101"])
    with pytest.raises(UnknownNameError, match=r"2 codes or names are unknown: GM9, WK9\."):
        groups_of(fit.counts, ["GM9", "WK9"])


@pytest.mark.parametrize("nothing", [[], {}, {"mine": []}, pd.Series([], dtype=str)])
def test_an_empty_set_is_refused(fit, nothing):
    with pytest.raises(ComparisonError, match="at least one code"):
        groups_of(fit.counts, nothing)


def test_a_code_given_twice_is_refused(fit):
    with pytest.raises(ComparisonError, match="twice: WK000100"):
        groups_of(fit.counts, ["WK000100", "WK000100"])
    with pytest.raises(ComparisonError, match="twice in a group: mine"):
        groups_of(fit.counts, {"mine": ["WK000100", "GM0001"]})
