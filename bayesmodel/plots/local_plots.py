"""What local determinants explain of the own differences of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.estimates.local_explanation import EXPLAINED, OWN, LocalExplanation
from bayesmodel.messages import Language, number
from bayesmodel.plots.axes import Display, display_for, on_one_line
from bayesmodel.plots.canvas import axes_for, finish, name_rows, row_height, write_beside
from bayesmodel.plots.style import GREY, INK, figures, in_house_style
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 25
"""Areas that are drawn: those of which most is explained."""
MOST = 0.85
"""Share of the areas whose interval of the own difference the axis holds."""
APART = 0.17
"""Of the two marks of an area, in rows."""
TITLE = Label(
    nl="Wat van het eigen verschil hangt samen met lokale kenmerken?",
    en="How much of the own difference goes with local determinants?",
)
AXIS = Label(nl="verschil in gebruik (procentpunt)", en="difference in use (percentage points)")
COUNT = Label(nl="aantal\n{people}", en="number of\n{people}")
BEYOND = Label(nl="eigen verschil {value}", en="own difference {value}")
MARKS = Label(
    nl="Stip: gemiddelde; lijn: interval. Rechts het aantal {people} dat samenhangt met de lokale kenmerken. Getoond: "
    "de {shown} van {all} {areas} waar dat het meest is, in procentpunten.",
    en="Mark: mean; line: interval. On the right, the number of {people} that goes with the local determinants. Shown: "
    "the {shown} of {all} {areas} where it is most, in percentage points.",
)
ALT = Label(
    nl="Per regel het eigen verschil en het deel dat samenhangt met de lokale kenmerken: {rows}.",
    en="Row by row the own difference and the part that goes with the local determinants: {rows}.",
)


@in_house_style
def local_explanation(
    result: LocalExplanation, *, axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw the own difference of areas, and what of it goes with local determinants, each with its interval.

    Parameters
    ----------
    result : LocalExplanation
        Of `bayesmodel.explain_locally`.

    Returns
    -------
    Figure
        The areas of which most is explained; the caption says what the determinants add to all together.

    Examples
    --------
    >>> from bayesmodel import explain_locally
    >>> found = explain_locally(fit, "haaglanden.csv", ["schools"])  # doctest: +SKIP
    >>> local_explanation(found).savefig("haaglanden.png")  # doctest: +SKIP
    """
    problems = str(result.own.draws.attrs.get("problems", ""))
    display = display_for(result.study, language, problems)
    table = result.areas()
    order = table["explained"].abs().sort_values(ascending=False, kind="stable").index[:SHOWN]
    rows = table.loc[order].sort_values("explained", ascending=False, kind="stable")
    names = [on_one_line(str(name)) for name in rows["name"]]
    axes, at = axes_for(axes, 2.4 + 1.25 * row_height(names) * len(names)), np.arange(len(rows))
    for name, label, colour, shift in (
        ("own", OWN.label, GREY, -APART),
        ("explained", EXPLAINED.label, theme().accent, APART),
    ):
        axes.hlines(at + shift, rows[f"{name}_lower"], rows[f"{name}_upper"], colors=colour, lw=1.5)
        axes.plot(rows[name], at + shift, "o", color=colour, ms=4.5, label=display.text(label))
    axes.axvline(0, color=INK, lw=1)
    _leave_out_far_ends(axes, rows, display)
    name_rows(axes, names)
    people = result.study.outcome.population[display.language]
    write_beside(axes, display.text(COUNT, people=people), [_count(row, display) for _, row in rows.iterrows()])
    axes.set_xlabel(display.text(AXIS))
    listed = "; ".join(f"{name} {_points(row, display)}" for name, (_, row) in zip(names, rows.iterrows(), strict=True))
    shown = {"shown": number(len(rows), ",", display.language), "all": number(len(table), ",", display.language)}
    return finish(
        axes,
        display,
        title=display.text(TITLE),
        caption=(*result.sentences(display.language), display.text(MARKS, people=people, **shown)),
        alt=display.text(ALT, rows=listed),
        numbers="x",
    )


def _leave_out_far_ends(axes: Axes, rows: pd.DataFrame, display: Display) -> None:
    """End the axis where the intervals of most areas do, with the value of an own difference that lies beyond."""
    ends = rows[["own_lower", "own_upper"]].abs().max(axis=1).quantile(MOST)
    least, most = rows["explained_lower"].min(), rows["explained_upper"].max()
    left, right = 1.1 * min(-ends, least), 1.1 * max(ends, most)
    axes.set_xlim(left, right)
    for row, own in enumerate(rows["own"]):
        if not left < own < right:
            end, side = (right, "right") if own > 0 else (left, "left")
            text = display.text(BEYOND, value=figures(own, 1, display.language))
            axes.text(end, row - 2 * APART, text, ha=side, va="bottom", size=7, color=GREY)


def _count(row: pd.Series, display: Display) -> str:
    """Return the number of people that goes with the determinants, with its interval."""
    mean, lower, upper = (
        figures(row[f"explained_count{end}"], 0, display.language) for end in ("", "_lower", "_upper")
    )
    return f"{mean} ({lower} … {upper})"


def _points(row: pd.Series, display: Display) -> str:
    """Return the own difference and the part of it that is explained."""
    own, explained = (figures(row[name], 1, display.language) for name in ("own", "explained"))
    return f"{own}, {explained}"
