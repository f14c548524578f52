"""A table written by the column reads as one that XlsxWriter writes cell by cell."""

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from bayesmodel.tables.workbook import table_sheet
from bayesmodel.tables.workbook.styles import fitting
from bayesmodel.tables.workbook.table_sheet import Cells, TableSheet

TEXTS = ["Zee", "=1+1", " Duin ", "a\nb", "a\tb", "<b>&</b>", '"', "\x07", "'t Zand", "\U0001f30a"]
VALUES = [*TEXTS, "a" * 40_000, 0, -3, 2.5, 1 / 3, 1e300, -1e-9, 12345678901234567890, float("nan"), float("inf"), None]


@pytest.fixture(params=[5, 1000])
def pair(request, tmp_path, monkeypatch):
    """The same values on two sheets of one workbook, by the column (in parts, and in one) and cell by cell."""
    monkeypatch.setattr(table_sheet, "ROWS_AT_ONCE", request.param)
    path = tmp_path / "pair.xlsx"
    with xlsxwriter.Workbook(path) as book:
        plain, filled = book.add_format({"num_format": "0.00"}), book.add_format({"bg_color": "#E3D9F2"})
        ours, theirs = book.add_worksheet("ours", TableSheet), book.add_worksheet("theirs")
        formats = [filled if row % 2 else plain for row in range(len(VALUES))]
        ours.write_rows(1, [Cells(VALUES, formats, [form is filled for form in formats])] * 30)
        for sheet in (ours, theirs):
            sheet.write_string(0, 0, "heading")
        for row, (value, form) in enumerate(zip(VALUES, formats, strict=True), 1):
            for place in range(30):
                if isinstance(value, str):
                    theirs.write_string(row, place, fitting(value), form)
                elif value is not None and abs(value) < float("inf"):
                    theirs.write_number(row, place, value, form)
                elif form is filled:
                    theirs.write_blank(row, place, None, form)
    return path


def test_cells_are_those_of_xlsxwriter(pair):
    """Values, types and formats; more columns than letters."""
    book = openpyxl.load_workbook(pair)
    assert book["ours"].dimensions == book["theirs"].dimensions == "A1:AD21"
    for ours, theirs in zip(book["ours"].iter_rows(), book["theirs"].iter_rows(), strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert (one.value, one.data_type) == (other.value, other.data_type)
            assert (one.number_format, one.fill.fgColor.rgb) == (other.number_format, other.fill.fgColor.rgb)
    calamine = CalamineWorkbook.from_path(pair)
    assert calamine.get_sheet_by_name("ours").to_python() == calamine.get_sheet_by_name("theirs").to_python()


def test_a_text_that_no_file_of_xml_holds_is_spelled_out(tmp_path):
    """The first and the third XlsxWriter, with texts in a file of their own, writes so that nothing opens it."""
    odd = ["\ufffe", "\x0b", "<r>&</r>", "_x0041_"]
    with xlsxwriter.Workbook(tmp_path / "odd.xlsx") as book:
        form = book.add_format()
        book.add_worksheet("odd", TableSheet).write_rows(0, [Cells(odd, [form] * 4, [False] * 4)])
    cells = openpyxl.load_workbook(tmp_path / "odd.xlsx")["odd"]["A"]
    assert [cell.value for cell in cells] == ["_xFFFE_", "_x000B_", "<r>&</r>", "_x005F_x0041_"]


def test_a_table_without_rows_is_a_sheet_without_rows(tmp_path):
    """It opens, with its headings."""
    with xlsxwriter.Workbook(tmp_path / "empty.xlsx") as book:
        sheet = book.add_worksheet("empty", TableSheet)
        sheet.write_string(0, 0, "heading")
        sheet.write_rows(1, [Cells([], [], [])])
    assert openpyxl.load_workbook(tmp_path / "empty.xlsx")["empty"].dimensions == "A1:A1"
