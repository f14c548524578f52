"""The sheet of a wijk: the numbers of the tables in both languages, on one page in every form."""

import re
import shutil
import subprocess
from io import BytesIO

import docx
import pytest

from bayesmodel.errors import MissingFeatureError, UnknownNameError
from bayesmodel.report import document
from bayesmodel.report.area_sheet import SIMILAR, area_sheet
from bayesmodel.report.country_estimates import country_of
from bayesmodel.report.document import formats_named, refuse_missing_library
from bayesmodel.report.group_report import group_report
from bayesmodel.report.report_folder import write_reports
from bayesmodel.report.report_texts import DIRECTIONS


@pytest.fixture(scope="module")
def country(fit, shapes):
    return country_of(fit, "gemeente", shapes)


def words(sheet):
    for section in sheet.sections:
        yield from (section.heading, *section.texts, *section.facts.values())
        for table in section.tables:
            yield from map(str, table.to_numpy().ravel())


@pytest.mark.parametrize("code", ["WK000100", "WK000102", "WK000202", "WK000300"])
def test_both_languages_hold_the_same_figures(country, code):
    """Of a wijk that was published, hidden, not delivered, and without people."""
    dutch, english = (list(words(area_sheet(country, code, language))) for language in ("nl", "en"))
    figures = [[re.sub(r"\D", "", text) for text in texts] for texts in (dutch, english)]
    assert figures[0] == figures[1]


def test_the_figures_are_those_of_the_tables(country):
    sheet = area_sheet(country, "WK000100", "en")
    row = country.tables.frames["wijk"].loc["WK000100"]
    numbers = [100 * row[f"underlying_share{end}"] for end in ("", "_lower", "_upper")]
    table = sheet.sections[2].tables[0]
    assert table.iloc[0]["underlying use"] == "{:.1f}% ({:.1f}% to {:.1f}%)".format(*numbers)
    assert table.index[1] == "gemeente Gemeente 0001"
    assert len(table) == 3 + SIMILAR


def test_a_hidden_count_is_bounds_only(country):
    sheet = area_sheet(country, "WK000102", "en")
    assert sheet.sections[2].facts["Published count"] == "hidden (0 to 9)"


def test_five_directions_have_room_to_write(country):
    talk = area_sheet(country, "WK000100", "nl").sections[-2].tables[0]
    assert list(talk.index) == [name.nl for name, _what in DIRECTIONS]
    assert set(talk["wat is besproken"]) == {""}


def test_readers_are_told_what_they_must_be(country):
    for language, needed in (
        (
            "nl",
            ("Geen voorspelling", "goed of slecht beleid", "verder te kijken", "geen behoefte", "personen", "grenzen"),
        ),
        ("en", ("No forecast", "good or bad policy", "look further", "not need", "individuals", "boundaries")),
    ):
        said = " ".join(area_sheet(country, "WK000100", language).sections[-1].texts)
        assert [text for text in needed if text not in said] == []


def test_names_are_text(country):
    assert "<img src=x" not in area_sheet(country, "WK000100", "nl").html


def test_an_unknown_area_or_format_is_refused(country):
    with pytest.raises(UnknownNameError, match="WK999999"):
        area_sheet(country, "WK999999")
    with pytest.raises(UnknownNameError, match="odt"):
        formats_named(["html,odt"])
    with pytest.raises(UnknownNameError):
        area_sheet(country, "WK000100").content("odt")


def test_what_is_not_installed_is_told_before_anything_is_made(monkeypatch):
    monkeypatch.setattr(document, "find_spec", lambda name: None)
    with pytest.raises(MissingFeatureError, match=r"bayesmodel-sae\[pdf\]"):
        refuse_missing_library(["pdf"])
    with pytest.raises(MissingFeatureError, match=r"bayesmodel-sae\[report\]"):
        refuse_missing_library(["docx"])


def test_reports_and_sheets_go_into_one_folder(country, tmp_path):
    made = write_reports(country, ["GM0001", "WK000100"], tmp_path / "out")
    assert made.made == ("GM0001.html", "WK000100.html")
    with pytest.raises(UnknownNameError):
        write_reports(country, ["WK999999"], tmp_path / "other")


def test_it_is_one_page_on_paper(country, browser, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    for code in ("WK000100", "WK000102", "WK000300"):
        page = browser.new_page()
        page.goto(area_sheet(country, code, "nl").write(tmp_path / f"{code}.html").as_uri())
        printed = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
        page.close()
        assert len(pypdf.PdfReader(BytesIO(printed)).pages) == 1


def test_the_tests_of_accessibility_find_nothing(country, browser, tmp_path):
    axe = pytest.importorskip("pytest_playwright_axe.axe")
    page = browser.new_page()
    page.goto(area_sheet(country, "WK000100", "nl").write(tmp_path / "sheet.html").as_uri())
    page.evaluate(axe.MIN_AXE_PATH.read_text("utf-8"))
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
    found = page.evaluate(f"axe.run(document, {rules}).then((result) => result.violations)")
    page.close()
    assert [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found] == []


@pytest.mark.slow
def test_it_is_one_page_in_word(country, tmp_path):
    pypdf, office = pytest.importorskip("pypdf"), shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice is installed to open the document in")
    path = area_sheet(country, "WK000102", "nl").write(tmp_path / "sheet.docx")
    subprocess.run([office, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path], check=True)
    assert len(pypdf.PdfReader(tmp_path / "sheet.pdf").pages) == 1


def test_a_word_document_is_small_and_has_rows_to_write_in(country):
    made = docx.Document(BytesIO(area_sheet(country, "WK000100", "nl").content("docx")))
    assert made.sections[0].left_margin.cm < 2
    assert made.tables[-1].rows[1].height.cm >= 1
    assert made.tables[-1].rows[0].height is None


@pytest.mark.parametrize("make", [lambda country: group_report(country, "GM0001", language="nl"),
                                  lambda country: area_sheet(country, "WK000100", "nl")])  # fmt: skip
def test_a_pdf_is_tagged(country, make):
    pytest.importorskip("weasyprint")
    pypdf = pytest.importorskip("pypdf")
    made = make(country)
    read = pypdf.PdfReader(BytesIO(made.content("pdf")))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata.title == made.title
    found = list(tags(root["/StructTreeRoot"]))
    kinds = [str(tag.get("/S")) for tag in found]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(kinds)
    described = [tag.get("/Alt") for tag in found if tag.get("/S") == "/Figure"]
    assert len(described) == sum(len(section.pictures) for section in made.sections)
    assert all(described)


def tags(node):
    """Yield all tags of a PDF."""
    below = node.get("/K", [])
    for child in below if isinstance(below, list) else [below]:
        child = child.get_object()
        if isinstance(child, dict) and "/S" in child:
            yield child
            yield from tags(child)


def test_a_pdf_fetches_nothing(tmp_path):
    pytest.importorskip("weasyprint")
    (tmp_path / "secret.txt").write_text("x", "utf-8")
    page = f'<html lang="nl"><title>T</title><p><img alt="x" src="{(tmp_path / "secret.txt").as_uri()}">'
    assert document.pdf_of(page)[:5] == b"%PDF-"
