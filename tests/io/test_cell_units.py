"""A unit that every number of a column carries is taken off and said; another is left, which is a fault."""

import pandas as pd
import pytest

from bayesmodel import read_areas, read_study
from bayesmodel.errors import DataError
from bayesmodel.io.numbers import marks_in_words, read_marks
from bayesmodel.io.table import read_table, table_of_dataframe
from bayesmodel.messages import speaking
from bayesmodel.study.parts import TableForm

STUDY = """\
name = "x"
area = "wijk"
outcome = { count = { nl = "n", en = "n" }, population = { nl = "p", en = "p" }, year = 2021, vintage = 2021 }
tables = [{ path = "wijken.csv", key = "wijk", code = "wijk" }, { path = "gm.csv", key = "gm", code = "gemeente", on = \
"gemeente_code" }]
columns = { area = "wijk", count = "COUNT", population = "inwoners" }
levels = [{ name = "gemeente", column = "gemeente_code" }]
determinants = [{ column = "huur" }, { column = "inkomen", level = "gemeente" }]
"""
ROWS = [
    f"WK{gemeente:04d}{wijk:02d};{100 + wijk};{13 + wijk + gemeente};{17 + wijk}%;€ {500 + 10 * wijk + gemeente},-"
    for gemeente in range(1, 7)
    for wijk in range(4)
]


def read(**columns):
    with speaking("en"):
        return read_marks(pd.DataFrame(columns, dtype=str), (), TableForm(), None)


@pytest.mark.parametrize(
    ("cells", "numbers", "unit"),
    [
        (["19,6 %", "8,6%", "22 %", ".", ""], ["19.6", "8.6", "22", ".", ""], "%"),
        (["€ 307", "€95", "x"], ["307", "95", "x"], "€"),
        (["307 EUR", "EUR 95", "1 euro"], ["307", "95", "1"], "€"),
        (["€ 1.250,50", "€ 3,25"], ["1250.50", "3.25"], "€"),
        (["€ 307,-", "-€ 5", "€ -7"], ["307", "-5", "-7"], "€"),
        (["3‰", "#DIV/0!"], ["3", "#DIV/0!"], "‰"),
    ],
)
def test_a_unit_in_every_number_is_taken_off_and_said(cells, numbers, unit):
    marked = read(a=cells)
    assert marked.frame["a"].tolist() == numbers
    assert marked.units == {"a": unit}
    assert f"{unit} in every number of a" in marks_in_words(marked)


@pytest.mark.parametrize(
    "cells", [["5 %", "8"], ["5 %", "€ 8"], ["5 %", "<5 %"], ["wijk 5%", "wijk 8%"], ["%", "8"], ["5% of 8%", "3%"]]
)
def test_else_the_cells_stay_as_they_are(cells):
    marked = read(a=cells)
    assert marked.frame["a"].tolist() == cells
    assert marked.units == {}


def test_three_digits_after_a_mark_are_thousands_of_euros_also_beside_decimal_points():
    marked = read(waarde=["€ 307.000", "€ 95.500"], aandeel=["1.5", "2.25"])
    assert marked.frame["waarde"].tolist() == ["307000", "95500"]
    assert marked.frame["aandeel"].tolist() == ["1.5", "2.25"]


def test_a_column_with_numbers_of_a_spreadsheet_among_them_is_in_two_units():
    table = table_of_dataframe(pd.DataFrame({"a": ["5 %", 0.08]}), "mine")
    assert table.frame["a"].tolist() == ["5 %", "0.08"]


def test_the_names_of_columns_and_their_units_stay_together(tmp_path):
    path = tmp_path / "wijken.csv"
    path.write_text("wijk;aandeel\u00a0x\nWK000100;5%\nWK000101;8%\n", encoding="utf-8")
    table = read_table(path)
    assert dict(table.units) == {table.frame.columns[1]: "%"}


def study(folder, count):
    head = "wijk;inwoners;aantal;deel;huur"
    (folder / "wijken.csv").write_text("\n".join([head, *ROWS]), encoding="utf-8")
    gemeenten = [f"GM{number:04d};{20 + number},5 %" for number in range(1, 7)]
    (folder / "gm.csv").write_text("\n".join(["gm;inkomen", *gemeenten]), encoding="utf-8")
    text = STUDY.replace("COUNT", count)
    (folder / "study.toml").write_text(text.replace("gemeente_code", "gemeente_from_code"), encoding="utf-8")
    return read_study(folder / "study.toml")


def test_determinants_of_both_tables_are_numbers(tmp_path):
    areas = read_areas(study(tmp_path, "aantal"))
    assert areas.determinants["huur"].iloc[0] == 501
    assert areas.determinants["inkomen"].iloc[0] == 21.5


def test_a_percentage_is_no_count(tmp_path):
    with speaking("en"), pytest.raises(DataError) as caught:
        read_areas(study(tmp_path, "deel"))
    (fault,) = caught.value.faults
    assert (fault.where, fault.found) == ("deel", "numbers with a unit (%)")
