"""What use consists of (waterfall), and the levels at which areas differ (variance by level)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.decomposition import CHANCE, COUNTRY
from bayesmodel.estimates.variance import Variance, level_names
from bayesmodel.estimates.waterfall import TOTAL, Waterfall
from bayesmodel.messages import Language, _
from bayesmodel.plots.axes import Display, display_of, on_one_line, per_cent, rows_of
from bayesmodel.plots.canvas import axes_for, finish, name_rows, write_beside
from bayesmodel.plots.map_sheet import DIVERGING
from bayesmodel.plots.style import GREY, GROUP, HIDDEN, INK, figures, in_house_style
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(nl="Waaruit bestaat het gebruik in {area}?", en="What is the use in {area} made of?")
AXIS = Label(nl="gebruik ({unit})", en="use ({unit})")
UP, DOWN = DIVERGING[3], DIVERGING[1]
STEP = Label(nl="stap\n(interval)", en="step\n(interval)")
MARKS = Label(
    nl="Elke balk is een stap vanaf de vorige, oranje omhoog en paars omlaag; dunne lijn: interval van die stap. De "
    "stappen tellen op tot het feitelijke gebruik. Kenmerken hangen samen met gebruik, ze zijn geen oorzaak; toeval is "
    "wat van jaar tot jaar wisselt.",
    en="Each bar is a step from the one before, orange up and purple down; thin line: interval of that step. The steps "
    "add up to actual use. Determinants are associated with use, not its cause; chance is what varies from year to "
    "year.",
)
UNKNOWN = Label(
    nl="Het aantal is verborgen: van toeval en van het feitelijke gebruik is alleen het interval bekend.",
    en="The count is hidden: for chance and actual use only the interval is known.",
)
ALT = Label(nl="Stappen: {rows}.", en="Steps: {rows}.")
PREDICTED = Label(
    nl="Hier is niets geteld: ook het gebruik onderaan is voorspeld.",
    en="Nothing was counted here: the use at the bottom is predicted too.",
)


@in_house_style
def waterfall(
    result: Waterfall, area: str | None = None, *, axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw what the use of one area consists of, from the country's mean to its actual use.

    Parameters
    ----------
    result : Waterfall
        Of `bayesmodel.waterfall`.
    area : str, optional
        Code or name of the area; not needed if there is only one.

    Returns
    -------
    Figure
        For a hidden count the last steps are drawn as intervals only.

    Raises
    ------
    ComparisonError
        There are several areas and none was chosen.
    UnknownNameError
        There is no such area.

    Examples
    --------
    >>> from bayesmodel import waterfall as made_of
    >>> from bayesmodel.testing import invented_fit
    >>> picture = waterfall(made_of(invented_fit(), "WK000100"), language="en")
    >>> [text.get_text() for text in picture.axes[0].get_yticklabels()][:3]
    ['country mean', 'means', 'family']
    """
    one = _one_area(result, area)
    display = display_of(one.parts, language)
    labels = one.labels(one.parts.index[0][0], display.language)
    rows = one.summary().droplevel(0)[["mean", "lower", "upper"]]
    status = one.parts.draws["status"].item()
    hidden, predicted = status in CONCEALED, display.text(PREDICTED) if status == Status.MISSING else ""
    rows["start"] = np.concatenate([[0.0], rows["mean"].to_numpy()[:-2].cumsum(), [0.0]])
    rows["point"] = ~(hidden & rows.index.isin([CHANCE, TOTAL]))
    axes = axes_for(axes, 2.4 + 0.27 * len(rows))
    _draw_steps(axes, rows.iloc[1:-1])
    _draw_level(axes, 0, rows.iloc[0])
    _draw_level(axes, len(rows) - 1, rows.iloc[-1])
    name_rows(axes, [labels[name] for name in rows.index])
    texts = [_text(str(name), row, display) for name, row in rows.iterrows()]
    write_beside(axes, display.text(STEP), texts)
    unit = display.text(per_cent(display.study)) if display.scale == "points" else display.unit
    axes.set_xlabel(display.text(AXIS, unit=unit))
    listed = "; ".join(f"{labels[name]} {text}" for name, text in zip(rows.index, texts, strict=True))
    return finish(
        axes,
        display,
        title=display.text(TITLE, area=_name(one)),
        caption=(display.text(MARKS), *([display.text(UNKNOWN)] if hidden else []), *(predicted and [predicted])),
        alt=display.text(ALT, rows=listed),
        numbers="x",
    )


