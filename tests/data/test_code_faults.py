"""Codes that are not what they were, and rows that are no areas."""

import pandas as pd
import pytest

from bayesmodel.data.validation import code_faults, code_kind


def codes(*texts):
    return pd.Series(texts, index=range(2, len(texts) + 2), name="wijk_code", dtype=str)


def found(*texts, kind="wijk", area="wijk"):
    return {fault.found: list(fault.rows) for fault in code_faults(codes(*texts), kind, area)}


def test_sound_codes_have_no_faults():
    assert found("WK000300", "WK000301") == {}
    assert found("BU00030001", kind="buurt") == {}
    assert found("A", "B", kind=None, area="team") == {}
    assert found("12", "13", kind=None, area="team") == {}


def test_all_faults_of_codes_are_found_at_once():
    assert found("WK000300", "", "WK000300", "GM0003", "") == {
        "an empty code": ["row 3", "row 6"],
        "codes given more than once": ["WK000300 (rows 2, 4)"],
        "text that is no code of a wijk": ["'GM0003' (row 5)"],
    }


@pytest.mark.parametrize(
    "text", ["2017-03-01", "2017-03-01 00:00:00", "1-3-2017", "3-apr", "apr-17", "12/4", "1 mrt. 2017"]
)
def test_codes_that_a_spreadsheet_made_dates_of(text):
    assert found("WK000300", text) == {"codes that became dates": [f"'{text}' (row 3)"]}


@pytest.mark.parametrize("text", ["3,4E+07", "3.4e+05", "34,1", "3E5"])
def test_codes_that_a_spreadsheet_made_numbers_of(text):
    assert found("WK000300", text) == {"codes that became numbers": [f"'{text}' (row 3)"]}


def test_a_zero_that_was_lost_within_a_code():
    (fault,) = code_faults(codes("WK34001"), "wijk")
    assert (fault.found, fault.advice) == (
        "codes that lost a zero",
        "Write them with all 6 digits: WK034001 for WK34001.",
    )


def test_numbers_as_codes_of_wijken_are_asked_for():
    (fault,) = code_faults(codes("34001", "168000"), None, "wijk")
    assert fault.found == "numbers, whose leading zeros may be lost"
    assert 'code = "wijk" in [[tables]]: 34001 is then read as WK034001' in fault.advice


@pytest.mark.parametrize("text", ["Totaal", "totaal Almere", "Nederland", "Total", "Subtotaal"])
def test_totals_among_names(text):
    assert found("Noord", text, kind=None) == {"rows of totals": [f"'{text}' (row 3)"]}


def test_most_codes_say_what_the_others_should_be():
    assert code_kind(codes("WK000300", "Totaal", "WK000301"), "text", "wijk") == "wijk"
    assert code_kind(codes("Noord", "Totaal"), "text", "wijk") is None
    assert code_kind(codes("WK000300"), "text", "team") is None
    assert code_kind(codes("Noord"), "gemeente", "team") == "gemeente"
