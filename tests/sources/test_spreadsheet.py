"""Spreadsheets as people make them, written by another library than the one that reads."""

import datetime

import openpyxl
import pytest

from bayesmodel.errors import DataError
from bayesmodel.sources import read_table
from bayesmodel.study.parts import TableForm


@pytest.fixture
def workbook(tmp_path):
    """Save sheets of rows as xlsx."""

    def save(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            if name.startswith("hidden"):
                sheet.sheet_state = "hidden"
        book.save(tmp_path / "x.xlsx")
        return tmp_path / "x.xlsx"

    return save


TABLE = [
    ["Jeugdhulp per wijk"],
    [],
    ["wijk", "datum", "n", "aandeel"],
    [34001, datetime.date(2017, 3, 1), 12, 0.5],
    ["WK168000 ", None, "1.234", "12,5"],
]


def test_cells_are_text_and_what_was_found_is_said(workbook):
    table = read_table(workbook(Blad1=TABLE, Blad2=[["toelichting"]], hidden=TABLE))
    assert table.frame.to_dict("list") == {
        "wijk": ["34001", "WK168000"],
        "datum": ["2017-03-01", ""],
        "n": ["12", "1234"],
        "aandeel": ["0.5", "12.5"],
    }
    assert table.lines == (4, 5)
    assert table.notes == (
        "x.xlsx: 2 rows, 4 columns, sheet Blad1 of 2, decimal comma in aandeel, marks for thousands in n; "
        "left out above the header: 'Jeugdhulp per wijk'.",
    )


def test_several_tables_are_asked_for_by_sheet(workbook):
    path = workbook(Wijken=TABLE, Buurten=TABLE)
    with pytest.raises(DataError, match=r'Wijken, Buurten(.*\n)+.*sheet = "Wijken"'):
        read_table(path)
    assert len(read_table(path, form=TableForm(sheet="Buurten")).frame) == 2
    with pytest.raises(DataError, match=r"no sheet Buurt.*\n.*Did you mean Buurten"):
        read_table(path, form=TableForm(sheet="Buurt"))


def test_what_is_no_spreadsheet_or_holds_nothing(workbook, tmp_path):
    (tmp_path / "y.ods").write_text("wijk;n")
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path / "y.ods")
    with pytest.raises(DataError, match="no sheet holds a table"):
        read_table(workbook(Blad1=[["leeg"]]))
