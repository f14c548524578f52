"""Columns of CBS's key figures: how each is called in every kind of file, and decimals that a file has lost."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import Field

from bayesmodel.io.column_words import title_of
from bayesmodel.messages import _, number
from bayesmodel.study.parts import Part

NAMES = Path(__file__).parent / "cbs_columns.toml"
CUT_OFF = 25
"""Letters from which a name may be the beginning of a longer one: open data cuts names off at about 36."""
ENOUGH = 12
"""Numbers of a column that CBS publishes with decimals from which one without any has lost them."""
ZERO_FIRST = r"-?0[0-9]+"
"""A number that nobody writes: 07 was 0,7."""


class CbsColumn(Part):
    """How a column is called in files, and how many decimals CBS publishes it with."""

    files: tuple[str, ...] = ()
    share: tuple[str, ...] = Field(default=(), description="columns of files that hold the same as a percentage")
    decimals: Annotated[int, Field(ge=0)] = 0


@cache
def cbs_columns() -> dict[str, CbsColumn]:
    """Return what is known of each column, by the stem of its name in open data.

    Examples
    --------
    >>> cbs_columns()["aantalinwoners"].files
    ('a_inw', 'aant_inw', 'aantal_inwoners')
    """
    known = tomllib.loads(NAMES.read_text("utf-8"))
    return {stem_of(name): CbsColumn.model_validate(values) for name, values in known.items()}


def stem_of(name: str) -> str:
    """Return a name or title without what differs between years and versions of the protocol.

    Examples
    --------
    >>> stem_of("JongerenMetJeugdzorgInNatura_98"), stem_of("Jongeren met jeugdzorg in natura")
    ('jongerenmetjeugdzorginnatura', 'jongerenmetjeugdzorginnatura')
    >>> stem_of("k_0Tot15Jaar_8"), stem_of("0 tot 15 jaar"), stem_of("Wmo-cliënten")
    ('0tot15jaar', '0tot15jaar', 'wmoclienten')
    """
    plain = unicodedata.normalize("NFKD", name.strip()).encode("ascii", "ignore").decode()
    without = re.sub(r"_[A-Z]*\d+(_\d+)?$", "", re.sub(r"^k_(?=\d)", "", plain))
    return re.sub(r"[^a-z0-9]", "", without.lower())


def columns_called(names: Iterable[str], wanted: str) -> list[str]:
    """Return the columns of a file that are a column of CBS, as open data, StatLine, workbooks and maps call it.

    Parameters
    ----------
    names : iterable of str
        Columns of a file.
    wanted : str
        Name in open data, without its number.

    Returns
    -------
    list of str
        Several where a file has such a column for each of several years.

    Examples
    --------
    >>> columns_called(["gwb_code_10", "a_inw"], "AantalInwoners")
    ['a_inw']
    >>> columns_called(["Bevolking/Aantal inwoners (aantal)"], "AantalInwoners")
    ['Bevolking/Aantal inwoners (aantal)']
    """
    column, stem = cbs_columns().get(stem_of(wanted), CbsColumn()), stem_of(wanted)
    files = set(map(_plain, column.files))
    return [name for name in names if _plain(name) in files or _is(name, stem)]


def share_columns(names: Iterable[str], wanted: str) -> list[str]:
    """Return the columns of a file that hold a column of CBS as a percentage.

    Examples
    --------
    >>> share_columns(["WK_CODE", "P_HH_M_K"], "HuishoudensMetKinderen")
    ['P_HH_M_K']
    """
    shares = set(map(_plain, cbs_columns().get(stem_of(wanted), CbsColumn()).share))
    return [name for name in names if _plain(name) in shares]


def _plain(name: str) -> str:
    """Return the name of a column of a file without capitals and signs."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _is(name: str, stem: str) -> bool:
    """Whether a name is that of open data or StatLine: its stem, the beginning of it, or behind headings and a unit."""
    own, title = stem_of(name), stem_of(re.sub(r"\s(aantal|%)$", "", title_of(name)))
    return stem in (own, title) or (len(own) >= CUT_OFF and stem.startswith(own))


def lost_decimals(name: str, cells: pd.Series) -> str:
    """Say why the decimals of a column of numbers were lost; nothing where they were not.

    Numbers such as 07 tell it of any column; a column that CBS publishes with decimals tells it by having none.

    Parameters
    ----------
    name : str
        The column.
    cells : Series of str
        Its cells, numbers with a decimal point.

    Returns
    -------
    str
        In the language of the user.

    Examples
    --------
    >>> lost_decimals("afstand", pd.Series(["07", "12", "."]))
    "it holds '07': 0,7 without its comma"
    >>> lost_decimals("g_afs_hp", pd.Series(["0.7", "1.2"]))
    ''
    """
    odd = cells[cells.str.fullmatch(ZERO_FIRST)]
    if len(odd):
        first = str(odd.iloc[0])
        said = _("it holds {cell!r}: {meant} without its comma")
        return said.format(cell=first, meant=first.replace("0", "0,", 1))
    numbers = cells[cells.str.fullmatch(r"-?[0-9]+([.,][0-9]+)?")]
    known = _column_of(name)
    if known is None or not known.decimals or len(numbers) < ENOUGH or numbers.str.contains("[.,]").any():
        return ""
    return _("CBS publishes it with a decimal, and none of its {count} numbers has one").format(
        count=number(len(numbers))
    )


def is_cbs(name: str) -> bool:
    """Whether a column is one of CBS that is known here.

    Examples
    --------
    >>> is_cbs("a_inw"), is_cbs("P_HH_M_K"), is_cbs("huurprijs")
    (True, True, False)
    """
    return _column_of(name) is not None


@cache
def _column_of(name: str) -> CbsColumn | None:
    """Return what is known of a column by its name in a file; None where nothing is."""
    for stem, column in cbs_columns().items():
        if _plain(name) in map(_plain, (*column.files, *column.share)) or _is(name, stem):
            return column
    return None
