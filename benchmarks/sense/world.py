"""A sound study that every senseless input starts from: 160 wijken in 20 gemeenten in 5 regions, nothing to remark."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.faults.world import WITHOUT_INFERENCE

STUDY = f"""\
area = "wijk"
{WITHOUT_INFERENCE}
[inference]
engine = "laplace"
"""

GEMEENTEN = 20
WIJKEN = 8
REGIONS = 5
NAMES = [
    "Appelscha",
    "Borne",
    "Cuijk",
    "Delden",
    "Elburg",
    "Franeker",
    "Goes",
    "Heino",
    "IJlst",
    "Joure",
    "Kampen",
    "Lochem",
    "Medemblik",
    "Norg",
    "Oldemarkt",
    "Putten",
    "Rijssen",
    "Sneek",
    "Tholen",
    "Uithoorn",
]


def country(seed: int = 7) -> pd.DataFrame:
    """Return a sound table of text: two determinants that explain use a little, counts under 10 hidden.

    Parameters
    ----------
    seed : int

    Returns
    -------
    DataFrame of str
        Columns ``wijk, naam, gemeente, gm_naam, regio, jongeren, jeugdhulp, huur, inkomen``.
    """
    return published(true_country(seed))


def true_country(seed: int = 7) -> pd.DataFrame:
    """Return the table before anything is hidden, numbers as numbers."""
    rng, size = np.random.default_rng(seed), GEMEENTEN * WIJKEN
    gemeente = np.repeat(np.arange(GEMEENTEN), WIJKEN)
    town = rng.normal(size=size)
    population = np.clip(np.exp(6.2 + 0.9 * rng.normal(size=size)), 30, 6000).round().astype(int)
    rent = np.clip(30 + 12 * town + 6 * rng.normal(size=size), 2, 90).round(1)
    income = np.clip(28 - 3 * town + 4 * rng.normal(size=size), 14, 50).round(1)
    effects = 0.1 * rng.normal(size=GEMEENTEN)[gemeente] + 0.15 * rng.normal(size=size)
    use = 0.09 * np.exp(0.12 * town + effects)
    return pd.DataFrame({
        "wijk": [f"WK{340 + g:04d}{k:02d}" for g in range(GEMEENTEN) for k in range(WIJKEN)],
        "naam": [f"{NAMES[g]} {k + 1}" for g in range(GEMEENTEN) for k in range(WIJKEN)],
        "gemeente": [f"GM{340 + g:04d}" for g in gemeente],
        "gm_naam": [NAMES[g] for g in gemeente],
        "regio": [f"JZ{g % REGIONS + 1:02d}" for g in gemeente],
        "jongeren": population,
        "jeugdhulp": np.minimum(rng.poisson(population * use), population),
        "huur": rent,
        "inkomen": income,
    })  # fmt: skip


def published(table: pd.DataFrame, hidden: str = ".", lowest: int = 0) -> pd.DataFrame:
    """Return a table as text, counts from `lowest` to 9 hidden by a symbol."""
    count = table["jeugdhulp"]
    text = table.astype(str)
    return text.assign(jeugdhulp=text["jeugdhulp"].mask((count >= lowest) & (count < 10), hidden))


def with_determinants(*columns: str) -> str:
    """Return the study with more determinants."""
    more = "".join(f'\n[[determinants]]\ncolumn = "{column}"\n' for column in columns)
    return STUDY.replace("\n[inference]", f"{more}\n[inference]")


def edited(*pairs: tuple[str, str], study: str = STUDY) -> str:
    """Return the study with texts replaced, each of which is there."""
    for old, new in pairs:
        if old not in study:
            raise ValueError(f"{old!r} is not in the study")
        study = study.replace(old, new)
    return study
