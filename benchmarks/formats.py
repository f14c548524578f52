"""The cells of every format, read by the readers that others use and brought back to those of the tables."""

import re
from math import isclose

import docx
import geopandas
import lxml.html
import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.escape import unescape

from bayesmodel.tables.collect import file_name
from bayesmodel.tables.display import in_words, rounded
from bayesmodel.tables.export import restored
from bayesmodel.tables.workbook.book import sheets_of


def plain(frame, key):
    """Return a table by code, its cells as texts, whole numbers or numbers; None where there is nothing."""
    frame = frame.astype(object).where(frame.notna(), None).set_index(key) if key in frame else frame
    return frame.astype(object).where(frame.notna() & (frame != ""), None)


def read_csv(folder, tables, name):
    """Read it as code does."""
    read = pd.read_csv(folder / f"{file_name(name)}.csv", keep_default_na=False, na_values=[""], dtype={name: str})
    return plain(read.map(lambda cell: restored(cell) if isinstance(cell, str) else cell), name)


def read_parquet(folder, tables, name):
    """Read it as code does."""
    return plain(pd.read_parquet(folder / f"{file_name(name)}.parquet").reset_index(), name)


def read_sheet(folder, tables, name):
    """Read the sheet with openpyxl: names of columns in the second row, codes in words.

    Excel turns marks such as ``_x000D_`` into what they stand for; openpyxl has a function for it.
    """
    book = openpyxl.load_workbook(folder / "tables.xlsx", data_only=False)
    rows = list(book[sheets_of(tables)[name]].iter_rows(min_row=2, values_only=True))
    cells = pd.DataFrame(rows[1:], columns=rows[0])
    return plain(cells.map(lambda cell: unescape(cell) if isinstance(cell, str) else cell), name)


def read_layer(folder, tables, name):
    """Read the layer with GDAL."""
    read = geopandas.read_file(folder / "tables.gpkg", layer=file_name(name), engine="pyogrio")
    assert read.crs.to_epsg() == 28992
    return plain(pd.DataFrame(read.drop(columns="geometry")), name)


def read_long(folder, tables, name, ending="parquet"):
    """Read the long table, and make it wide again."""
    path = folder / f"long.{ending}"
    long = pd.read_parquet(path) if ending == "parquet" else pd.read_csv(path, keep_default_na=False, na_values=[""])
    long = long[long["level"] == name].astype({"value": object, "text": object})
    suffix = dict.fromkeys(("value", "mean", "probability"), "") | {"lower": "_lower", "upper": "_upper"}
    columns = long["quantity"].astype(str) + long["statistic"].astype(str).map(suffix)
    cells = long["value"].where(long["text"].isna(), long["text"])
    cells = cells.map(lambda cell: restored(cell) if isinstance(cell, str) else cell)
    wide = pd.DataFrame({"code": long["code"], "column": columns, "cell": cells})
    return plain(wide.pivot_table(index="code", columns="column", values="cell", aggfunc="first", observed=True), name)


def read_excel_csv(folder, tables, name):
    """Read it as Dutch Excel does: headings, words, rounded."""
    path = folder / f"{file_name(name)}-excel.csv"
    read = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    read.columns = [column.name for column in tables.columns(name)]
    return plain(read.map(lambda cell: restored(cell) if isinstance(cell, str) else cell), name)


def expected_cells(tables, name, form="code"):
    """Return the cells of the table itself, in the form that a format has them in."""
    frame = tables.frames[name]
    if form == "excel":
        frame = in_words(rounded(frame.reset_index(), tables.columns(name)), tables.language)
        return plain(frame, name)
    return plain((in_words(frame, tables.language) if form == "words" else frame).reset_index(), name)


READERS = {
    "csv": (read_csv, "code"),
    "parquet": (read_parquet, "code"),
    "xlsx": (read_sheet, "words"),
    "geopackage": (read_layer, "code"),
    "long": (read_long, "code"),
    "long-csv": (lambda *what: read_long(*what, ending="csv"), "code"),
    "excel-csv": (read_excel_csv, "excel"),
}


