"""Rows of gemeenten and the country between those of wijken: kept as totals, and never as areas."""

import numpy as np
import pytest

from bayesmodel.io import read_areas

CODES = [{"path": "w.csv", "key": "wijk", "code": "wijk", "keep": "codes"}]
GEMEENTEN = """GM0001    ,GM0001,JZ01,Een,30,400,1,1
GM0002,GM0002,JZ01,Twee,15,150,1,2
GM0003,GM0003,JZ02,Drie,60,400,1,3
GM0009,GM0009,JZ02,Negen,70,900,1,3
NL00,,,Nederland,110,950,,
"""


def totals(study_of, wijken, more=GEMEENTEN, **changes):
    """The totals of a study of the five wijken with rows of larger areas."""
    return read_areas(study_of({"w.csv": wijken + more}, **{"tables": CODES} | changes)).totals


def by_code(found):
    return found.set_index("code")[["level", "group", "published", "population"]].T.to_dict("list")


def test_rows_of_gemeenten_and_of_the_country_are_kept(study_of, wijken):
    assert by_code(totals(study_of, wijken)) == {
        "GM0001": ["gemeente", "GM0001", "30", 400.0],
        "GM0002": ["gemeente", "GM0002", "15", 150.0],
        "GM0003": ["gemeente", "GM0003", "60", 400.0],
        "NL": ["country", "country", "110", 950.0],
    }


def test_what_was_kept_is_said(study_of, wijken):
    notes = read_areas(study_of({"w.csv": wijken + GEMEENTEN}, tables=CODES)).notes
    assert "5 rows of larger areas are kept as totals" not in " ".join(notes)
    assert "4 rows of larger areas are kept as totals; 1 belongs to no group of the study." in notes


def test_areas_are_as_without_them(study_of, wijken):
    with_rows = read_areas(study_of({"w.csv": wijken + GEMEENTEN}, tables=CODES))
    without = read_areas(study_of({"w.csv": wijken}, tables=CODES))
    assert with_rows.frame.equals(without.frame)
    assert without.totals.empty
    assert not any("larger" in note for note in without.notes)


def test_a_level_of_names_finds_its_rows(study_of, wijken):
    """The code of a wijk says in which gemeente it lies, whatever its row calls that."""
    named = wijken.replace("GM0001", "Aa").replace("GM0002", "Bee").replace("GM0003", "Cee")
    found = totals(study_of, named, "GM0001,,,,30,400,,\n")
    assert by_code(found) == {"GM0001": ["gemeente", "Aa", "30", 400.0]}


def test_a_group_of_two_gemeenten_has_the_total_of_neither(study_of, wijken):
    found = totals(study_of, wijken, levels=[{"name": "regio", "column": "jz"}], determinants=[])
    # region JZ02 is just gemeente 3; JZ01 holds two
    assert by_code(found) == {"GM0003": ["regio", "JZ02", "60", 400.0], "NL": ["country", "country", "110", 950.0]}


def test_the_only_gemeente_of_a_study_is_its_country(study_of, wijken):
    one = "\n".join(wijken.splitlines()[:3]) + "\n"
    found = totals(study_of, one, "GM0001,,,,30,400,,\nNL00,,,,110,950,,\n", levels=[], determinants=[])
    assert by_code(found) == {"GM0001": ["country", "country", "30", 400.0]}


def test_what_is_left_out_counts_beside_the_wijken_of_the_study(study_of, wijken):
    small = wijken + "WK000103,GM0001,JZ01,Wijk 13,,60,1,1\nWK000303,GM0003,JZ02,Wijk 33,11,90,1,3\n"
    found = totals(study_of, small, exclusions=[{"column": "jongeren", "at_most": 100}]).set_index("code")
    assert found.loc["GM0001", ["aside_lower", "aside_upper", "aside_population"]].tolist() == [0, 9, 60]
    assert found.loc["GM0003", ["aside_lower", "aside_upper", "aside_population"]].tolist() == [11, 11, 90]
    assert found.loc["NL", ["aside_lower", "aside_upper", "aside_population"]].tolist() == [11, 20, 150]


def test_a_row_given_twice_is_no_total(study_of, wijken):
    found = totals(study_of, wijken, "GM0001,,,,30,400,,\nGM0001,,,,31,400,,\nGM0002,,,,15,150,,\n")
    assert found["code"].tolist() == ["GM0002"]


def test_rows_of_another_year_are_no_totals(study_of, wijken):
    years = "\n".join(f"{line},{'jaar' if line.startswith('wijk,') else 2017}" for line in wijken.splitlines()) + "\n"
    tables = [CODES[0] | {"where": {"jaar": "2017"}}]
    found = totals(study_of, years, "GM0001,,,,28,390,,,2016\nGM0001,,,,30,400,,,2017\n", tables=tables)
    assert by_code(found)["GM0001"][2:] == ["30", 400.0]