def _one_area(result: Waterfall, area: str | None) -> Waterfall:
    """Return the waterfall of one area."""
    draws = result.parts.draws
    codes = draws.indexes[str(draws.dims[-2])]
    if area is None and len(codes) > 1:
        message = _("There are {number} areas; name the one to draw, such as {code}.")
        raise ComparisonError(message.format(number=len(codes), code=codes[0]))
    return result if area is None else result.select(area)


def _name(one: Waterfall) -> str:
    """Return the name of the only area."""
    return on_one_line(str(one.parts.draws[f"{one.parts.draws.dims[-2]}_name"].item()))


def _draw_steps(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw each step as a bar from the end of the last, with its interval; no bar where its mean must not be shown."""
    at = np.arange(1, len(rows) + 1)
    shown = rows["point"].to_numpy()
    colours = [UP if step > 0 else DOWN for step in rows["mean"]]
    bars = rows[shown]
    axes.barh(at[shown], bars["mean"], left=bars["start"], height=0.62, color=np.array(colours)[shown])
    low, high = rows["start"] + rows["lower"], rows["start"] + rows["upper"]
    axes.hlines(at[shown], low[shown], high[shown], colors=INK, lw=1)
    axes.hlines(at[~shown], low[~shown], high[~shown], colors=HIDDEN.colour, linestyles=HIDDEN.line, lw=1.5)
    axes.vlines(rows["start"], at - 1, at, colors=GREY, lw=0.7, linestyles=":")


def _draw_level(axes: Axes, position: int, row: pd.Series) -> None:
    """Draw where use starts or ends: a mark with its interval; only the interval if the mean must not be shown."""
    mark = GROUP if row["point"] else HIDDEN
    axes.hlines([position], row["lower"], row["upper"], colors=mark.colour, linestyles=mark.line, lw=1.5)
    if row["point"]:
        axes.plot([row["mean"]], [position], mark.shape, color=mark.colour, ms=6)


def _text(name: str, row: pd.Series, display: Display) -> str:
    """Return mean and interval of a row as text; steps are signed."""
    if name in (COUNTRY, TOTAL) or not row["point"]:
        return display.interval(row)
    text = display.interval(row)
    return f"+{text}" if round(row["mean"], 1) > 0 else text


VARIANCE_TITLE = Label(
    nl="Waar zitten de verschillen die na de kenmerken overblijven?",
    en="At which level are the differences that remain after the determinants?",
)
UNIT = Label(nl="% van de variantie", en="% of the variance")
SPREAD = Label(nl="spreiding", en="spread")
VARIANCE_MARKS = Label(
    nl="Balk: gemiddelde; lijn: interval. De aandelen tellen op tot 100%. Spreiding: standaardafwijking in "
    "procentpunt, bij een gebruik van {mean}%.",
    en="Bar: mean; line: interval. The shares add up to 100%. Spread: standard deviation in percentage points, where "
    "use is {mean}%.",
)
VARIANCE_ALT = Label(nl="Per niveau: {rows}.", en="Level by level: {rows}.")


@in_house_style
def variance(result: Variance, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the share of the variance at each level as a bar with its interval, and the standard deviation beside it.

    Parameters
    ----------
    result : Variance
        Of `bayesmodel.variance`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel import variance as by_level
    >>> from bayesmodel.testing import invented_fit
    >>> variance(by_level(invented_fit())).axes[0].get_xlabel()
    'aandeel in de variantie (% van de variantie)'
    """
    display = display_of(result.shares, language)
    display = replace(display, scale="share", unit=display.text(UNIT))
    labels = level_names(display.study)
    rows = rows_of(result.shares, display)
    rows["name"] = [display.text(labels[str(code)]) for code in rows.index]
    axes = axes_for(axes, 2.2 + 0.42 * len(rows))
    positions = np.arange(len(rows))
    axes.barh(positions, rows["mean"], height=0.6, color=theme().accent, alpha=0.55)
    axes.hlines(positions, rows["lower"], rows["upper"], colors=INK, lw=1.5)
    name_rows(axes, rows["name"].tolist())
    spreads = result.sds.summary()["mean"].reindex(rows.index)
    write_beside(axes, display.text(SPREAD), [figures(spread, 1, display.language) for spread in spreads])
    axes.set_xlim(0, 100)
    axes.set_xlabel(f"{display.text(result.definition.label)} ({display.unit})")
    return finish(
        axes,
        display,
        title=display.text(VARIANCE_TITLE),
        caption=(display.text(VARIANCE_MARKS, mean=figures(100 * result.mean, 1, display.language)),),
        alt=display.text(VARIANCE_ALT, rows=display.listed(rows)),
        numbers="x",
    )
