"""Determinants that are the outcome, an identifier, a code for "not a number", or the sum of others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.sense.judge import Input, Verdict
from benchmarks.sense.world import edited, published, true_country, with_determinants

Column = Callable[[pd.DataFrame], object]


def _with(column: str, values: Column) -> Callable[[Path], object]:
    """Return a maker of the country with one more column, made of the true table."""

    def make(folder: Path) -> None:
        true = true_country()
        cells = pd.Series(values(true), index=true.index)
        text = cells if cells.dtype == object or isinstance(cells.dtype, pd.StringDtype) else cells.map(_cell)
        published(true).assign(**{column: text.fillna("")}).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _cell(value: object) -> str:
    """Return a number as a spreadsheet writes it."""
    return "" if pd.isna(value) else f"{value:.10g}"  # type: ignore[call-overload]


def _share(t: pd.DataFrame) -> pd.Series:
    return t["jeugdhulp"] / t["jongeren"]


def _noisy(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


OWN: tuple[tuple[str, str, Column, Verdict], ...] = (
    ("a percentage in one decimal", "pgebr", lambda t: (100 * _share(t)).round(1), "fault"),
    ("a whole percentage", "k7", lambda t: (100 * _share(t)).round(0), "fault"),
    (
        "per 1,000, hidden where the count is",
        "ratio",
        lambda t: (1000 * _share(t)).round().where(t["jeugdhulp"] >= 10),
        "fault",
    ),
    ("per 10,000", "x10k", lambda t: (10_000 * _share(t)).round(), "fault"),
    ("the rest of the young people in percent", "geen", lambda t: (100 - 100 * _share(t)).round(1), "fault"),
    ("a fraction of four decimals", "f", lambda t: _share(t).round(4), "fault"),
    ("the count under another name", "n_jz", lambda t: t["jeugdhulp"], "fault"),
    (
        "the count a year before",
        "vorig",
        lambda t: (t["jeugdhulp"] * np.exp(0.06 * _noisy(1).normal(size=len(t)))).round(),
        "remark",
    ),
    (
        "the percentage a year before",
        "p2020",
        lambda t: (100 * _share(t) * np.exp(0.07 * _noisy(2).normal(size=len(t)))).round(1),
        "remark",
    ),
    ("those not in care", "zonder", lambda t: t["jongeren"] - t["jeugdhulp"], "fault"),
    ("the population", "inw", lambda t: t["jongeren"], "remark"),
    ("the population rounded to fives", "inw5", lambda t: (t["jongeren"] / 5).round() * 5, "remark"),
    ("the row number", "volg", lambda t: np.arange(1, len(t) + 1), "remark"),
    ("the number of the gemeente", "GEMNR", lambda t: t["gemeente"].str[2:].astype(int), "remark"),
    ("the digits of the code", "nummer", lambda t: t["wijk"].str[2:].astype(int), "remark"),
)
OWN_NEAR_MISSES: tuple[tuple[str, str, Column], ...] = (
    (
        "a trait that goes with use at .5",
        "arm",
        lambda t: (20 + 250 * (_share(t) - 0.09) + 8 * _noisy(3).normal(size=len(t))).round(1),
    ),
    ("population density", "dicht", lambda t: (t["jongeren"] * np.exp(_noisy(4).normal(size=len(t)))).round()),
    ("a flag of the gemeente", "samen", lambda t: t["gemeente"].str[-1].astype(int) % 2),
    (
        "urbanity in five classes",
        "sted",
        lambda t: pd.qcut(t["huur"] + 5 * _noisy(5).normal(size=len(t)), 5, labels=False) + 1,
    ),
)
CODED: tuple[tuple[str, str, Column, Verdict], ...] = (
    (
        "-99997 in 14 areas",
        "oad",
        lambda t: pd.Series(_noisy(6).gamma(4, 300, len(t)).round()).mask(t.index % 11 == 0, -99997),
        "remark",
    ),
    (
        "-1 among shares",
        "p1",
        lambda t: pd.Series(_noisy(7).uniform(5, 40, len(t)).round(1)).mask(t.index % 9 == 0, -1),
        "remark",
    ),
    (
        "999 among shares",
        "p2",
        lambda t: pd.Series(_noisy(8).uniform(5, 40, len(t)).round(1)).mask(t.index % 13 == 0, 999),
        "remark",
    ),
    (
        "-99999999 once",
        "p3",
        lambda t: pd.Series(_noisy(9).uniform(5, 40, len(t)).round(1)).mask(t.index == 17, -99999999),
        "remark",
    ),
    (
        "99999 among incomes",
        "ink",
        lambda t: pd.Series((1000 * _noisy(10).normal(28, 4, len(t))).round()).mask(t.index % 20 == 3, 9999999),
        "remark",
    ),
)
CODED_NEAR_MISSES: tuple[tuple[str, str, Column], ...] = (
    ("a long tail", "huis", lambda t: np.exp(_noisy(11).normal(5.3, 0.8, len(t))).round()),
    ("many zeros", "antil", lambda t: pd.Series(_noisy(12).gamma(0.6, 3, len(t)).round(1)).mask(t.index % 3 == 0, 0.0)),
    ("a balance below and above zero", "saldo", lambda t: _noisy(13).normal(0, 12, len(t)).round(1)),
    ("one far town", "afstand", lambda t: pd.Series(_noisy(14).gamma(2, 1, len(t)).round(1)).mask(t.index == 5, 17.3)),
    ("percentages up to 99 and 100", "koop", lambda t: np.clip(_noisy(15).normal(80, 18, len(t)), 0, 100).round()),
)
SUMS: tuple[tuple[str, dict[str, Column], Verdict, str], ...] = (
    ("a sum of two", {"som": lambda t: (t["huur"] + t["inkomen"]).round(1)}, "remark", "som"),
    ("a difference of two", {"gat": lambda t: (t["huur"] - 2 * t["inkomen"]).round(1)}, "remark", "gat"),
    (
        "three parts of a hundred",
        {
            "kort": lambda t: (90 - t["huur"]).round(1) / 3,
            "rest": lambda t: (100 - t["huur"] - (90 - t["huur"]).round(1) / 3).round(4),
        },
        "remark",
        "rest",
    ),
    ("a share and its complement", {"koop": lambda t: (100 - t["huur"]).round(1)}, "remark", "koop"),
    (
        "two that only correlate",
        {"arm": lambda t: (0.7 * t["huur"] + 5 * _noisy(16).normal(size=len(t))).round(1)},
        "silent",
        "arm",
    ),
)


def _sums(columns: dict[str, Column]) -> Callable[[Path], object]:
    """Return a maker of the country with several more columns."""

    def make(folder: Path) -> None:
        true = true_country()
        more = {name: pd.Series(values(true), index=true.index).map(_cell) for name, values in columns.items()}
        published(true).assign(**more).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _some(column: str, rows: Callable[[pd.DataFrame], object], factor: float) -> Column:
    """Return a maker of a determinant that is in another unit in some rows."""
    return lambda t: t[column].where(~pd.Series(rows(t), t.index), (t[column] * factor).round(6))


UNITS: tuple[tuple[str, Column, str], ...] = (
    ("fractions in every tenth row", _some("huur", lambda t: t.index % 10 == 3, 0.01), "WK034003"),
    ("fractions in two gemeenten", _some("huur", lambda t: t["gemeente"].isin(["GM0345", "GM0350"]), 0.01), "GM0345"),
    ("per cent in two gemeenten", _some("huur", lambda t: ~t["gemeente"].isin(["GM0345", "GM0350"]), 0.01), "GM0345"),
    ("half and half", _some("huur", lambda t: t.index % 2 == 1, 0.01), "WK0340"),
    ("euros in some, thousands in others", _some("inkomen", lambda t: t.index % 8 == 5, 1000), "WK034005"),
)
UNITS_NEAR_MISSES: tuple[tuple[str, Column], ...] = (
    ("a share from 0 to 100", lambda t: pd.Series(_noisy(11).uniform(0, 100, len(t)), t.index).round(1)),
    ("shares that are small in most", lambda t: np.exp(1.5 * _noisy(12).normal(size=len(t))).clip(0.1, 95).round(1)),
    ("a density over four powers of ten", lambda t: np.exp(5 + 2.5 * _noisy(13).normal(size=len(t))).round()),
    ("zero in half of the areas", lambda t: t["huur"].where(t.index % 2 == 0, 0.0)),
    ("fractions only", lambda t: (t["huur"] / 100).round(3)),
    ("town and country far apart", lambda t: np.where(t.index % 3 == 0, t["huur"] / 20, t["huur"]).round(1)),
)


def _years(values: Column) -> Callable[[Path], object]:
    """Return a maker of the country with a column `jaar`."""
    return _with("jaar", values)


def _joined_years(folder: Path) -> None:
    """Write determinants of an earlier year in a table of their own, with that year."""
    true = true_country()
    table = published(true)
    table.drop(columns=["huur"]).to_csv(folder / "wijken.csv", sep=";", index=False)
    table[["wijk", "huur"]].assign(jaar="2019").to_csv(folder / "huur.csv", sep=";", index=False)


TWO_TABLES = edited((
    '[[tables]]\npath = "wijken.csv"\nkey = "wijk"\ncode = "wijk"\n',
    '[[tables]]\npath = "wijken.csv"\nkey = "wijk"\ncode = "wijk"\n\n'
    '[[tables]]\npath = "huur.csv"\nkey = "wijk"\ncode = "wijk"\n',
))  # fmt: skip

YEARS: tuple[Input, ...] = (
    Input("year", "another year in every row", _years(lambda t: "2016"), "fault", ("jaar", "2016", "2021")),
    Input("year", "another period of CBS in every row", _years(lambda t: "2016JJ00"), "fault", ("jaar", "2016")),
    Input(
        "year",
        "two years in the rows",
        _years(lambda t: np.where(t.index % 4 == 1, "2020", "2021")),
        "remark",
        ("jaar", "2020", "WK034001"),
    ),
    Input(
        "year",
        "the year of the boundaries",
        _years(lambda t: "2022"),
        "remark",
        ("jaar", "2022"),
        edited(("vintage = 2021", "vintage = 2022")),
    ),
    Input("year", "near miss: the same year", _years(lambda t: "2021"), "silent"),
    Input("year", "near miss: the same year, as CBS writes it", _years(lambda t: "2021JJ00"), "silent"),
    Input("year", "near miss: a date just after the year", _years(lambda t: "1-1-2022"), "silent"),
    Input("year", "near miss: the year in which homes were built", _with("bouwjaar", lambda t: "1975"), "silent"),
    Input("year", "near miss: determinants of an earlier year", _joined_years, "silent", (), TWO_TABLES),
)

INPUTS: tuple[Input, ...] = (
    *(
        Input("two units", name, _with("eenheid", values), "remark", ("eenheid", about), with_determinants("eenheid"))
        for name, values, about in UNITS
    ),
    *(
        Input("two units", f"study init, {name}", _with("eenheid", values), "left out", ("eenheid",))
        for name, values, _about in UNITS
    ),
    *(
        Input(
            "two units",
            f"near miss: {name}",
            _with("eenheid", values),
            "silent",
            ("two units",),
            with_determinants("eenheid"),
        )
        for name, values in UNITS_NEAR_MISSES
    ),
    *YEARS,
    Input("sound", "nothing odd at all", _with("x", lambda t: 1), "silent"),
    *(
        Input("own outcome", name, _with(column, values), must, (column,), with_determinants(column))
        for name, column, values, must in OWN
    ),
    *(
        Input("own outcome", f"study init, {name}", _with(column, values), "left out", (column,))
        for name, column, values, _must in OWN
        if column not in ("n_jz", "inw", "inw5", "vorig")
    ),
    *(
        Input("own outcome", f"near miss: {name}", _with(column, values), "silent", (), with_determinants(column))
        for name, column, values in OWN_NEAR_MISSES
    ),
    *(
        Input("coded", name, _with(column, values), must, (column,), with_determinants(column))
        for name, column, values, must in CODED
    ),
    *(
        Input("coded", f"near miss: {name}", _with(column, values), "silent", (), with_determinants(column))
        for name, column, values in CODED_NEAR_MISSES
    ),
    *(
        Input("dependent", name, _sums(columns), must, (about,), with_determinants(*columns))
        for name, columns, must, about in SUMS
    ),
)
