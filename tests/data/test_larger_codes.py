"""Codes of larger areas in a table: told from areas, from totals by name, and from numbers that may be either."""

import pandas as pd
import pytest

from bayesmodel.data.codes import larger_codes, lying_in


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("wijk", "GM0034", "GM0034"),
        ("wijk", "GM0034    ", "GM0034"),
        ("wijk", "gm0034", "GM0034"),
        ("wijk", "NL00", "NL"),
        ("wijk", "Nederland", "NL"),
        ("wijk", "WK003401", ""),
        ("wijk", "BU00340102", ""),
        ("wijk", "GM34", ""),
        ("wijk", "Totaal", ""),
        ("wijk", "", ""),
        ("buurt", "WK003401", "WK003401"),
        ("buurt", "GM0034", "GM0034"),
        ("gemeente", "GM0034", ""),
        ("gemeente", "NL01", "NL"),
    ],
)
def test_what_a_cell_names(kind, cell, code):
    assert larger_codes(pd.Series(["x", cell]), kind).tolist() == ["", code]


def test_a_bare_number_is_of_a_larger_area_only_where_zeros_are_kept():
    assert larger_codes(pd.Series(["003401", "0034", "0363"]), "wijk").tolist() == ["", "GM0034", "GM0363"]
    # 3401 may be wijk 003401 without its zeros, so 363 and 34 are not taken for gemeenten
    assert larger_codes(pd.Series(["3401", "34", "36300"]), "wijk").tolist() == ["", "", ""]
    assert larger_codes(pd.Series(["00340102", "003401", "0034"]), "buurt").tolist() == ["", "WK003401", "GM0034"]


def test_what_a_code_lies_in():
    assert lying_in(pd.Series(["WK003401"]), "wijk")["gemeente"].tolist() == ["GM0034"]
    assert lying_in(pd.Series(["GM0034"]), "gemeente").shape == (1, 0)
