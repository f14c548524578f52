"""Tables over the years: the change of areas and groups, and use in each year, with what their columns mean."""

from __future__ import annotations

import pandas as pd

from bayesmodel.estimates.change import Change
from bayesmodel.estimates.definition import unit_of
from bayesmodel.estimates.trend import Trend
from bayesmodel.messages import Language
from bayesmodel.study import Label
from bayesmodel.tables.columns import TEXT, Column
from bayesmodel.tables.joint_columns import chance_columns, columns_with_bounds, named_columns


def change_table(result: Change, language: Language) -> pd.DataFrame:
    """Return the summary of a change, in the order of its codes, with verdicts in a language.

    Parameters
    ----------
    result : Change
    language : {"nl", "en"}

    Returns
    -------
    DataFrame
        Indexed by code; the columns of `change_columns`.
    """
    table = result.summary().loc[result.classes.index]
    table["verdict"] = [result.words[each][language] for each in result.classes]
    return table.rename_axis(str(result.after.draws.dims[-1]))


def trend_table(result: Trend) -> pd.DataFrame:
    """Return use in each year as a long table, a row per area and year; the columns of `trend_columns`."""
    table = result.summary()[["name", "mean", "lower", "upper"]].reset_index("year")
    return table.rename(columns={"mean": "share", "lower": "share_lower", "upper": "share_upper"})


def change_columns(result: Change) -> tuple[Column, ...]:
    """Return the columns of the table of a change; the first is its index."""
    study, (first, last) = result.after.study, result.years
    share, points, ratio = (unit_of(study, scale) for scale in ("share", "points", "ratio"))
    judged = Label(
        nl=f"oordeel over de verandering tussen {first} en {last}", en=f"verdict on the change from {first} to {last}"
    )
    mean = Label(nl="gemiddelde van het onderliggend gebruik", en="mean of underlying use")
    return (
        *named_columns(study, str(result.after.draws.dims[-1])),
        Column("verdict", Label(nl="oordeel", en="verdict"), TEXT, judged),
        Column("share_before", Label(nl=f"gebruik {first}", en=f"use {first}"), share, mean, "share", "mean"),
        Column("share_after", Label(nl=f"gebruik {last}", en=f"use {last}"), share, mean, "share", "mean"),
        *columns_with_bounds("points", result.points.definition.label, points, study, "points"),
        *columns_with_bounds("ratio", result.ratio.definition.label, ratio, study, "ratio"),
        *chance_columns(_CHANCES, result.rule),
    )


_CHANCES = {
    "p_higher": Label(nl="kans op een stijging boven de marge", en="probability of a rise beyond the margin"),
    "p_within": Label(nl="kans op een verandering binnen de marge", en="probability of a change within the margin"),
    "p_lower": Label(nl="kans op een daling onder de marge", en="probability of a fall beyond the margin"),
}


def trend_columns(result: Trend) -> tuple[Column, ...]:
    """Return the columns of the table of a trend; the first is its index."""
    study = result.last.study
    year = Label(nl="jaar", en="year")
    return (
        *named_columns(study, str(result.last.draws.dims[-1])),
        Column("year", year, year, Label(nl="jaar waarover is geteld", en="year that was counted over"), "year"),
        *columns_with_bounds("share", result.last.definition.label, unit_of(study, "share"), study, "share"),
    )
