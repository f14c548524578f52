"""Spreadsheets as people make them, written by another library than the one that reads."""

import datetime
import zipfile

import openpyxl
import pytest

from bayesmodel.errors import DataError
from bayesmodel.io import read_table
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


NAMES = " ".join(
    f'xmlns:{part}="urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"' for part in ("office", "table", "text")
)
OPEN_DOCUMENT = f"""<office:document-content {NAMES}><office:body><office:spreadsheet><table:table table:name="Blad1">
{{rows}}</table:table></office:spreadsheet></office:body></office:document-content>"""
CELL = "<table:table-cell office:value-type={kind}><text:p>{text}</text:p></table:table-cell>"
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def test_an_open_document_is_read_like_a_workbook(tmp_path):
    """Written by hand: a spreadsheet of LibreOffice is a zip with its cells in one file of XML."""
    rows = ""
    for row in (["wijk", "n"], ["WK000300", "12"], ["WK000301", "."]):
        kinds = (f'"float" office:value="{text}"' if text.isdigit() else '"string"' for text in row)
        cells = (CELL.format(kind=kind, text=text) for kind, text in zip(kinds, row, strict=True))
        rows += f"<table:table-row>{''.join(cells)}</table:table-row>"
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", MANIFEST)
        file.writestr("content.xml", OPEN_DOCUMENT.format(rows=rows))
    assert read_table(tmp_path / "x.ods").frame.to_dict("list") == {"wijk": ["WK000300", "WK000301"], "n": ["12", "."]}


def test_a_name_merged_over_rows_is_filled_in_and_said(merged):
    table = read_table(merged("A3:A4", "A5:A6"))
    assert table.frame["gemeente"].tolist() == ["Breda", "Breda", "Epe", "Epe"]
    assert "filled in over merged rows: gemeente" in table.notes[0]
    assert table.doubts == {}


def test_a_number_merged_over_rows_is_asked_about_where_it_is_used(merged):
    """It may be of all those wijken together."""
    table = read_table(merged("A3:A4", "A5:A6", "C5:C6"))
    assert str(table.doubts["n"]).startswith("n: found a number merged over rows 5 to 6: '30'; expected a number in")
    assert table.frame["n"].tolist() == ["10", "20", "30", ""]


@pytest.fixture
def merged(tmp_path):
    """Save a table of wijken with cells merged."""

    def save(*ranges):
        book = openpyxl.Workbook()
        for row in [
            [],
            ["gemeente", "wijk", "n"],
            ["Breda", "A", 10],
            [None, "B", 20],
            ["Epe", "C", 30],
            [None, "D", None],
        ]:
            book.active.append(row)
        for cells in ranges:
            book.active.merge_cells(cells)
        book.save(tmp_path / "m.xlsx")
        return tmp_path / "m.xlsx"

    return save
