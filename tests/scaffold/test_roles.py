"""What the columns of usual Dutch tables are taken for."""

import pandas as pd
import pytest

from bayesmodel.scaffold.column_kinds import columns_of
from bayesmodel.scaffold.roles import roles_of

CODES = ["WK000300", "WK000301", "WK000500"]
PEOPLE, CARE = ["1.250", "980", "400"], ["120", ".", "35"]


def found(columns):
    return dict(roles_of(columns_of(pd.DataFrame(columns))).found)


@pytest.mark.parametrize(
    ("area", "count", "population"),
    [
        ("wijkcode", "aantal jeugdhulp", "aantal jongeren"),
        ("WijkenEnBuurten", "JongerenMetJeugdzorgInNatura_84", "AantalInwoners_5"),
        ("gwb_code_10", "a_jz_tn", "a_inw"),
        ("WK_CODE", "Jeugdhulp zonder verblijf", "0 tot 23 jaar"),
        ("Codering_3", "TotaalJongerenMetJeugdzorgInNatura_1", "Jeugdigen"),
        ("area", "in care", "young people"),
        ("regio", "Aantal", "inwoners"),
    ],
)
def test_usual_names(area, count, population):
    shares = {"PercentageJongerenMetJeugdzorg": ["9,6", ".", "8,7"], "perc_inwoners": ["1,0", "2,0", "3,5"]}
    assert found({area: CODES, population: PEOPLE, count: CARE} | shares) == {
        "area": area,
        "count": count,
        "population": population,
    }


def test_codes_are_known_by_what_they_are_and_names_by_their_name():
    columns = {
        "x": CODES,
        "y": ["GM0003", "GM0003", "GM0005"],
        "z": ["JZ01", "JZ01", "JZ02"],
        "gemeentenaam": ["Appingedam", "Appingedam", "Bedum"],
        "naam": ["Noord", "Zuid", "Oost"],
        "jeugdzorgregio_naam": ["A", "A", "B"],
        "Perioden": ["2021JJ00"] * 3,
    }
    assert found(columns) == {
        "area": "x",
        "gemeente": "y",
        "region": "z",
        "region_name": "jeugdzorgregio_naam",
        "gemeente_name": "gemeentenaam",
        "area_name": "naam",
        "period": "Perioden",
    }


def test_numbers_are_codes_where_the_column_says_so():
    assert found({"wijkcode": ["300", "301", "168000"], "nummer": ["1", "2", "3"]}) == {"area": "wijkcode"}
    assert found({"gemeente": ["3", "3", "5"], "wijk": ["Noord", "Zuid", "Oost"]})["gemeente"] == "gemeente"


def test_areas_without_codes_go_by_their_names():
    assert found({"Wijk": ["Noord", "Zuid", "Oost"], "n": ["1", "2", "3"]}) == {"area": "Wijk", "count": "n"}

    within = {"Wijk": ["Noord", "Zuid", "Oost"], "gemeente": ["GM0003", "GM0003", "GM0005"]}
    assert found(within) == {"area": "Wijk", "gemeente": "gemeente"}
    of_gemeenten = {"naam": ["Appingedam", "Bedum"], "gemeente": ["GM0003", "GM0005"]}
    assert found(of_gemeenten) == {"gemeente": "gemeente", "area_name": "naam"}


def test_two_columns_that_fit_as_well_are_a_question():
    roles = roles_of(columns_of(pd.DataFrame({"wijk": CODES, "jeugdhulp 2020": CARE, "jeugdhulp 2021": CARE})))
    assert roles.found["count"] == "?"
    assert roles.reasons["count"] == "2 columns fit: jeugdhulp 2020, jeugdhulp 2021"


def test_a_column_of_another_year_that_is_empty_is_no_candidate():
    columns = {"wijk": CODES, "JongerenMetJeugdzorg_84": CARE, "JongerenMetJeugdzorg_87": ["", "", "9"]}
    assert found(columns)["count"] == "JongerenMetJeugdzorg_84"


def test_what_kind_of_region_a_row_is_and_the_name_of_each_row_are_no_regions():
    frame = pd.DataFrame({
        "gwb_code": ["WK000300", "WK000301", "WK000302"],
        "regio": ["Centrum", "Noord", "Zuid"],
        "SoortRegio_2": ["Wijk", "Wijk", "Wijk"],
        "jeugdhulp": ["12", "30", "."],
    })  # fmt: skip
    found = roles_of(columns_of(frame)).found
    assert "region" not in found
    assert found["area_name"] == "regio"