def test_counts_of_another_table_bring_their_rows_too(study_of, wijken):
    """The people stand in the base table, the counts in one that is joined to its wijken; both have gemeenten."""
    lines = [line.split(",") for line in wijken.splitlines()]
    people = "".join(",".join([*row[:4], *row[5:]]) + "\n" for row in lines) + "GM0001,GM0001,JZ01,Een,400,,\n"
    counts = "".join(f"{row[0]},{row[4]}\n" for row in lines) + "GM0001,30\nGM0002,15\n"
    tables = [CODES[0], {"path": "c.csv", "key": "wijk", "code": "wijk"}]
    found = read_areas(study_of({"w.csv": people, "c.csv": counts}, tables=tables)).totals.set_index("code")
    assert found["published"].to_dict() == {"GM0001": "30", "GM0002": "15"}
    assert found.loc["GM0001", "population"] == 400
    assert np.isnan(found.loc["GM0002", "population"])


def test_buurten_have_totals_of_wijken_and_gemeenten(study_of):
    text = "code,n,p\n" + "".join(f"BU0034{wijk}{buurt},20,200\n" for wijk in ("01", "02") for buurt in ("00", "01"))
    text += "WK003401,44,400\nWK003402,50,400\nGM0034,100,800\n"
    found = read_areas(
        study_of(
            {"b.csv": text},
            area="buurt",
            tables=[{"path": "b.csv", "key": "code", "code": "buurt", "keep": "codes"}],
            columns={"area": "code", "count": "n", "population": "p"},
            levels=[],
            determinants=[],
        )
    ).totals
    assert by_code(found) == {"GM0034": ["country", "country", "100", 800.0]}


@pytest.mark.parametrize("keep", ["all", "codes"])
def test_nothing_is_set_aside_where_all_rows_are_areas(study_of, wijken, keep):
    areas = read_areas(study_of({"w.csv": wijken}, tables=[CODES[0] | {"keep": keep}]))
    assert areas.totals.empty


def test_gemeenten_as_areas_have_the_country(study_of):
    text = "gm,n,p\nGM0001,20,200\nGM0002,30,300\nGM0003,,90\nNL00,55,590\n"
    found = read_areas(
        study_of(
            {"g.csv": text},
            area="gemeente",
            tables=[{"path": "g.csv", "key": "gm", "code": "gemeente", "keep": "codes"}],
            columns={"area": "gm", "count": "n", "population": "p"},
            exclusions=[{"column": "p", "at_most": 100}],
            levels=[],
            determinants=[],
        )
    ).totals
    assert by_code(found) == {"NL": ["country", "country", "55", 590.0]}
    assert found["aside_upper"].tolist() == [9]


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("Totaal", True),
        ("GEMEENTE GM0002", True),
        ("gm0002 totaal", True),
        ("GM0002", True),
        ("Onbekend", False),
        ("", False),
        ("Totaal GM0003", False),
    ],
)
def test_the_own_row_of_a_gemeente_may_go_by_its_name(study_of, wijken, key, kept):
    """People of an unknown wijk stand in a row of the gemeente too: they are not its total."""
    found = totals(study_of, wijken, f"{key},GM0002,JZ01,Alles,15,150,,\n")
    assert by_code(found) == ({"GM0002": ["gemeente", "GM0002", "15", 150.0]} if kept else {})


def test_a_column_that_says_what_a_row_is_may_choose_the_wijken(study_of, wijken):
    head, *lines = (wijken + GEMEENTEN).splitlines()
    kinds = [f"{line},{'Wijk' if line.startswith('WK') else 'Gemeente'},2017" for line in lines]
    older = [line.removesuffix("2017") + "2016" for line in kinds]
    text = "\n".join([f"{head},soort,jaar", *kinds, *older]) + "\n"
    tables = [{"path": "w.csv", "key": "wijk", "code": "wijk", "where": {"soort": "Wijk", "jaar": "2017"}}]
    found = read_areas(study_of({"w.csv": text}, tables=tables)).totals
    assert found["code"].tolist() == ["GM0001", "GM0002", "GM0003", "NL"]
    # the rows of gemeenten are of another year only
    text = "\n".join([f"{head},soort,jaar", *kinds[:5], *older]) + "\n"
    assert read_areas(study_of({"w.csv": text}, tables=tables)).totals.empty


def test_codes_that_go_by_the_name_of_the_area(study_of, wijken):
    """Without ``code`` in the study, a table of only wijken after a choice of rows."""
    head, *lines = (wijken + GEMEENTEN).splitlines()
    kinds = [f"{line},{'Wijk' if line.startswith('WK') else 'Gemeente'}" for line in lines]
    tables = [{"path": "w.csv", "key": "wijk", "where": {"soort": "Wijk"}}]
    found = read_areas(study_of({"w.csv": "\n".join([f"{head},soort", *kinds]) + "\n"}, tables=tables)).totals
    assert found["code"].tolist() == ["GM0001", "GM0002", "GM0003", "NL"]
