"""Columns that a spreadsheet spoiled, and counts that do not go with their population."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.sense.judge import Input, Verdict
from benchmarks.sense.world import edited, published, true_country, with_determinants

Cells = Callable[[pd.DataFrame], object]
ALL_SHOWN = edited(('hidden_below = 10\nhidden_symbols = ["."]', "hidden_below = 0"))
FROM_ONE = edited(("hidden_below = 10", "hidden_below = 10\nhidden_from = 1"))


def _noisy(seed: int, mean: float = 30, sd: float = 10, size: int = 160) -> np.ndarray:
    """Return percentages in one decimal."""
    return np.clip(np.random.default_rng(seed).normal(mean, sd, size), 11, 95).round(1)


def _country(shown: bool = False, /, **columns: Cells) -> Callable[[Path], object]:
    """Return a maker of the country with columns replaced or added, from the true table; hidden counts stay hidden."""

    def make(folder: Path) -> None:
        true = true_country()
        table = true.astype(str) if shown else published(true)
        for name, cells in columns.items():
            texts = pd.Series(cells(true), index=true.index).map(
                lambda cell: cell if isinstance(cell, str) else f"{cell:g}"
            )
            table[name] = texts.mask(table["jeugdhulp"] == ".", ".") if name == "jeugdhulp" else texts
        table.to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _pasted(number: int, first: int) -> Callable[[Path], object]:
    """Return a maker in which the numbers of the first rows stand again at other areas."""

    def make(folder: Path) -> None:
        table, columns = published(true_country()), ["jongeren", "jeugdhulp", "huur", "inkomen"]
        table.loc[first : first + number - 1, columns] = table.loc[: number - 1, columns].to_numpy()
        table.to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _largest(t: pd.DataFrame, number: int) -> pd.Series:
    """Return which areas have most young people."""
    return t["jongeren"].rank(method="first") > len(t) - number


def _at(rows: Callable[[pd.DataFrame], object], value: Cells, column: str = "jeugdhulp") -> Cells:
    """Return a column with other cells in some rows."""
    return lambda t: t[column].mask(pd.Series(rows(t), t.index), value(t))


EXTRA: tuple[tuple[str, str, Cells, Verdict], ...] = (
    ("own outcome", "lnj", lambda t: np.log1p(t["jeugdhulp"]).round(3), "remark"),
    ("own outcome", "logit", lambda t: np.log(t["jeugdhulp"] / t["jongeren"] + 0.001).round(3), "remark"),
    ("own outcome", "plaats", lambda t: (t["jeugdhulp"] / t["jongeren"]).rank(method="first"), "remark"),
    ("own outcome", "klasse", lambda t: pd.qcut(t["jeugdhulp"] / t["jongeren"], 5, labels=False) + 1, "remark"),
    ("own outcome", "index", lambda t: (1111 * t["jeugdhulp"] / t["jongeren"]).round(), "remark"),
    ("own outcome", "verblijf", lambda t: np.random.default_rng(2).binomial(t["jeugdhulp"], 0.35), "remark"),
    ("own outcome", "gezinnen", lambda t: (t["jongeren"] * _noisy(3) / 900).round(), "silent"),
    ("sorted", "gesorteerd", lambda t: np.sort(_noisy(4)), "remark"),
    ("sorted", "reeks", lambda t: 20.5 + np.arange(160), "remark"),
    ("sorted", "gewoon", lambda t: _noisy(4), "silent"),
    ("filled in", "gemiddeld", lambda t: np.where(np.arange(160) % 6 == 0, 30.4, _noisy(5)), "remark"),
    ("filled in", "precies", lambda t: np.where(np.arange(160) % 6 == 0, 30.417, _noisy(5)), "remark"),
    ("filled in", "heel", lambda t: _noisy(5).round(), "silent"),
    ("filled in", "geen", lambda t: np.where(np.arange(160) % 3 == 0, 11.0, _noisy(5)), "silent"),
    ("filled in", "per_gemeente", lambda t: np.repeat(_noisy(6, size=20).round(), 8), "silent"),
    ("nearly constant", "bijna", lambda t: np.where(np.arange(160) == 5, 4.0, 3.0), "remark"),
    ("nearly constant", "vlag", lambda t: (np.arange(160) % 9 == 5).astype(float), "silent"),
    ("coded", "nul", lambda t: np.where(np.arange(160) % 9 == 0, 0, 1000 * _noisy(7, 28, 3)), "remark"),
    ("coded", "typefout", lambda t: np.where(np.arange(160) == 9, 3120.5, _noisy(7)), "remark"),
    ("coded", "ver", lambda t: np.where(np.arange(160) == 9, 130.5, _noisy(7)), "silent"),
    ("two units", "komma", lambda t: np.where(np.arange(160) % 10 == 0, 10 * _noisy(8), _noisy(8)).round(1), "remark"),
    ("two units", "perc_hoog", lambda t: np.where(np.arange(160) % 40 == 3, 214.0, _noisy(9)), "remark"),
    ("two units", "groei_perc", lambda t: np.where(np.arange(160) % 40 == 3, 114.0, _noisy(9) - 40), "silent"),
    ("two units", "bijstand_per_1000", lambda t: np.where(np.arange(160) % 40 == 3, 114.0, _noisy(9)), "silent"),
)
INPUTS: tuple[Input, ...] = (
    *(
        Input(kind, f"a column {name}", _country(**{name: cells}), must, (name,), with_determinants(name))
        for kind, name, cells, must in EXTRA
    ),
    *(
        Input(kind, f"study init, a column {name}", _country(**{name: cells}), "left out", (name,))
        for kind, name, cells, must in EXTRA
        if (kind == "own outcome" and must == "remark") or name == "komma"
    ),
    Input(
        "sorted",
        "counts and population, each by itself",
        _country(True, jeugdhulp=lambda t: np.sort(t["jeugdhulp"]), jongeren=lambda t: np.sort(t["jongeren"])),
        "remark",
        ("jeugdhulp", "order of their codes"),
        ALL_SHOWN,
    ),
    Input("copied", "a gemeente pasted over another", _pasted(8, 80), "remark", ("WK035000", "pasted")),
    Input(
        "copied", "near miss: the same population only", _country(jongeren=lambda t: t["jongeren"].round(-1)), "silent"
    ),
    Input(
        "population",
        "one number down sixteen rows",
        _country(jongeren=_at(lambda t: t.index.isin(range(40, 56)), lambda t: 2500, "jongeren")),
        "remark",
        ("jongeren", "2,500"),
    ),
    Input(
        "proportion",
        "the population as the count",
        _country(jeugdhulp=_at(lambda t: t.index % 20 == 0, lambda t: t["jongeren"])),
        "remark",
        ("population itself",),
    ),
    Input(
        "proportion",
        "zero in the six largest areas",
        _country(jeugdhulp=_at(lambda t: _largest(t, 6), lambda t: 0)),
        "remark",
        ("jeugdhulp", "a quarter or less"),
        FROM_ONE,
    ),
    Input(
        "proportion",
        "study init, zero in the six largest areas",
        _country(jeugdhulp=_at(lambda t: _largest(t, 6), lambda t: 0)),
        "question",
        ("code for not known",),
    ),
    Input(
        "proportion",
        "a digit lost in the largest area",
        _country(jeugdhulp=_at(lambda t: _largest(t, 1), lambda t: t["jeugdhulp"] // 10)),
        "remark",
        ("jeugdhulp", "lost a digit"),
    ),
    Input(
        "proportion",
        "near miss: half of what is usual in the largest areas",
        _country(jeugdhulp=_at(lambda t: _largest(t, 4), lambda t: t["jeugdhulp"] // 2)),
        "silent",
    ),
    Input(
        "rates",
        "whole percentages as counts",
        _country(True, jeugdhulp=lambda t: (100 * t["jeugdhulp"] / t["jongeren"]).round()),
        "remark",
        ("percentages",),
        ALL_SHOWN,
    ),
    Input(
        "rates",
        "per 1,000 in one gemeente",
        _country(
            jeugdhulp=_at(
                lambda t: t["gemeente"] == "GM0342", lambda t: (1000 * t["jeugdhulp"] / t["jongeren"]).round()
            )
        ),
        "remark",
        ("per 1,000", "WK034200"),
    ),
    Input("rates", "near miss: every count shown", _country(True), "silent", (), ALL_SHOWN),
    Input(
        "limit",
        "1 to 9 hidden, said to be 0 to 4",
        _country(),
        "remark",
        ("hidden_below = 10",),
        edited(("hidden_below = 10", "hidden_below = 5")),
    ),
    Input(
        "limit",
        "counts of two years added up",
        _country(jeugdhulp=lambda t: 2 * t["jeugdhulp"]),
        "remark",
        ("multiples of 2",),
    ),
    Input(
        "spelling",
        "(gem.) behind some names",
        _country(gm_naam=lambda t: t["gm_naam"].where((t["gm_naam"] != "Goes") | (t.index % 2 == 0), "Goes (gem.)")),
        "remark",
        ("Goes (gem.)",),
        edited(('column = "gemeente"', 'column = "gm_naam"')),
    ),
    Input(
        "spelling",
        "two codes of one name",
        _country(regionaam=lambda t: t["regio"].replace({"JZ01": "Twente", "JZ02": "Twente"})),
        "remark",
        ("JZ01", "JZ02", "Twente"),
        edited(('column = "regio"', 'column = "regio"\nname_column = "regionaam"')),
    ),
)
