"""Counts that are no counts: gaps of a join, symbols where many are expected, codes, zeros, Excel's errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.sense.judge import Input
from benchmarks.sense.world import edited, published, true_country

TABLES = """[[tables]]
path = "basis.csv"
key = "wijk"
code = "wijk"

[[tables]]
path = "tellingen.csv"
key = "wijk"
code = "wijk"
"""
JOINED = edited(('[[tables]]\npath = "wijken.csv"\nkey = "wijk"\ncode = "wijk"\n', TABLES))
EMPTY_HIDDEN = ('hidden_symbols = ["."]', 'hidden_symbols = [""]')
EMPTY_MISSING = ('hidden_symbols = ["."]', 'hidden_symbols = ["."]\nmissing_symbols = [""]')
SHEET = ('path = "wijken.csv"', 'path = "wijken.xlsx"')


def _joined(without: Callable[[pd.DataFrame], pd.Series], hidden: str = ".") -> Callable[[Path], object]:
    """Return a maker of a base table and a table of counts that lacks some rows."""

    def make(folder: Path) -> None:
        true = true_country()
        table = published(true, hidden)
        table.drop(columns="jeugdhulp").to_csv(folder / "basis.csv", sep=";", index=False)
        kept = table[["wijk", "jeugdhulp"]][~without(true)]
        kept.to_csv(folder / "tellingen.csv", sep=";", index=False)

    return make


def _counts(change: Callable[[pd.DataFrame, pd.DataFrame], pd.Series]) -> Callable[[Path], object]:
    """Return a maker of the country whose column of counts is changed; gets the published and the true table."""

    def make(folder: Path) -> None:
        true = true_country()
        table = published(true)
        table.assign(jeugdhulp=change(table, true)).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _named(values: Callable[[pd.DataFrame], pd.Series], count: str | None = "totaal") -> Callable[[Path], object]:
    """Return a maker in which another column has the name of the counts, which are called otherwise or not there."""

    def make(folder: Path) -> None:
        true = true_country()
        table = published(true)
        others = {} if count is None else {count: table["jeugdhulp"]}
        table.assign(**others, jeugdhulp=values(true).astype(str)).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _broken(cell: str) -> Callable[[Path], object]:
    """Return a maker in which three values of a determinant are no numbers."""

    def make(folder: Path) -> None:
        table = published(true_country())
        huur = table["huur"].mask(table.index.isin([3, 50, 77]), cell)
        table.assign(huur=huur).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _sheet(cells: dict[str, str], hidden: str = "") -> Callable[[Path], object]:
    """Return a maker of a spreadsheet in which cells (by their reference) hold an error or a formula."""

    def make(folder: Path) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        table = published(true_country(), hidden)
        sheet.append(list(table))
        for row in table.itertuples(index=False):
            sheet.append(
                [int(cell) if str(cell).isdigit() else float(cell) if _decimal(cell) else cell or None for cell in row]
            )
        for place, value in cells.items():
            sheet[place] = value
        book.save(folder / "wijken.xlsx")

    return make


def _decimal(cell: object) -> bool:
    """Whether a cell is a number with decimals."""
    return str(cell).replace(".", "", 1).isdigit()


def _largest(true: pd.DataFrame, number: int = 3) -> pd.Series:
    """Return which areas have the most in care."""
    return true["jeugdhulp"].rank(method="first") > len(true) - number


INPUTS: tuple[Input, ...] = (
    Input(
        "label",
        "inhabitants kept from a template",
        _counts(lambda p, t: p["jeugdhulp"]),
        "remark",
        ("outcome.population", "inwoners"),
        edited(
            (
                'population = { nl = "jongeren", en = "young people" }',
                'population = { nl = "inwoners", en = "inhabitants" }',
            )
        ),
    ),
    Input(
        "join gap",
        "a gemeente without rows",
        _joined(lambda t: t["gemeente"] == "GM0345"),
        "remark",
        ("GM0345",),
        JOINED,
    ),
    Input(
        "join gap",
        "a gemeente without rows, empty is hidden",
        _joined(lambda t: t["gemeente"] == "GM0345", ""),
        "remark",
        ("GM0345",),
        edited(EMPTY_HIDDEN, study=JOINED),
    ),
    Input(
        "join gap",
        "three areas without rows",
        _joined(lambda t: t.index.isin([3, 40, 99])),
        "remark",
        ("WK034003",),
        JOINED,
    ),
    Input("join gap", "no gap", _joined(lambda t: pd.Series(False, t.index)), "silent", (), JOINED),
    Input(
        "empty counts",
        "empty cells that nobody explained",
        _counts(lambda p, t: p["jeugdhulp"].replace(".", "")),
        "fault",
        ("jeugdhulp",),
        edited(('hidden_symbols = ["."]\n', "")),
    ),
    Input(
        "empty counts",
        "empty cells beside a symbol",
        _counts(lambda p, t: p["jeugdhulp"].mask(p.index == 9, "")),
        "fault",
        ("jeugdhulp", "WK034101"),
    ),
    Input(
        "empty counts",
        "empty said to be missing",
        _counts(lambda p, t: p["jeugdhulp"].mask(p.index == 9, "")),
        "silent",
        (),
        edited(EMPTY_MISSING),
    ),
    Input(
        "hidden many",
        "a symbol in the largest areas",
        _counts(lambda p, t: p["jeugdhulp"].mask(_largest(t), ".")),
        "remark",
        ("jeugdhulp", "WK"),
    ),
    Input(
        "hidden many",
        "one area of 300 in care",
        _counts(lambda p, t: p["jeugdhulp"].mask(_largest(t, 1), ".")),
        "remark",
        ("jeugdhulp", "WK"),
    ),
    Input(
        "hidden many",
        "a gemeente that did not deliver",
        _counts(lambda p, t: p["jeugdhulp"].mask(t["gemeente"] == "GM0350", ".")),
        "remark",
        ("WK0350", "[delivery]"),
    ),
    Input(
        "hidden many",
        "near miss: nine hidden where twelve are expected",
        _counts(lambda p, t: p["jeugdhulp"].mask((t["jongeren"].between(110, 140)) & (t["jeugdhulp"] < 14), ".")),
        "silent",
        (),
    ),
    Input(
        "coded counts",
        "99 in thirty areas",
        _counts(lambda p, t: p["jeugdhulp"].mask((t.index % 4 == 1) & (t["jongeren"] > 150), "99")),
        "remark",
        ("99",),
    ),
    Input(
        "coded counts",
        "999 in areas of thousands",
        _counts(lambda p, t: p["jeugdhulp"].mask(t["jongeren"].rank(ascending=False) <= 8, "999")),
        "remark",
        ("999",),
    ),
    Input(
        "coded counts",
        "-99997 in a count",
        _counts(lambda p, t: p["jeugdhulp"].mask(t.index == 8, "-99997")),
        "fault",
        ("-99997",),
    ),
    Input(
        "coded counts",
        "study init, 99 in thirty areas",
        _counts(lambda p, t: p["jeugdhulp"].mask((t.index % 4 == 1) & (t["jongeren"] > 150), "99")),
        "question",
        ("99",),
    ),
    Input(
        "coded counts",
        "near miss: counts of round numbers",
        _counts(lambda p, t: p["jeugdhulp"].mask(t.index.isin([4, 5, 6]), "20")),
        "silent",
        (),
    ),
    Input(
        "other limit",
        "hidden under 20, said to be under 10",
        _counts(lambda p, t: p["jeugdhulp"].mask(t["jeugdhulp"] < 20, ".")),
        "remark",
        ("hidden_below",),
    ),
    Input(
        "other limit",
        "near miss: 9 shown as 10, in few areas",
        _counts(lambda p, t: p["jeugdhulp"].mask(t["jeugdhulp"] == 9, "10")),
        "silent",
        (),
    ),
    Input(
        "zeros",
        "zeros shown and 1..9 hidden, said so",
        lambda f: _zeros(f),
        "silent",
        (),
        edited(("hidden_below = 10", "hidden_below = 10\nhidden_from = 1")),
    ),
    Input(
        "which column counts",
        "a percentage in decimals named as the count, beside totaal",
        _named(lambda t: (100 * t["jeugdhulp"] / t["jongeren"]).round(1)),
        "question",
        ('count = "totaal"',),
    ),
    Input(
        "which column counts",
        "a fraction named as the count, beside totaal",
        _named(lambda t: (t["jeugdhulp"] / t["jongeren"]).round(4)),
        "question",
        ('count = "totaal"',),
    ),
    Input(
        "which column counts",
        "a percentage named as the count, and no other",
        _named(lambda t: (100 * t["jeugdhulp"] / t["jongeren"]).round(1), None),
        "question",
        ('count = "?"',),
    ),
    Input(
        "which column counts",
        "a whole percentage named as the count, beside kolom7",
        _named(lambda t: (100 * t["jeugdhulp"] / t["jongeren"]).round().astype(int), "kolom7"),
        "question",
        ('count = "?"', "kolom7"),
    ),
    Input(
        "which column counts",
        "a whole rate per 1,000 named as the count, beside totaal",
        _named(lambda t: (1000 * t["jeugdhulp"] / t["jongeren"]).round().astype(int)),
        "question",
        ('count = "?"', "totaal"),
    ),
    Input(
        "which column counts",
        "a percentage named as the count is no determinant either",
        _named(lambda t: (100 * t["jeugdhulp"] / t["jongeren"]).round().astype(int)),
        "left out",
        ("jeugdhulp", "totaal"),
    ),
    Input(
        "which column counts",
        "near miss: a true count beside a total of other people",
        _counts(lambda p, t: p["jeugdhulp"]),
        "question",
        ('count = "jeugdhulp"',),
    ),
    Input(
        "broken cells",
        "study init, a formula among the counts",
        _counts(lambda p, t: p["jeugdhulp"].replace(".", "=1+1")),
        "question",
        ("=1+1",),
    ),
    Input(
        "broken cells",
        "study init, a date among the counts",
        _counts(lambda p, t: p["jeugdhulp"].mask(p.index == 9, "12-03-2021")),
        "question",
        ("12-03-2021",),
    ),
    Input("broken cells", "study init, a formula in a determinant", _broken("=1+1"), "question", ("=1+1",)),
    Input("broken cells", "study init, dates in a determinant", _broken("5-mrt"), "question", ("5-mrt",)),
    Input("broken cells", "study init, an error in a determinant", _broken("#DEEL/0!"), "question", ("#DEEL/0!",)),
    Input("broken cells", "study init, a word in a determinant", _broken("geheim"), "question", ("geheim",)),
    Input("zeros", "study init proposes the lower end", lambda f: _zeros(f), "question", ("hidden_from = 1",)),
    Input("zeros", "zeros shown where 0..9 are hidden", lambda f: _zeros(f), "fault", ("jeugdhulp",)),
    Input("excel", "#N/A as a count", _sheet({"G5": "#N/A"}), "fault", ("#N/A",), edited(SHEET, EMPTY_HIDDEN)),
    Input(
        "excel",
        "#DIV/0! as a determinant",
        _sheet({"H9": "#DIV/0!"}),
        "fault",
        ("#DIV/0!",),
        edited(SHEET, EMPTY_HIDDEN),
    ),
    Input("excel", "#REF! as a population", _sheet({"F9": "#REF!"}), "fault", ("#REF!",), edited(SHEET, EMPTY_HIDDEN)),
    Input(
        "excel",
        "a formula without a stored value",
        _sheet({"G7": "=SUM(1,2)"}),
        "fault",
        ("jeugdhulp",),
        edited(SHEET, EMPTY_HIDDEN),
    ),
    Input(
        "excel", "#N/A in a column that is not used", _sheet({"D9": "#N/A"}), "silent", (), edited(SHEET, EMPTY_HIDDEN)
    ),
    Input(
        "excel", "#N/B in a csv", _counts(lambda p, t: p["jeugdhulp"].mask(t.index == 8, "#N/B")), "fault", ("#N/B",)
    ),
)


def _zeros(folder: Path) -> None:
    """Write the country with small areas, zeros shown and 1 to 9 hidden."""
    true = true_country()
    rng = np.random.default_rng(8)
    small = true["jongeren"].where(true.index % 3 > 0, rng.integers(5, 25, len(true)))
    count = pd.Series(rng.poisson(0.09 * small), true.index)
    published(true.assign(jongeren=small, jeugdhulp=np.minimum(count, small)), lowest=1).to_csv(
        folder / "wijken.csv", sep=";", index=False
    )
