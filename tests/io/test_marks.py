"""Decimal marks and marks for thousands: decided by evidence or not at all."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.io.numbers import read_marks
from bayesmodel.study.parts import TableForm


def read(columns, typed=None, **form):
    frame = pd.DataFrame({name: pd.Series(cells, dtype=str) for name, cells in columns.items()})
    return read_marks(frame, tuple(range(2, len(frame) + 2)), TableForm(**form), typed)


@pytest.mark.parametrize(
    "cells",
    [
        ["Appel, Driedorp"],
        ["Wijk 1,5", "Wijk 2,5"],
        ["1,", "2,5x"],
        [",", "."],
        ["2021-03-01", "1.5.x"],
        [],
    ],
)
def test_text_is_left_alone(cells):
    marked = read({"a": cells})
    assert (marked.frame["a"].tolist(), marked.commas, marked.thousands, marked.doubts) == (cells, [], [], {})


@pytest.mark.parametrize(
    ("cells", "plain"),
    [
        (["-1,50", "3", ".", "", "x"], ["-1.50", "3", ".", "", "x"]),
        (["1.234,5", "12"], ["1234.5", "12"]),
        (["1.234.567", "1.234"], ["1234567", "1234"]),
        (["1,234,567", "1,234"], ["1234567", "1234"]),
        (["0.125", "1.234"], ["0.125", "1.234"]),
        (["12.5", "1,234"], ["12.5", "1234"]),
        (["1 234", "12\u00a0345", "980"], ["1234", "12345", "980"]),
        (["1,5", "2", "ca. 12"], ["1.5", "2", "ca. 12"]),  # the odd cell stays, to be found as text among numbers
    ],
)
def test_one_number_that_decides_decides_for_its_column(cells, plain):
    marked = read({"a": cells})
    assert (marked.frame["a"].tolist(), marked.doubts) == (plain, {})


def test_a_column_that_does_not_decide_follows_its_table():
    dutch = read({"n": ["1.234", "980"], "share": ["12,5", "3,0"]})
    assert dutch.frame["n"].tolist() == ["1234", "980"]
    assert (dutch.commas, dutch.thousands) == (["share"], ["n"])
    english = read({"n": ["1.234", "980"], "share": ["12.5", "3.0"]})
    assert english.frame["n"].tolist() == ["1.234", "980"]


def test_a_large_number_without_a_mark_decides_nothing():
    """People write 1.234 and 12345 in one column, and then 1.234 is a thousand."""
    doubtful = read({"n": ["12345", "1.234"]})
    assert list(doubtful.doubts["n"].rows) == ["row 3 ('1.234')"]
    assert read({"n": ["12345", "1.234"], "share": ["12,5", "3,0"]}).frame["n"].tolist() == ["12345", "1234"]


def test_a_column_and_a_table_that_do_not_decide_are_in_doubt_and_the_study_can_say():
    doubt = read({"n": ["1.234", "980", "2.100"]}).doubts["n"]
    assert list(doubt.rows) == ["row 2 ('1.234')", "row 4 ('2.100')"]
    assert 'thousands = "." or decimal = "."' in doubt.advice
    assert read({"n": ["1.234", "980"]}, thousands=".").frame["n"].tolist() == ["1234", "980"]
    assert read({"n": ["1.234", "980"]}, decimal=",").frame["n"].tolist() == ["1234", "980"]
    assert read({"n": ["1.234", "980"]}, decimal=".").frame["n"].tolist() == ["1.234", "980"]
    assert read({"n": ["1,234", "980"]}, thousands="none").frame["n"].tolist() == ["1.234", "980"]


def test_both_marks_for_decimals_are_a_doubt_and_so_is_what_contradicts_the_study():
    assert "one column" in read({"a": ["1,5", "1.5"]}).doubts["a"].found
    assert "a" in read({"a": ["1.5", "2"]}, decimal=",").doubts


def test_numbers_that_a_spreadsheet_stores_as_numbers_are_never_read_again():
    typed = pd.DataFrame({"a": [True, False]})
    assert read({"a": ["1.234", "1.234"]}, typed).doubts["a"].rows == ["row 3 ('1.234')"]
    assert read({"a": ["1.234", "12,5"]}, typed).frame["a"].tolist() == ["1.234", "12.5"]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.sampled_from([",", "."]))
def test_what_is_written_with_marks_is_read_back(numbers, decimal):
    group = {",": ".", ".": ","}[decimal]
    written = [f"{number:,}".replace(",", group) for number in numbers]
    assert read({"a": written}, decimal=decimal).frame["a"].tolist() == [str(number) for number in numbers]


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1))
def test_two_decimals_always_decide(numbers):
    comma = read({"a": [str(number).replace(".", ",") for number in numbers]})
    assert comma.frame["a"].tolist() == read({"a": [str(number) for number in numbers]}).frame["a"].tolist()
    assert comma.doubts == {}