def disagreements(folder, tables, name, form):
    """Return the cells in which a format differs from the table: (code, column, expected, found)."""
    read, kind = READERS[form]
    found, wanted = read(folder, tables, name), expected_cells(tables, name, kind)
    assert list(found.index) == list(wanted.index) or sorted(found.index) == sorted(wanted.index)
    shared = [column for column in wanted if column in found]
    lacking = set(wanted) - set(shared)
    if form.startswith("long"):  # codes, names and years are columns of the long table itself; all empty has no row
        lacking -= {each for each in lacking if wanted[each].isna().all()}
        lacking -= {"year", "vintage", f"{name}_name"}
        lacking -= {f"{level}{end}" for level in tables.fit.study.level_names for end in ("", "_name")}
    assert lacking == set(), f"{form} lacks {sorted(lacking)}"
    found = found.loc[wanted.index]
    return [
        (code, column, one, other)
        for column in shared
        for code, one, other in zip(wanted.index, wanted[column], found[column], strict=True)
        if not same(one, other)
    ]


def same(wanted, found):
    """Whether two cells hold the same: nothing, a text, or a number to the last digit that a file keeps."""
    if wanted is None or found is None or isinstance(wanted, str) or isinstance(found, str):
        return wanted == found
    return isclose(float(wanted), float(found), rel_tol=1e-14)


def map_disagreements(content, tables):
    """Return the figures of the map page that differ from the table at its rounding of three decimals."""
    frame, found = tables.frames[tables.fit.study.area], content["estimates"]
    people = frame["population"].where(frame["population"] > 0)
    shown = {"underlying_share": (found["underlying"], 100), "actual_count": (found["actual"], 1)}
    for name, numbers in found["expected"].items():
        shown[f"expected_{name}_count"] = (numbers, 100 / people)
    for name, numbers in found["difference"].items():
        shown[f"difference_{name}_points"] = (numbers, 1)
    wrong = []
    for column, (numbers, factor) in shown.items():
        for end, values in zip(("", "_lower", "_upper"), numbers, strict=True):
            wanted = (frame[column + end] * factor).astype(float).to_numpy()
            if not np.allclose(np.array(values, dtype=float), wanted, atol=5.001e-4, rtol=0, equal_nan=True):
                wrong.append(column + end)
    return wrong


FIGURE = re.compile(r"[-+\u2212]?\d[\d.]*(?:,\d+)?")


def figures_in(text):
    """Return the numbers of a Dutch text."""
    return [float(each.replace(".", "").replace(",", ".").replace("\u2212", "-")) for each in FIGURE.findall(text)]


def report_disagreements(country, code, page, document):
    """Return the cells of the table of wijken in a Dutch report that differ from the tables at their rounding.

    Parameters
    ----------
    country : Country
    code : str
        Of the group.
    page, document : Path
        The report as html and as docx.
    """
    given, frame = country.expectation, country.tables.frames[country.fit.study.area]
    shown = {
        "onderliggend gebruik": ("underlying_share", 100, 1),
        "verwacht": (f"expected_{given}_share", 100, 1),
        "verschil": (f"difference_{given}_points", 1, 1),
    }
    wrong = []
    for kind, table in (("html", _html_table(page)), ("docx", _word_table(document))):
        for area in country.members(code):
            row = frame.loc[area]
            [cells] = [cells for name, cells in table.items() if name.endswith(f"({area})")]
            for heading, (column, factor, decimals) in shown.items():
                wanted = [factor * row[column + end] for end in ("", "_lower", "_upper")]
                found = figures_in(cells[heading])
                if np.isnan(wanted[0]):
                    agree = found == []
                else:
                    agree = np.allclose(found, wanted, atol=0.5001 * 10**-decimals, rtol=0)
                if not agree:
                    wrong.append((kind, area, heading, cells[heading], wanted))
    return wrong


def _html_table(path):
    """Return the table of wijken of a page by its first column: cells by heading."""
    page = lxml.html.fromstring(path.read_text("utf-8"))
    head, *rows = [
        [" ".join(cell.text_content().split()) for cell in row.findall("*")]
        for row in page.findall(".//table")[0].iter("tr")
    ]
    return {cells[0]: dict(zip(head, cells, strict=True)) for cells in rows if len(cells) == len(head)}


def _word_table(path):
    """Return the first table of a document by its first column: cells by heading."""
    head, *rows = [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[0].rows]
    return {cells[0]: dict(zip(head, cells, strict=True)) for cells in rows}
