"""Areas by code or by name: however a user writes them, and help where a name does not tell which."""

from dataclasses import replace

import pandas as pd
import pytest

from bayesmodel.errors import AmbiguousNameError, ComparisonError, UnknownNameError
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.lookup import find_areas
from bayesmodel.estimates.peers import peers
from bayesmodel.estimates.use import use
from bayesmodel.testing import invented_fit

KINDS = ["wijk", "gemeente", "regio"]
WIJKEN = ["Centrum", "Noord", "Súdwest", "Centrum", "Bergen (NH.)", "Oost, haven", "Wijk 46 Nijlân", "Almere"]


@pytest.fixture(scope="module")
def named():
    """The invented fit with names as they are: one that two wijken have, one of a wijk, a gemeente and a region."""
    fit = invented_fit()
    areas = fit.counts.areas
    gemeenten = pd.Series(["Almere", "Utrecht", "Groningen (gemeente)"], areas.level_labels["gemeente"].index)
    regions = pd.Series(["Utrecht", "Flevoland"], areas.level_labels["regio"].index)
    names = pd.Series(WIJKEN, areas.codes)
    areas = replace(areas, names=names, level_labels={"gemeente": gemeenten, "regio": regions})
    return replace(fit, counts=replace(fit.counts, areas=areas))


def one(fit, text, kinds=KINDS):
    [key] = find_areas(fit.counts, [text], kinds)
    return key.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Noord", "WK000101"),
        ("  noord ", "WK000101"),
        ("su\u0301dwest", "WK000102"),
        ("oost,\u00a0haven", "WK000202"),
        ("wk000100", "WK000100"),
        ("Bergen (NH.)", "WK000201"),
        ("OOST,  haven", "WK000202"),
        ("Centrum (Almere)", "WK000100"),
        ("Centrum, utrecht", "WK000200"),
        ("centrum (gm0002)", "WK000200"),
        ("Almere (wijk)", "WK000301"),
        ("Almere (gemeente)", "GM0001"),
        ("Utrecht (regio)", "JZ01"),
        ("Oost, haven (Utrecht)", "WK000202"),
        ("Oost, haven, Utrecht", "WK000202"),
        ("groningen", "GM0003"),
        ("Groningen (gemeente)", "GM0003"),
        ("Nijlân", "WK000300"),
        ("Nijlân (Groningen)", "WK000300"),
        ("Nijlân (Groningen (gemeente))", "WK000300"),
    ],
)
def test_an_area_is_what_its_code_or_name_says(named, text, code):
    assert one(named, text) == code


def test_a_name_of_several_places_lists_them_and_says_how_to_choose(named):
    with pytest.raises(AmbiguousNameError) as told:
        one(named, "centrum")
    assert "2 areas are called 'centrum'" in str(told.value)
    assert "Centrum: wijk WK000100, in Almere (GM0001)" in str(told.value)
    assert '"Centrum (Almere)"' in str(told.value)
    with pytest.raises(AmbiguousNameError, match=r'"Utrecht \(gemeente\)"'):
        one(named, "Utrecht")


def test_the_form_that_an_error_names_is_one_that_works(named):
    for text in ("Centrum", "Utrecht", "Almere"):
        with pytest.raises(AmbiguousNameError) as told:
            one(named, text)
        assert one(named, str(told.value).rsplit('"', 2)[1])


def test_a_code_wins_over_a_name(named):
    areas = named.counts.areas
    names = areas.names.copy()
    names.iloc[0] = "GM0003"
    fit = replace(named, counts=replace(named.counts, areas=replace(areas, names=names)))
    assert one(fit, "GM0003") == "GM0003"
    assert one(fit, "GM0003", ["wijk"]) == "WK000100"


def test_an_unknown_name_gets_near_misses(named):
    with pytest.raises(UnknownNameError, match="Did you mean Groningen"):
        one(named, "Groningen (gemente)")
    with pytest.raises(UnknownNameError, match="Unknown wijk"):
        one(named, "Centrum (Groningen)")


def test_what_is_known_is_listed_by_code_and_counted_once(named):
    with pytest.raises(UnknownNameError, match=r"Known: WK000100, .* and 3 more\."):
        one(named, "qqq", ["wijk"])


def test_names_are_accepted_where_codes_are(named):
    pd.testing.assert_frame_equal(
        compare(named, ["noord", "Groningen"]).summary(), compare(named, ["WK000101", "GM0003"]).summary()
    )
    assert explain(named, ["Noord", "Utrecht (regio)"]).index.tolist() == ["WK000101", "JZ01"]
    assert peers(named, "Almere (wijk)", 2).code == "WK000301"
    assert use(named, areas="Noord").index.tolist() == ["WK000101"]
    assert use(named).select(["Noord", "Almere (wijk)"]).index.tolist() == ["WK000101", "WK000301"]
    assert groups_of(named.counts, {"mine": ["Noord", "Groningen"]}).members.tolist() == [0, 1, 2]
    assert groups_of(named.counts, pd.Series({"Noord": "a", "WK000301": "b"})).codes.tolist() == ["a", "b"]


def test_an_area_given_by_code_and_by_name_is_given_twice(named):
    with pytest.raises(ComparisonError, match="Given twice: WK000101, noord"):
        compare(named, ["WK000101", "noord"])


def test_a_gemeente_and_a_region_of_one_code_can_be_held_against_each_other(named):
    areas = named.counts.areas
    levels = areas.levels.assign(regio=areas.levels["regio"].replace({"JZ01": "GM0002"}))
    labels = {**areas.level_labels, "regio": pd.Series(["Utrecht", "Flevoland"], ["GM0002", "JZ02"])}
    counts = replace(named.counts, areas=replace(areas, levels=levels, level_labels=labels))
    found = groups_of(counts, ["GM0002 (gemeente)", "GM0002 (regio)"])
    assert found.codes.tolist() == ["GM0002 (gemeente)", "GM0002 (regio)"]
    assert [len(rows) for rows in found.rows_of_each] == [3, 6]
    with pytest.raises(AmbiguousNameError):
        groups_of(counts, ["GM0002"])
