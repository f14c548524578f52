import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.io.numbers import numbers_in, whole_numbers_in


def cells(*texts):
    return pd.Series(texts, index=[f"A{i}" for i in range(len(texts))], name="share", dtype=str)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_number_written_out_is_read_back(values):
    read, faults = numbers_in(cells(*map(str, values)), ())
    assert (read.tolist(), faults) == (values, [])


def test_the_float_of_the_workbook_is_kept():
    assert numbers_in(cells("12.489000000000001"), ())[0].tolist() == [12.489]
    assert numbers_in(cells("0.7000000000000001"), ())[0].tolist() == [0.7000000000000001]


def test_symbols_and_empty_cells_are_not_known_also_where_a_symbol_is_a_number():
    values, faults = numbers_in(cells("", ".", "-99999999", "1"), [".", "-99999999"])
    np.testing.assert_array_equal(values, [np.nan, np.nan, np.nan, 1])
    assert faults == []


@pytest.mark.parametrize("text", [".", "x", "inf", "nan", "12,5", "1.234,5", "1_000"])
def test_other_text_is_a_fault_with_its_area(text):
    _, (fault,) = numbers_in(cells("1", text), ())
    assert (fault.where, list(fault.rows)) == ("share", [f"A1 ({text!r})"])
    assert ("comma" in fault.advice) == ("," in text)


def test_a_population_has_no_symbols_and_no_gaps():
    values, (fault,) = whole_numbers_in(cells("0", "12", "12.0", "", ".", "-5", "1.5", "1.000"))
    assert values[:3].tolist() == [0, 12, 12]
    assert list(fault.rows) == ["A3 ('')", "A4 ('.')", "A5 ('-5')", "A6 ('1.5')", "A7 ('1.000')"]
