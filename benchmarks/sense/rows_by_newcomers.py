"""Counts, populations, names and rows that somebody new to the package may give it, in files as they come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import numpy as np
import pandas as pd

from benchmarks.sense.judge import Input, Verdict
from benchmarks.sense.world import STUDY, country, edited, published, true_country

Table = Callable[[pd.DataFrame], pd.DataFrame]
Counts = Callable[[pd.DataFrame, pd.DataFrame], object]

ONE_TABLE = '[[tables]]\npath = "wijken.csv"\nkey = "wijk"\ncode = "wijk"\n'
TWO_TABLES = edited((ONE_TABLE, "".join(ONE_TABLE.replace("wijken", name) + "\n" for name in ("basis", "tellingen"))))
BY_GEMEENTE = edited(('column = "gemeente"', 'column = "gm_naam"'))
BY_NAME = edited(
    ('area = "wijk"\narea_name = "naam"', 'area = "naam"'), ('key = "wijk"\ncode = "wijk"', 'key = "naam"')
)
SHEET = edited(('path = "wijken.csv"', 'path = "wijken.xlsx"'))


def _table(change: Table = lambda t: t, encoding: str = "utf-8") -> Callable[[Path], object]:
    """Return a maker of the country, changed."""
    return lambda folder: change(country()).to_csv(folder / "wijken.csv", sep=";", index=False, encoding=encoding)


def _counts(change: Counts, column: str = "jeugdhulp") -> Callable[[Path], object]:
    """Return a maker in which a column is changed; it gets the published and the true table."""

    def make(folder: Path) -> None:
        true = true_country()
        table = published(true)
        table[column] = pd.Series(change(table, true), table.index).astype(str)
        table.to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _size(t: pd.DataFrame, *places: int) -> pd.Series:
    """Return which areas have these places by number of people, 0 the most."""
    return t["jongeren"].rank(method="first", ascending=False).isin([place + 1 for place in places])


def _joined(base: Table) -> Callable[[Path], object]:
    """Return a maker of a base table, changed, and a table of all counts."""

    def make(folder: Path) -> None:
        table = country()
        base(table.drop(columns="jeugdhulp")).to_csv(folder / "basis.csv", sep=";", index=False)
        table[["wijk", "jeugdhulp"]].to_csv(folder / "tellingen.csv", sep=";", index=False)

    return make


def _in_parts(*names: str) -> Callable[[Path], object]:
    """Return a maker in which the population is in parts: boys, girls, all; ages under 18, from 18 on, all."""

    def make(folder: Path) -> None:
        true = true_country()
        first = np.random.default_rng(1).binomial(true["jongeren"], 0.6)
        kinds = {"jongens": first, "k_0_17": first, "meisjes": true["jongeren"] - first}
        kinds |= {"k_18_22": kinds["meisjes"], "totaal": true["jongeren"], "k_0_22": true["jongeren"]}
        more = {name: pd.Series(kinds[name]).astype(str) for name in names}
        published(true).drop(columns="jongeren").assign(**more).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _parts(*names: str) -> str:
    """Return the study whose population is the sum of columns."""
    return edited(('population = "jongeren"', f"population = [{', '.join(repr(name) for name in names)}]"))


def _with_total(name: str, extra: float) -> Callable[[Path], object]:
    """Return a maker with a row of a whole gemeente among its wijken, and some people who live in none of them."""

    def make(folder: Path) -> None:
        true = true_country()
        inside = true[true["gemeente"] == "GM0346"]
        whole = inside.iloc[[0]].assign(
            wijk="WK034690",
            naam=name,
            jongeren=round(inside["jongeren"].sum() * extra),
            jeugdhulp=round(inside["jeugdhulp"].sum() * extra),
        )
        published(pd.concat([true, whole], ignore_index=True)).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _spelled(name: str, other: str, half: bool = True) -> Callable[[Path], object]:
    """Return a maker in which a gemeente has another name, in half of its rows or in all."""

    def change(t: pd.DataFrame) -> pd.DataFrame:
        rows = (t["gm_naam"] == name) & ((t.index % 2 == 0) | (not half))
        return t.assign(gm_naam=t["gm_naam"].mask(rows, other))

    return _table(change)


def _numbered(write: Callable[[pd.Series], pd.Series]) -> Callable[[Path], object]:
    """Return a maker in which gemeenten are numbers, written otherwise in half of the rows of one."""

    def change(t: pd.DataFrame) -> pd.DataFrame:
        numbers = t["gemeente"].str[3:]
        return t.assign(gm_naam=numbers.mask((t["gm_naam"] == "Goes") & (t.index % 2 == 0), write(numbers)))

    return _table(change)


def _sheet(folder: Path) -> None:
    """Write a spreadsheet with an error among the names."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(list(country()))
    for row in country().itertuples(index=False):
        book.active.append(list(row))
    book.active["B9"] = "#N/A"
    book.save(folder / "wijken.xlsx")


