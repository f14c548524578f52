"""What the workbook opens with: a sentence of totals, eight columns a page wide, the others grouped behind."""

import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest

from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.summaries import with_verdicts
from bayesmodel.tables.workbook import write_workbook
from bayesmodel.tables.workbook.opening_sheet import totals
from bayesmodel.tables.workbook.sheets import outline_of
from bayesmodel.testing import invented_fit

HEADER = 5


@pytest.fixture(scope="module")
def tables():
    return tables_of(invented_fit(areas=40))


@pytest.fixture(scope="module")
def path(tables, tmp_path_factory):
    path = tmp_path_factory.mktemp("opening") / "tables.xlsx"
    write_workbook(tables, path)
    return path


@pytest.fixture(scope="module")
def sheet(path):
    return openpyxl.load_workbook(path).worksheets[0]


def rows(sheet):
    heads = [cell.value for cell in sheet[HEADER]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True)]


def test_eight_columns_named_for_readers(sheet):
    assert [cell.value for cell in sheet[HEADER]] == [
        "Wijk",
        "Gemeente",
        "Jongeren",
        "Gebruik (aantal)",
        "Verwacht (aantal)",
        "Verschil (% van verwacht)",
        "90%-interval van het verschil",
        "Oordeel",
    ]


def test_the_sentence_adds_up_and_says_how_many_are_expected_to_be_wrong(tables, sheet):
    assert sheet["A2"].value == totals(tables)
    chances = np.random.default_rng(3).dirichlet([0.2, 0.2, 0.2], 40)
    names = ["p_higher_determinants", "p_within_determinants", "p_lower_determinants"]
    frame = with_verdicts(tables.frames["wijk"].assign(**dict(zip(names, chances.T, strict=True))), tables.fit.counts)
    said = totals(replace(tables, frames={"wijk": frame}))
    everything, higher, clearly_higher, lower, clearly_lower, about, unsure = map(int, re.findall(r"\d+", said)[:7])
    found = frame["verdict_determinants"]
    assert everything == higher + lower + about + unsure == 40
    assert min(clearly_higher, clearly_lower, about, unsure) > 0
    assert (clearly_higher, clearly_lower) == ((found == "clearly higher").sum(), (found == "clearly lower").sum())
    assert (higher, lower) == (found.str.endswith("higher").sum(), found.str.endswith("lower").sum())
    wrong = (1 - frame.loc[found.str.endswith("higher"), names[0]]).sum()
    wrong += (1 - frame.loc[found.str.endswith("lower"), names[2]]).sum()
    [shown] = re.findall(rf"Van de {higher + lower} .* bij ([\d,]+) onterecht", said)
    assert float(shown.replace(",", ".")) == pytest.approx(wrong, abs=0.051)


def test_no_wrong_calls_are_told_where_nothing_is_called(tables):
    frame = tables.frames["wijk"].assign(verdict_determinants="inconclusive")
    said = totals(replace(tables, frames={"wijk": frame}))
    assert "40 niet te zeggen" in said
    assert "onterecht" not in said


def test_values_are_those_of_the_table_and_a_hidden_count_is_no_number(tables, sheet):
    table = tables.frames["wijk"]
    for (code, known), shown in zip(table.iterrows(), rows(sheet), strict=True):
        assert shown["Wijk"] == f"{known['wijk_name']} ({code})"
        use = shown["Gebruik (aantal)"]
        if known["status"] == "suppressed":
            assert use == f"verborgen, {known['count_lower']} tot {known['count_upper']}"
        elif known["status"] == "rounded":
            assert use == f"{known['count_lower']} tot {known['count_upper']}"
        else:
            assert use == ("niet geleverd" if known["status"] == "missing" else known["count_lower"])
        if known["population"]:
            assert shown["Verschil (% van verwacht)"] == pytest.approx(known["ratio_determinants"] - 1)
            low, high = re.fullmatch(r"([+-]?\d+)% tot ([+-]?\d+)%", shown["90%-interval van het verschil"]).groups()
            assert int(low) == pytest.approx(100 * known["ratio_determinants_lower"] - 100, abs=0.51)
            assert int(high) == pytest.approx(100 * known["ratio_determinants_upper"] - 100, abs=0.51)
        else:
            assert shown["Verschil (% van verwacht)"] is None


