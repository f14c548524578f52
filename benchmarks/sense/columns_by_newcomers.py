"""Columns that somebody new to the package may give it: other forms of the outcome, codes, sums, numbers of areas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.sense.judge import Input, Verdict
from benchmarks.sense.world import STUDY, country, edited, published, true_country, with_determinants

Column = Callable[[pd.DataFrame], object]


def _cell(value: object) -> str:
    """Return a number as a spreadsheet writes it, and text as it is."""
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else f"{value:.10g}"  # type: ignore[call-overload]


def with_columns(**columns: Column) -> Callable[[Path], object]:
    """Return a maker of the country with more columns, from the true table."""

    def make(folder: Path) -> None:
        true = true_country()
        more = {name: pd.Series(cells(true), index=true.index).map(_cell) for name, cells in columns.items()}
        published(true).assign(**more).to_csv(folder / "wijken.csv", sep=";", index=False)

    return make


def _noise(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _share(t: pd.DataFrame) -> pd.Series:
    return t["jeugdhulp"] / t["jongeren"]


def _of_gemeente(t: pd.DataFrame) -> pd.Series:
    sums = t.groupby("gemeente")[["jeugdhulp", "jongeren"]].transform("sum")
    return sums["jeugdhulp"] / sums["jongeren"]


def _by_gemeente(t: pd.DataFrame, sd: float) -> pd.Series:
    """Return a factor of each gemeente."""
    codes = sorted(set(t["gemeente"]))
    return t["gemeente"].map(dict(zip(codes, np.exp(sd * _noise(12).normal(size=len(codes))), strict=True)))


def _uniform(seed: int) -> Column:
    """Return shares of 5 to 40 per cent."""
    return lambda t: pd.Series(_noise(seed).uniform(5, 40, len(t)).round(1), t.index)


def _in_some(column: Column, every: int, value: object) -> Column:
    """Return a column with another value in one row of every so many."""
    return lambda t: pd.Series(column(t), t.index).astype(object).mask(t.index % every == 3, value)


def _classes(t: pd.DataFrame) -> object:
    return _noise(31).integers(1, 6, len(t))


def _flag(t: pd.DataFrame) -> object:
    return _noise(3).integers(0, 2, len(t))


def _homes(t: pd.DataFrame) -> object:
    return _noise(8).normal(2.2, 0.3, len(t)).round(1)


def _values(t: pd.DataFrame) -> object:
    return _noise(20).integers(110, 440, len(t))


def _downwards(t: pd.DataFrame) -> object:
    """Return a column of which only one in three cells was filled, and the others from above."""
    values = pd.Series(_noise(23).normal(20, 6, len(t)).round(1), t.index)
    return values.where(_noise(24).random(len(t)) < 1 / 3).ffill().bfill()


def _shares_of_all(column: int, digits: int) -> Column:
    """Return one of three shares that add up to 100."""
    return lambda t: (100 * _noise(40).dirichlet([3, 5, 2], len(t))[:, column]).round(digits)


COLUMNS: tuple[tuple[str, str, Column, Verdict], ...] = (
    ("own outcome", "minus3", lambda t: t["jeugdhulp"] - 3, "remark"),
    ("own outcome", "wortel", lambda t: np.sqrt(t["jeugdhulp"]).round(2), "remark"),
    ("own outcome", "zscore", lambda t: ((_share(t) - _share(t).mean()) / _share(t).std()).round(2), "remark"),
    ("own outcome", "een_op", lambda t: (t["jongeren"] / t["jeugdhulp"].clip(lower=1)).round(), "remark"),
    ("own outcome", "tientallen", lambda t: t["jeugdhulp"].round(-1), "remark"),
    ("own outcome", "promille", lambda t: (1000 * _share(t)).round().where(t["jeugdhulp"] >= 10, -1), "fault"),
    ("own outcome", "kosten", lambda t: 9500 * t["jeugdhulp"] * np.exp(0.1 * _noise(3).normal(size=160)), "remark"),
    ("own outcome", "kosten_pp", lambda t: 9500 * _share(t) * np.exp(0.1 * _noise(3).normal(size=160)), "remark"),
    ("own outcome", "aandeel_nl", lambda t: (100 * t["jeugdhulp"] / t["jeugdhulp"].sum()).round(3), "remark"),
    ("own outcome", "in_twee_derde", lambda t: (100 * _share(t)).round(1).where(t.index % 3 != 0), "fault"),
    ("own outcome", "kansverhouding", lambda t: (_share(t) / (1 - _share(t))).round(4), "remark"),
    ("own outcome", "dubbel", lambda t: (200 * _share(t)).round(1), "remark"),
    ("own outcome", "boven_gemeente", lambda t: (100 * (_share(t) - _of_gemeente(t))).round(2), "remark"),
    ("own outcome", "tov_gemeente", lambda t: (100 * _share(t) / _of_gemeente(t)).round(1), "remark"),
    ("own outcome", "gemeente_eerder", lambda t: (100 * _of_gemeente(t) * _by_gemeente(t, 0.05)).round(2), "remark"),
    ("own outcome", "van_de_gemeente", lambda t: (100 * _of_gemeente(t) * _by_gemeente(t, 0.3)).round(2), "silent"),
    ("own outcome", "toeslag", lambda t: 2.2 * _noise(11).normal(size=160) - 12 * np.log(_share(t) + 0.005), "silent"),
    ("identifier", "id_float", lambda t: [f"{number}.0" for number in range(1, len(t) + 1)], "remark"),
    ("identifier", "code_decimaal", lambda t: t["wijk"].str[2:].astype(int) / 100, "remark"),
    ("identifier", "postcode", lambda t: 1000 + _noise(6).permutation(9000)[: len(t)], "remark"),
    ("identifier", "regionr", lambda t: t["regio"].str[2:].astype(int), "remark"),
    ("identifier", "dichtheid", lambda t: 1000 + _noise(6).permutation(9000)[: len(t)], "silent"),
    ("identifier", "x_coord", lambda t: (150_000 + 60_000 * _noise(14).normal(size=len(t))).round(), "silent"),
    ("population", "log_inw", lambda t: np.log(t["jongeren"]).round(3), "remark"),
    ("population", "inw_alle", lambda t: 4.3 * t["jongeren"] * np.exp(0.02 * _noise(7).normal(size=160)), "remark"),
    ("coded", "c8888", _in_some(_uniform(1), 27, 8888), "remark"),
    ("coded", "klasse_min9", _in_some(_classes, 16, -9), "remark"),
    ("coded", "klasse_9", _in_some(_classes, 16, 9), "remark"),
    ("coded", "klasse_99", _in_some(_classes, 16, 99), "remark"),
    ("coded", "vlag_min1", _in_some(_flag, 20, -1), "remark"),
    ("coded", "vlag_9", _in_some(_flag, 20, 9), "remark"),
    ("coded", "min99_9", _in_some(_uniform(2), 20, -99.9), "remark"),
    ("coded", "tot99_9", _in_some(_uniform(2), 20, 99.9), "remark"),
    ("coded", "huis_9_9", _in_some(_homes, 25, 9.9), "remark"),
    ("coded", "schaal", lambda t: _noise(9).integers(-2, 3, len(t)), "silent"),
    ("coded", "richting", lambda t: _noise(9).integers(-1, 2, len(t)), "silent"),
    ("coded", "huisartsen", lambda t: np.where(t.index == 7, 9, _noise(9).poisson(1.3, len(t))), "silent"),
    ("coded", "zelden", lambda t: (_noise(9).random(len(t)) < 0.06).astype(int), "silent"),
    ("coded", "saldo", _in_some(lambda t: _noise(6).normal(0, 3, len(t)).round(1), 60, -1), "silent"),
    ("coded", "een_tussen_honderden", _in_some(_values, 25, 1), "remark"),
    ("coded", "lage_waarden", lambda t: np.exp(_noise(21).normal(1, 1.5, len(t))).round(2), "silent"),
    ("filled in", "naar_beneden", _downwards, "remark"),
    ("filled in", "klassen", lambda t: _noise(22).integers(1, 4, len(t)), "silent"),
    ("coded", "geheim_in_getallen", _in_some(_uniform(5), 20, "geheim"), "fault"),
    ("coded", "nvt_in_getallen", _in_some(_uniform(5), 20, "n.v.t."), "fault"),
    ("filled in", "huishoudensgrootte", lambda t: _noise(2).normal(2.2, 0.3, len(t)).round(1), "silent"),
    ("filled in", "gemiddelde_2_2", _in_some(lambda t: _noise(2).normal(2.2, 0.9, len(t)).round(2), 7, 2.2), "remark"),
)
SUMS: tuple[tuple[str, dict[str, Column], Verdict, str], ...] = (
    (
        "three whole shares of 100",
        {name: _shares_of_all(place, 0) for place, name in enumerate(("laag", "midden", "hoog"))},
        "remark",
        "hoog",
    ),
    (
        "the mean of two, with some noise",
        {"gem": lambda t: ((t["huur"] + t["inkomen"]) / 2 + 0.3 * _noise(2).normal(size=len(t))).round(1)},
        "remark",
        "gem",
    ),
    (
        "two of three shares of 100",
        {name: _shares_of_all(place, 1) for place, name in enumerate(("laag", "midden"))},
        "silent",
        "midden",
    ),
)


def _parts(folder: Path) -> None:
    """Write two kinds of help that add up to the count."""
    true = true_country()
    first = _noise(4).binomial(true["jeugdhulp"], 0.8)
    table = published(true).assign(ambulant=first.astype(str), verblijf=(true["jeugdhulp"] - first).astype(str))
    table.to_csv(folder / "wijken.csv", sep=";", index=False)


def _numbers_of_gemeenten(folder: Path) -> None:
    """Write the number of each gemeente, in another order than their names."""
    table = country()
    numbers = dict(zip(sorted(set(table["gm_naam"])), _noise(8).permutation(np.arange(3, 1999)), strict=False))
    table.assign(GEMNR=table["gm_naam"].map(numbers)).to_csv(folder / "wijken.csv", sep=";", index=False)


SHARE_OF = edited(("\n[inference]", '\n[[determinants]]\ncolumn = "klanten"\nshare_of = "jongeren"\n\n[inference]'))
LOGIT = edited(("\n[inference]", '\n[[determinants]]\ncolumn = "p"\ntransform = "logit"\n\n[inference]'))

INPUTS: tuple[Input, ...] = (
    *(
        Input(kind, f"a column {name}", with_columns(**{name: cells}), must, (name,), with_determinants(name))
        for kind, name, cells, must in COLUMNS
    ),
    *(
        Input("dependent", name, with_columns(**columns), must, (about,), with_determinants(*columns))
        for name, columns, must, about in SUMS
    ),
    Input(
        "own outcome",
        "two parts of the count",
        _parts,
        "remark",
        ("ambulant",),
        with_determinants("ambulant", "verblijf"),
    ),
    Input(
        "own outcome",
        "a share of the population",
        with_columns(klanten=lambda t: t["jeugdhulp"]),
        "fault",
        ("klanten",),
        SHARE_OF,
    ),
    Input(
        "own outcome",
        "near miss: a share of others of the population",
        with_columns(klanten=lambda t: _noise(9).binomial(t["jongeren"], 0.15)),
        "silent",
        (),
        SHARE_OF,
    ),
    Input(
        "identifier",
        "numbers of gemeenten in another order than their names",
        _numbers_of_gemeenten,
        "remark",
        ("GEMNR",),
        edited(('column = "gemeente"', 'column = "gm_naam"'), study=with_determinants("GEMNR")),
    ),
    Input(
        "two units",
        "fractions where logit reads percentages",
        with_columns(p=lambda t: _noise(1).uniform(0, 0.9, len(t)).round(3)),
        "remark",
        ("p",),
        LOGIT,
    ),
    Input(
        "two units",
        "near miss: percentages for logit",
        with_columns(p=lambda t: _noise(1).uniform(0, 100, len(t)).round()),
        "silent",
        (),
        LOGIT,
    ),
    Input(
        "own outcome",
        "study init, the count of a year before under another name",
        with_columns(jh20=lambda t: (t["jeugdhulp"] * np.exp(0.06 * _noise(5).normal(size=len(t)))).round()),
        "left out",
        ("jh20",),
    ),
    Input("coded", "study init, 8888", with_columns(oad=_in_some(_uniform(1), 27, 8888)), "question", ('"8888"',)),
    Input(
        "coded", "study init, -9 beside classes", with_columns(sted=_in_some(_classes, 16, -9)), "question", ('"-9"',)
    ),
    Input("sound", "no determinant of its own", with_columns(x=lambda t: 1), "silent", (), STUDY),
)
