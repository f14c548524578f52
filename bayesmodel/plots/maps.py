"""Maps of verdicts, and of use, expected use or their difference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.relative_precision import relative_precision
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.estimates.verdicts import Verdicts
from bayesmodel.messages import Language, number
from bayesmodel.plots.axes import Display, axis_text, display_of, no_difference, question, rows_of
from bayesmodel.plots.canvas import axes_for, finish, interval_sentence
from bayesmodel.plots.map_sheet import (
    DIVERGING,
    Layer,
    centred_classes,
    draw_sheet,
    not_drawn,
    polygons_of,
    sequential_classes,
)
from bayesmodel.plots.style import PALE, in_house_style
from bayesmodel.study import Label

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Waar is het gebruik hoger of lager dan verwacht, en waar is dat niet te zeggen?",
    en="Where is use higher or lower than expected, and where is that inconclusive?",
)
RULE = Label(
    nl="Hoger of lager: meer dan {margin}% anders dan verwacht.{listed} Waarschijnlijk: de kans is minstens "
    "{probable}%. Niet te zeggen is geen teken dat er niets aan de hand is.",
    en="Higher or lower: more than {margin}% different from expected.{listed} Probably: with a probability of at least "
    "{probable}%. Inconclusive does not mean that nothing is the matter.",
)
LISTED = Label(
    nl=" Bij de gebieden met {verdict} is dat naar verwachting in {rate}% van de gevallen onterecht.",
    en=" Of the areas called {verdict} this is expected to be wrong for {rate}%.",
)
ALT = Label(nl="Kaart: {classes}; {blank} zonder gegevens.", en="Map: {classes}; {blank} without data.")
COLOURS = {
    VerdictClass.CLEARLY_HIGHER: DIVERGING[4],
    VerdictClass.PROBABLY_HIGHER: DIVERGING[3],
    VerdictClass.AS_EXPECTED: "#fbf7cf",
    VerdictClass.INCONCLUSIVE: "#ececec",
    VerdictClass.PROBABLY_LOWER: DIVERGING[1],
    VerdictClass.CLEARLY_LOWER: DIVERGING[0],
}


@in_house_style
def verdict_map(
    verdicts: Verdicts,
    polygons: str | Path | GeoDataFrame | Mapping[str, Any],
    *,
    code: str | None = None,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw a map of verdicts, with the false-discovery rates of *clearly higher* and *clearly lower* in the caption.

    Parameters
    ----------
    verdicts : Verdicts
        Of areas, or of the groups that the polygons show.
    polygons : str, Path, GeoDataFrame, or mapping
        As in `area_map`.
    code : str, optional
        The column with the codes; defaults to the one that matches most codes.

    Returns
    -------
    Figure
        *Inconclusive* is dotted, hidden counts are hatched over their verdict, areas without data are blank.

    Raises
    ------
    DataError
        There is no such file, or none of the areas is in it.
    UnknownNameError
        There is no such column.

    Examples
    --------
    >>> from bayesmodel import example_polygons, verdicts
    >>> verdict_map(verdicts(fit), example_polygons(fit.study)).savefig("map.png")  # doctest: +SKIP
    """
    display = display_of(verdicts.ratio, language)
    rows = rows_of(verdicts.ratio, display)
    shapes = polygons_of(polygons, rows.index, code)
    classes = verdicts.classes[rows.index[(rows["status"] != Status.MISSING).to_numpy()]]
    layers = []
    for verdict in VerdictClass:
        codes = classes.index[(classes == verdict).to_numpy()]
        unsure = verdict is VerdictClass.INCONCLUSIVE
        layers.append(
            Layer(display.text(verdict.label), COLOURS[verdict], codes, *(("..", "#b8b8b8") if unsure else ()))
        )
    axes = axes_for(axes, 6.6)
    hidden = rows.index[rows["status"].isin(CONCEALED).to_numpy()]
    part = verdicts.ratio.index if verdicts.ratio.draws.attrs.get("part") else None
    title = display.text(verdicts.definition.label)
    blank = draw_sheet(axes, shapes, layers, hidden, display, title, part)
    counted = ", ".join(
        f"{layer.label} ({number(int(layer.codes.isin(shapes.index).sum()), ',', display.language)})"
        for layer in layers
    )
    caption = (_rule(verdicts, display), *not_drawn(rows.index, shapes.index, part, display.language))
    alt = display.text(ALT, classes=counted, blank=blank)
    return finish(axes, display, title=display.text(TITLE), caption=caption, alt=alt, interval=False)


def _rule(verdicts: Verdicts, display: Display) -> str:
    """Return the verdict rule in words, with the false-discovery rate of each list that has areas."""

    def per_cent(share: float) -> str:
        return number(round(100 * share, 1), "g", display.language)

    rule = verdicts.rule
    listed = [
        display.text(
            LISTED, verdict=verdict.label[display.language], rate=per_cent(verdicts.false_discovery_rate(verdict))
        )
        for verdict in (VerdictClass.CLEARLY_HIGHER, VerdictClass.CLEARLY_LOWER)
        if (verdicts.classes == verdict).any()
    ]
    return display.text(
        RULE,
        margin=per_cent(display.study.report.margin if rule.margin is None else rule.margin),
        listed="".join(listed),
        probable=per_cent(rule.probable),
    )