def _parquet(folder: Path) -> None:
    """Write Parquet in which half of the rows of a gemeente have a no-break space in its name."""
    table = country()
    table["gm_naam"] = table["gm_naam"].replace("Goes", "Den Haag")
    odd = (table["gm_naam"] == "Den Haag") & (table.index % 2 == 0)
    table.assign(gm_naam=table["gm_naam"].mask(odd, "Den\u00a0Haag")).to_parquet(folder / "wijken.parquet")


def _thousands(t: pd.DataFrame) -> pd.DataFrame:
    """Write a point in numbers of thousands of people, beside decimal points."""
    return t.assign(jongeren=[f"{int(people):,}".replace(",", ".") for people in t["jongeren"]])


def _of_the_gemeente(table: pd.DataFrame, true: pd.DataFrame) -> pd.Series:
    return true.groupby("gemeente")["jongeren"].transform("sum")


ALL_SHOWN = edited(('hidden_below = 10\nhidden_symbols = ["."]', "hidden_below = 0"))
CELL = "<table:table-cell{attributes}><text:p>{text}</text:p></table:table-cell>"
ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Blad1">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
</manifest:manifest>"""


def _ods(odd: str) -> Callable[[Path], object]:
    """Return a maker of an ods in which the rent of the fifth area is a cell of some kind."""

    def cell(text: str) -> str:
        number = text != "." and text.replace(".", "", 1).isdigit()
        kind = f'"float" office:value="{text}"' if number else '"string"'
        return CELL.format(attributes=f" office:value-type={kind}", text=escape(text))

    def make(folder: Path) -> None:
        table = [list(country()), *country().to_numpy().tolist()]
        rows = [[cell(text) for text in row] for row in table]
        rows[5][table[0].index("huur")] = odd
        body = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
        with ZipFile(folder / "wijken.ods", "w") as file:
            file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            file.writestr("content.xml", ODS.format(rows=body))
            file.writestr("META-INF/manifest.xml", MANIFEST)

    return make


def _called(column: str, name: str) -> tuple[Callable[[Path], object], str]:
    """Return a maker in which a column has another name, and the study that says so."""
    study = edited((f'= "{column}"', f'= "{name}"'))
    return _table(lambda t: t.rename(columns={column: name})), study


NO_GROUPS = (
    "(leeg)",
    "(blank)",
    "<NA>",
    "nnb",
    "geen gegevens",
    "geheim",
    "Totaal",
    "nog niet bekend",
    "Onbekend (JZ)",
)
NAMES: tuple[tuple[str, str, str, Verdict, str], ...] = (
    ("a letter of another alphabet", "Goes", "G\u043ees", "remark", "Goes"),
    ("a typo, where the codes say one gemeente", "Franeker", "Franneker", "remark", "Franneker"),
    ("gemeente behind a comma", "Goes", "Goes, gemeente", "remark", "Goes"),
    ("a sign that nobody sees", "Goes", "Go\x07es", "silent", ""),
    ("a new line in a cell", "Goes", "Goes\n", "silent", ""),
)
STUDIES: tuple[tuple[str, tuple[str, str], Verdict, str], ...] = (
    ("a control character in a label", ("in youth care", "in\\u0000care"), "fault", "outcome.count.en"),
    ("a control character in its name", ('name = "wijken"', 'name = "wij\\u0007ken"'), "fault", "name"),
    ("true where a number stands", ("hidden_below = 10", "hidden_below = true"), "fault", "hidden_below"),
    ("the count as names", ('area_name = "naam"', 'area_name = "jeugdhulp"'), "fault", "area_name"),
    (
        "areas left out by their count",
        ("[inference]", '[[exclusions]]\ncolumn = "jeugdhulp"\nat_most = 20\n\n[inference]'),
        "fault",
        "exclusions",
    ),
    ("no label in one language", ('en = "young people" }', 'en = "" }'), "remark", "outcome.population"),
    ("hidden said to be missing", ("hidden_symbols", "missing_symbols"), "remark", "hidden_below = 10"),
)

ODS_CELLS: tuple[tuple[str, str, Verdict, tuple[str, ...]], ...] = (
    ("a number", CELL.format(attributes=' office:value-type="float" office:value="28"', text="28"), "silent", ()),
    (
        "an error stored as zero",
        CELL.format(attributes=' office:value-type="float" office:value="0"', text="Err:502"),
        "fault",
        ("huur", "Err:502"),
    ),
    ("a formula without a value", '<table:table-cell table:formula="of:=1+1"/>', "fault", ("huur",)),
    (
        "a formula with its value",
        CELL.format(attributes=' table:formula="of:=14+14" office:value-type="float" office:value="28"', text="28"),
        "silent",
        (),
    ),
)
YEARS: tuple[tuple[str, str, Verdict, tuple[str, ...]], ...] = (
    ("jeugdhulp", "jeugdhulp_2019", "remark", ("2019", "2021")),
    ("jeugdhulp", "jeugdhulp_2020_2021", "silent", ()),
    ("jongeren", "jongeren_2015", "remark", ("2015", "2021")),
    ("jongeren", "jongeren_2022", "silent", ()),
    ("huur", "huur_2019", "silent", ()),
)

PROPOSED: tuple[tuple[str, str, Table, tuple[str, ...]], ...] = (
    (
        "no group",
        "NA as a region",
        lambda t: t.assign(regio=t["regio"].mask(t["gemeente"] == "GM0342", "NA")),
        ("'NA'",),
    ),
    ("few groups", "two regions", lambda t: t.assign(regio=np.where(t.index < 80, "JZ01", "JZ02")), ("only 2 groups",)),
    ("year", "another year in every row", lambda t: t.assign(peiljaar="2019"), ("2019 in every row",)),
    ("not areas", "a wijk onbekend", lambda t: t.assign(naam=t["naam"].replace("Goes 8", "Onbekend")), ("'Onbekend'",)),
    (
        "sorted",
        "a column sorted apart",
        lambda t: t.assign(oplopend=t["huur"].sort_values(key=pd.to_numeric).tolist()),
        ("oplopend never falls",),
    ),
    (
        "dependent",
        "a share and its complement",
        lambda t: t.assign(koop=(100 - t["huur"].astype(float)).round(1)),
        ("huur and koop",),
    ),
)

INPUTS: tuple[Input, ...] = (
    Input(
        "join gap",
        "counts of three areas that the base lacks",
        _joined(lambda t: t[~t.index.isin([3, 4, 5])]),
        "remark",
        ("WK034003",),
        TWO_TABLES,
    ),
    Input(
        "join gap",
        "near miss: counts of the whole country, a base of some gemeenten",
        _joined(lambda t: t[t.index < 80]),
        "silent",
        (),
        TWO_TABLES,
    ),
    Input(
        "proportion",
        "six times the count in three areas",
        _counts(lambda p, t: p["jeugdhulp"].where(~_size(t, 30, 31, 32), (6 * t["jeugdhulp"]).astype(str))),
        "remark",
        ("four times",),
    ),
    Input(
        "proportion",
        "near miss: twice the count in three areas",
        _counts(lambda p, t: p["jeugdhulp"].where(~_size(t, 30, 31, 32), (2 * t["jeugdhulp"]).astype(str))),
        "silent",
    ),
    Input(
        "proportion",
        "study init, 888 in three areas",
        _counts(lambda p, t: p["jeugdhulp"].mask(_size(t, 20, 21, 22), "888")),
        "question",
        ("888",),
    ),
    Input(
        "population",
        "ten times in one area",
        _counts(lambda p, t: t["jongeren"].where(~_size(t, 30), 10 * t["jongeren"]), "jongeren"),
        "remark",
        ("WK", "population"),
    ),
    Input(
        "population",
        "that of the gemeente in every row",
        _counts(_of_the_gemeente, "jongeren"),
        "remark",
        ("jongeren", "gemeente"),
    ),
    Input(
        "population", "study init, 1.250 beside decimal points", _table(_thousands), "question", ('thousands = "?"',)
    ),
    Input(
        "population",
        "a sum with its own total",
        _in_parts("jongens", "meisjes", "totaal"),
        "fault",
        ("totaal",),
        _parts("jongens", "meisjes", "totaal"),
    ),
    Input(
        "population",
        "a sum of ages that overlap",
        _in_parts("k_0_17", "k_0_22"),
        "fault",
        ("k_0_22",),
        _parts("k_0_17", "k_0_22"),
    ),
    Input(
        "population",
        "near miss: a sum of ages that join up",
        _in_parts("k_0_17", "k_18_22"),
        "silent",
        (),
        _parts("k_0_17", "k_18_22"),
    ),
    Input(
        "hidden many",
        "- said to be zero in the largest areas",
        _counts(lambda p, t: p["jeugdhulp"].mask(_size(t, 0, 1), "-")),
        "remark",
        ("jeugdhulp",),
        edited(("hidden_below = 10", 'hidden_from = 1\nzero_symbols = ["-"]\nhidden_below = 10')),
    ),
    Input(
        "hidden many",
        "near miss: unreliable in large areas, said to be missing",
        _counts(lambda p, t: p["jeugdhulp"].mask(_size(t, 0, 1, 2), "x")),
        "silent",
        (),
        edited(('["."]', '["."]\nmissing_symbols = ["x"]')),
    ),
    *(
        Input(
            "no group",
            f"{text!r} as a region",
            _table(lambda t, text=text: t.assign(regio=t["regio"].mask(t["gemeente"] == "GM0342", text))),
            "fault",
            (text,),
        )
        for text in NO_GROUPS
    ),
    *(
        Input("spelling", name, _spelled(old, new), must, (about,) if about else (), BY_GEMEENTE)
        for name, old, new, must, about in NAMES
    ),
    Input(
        "spelling",
        "near miss: Bergen (NH) and Bergen (L)",
        _table(lambda t: t.assign(gm_naam=t["gm_naam"].replace({"Borne": "Bergen (NH)", "Cuijk": "Bergen (L)"}))),
        "silent",
        (),
        BY_GEMEENTE,
    ),
    Input(
        "spelling", "numbers with and without a zero", _numbered(lambda n: "0" + n), "remark", ("0346",), BY_GEMEENTE
    ),
    Input("spelling", "numbers with and without .0", _numbered(lambda n: n + ".0"), "remark", ("346.0",), BY_GEMEENTE),
    Input(
        "spelling",
        "a no-break space in Parquet",
        _parquet,
        "silent",
        (),
        edited(("wijken.csv", "wijken.parquet"), study=BY_GEMEENTE),
    ),
    Input(
        "nesting",
        "two gemeenten of one name in one region",
        _table(lambda t: t.assign(gm_naam=t["gm_naam"].replace({"Borne": "Bergen", "Goes": "Bergen"}))),
        "remark",
        ("Bergen", "GM0341", "GM0346"),
        BY_GEMEENTE,
    ),
    Input(
        "not areas",
        "a gemeente among its wijken, with people in none",
        _with_total("Gemeente Goes", 1.03),
        "remark",
        ("WK034690",),
    ),
    Input("not areas", "Totaal Goes among its wijken", _with_total("Totaal Goes", 1.0), "remark", ("WK034690",)),
    Input(
        "not areas",
        "a wijk onbekend",
        _table(lambda t: t.assign(naam=t["naam"].replace({"Goes 8": "Wijk onbekend"}))),
        "remark",
        ("WK034607",),
    ),
    Input(
        "not areas",
        "two names that differ in capitals",
        _table(
            lambda t: t.drop(columns="wijk").assign(naam=t["naam"].replace({"Goes 1": "Centrum", "Borne 1": "CENTRUM"}))
        ),
        "remark",
        ("CENTRUM",),
        BY_NAME,
    ),
    Input(
        "label",
        "households counted, called young people",
        _table(lambda t: t.rename(columns={"jongeren": "huishoudens"})),
        "remark",
        ("huishoudens",),
        edited(('population = "jongeren"', 'population = "huishoudens"')),
    ),
    Input("excel", "#N/A as a name", _sheet, "fault", ("#N/A", "naam"), SHEET),
    *(
        Input("excel", f"ods: {name}", _ods(cell), must, about, edited(("wijken.csv", "wijken.ods")))
        for name, cell, must, about in ODS_CELLS
    ),
    *(
        Input("year", f"{column} called {name}", _called(column, name)[0], must, about, _called(column, name)[1])
        for column, name, must, about in YEARS
    ),
    *(Input(kind, f"study init, {name}", _table(change), "question", about) for kind, name, change, about in PROPOSED),
    Input("year", "dates two years before", _table(lambda t: t.assign(peildatum="2019-01-01")), "remark", ("2019",)),
    Input(
        "year", "a year to come", _table(lambda t: t), "remark", ("2071",), edited(("\nyear = 2021", "\nyear = 2071"))
    ),
    Input("year", "near miss: 1 January after", _table(lambda t: t.assign(peildatum="2022-01-01")), "silent"),
    Input(
        "other limit",
        "all hidden counts raised to ten",
        _counts(lambda p, t: p["jeugdhulp"].replace(".", "10")),
        "remark",
        ("No count under 10",),
        ALL_SHOWN,
    ),
    Input(
        "other limit",
        "near miss: the small areas are not there",
        _table(lambda t: t[t["jongeren"].astype(int) > 250]),
        "silent",
        (),
        ALL_SHOWN,
    ),
    Input("file", "UTF-16 without its mark", _table(encoding="utf-16-le"), "silent"),
    *(Input("study", name, _table(), must, (about,), edited(change)) for name, change, must, about in STUDIES),
    Input("sound", "as it was", _table(), "silent", (), STUDY),
)
