"""The workbook, opened again by openpyxl, calamine and pandas."""

from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.diagnostics import certified_diagnostics
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.workbook import write_workbook
from bayesmodel.tables.workbook.styles import MARKS
from bayesmodel.testing import invented_fit

SHEETS = {
    "nl": ["Uitkomsten", "Wijken", "Gemeenten", "Regio", "Leeswijzer", "Codeboek", "Methode", "Weggelaten"],
    "en": ["Results", "Wijken", "Gemeenten", "Regio", "Reading guide", "Codebook", "Method", "Left out"],
}


@pytest.fixture(scope="module")
def tables():
    fit = invented_fit()
    left_out = pd.DataFrame({"name": ["=Duin", "Zee"], "reason": "inhabitants 80"}, index=["WK000308", "WK000309"])
    counts = replace(fit.counts, areas=replace(fit.counts.areas, left_out=left_out))
    return tables_of(replace(fit, counts=counts))


@pytest.fixture(scope="module", params=["nl", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def path(tables, language, tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "tables.xlsx"
    write_workbook(replace(tables, language=language), path)
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def text_of(sheet):
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


def test_the_sheets_in_order(book, language):
    assert book.sheetnames == SHEETS[language]


@pytest.mark.parametrize(("sheet", "name"), [("Wijken", "wijk"), ("Gemeenten", "gemeente"), ("Regio", "regio")])
def test_tables_come_back_as_they_were(tables, path, sheet, name):
    table = tables.frames[name]
    read = pd.read_excel(path, sheet_name=sheet, header=1, index_col=0, engine="calamine")
    assert list(read.columns) == list(table.columns)
    assert read.index.tolist() == table.index.tolist()
    numbers = table.select_dtypes("number").columns
    assert np.allclose(read[numbers].astype(float), table[numbers].astype(float), equal_nan=True)


def test_headings_are_to_read_and_names_stand_under_them(book, tables, language):
    sheet, columns = book["Wijken"], tables.columns("wijk")
    assert [cell.value for cell in sheet[1]] == [column.header(language) for column in columns]
    assert [cell.value for cell in sheet[2]] == [column.name for column in columns]
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref.startswith("A2:")
    assert sheet.auto_filter.ref.endswith(str(2 + len(tables.frames["wijk"])))


def test_it_is_printed_up_to_the_first_verdict_on_a_few_pages(book, tables):
    names, sheet = [column.name for column in tables.columns("wijk")], book["Wijken"]
    printed = sheet[sheet.print_area.partition("!")[2].replace("$", "")]
    assert [cell.value for cell in printed[1]] == names[: names.index("verdict_determinants") + 1]
    assert len(printed) == 2 + len(tables.frames["wijk"])
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (3, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.orientation, sheet.print_title_rows, sheet.print_title_cols) == (
        "landscape",
        "$1:$2",
        "$A:$B",
    )


def test_numbers_have_their_form(book, tables):
    forms = {column.name: place for place, column in enumerate(tables.columns("wijk"), start=1)}
    sheet = book["Wijken"]
    for name, form in {
        "wijk": "@", "population": "#,##0", "underlying_share": "0.0%", "ratio_gemeente_others": "0.00", "year": "0",
    }.items():  # fmt: skip
        assert sheet.cell(3, forms[name]).number_format == form


def test_a_hidden_count_is_marked_in_words_and_colour_and_never_a_number(book, tables, language):
    forms = {column.name: place for place, column in enumerate(tables.columns("wijk"), start=1)}
    sheet, word = book["Wijken"], {"nl": "verborgen", "en": "hidden"}[language]
    rows = [row for row in range(3, sheet.max_row + 1) if sheet.cell(row, forms["status"]).value == word]
    assert len(rows) == 2
    for row in rows:
        assert sheet.cell(row, forms["published_count"]).value is None
        assert sheet.cell(row, forms["actual_count"]).value is None
        assert sheet.cell(row, forms["actual_count_upper"]).value is not None
        fill = MARKS["suppressed"][0].removeprefix("#")
        assert sheet.cell(row, forms["published_count"]).fill.fgColor.rgb == f"FF{fill}"
        assert sheet.cell(row, forms["status"]).fill.fgColor.rgb == f"FF{fill}"


def test_guide_and_method_say_what_readers_must_be_told(book, tables, language):
    notes = replace(tables, language=language).notes(listing=False)
    for sheet in (book[SHEETS[language][4]], book[SHEETS[language][6]]):
        text = text_of(sheet)
        assert all(note in text for note in notes)


def test_the_guide_leads_to_every_other_sheet(book):
    cells = [row[0] for row in book.worksheets[4].iter_rows(max_col=1)]
    targets = [cell.hyperlink.location for cell in cells if cell.hyperlink]
    assert targets == [f"'{name}'!A1" for name in book.sheetnames if name != book.sheetnames[4]]


def test_areas_left_out_are_listed_and_text_is_never_a_formula(path, language):
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(SHEETS[language][7]).to_python()
    assert rows[1] == ["WK000308", "=Duin", "inhabitants 80"]


def test_properties_and_every_page_say_it_too(book, language):
    warning = {"nl": "geen teken van goed of slecht beleid", "en": "no sign of good or bad policy"}[language]
    assert warning in book.properties.description
    assert book.properties.creator.startswith("bayesmodel ")
    assert all(warning in sheet.oddFooter.left.text for sheet in book.worksheets)


def test_draws_that_did_not_converge_are_the_first_thing_said(tables, tmp_path):
    fit = replace(tables.fit, diagnostics=replace(tables.fit.diagnostics, divergences=7))
    write_workbook(replace(tables, fit=fit), tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert book["Uitkomsten"]["A3"].value.startswith("NIET GECONVERGEERD")
    texts = [row[1] for row in book["Leeswijzer"].iter_rows(values_only=True) if row[1]]
    assert texts[0].startswith("NIET GECONVERGEERD")


def test_the_method_of_independent_draws_speaks_of_no_chains_and_nothing_that_diverges(tables, tmp_path):
    certified = certified_diagnostics(Certificate(0.31, 0.95, 950.0, "sd_wijk", 1e-4, 1100))
    write_workbook(replace(tables, fit=replace(tables.fit, diagnostics=certified)), tmp_path / "tables.xlsx")
    lines = [row[0] for row in openpyxl.load_workbook(tmp_path / "tables.xlsx")["Methode"].iter_rows(values_only=True)]
    assert "onafhankelijke trekkingen" in lines
    assert "divergenties" not in lines
