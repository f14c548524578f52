"""Map of verdicts: where use is higher or lower than expected, and where that is not to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel.counts import Status
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.estimates.verdicts import Verdicts
from bayesmodel.messages import Language, number
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish
from bayesmodel.outputs.plots.classes import DIVERGING
from bayesmodel.outputs.plots.look import in_the_look
from bayesmodel.outputs.plots.polygons import not_drawn, polygons_of
from bayesmodel.outputs.plots.reading import Reading, reading_of, rows_of
from bayesmodel.outputs.plots.sheet import Layer, draw_sheet
from bayesmodel.study import Label

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Waar is het gebruik hoger of lager dan verwacht, en waar is dat niet te zeggen?",
    en="Where is use higher or lower than expected, and where is that not to say?",
)
RULE = Label(
    nl="Hoger of lager: meer dan {margin}% anders dan verwacht. Bij de gebieden met duidelijk hoger is dat naar "
    "verwachting in {higher}% van de gevallen onterecht, bij die met duidelijk lager in {lower}%. Waarschijnlijk: de "
    "kans is minstens {probable}%. Niet te zeggen is geen teken dat er niets aan de hand is.",
    en="Higher or lower: more than {margin}% different from expected. Of the areas called clearly higher this is "
    "expected to be wrong for {higher}%, of those called clearly lower for {lower}%. Probably: with a probability of "
    "at least {probable}%. Not to say is no sign that nothing is the matter.",
)
ALT = Label(nl="Kaart: {classes}; {blank} zonder gegevens.", en="Map: {classes}; {blank} without data.")
COLOURS = {
    VerdictClass.CLEARLY_HIGHER: DIVERGING[4],
    VerdictClass.PROBABLY_HIGHER: DIVERGING[3],
    VerdictClass.AS_EXPECTED: "#fbf7cf",
    VerdictClass.NOT_TO_SAY: "#ececec",
    VerdictClass.PROBABLY_LOWER: DIVERGING[1],
    VerdictClass.CLEARLY_LOWER: DIVERGING[0],
}


@in_the_look
def verdict_map(
    verdicts: Verdicts,
    polygons: str | Path | GeoDataFrame | Mapping[str, Any],
    *,
    code: str | None = None,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw the verdict of each area on a map, with the false-discovery rate of both lists in the caption.

    Parameters
    ----------
    verdicts : Verdicts
        Of areas, or of the groups the polygons are of.
    polygons : str, Path, GeoDataFrame, or mapping
        As in `area_map`.
    code : str, optional
        The column with the codes; the one that holds most codes when left out.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        *Not to say* is dotted, hidden areas are hatched over their verdict, and areas without data are blank.

    Raises
    ------
    DataError
        There is no such file, or no area is found in it.
    UnknownNameError
        There is no such column.
    MissingFeatureError
        matplotlib or geopandas is not installed.

    Examples
    --------
    >>> from bayesmodel import example_polygons, verdicts
    >>> verdict_map(verdicts(fit), example_polygons(fit.study)).savefig("map.png")  # doctest: +SKIP
    """
    reading = reading_of(verdicts.ratio, language)
    rows = rows_of(verdicts.ratio, reading)
    shapes = polygons_of(polygons, rows.index, code)
    classes = verdicts.classes[rows.index[(rows["status"] != Status.MISSING).to_numpy()]]
    layers = []
    for verdict in VerdictClass:
        codes = classes.index[(classes == verdict).to_numpy()]
        unsure = verdict is VerdictClass.NOT_TO_SAY
        layers.append(
            Layer(verdict.label[reading.language], COLOURS[verdict], codes, *(("..", "#b8b8b8") if unsure else ()))
        )
    axes = axes_for(axes, 6.6)
    hidden = rows.index[(rows["status"] == Status.SUPPRESSED).to_numpy()]
    part = verdicts.ratio.index if verdicts.ratio.draws.attrs.get("part") else None
    title = verdicts.definition.label[reading.language]
    blank = draw_sheet(axes, shapes, layers, hidden, reading.about, title, part)
    counted = ", ".join(
        f"{layer.label} ({number(int(layer.codes.isin(shapes.index).sum()), ',', reading.language)})"
        for layer in layers
    )
    alt = ALT[reading.language].format(classes=counted, blank=blank)
    caption = (_rule(verdicts, reading), *not_drawn(rows.index, shapes.index, part, reading.language))
    return finish(axes, reading.about, Words(TITLE[reading.language], caption, alt))


def _rule(verdicts: Verdicts, reading: Reading) -> str:
    """Return the rule of the verdicts in words, with how often each list is wrong."""

    def per_cent(share: float) -> str:
        return number(round(100 * share, 1), "g", reading.language)

    rule = verdicts.rule
    higher, lower = map(verdicts.false_discovery_rate, (VerdictClass.CLEARLY_HIGHER, VerdictClass.CLEARLY_LOWER))
    return RULE[reading.language].format(
        margin=per_cent(reading.study.report.margin if rule.margin is None else rule.margin),
        higher=per_cent(higher),
        lower=per_cent(lower),
        probable=per_cent(rule.probable),
    )