MEANS = Label(
    nl="De kleuren zijn gemiddelden; het interval van een gebied is doorgaans {width} breed. {interval}",
    en="The colours are means; the interval of an area is typically {width} wide. {interval}",
)
KNOWN = Label(
    nl="Van een verborgen aantal geeft de tabel het interval. {interval}",
    en="For a hidden count the table gives the interval. {interval}",
)
IMPRECISE = Label(nl="te onnauwkeurig voor een kleur", en="too imprecise for a colour")
AREA_MAP_ALT = Label(
    nl="Kaart van {number} gebieden: {classes}; {hidden} verborgen, {blank} zonder gegevens. De tabel per gebied geeft "
    "dezelfde getallen.",
    en="Map of {number} areas: {classes}; {hidden} hidden, {blank} without data. The table per area gives the same "
    "numbers.",
)


@in_house_style
def area_map(
    estimate: Estimate,
    polygons: str | Path | GeoDataFrame | Mapping[str, Any],
    *,
    code: str | None = None,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw a map of an estimate: areas coloured by class, hidden counts hatched, areas without data blank.

    Parameters
    ----------
    estimate : Estimate
        Of areas, or of the groups that the polygons show. The classes of a difference are centred on no difference.
    polygons : str, Path, GeoDataFrame, or mapping
        A file that geopandas can read, its contents, or GeoJSON such as `example_polygons` returns.
    code : str, optional
        The column with the codes; defaults to the one that matches most codes.

    Returns
    -------
    Figure
        On a map of actual use an area with a hidden count has no colour: it is hatched on white. On other maps of use
        it is hatched over the colour of its estimate. An area whose count was not delivered is blank. Expected use does
        not depend on an area's own count, so a map of it marks neither.

    Raises
    ------
    DataError
        There is no such file, or none of the areas is in it.
    UnknownNameError
        There is no such column.

    Examples
    --------
    >>> from bayesmodel import example_polygons, expected
    >>> area_map(expected(fit, scale="share"), example_polygons(fit.study)).savefig("map.png")  # doctest: +SKIP
    """
    display = display_of(estimate, language)
    rows = rows_of(estimate, display)
    shapes = polygons_of(polygons, rows.index, code)
    marked = estimate.definition.kind != "expected"
    hidden = rows.index[marked & rows["status"].isin(CONCEALED).to_numpy()]
    missing = rows.index[marked & (rows["status"] == Status.MISSING).to_numpy()]
    imprecise = _imprecise(estimate)
    shown = rows.loc[rows["point"] & ~rows.index.isin(missing) & ~rows.index.isin(imprecise)]
    equal = no_difference(estimate, display)
    classes = (
        sequential_classes(shown["mean"], display) if equal is None else centred_classes(shown["mean"], equal, display)
    )
    colours = pd.Series(classes.colour(shown["mean"]), shown.index, dtype=object)
    layers = [
        Layer(label, colour, colours.index[(colours == colour).to_numpy()])
        for label, colour in zip(classes.labels, classes.colours, strict=True)
    ]
    if len(imprecise):
        layers.append(Layer(display.text(IMPRECISE), PALE, imprecise))
    axes = axes_for(axes, 6.6)
    part = estimate.index if estimate.draws.attrs.get("part") else None
    blank = draw_sheet(axes, shapes, layers[::-1], hidden, display, axis_text(estimate, display), part)
    caption = (_width_note(rows, display), *not_drawn(rows.index, shapes.index, part, display.language))
    drawn = [int(layer.codes.isin(shapes.index).sum()) for layer in layers]
    counted = ", ".join(f"{count} {layer.label}" for count, layer in zip(drawn, layers, strict=True))
    concealed = int(hidden.isin(shapes.index).sum())
    alt = display.text(AREA_MAP_ALT, number=sum(drawn), classes=counted, hidden=concealed, blank=blank)
    return finish(axes, display, title=question(estimate, display), caption=caption, alt=alt, interval=False)


def _imprecise(estimate: Estimate) -> pd.Index:
    """Return the areas whose use is less precise than the study requires: they get no colour."""
    least = estimate.study.report.least_precision
    if least is None or estimate.definition.name != "use.underlying":
        return pd.Index([])
    precision = relative_precision(estimate)
    return precision.index[(precision < least).to_numpy()]


def _width_note(rows: pd.DataFrame, display: Display) -> str:
    """Return the sentence on how wide the intervals are."""
    width = float((rows["upper"] - rows["lower"]).median())
    return display.text(MEANS if width else KNOWN, width=display.width(width), interval=interval_sentence(display))
