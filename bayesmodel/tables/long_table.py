"""The long table: one row per area or group, quantity and statistic, as programs for dashboards take it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables
from bayesmodel.tables.columns import CHANCE, TEXT, Column, Form

KEYS = ("level", "code", "name")
"""Columns that say which row it is, before those of the levels it lies in."""
CATEGORIES = ("level", "quantity", "statistic", "unit", "interval_kind", "label")
"""Columns of few different texts."""


def long_table(tables: Tables) -> pd.DataFrame:
    """Return all tables of a fit as one tidy table: a row for every cell that holds something.

    Parameters
    ----------
    tables : Tables

    Returns
    -------
    DataFrame
        Columns that `long_columns` explains. A number stands in ``value``, a code such as a verdict in ``text``; an
        empty cell of the tables has no row.

    Examples
    --------
    >>> from bayesmodel.tables.collect import tables_of
    >>> from bayesmodel.testing import invented_fit
    >>> long = long_table(tables_of(invented_fit()))
    >>> chosen = long[(long["code"] == "WK000100") & (long["quantity"] == "underlying_share")]
    >>> chosen[["statistic", "value", "interval"]].round(2).to_numpy().tolist()
    [['mean', 0.1, 0.9], ['lower', 0.07, 0.9], ['upper', 0.14, 0.9]]
    """
    parts = [part for name in tables.frames for part in _parts(tables, name)]
    long = pd.concat(parts, ignore_index=True)
    long = long.astype(dict.fromkeys(CATEGORIES, "category") | {"value": "float64", "interval": "float64"})
    names = [column.name for column in long_columns(tables)]
    return long.reindex(columns=names)


def _parts(tables: Tables, name: str) -> Iterator[pd.DataFrame]:
    """Yield the rows of each column of a table."""
    study, language = tables.fit.study, tables.language
    frame = tables.frames[name].rename_axis("code").reset_index()
    known = {f"{name}_name": "name"}
    place = frame[["code", f"{name}_name", *_within(tables, name), "year", "vintage"]].rename(columns=known)
    place.insert(0, "level", name)
    if name in study.level_names:
        place[name] = place["code"]
    keys = {name, *(f"{each}_name" for each in (name, *study.level_names)), *study.level_names, "year", "vintage"}
    for column in tables.columns(name):
        if column.name in keys:
            continue
        cells, words = frame[column.name], column.form == "text"
        filled = cells.notna() & (cells != "") if words else cells.notna()
        yield place[filled].assign(
            quantity=column.quantity,
            statistic=column.statistic,
            value=None if words else cells[filled].astype(float),
            text=cells[filled] if words else None,
            unit=column.unit[language],
            interval=column.interval.prob if column.interval else None,
            interval_kind=column.interval.kind if column.interval else "",
            label=column.label[language],
        )


def _within(tables: Tables, name: str) -> list[str]:
    """Return the levels that the rows of a table lie in."""
    return [level for level in tables.fit.study.level_names if level != name and level in tables.frames[name]]


def long_columns(tables: Tables) -> tuple[Column, ...]:
    """Return the columns of the long table.

    Examples
    --------
    >>> from bayesmodel.tables.collect import tables_of
    >>> from bayesmodel.testing import invented_fit
    >>> [column.name for column in long_columns(tables_of(invented_fit()))][:5]
    ['level', 'code', 'name', 'gemeente', 'regio']
    """
    study = tables.fit.study
    known = {column.name: column for column in tables.columns(study.area)}
    levels = [known[name] for name in study.level_names]
    return (
        *(_plain(name, *WORDS[name]) for name in KEYS),
        *levels,
        *(known[name] for name in ("year", "vintage")),
        *(_plain(name, *WORDS[name]) for name in WORDS if name not in KEYS),
    )


def _plain(name: str, label: Label, definition: Label, unit: Label = TEXT, form: Form = "text") -> Column:
    """Return a column of the long table itself."""
    return Column(name, label, unit, definition, form)


ANY_UNIT = Label(nl="zie de kolom unit", en="see the column unit")
WORDS: dict[str, tuple[Any, ...]] = {
    "level": (
        Label(nl="soort rij", en="kind of row"),
        Label(nl="het niveau waarvan de rij is", en="the level that the row is of"),
    ),
    "code": (
        Label(nl="code", en="code"),
        Label(nl="code van waar de rij over gaat", en="code of what the row is about"),
    ),
    "name": (
        Label(nl="naam", en="name"),
        Label(nl="naam van waar de rij over gaat", en="name of what the row is about"),
    ),
    "quantity": (
        Label(nl="grootheid", en="quantity"),
        Label(
            nl="wat het getal is: de naam van de kolom in de brede tabellen, zonder _lower of _upper",
            en="what the number is: the name of the column in the wide tables, without _lower or _upper",
        ),
    ),
    "statistic": (
        Label(nl="maat", en="statistic"),
        Label(
            nl="value: een feit of een oordeel; mean: gemiddelde van de trekkingen; lower, upper: grenzen van het "
            "interval, of zonder interval die van wat is gepubliceerd; probability: een kans",
            en="value: a fact or a verdict; mean: the mean of the draws; lower, upper: bounds of the interval, or "
            "without an interval those of what was published; probability: a probability",
        ),
    ),
    "value": (
        Label(nl="waarde", en="value"),
        Label(nl="het getal; leeg waar de cel tekst is", en="the number; empty where the cell is text"),
        ANY_UNIT,
        "ratio",
    ),
    "text": (
        Label(nl="tekst", en="text"),
        Label(nl="de code, zoals een oordeel of een status", en="the code, such as a verdict or a status"),
    ),
    "unit": (Label(nl="eenheid", en="unit"), Label(nl="eenheid van de waarde", en="unit of the value")),
    "interval": (
        Label(nl="kans in het interval", en="probability of the interval"),
        Label(
            nl="de kans waarmee het interval de waarde bevat; leeg waar er geen is",
            en="the probability with which the interval holds the value; empty where there is none",
        ),
        CHANCE,
        "chance",
    ),
    "interval_kind": (
        Label(nl="soort interval", en="kind of interval"),
        Label(
            nl="equal-tailed: gelijke staarten; highest-density: hoogste dichtheid",
            en="equal-tailed: equal probability on both sides; highest-density: the shortest",
        ),
    ),
    "label": (
        Label(nl="omschrijving", en="label"),
        Label(nl="de grootheid en de maat in woorden", en="the quantity and the statistic in words"),
    ),
}
"""Label, definition, and where it is no text unit and form of the columns that no other table has."""