def test_it_is_printed_a_page_wide_on_landscape_a4_with_its_heading_on_each(tables, sheet):
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
    assert sheet.print_area.endswith(f"$A$1:$H${HEADER + len(tables.frames['wijk'])}")
    assert sum(sheet.column_dimensions[letter].width for letter in "ABCDEFGH") < 170


def test_the_columns_behind_it_are_grouped_by_expectation(path, tables):
    behind = openpyxl.load_workbook(path)["Wijken"]
    names = [cell.value for cell in behind[2]]
    outline = outline_of(names)
    assert set(outline) == set(names)
    for name in ("wijk", "population", "underlying_share", "verdict_determinants", "verdict_gemeente_others", "flags"):
        assert outline[name].get("level", 0) == 0
    assert outline["ratio_determinants"] == {"level": 1}
    assert outline["ratio_gemeente_others"] == {"level": 1, "hidden": True}
    assert outline["expected_gemeente_count"] == {"collapsed": True}
    shown = [column for column in outline.values() if not column.get("hidden")]
    assert len(shown) < 0.7 * len(names)
    assert behind.sheet_properties.outlinePr.summaryRight is False
    place = openpyxl.utils.get_column_letter(names.index("expected_gemeente_count_lower") + 1)
    assert behind.column_dimensions[place].hidden
    assert behind.column_dimensions[place].outlineLevel == 1


HOSTILE = [
    '=HYPERLINK("http://x.nl";"klik")', "@SUM(1+1)", "http://x.nl", "mailto:a@b.nl", "internal:Wijken!A1", "nan", "1e5",
    "007",     "<script>alert('&\"x\"')</script>", "Súdwest-Fryslân & Ôfsletdyk", "{=1+1}", "a\x00b\x07",
    "x" * 40_000, "🏘" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_text(name, tmp_path):
    tables = tables_of(invented_fit())
    frames = dict(tables.frames)
    frames["wijk"] = frames["wijk"].assign(wijk_name=name, gemeente_name=name)
    left_out = pd.DataFrame({"name": [name], "reason": [name]}, index=["WK1"])
    fit = replace(
        tables.fit, counts=replace(tables.fit.counts, areas=replace(tables.fit.counts.areas, left_out=left_out))
    )
    write_workbook(replace(tables, frames=frames, fit=fit), tmp_path / "tables.xlsx")
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as parts:
        for part in parts.namelist():
            if part.startswith("xl/worksheets/sheet"):
                root = ElementTree.fromstring(parts.read(part))
                assert root.findall(".//{*}f") == []
            if part.startswith("xl/worksheets/_rels"):
                assert b"http" not in parts.read(part).replace(b"http://schemas.openxmlformats.org", b"")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    found = book["Wijken"]["B3"]
    assert found.data_type == "s"
    if len(name) < 1000:
        assert openpyxl.utils.escape.unescape(found.value) == name
    else:
        assert found.value.endswith(" [...]")
        assert len(found.value.encode("utf-16-le")) <= 2 * 32_767


def test_a_name_with_codes_of_a_header_is_printed_as_it_is(tmp_path):
    tables = tables_of(invented_fit())
    study = tables.fit.study.model_copy(update={"name": "B&W &8 " + "x" * 300})
    areas = replace(tables.fit.counts.areas, study=study)
    fit = replace(tables.fit, counts=replace(tables.fit.counts, areas=areas))
    write_workbook(replace(tables, fit=fit), tmp_path / "tables.xlsx")
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as parts:
        header = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml")).find(".//{*}oddHeader").text
    assert "B&&W &&8 xxx" in header
    assert len(header) <= 255


def test_a_level_called_as_another_sheet_gets_a_sheet_of_its_own():
    from bayesmodel.tables.workbook.book import sheet_names

    names = sheet_names(["wijk", "uitkomsten", "methode", "a" * 40, "a" * 41], ["Uitkomsten", "Methode"])
    assert names["uitkomsten"] == "Uitkomsten 2"
    assert len({name.casefold() for name in names.values()} | {"uitkomsten", "methode"}) == 7
    assert all(len(name) <= 31 for name in names.values())
