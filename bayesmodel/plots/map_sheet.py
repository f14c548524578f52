"""What all maps share: polygons matched to areas, classes with round limits, hatching of hidden counts, a legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.boundaries import read_boundaries, with_fewer_vertices
from bayesmodel.errors import ComparisonError
from bayesmodel.messages import Language, _, number
from bayesmodel.plots.axes import Display
from bayesmodel.plots.style import GREY, INK, PALE
from bayesmodel.study import Label

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from bayesmodel.inference.fit import Fit

HATCH = "//////"
HIDDEN = Label(nl="verborgen (klein aantal)", en="hidden (small count)")
BLANK = Label(nl="geen gegevens", en="no data")
OTHERS = Label(nl="andere gebieden", en="other areas")
MARGIN = 0.06
"""Margin around the shown part of a map, as a fraction of its size."""


@dataclass(frozen=True)
class Layer:
    """One class of a map.

    Parameters
    ----------
    label, colour : str
    codes : Index of str
        The areas in it.
    hatch, edge : str
        As in matplotlib; an empty hatch for a plain colour.
    """

    label: str
    colour: str
    codes: pd.Index
    hatch: str = ""
    edge: str = GREY


def draw_sheet(
    axes: Axes,
    shapes: GeoDataFrame,
    layers: Sequence[Layer],
    hidden: pd.Index,
    display: Display,
    title: str,
    part: pd.Index | None = None,
) -> int:
    """Draw layers and a legend with numbers of areas; return how many shapes were left blank.

    Parameters
    ----------
    axes : Axes
    shapes : GeoDataFrame
        Indexed by code.
    layers : sequence of Layer
        In the order of the legend, from the top.
    hidden : Index of str
        Areas to hatch.
    display : Display
    title : str
        Of the legend.
    part : Index of str, optional
        The areas shown if the map covers only a part; their surroundings are outlined in grey.
    """
    from matplotlib.patches import Patch

    language = display.language
    surroundings = shapes.iloc[:0]
    if part is not None:
        surroundings, shapes = shapes[~shapes.index.isin(part)], shapes[shapes.index.isin(part)]
        surroundings = _zoom(axes, shapes, surroundings)
    shapes = with_fewer_vertices(shapes)
    edge = 0.4 if len(shapes) < 600 else 0.1
    filled = hidden
    handles = []
    for layer in layers:
        filled = filled.union(layer.codes)
        drawn = shapes[shapes.index.isin(layer.codes)]
        style: dict[str, Any] = {
            "facecolor": layer.colour,
            "edgecolor": layer.edge,
            "linewidth": edge,
            "hatch": layer.hatch,
        }
        if len(drawn):
            drawn.plot(ax=axes, aspect=None, **style)
        text = f"{layer.label} ({number(len(drawn), ',', language)})"
        handles.append(Patch(label=text, **style | {"linewidth": 0.4}))
    blank = shapes[~shapes.index.isin(filled)]
    hatched = shapes[shapes.index.isin(hidden)]
    hatching: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": edge, "hatch": HATCH}
    dotting: dict[str, Any] = {"facecolor": "none", "edgecolor": GREY, "linewidth": 2 * edge, "linestyle": ":"}
    greyed: dict[str, Any] = {"facecolor": "white", "edgecolor": PALE, "linewidth": edge}
    for drawn, label, style in ((hatched, HIDDEN, hatching), (blank, BLANK, dotting), (surroundings, OTHERS, greyed)):
        if len(drawn):
            drawn.plot(ax=axes, aspect=None, **style | ({"zorder": 0} if drawn is surroundings else {}))
            counted = "" if drawn is surroundings else f" ({number(len(drawn), ',', language)})"
            handles.append(Patch(label=label[language] + counted, **style | {"linewidth": 0.6}))
    axes.set_aspect("equal")
    axes.set_axis_off()
    _legend(axes, handles, title)
    return len(blank)


def _zoom(axes: Axes, shapes: GeoDataFrame, surroundings: GeoDataFrame) -> GeoDataFrame:
    """Zoom the axes to some shapes with a margin; return the surrounding shapes in view."""
    left, low, right, high = shapes.total_bounds
    wide = MARGIN * max(right - left, high - low)
    axes.set_xlim(left - wide, right + wide)
    axes.set_ylim(low - wide, high + wide)
    return surroundings.cx[left - wide : right + wide, low - wide : high + wide]


def _legend(axes: Axes, handles: list[Patch], title: str) -> None:
    """Explain the colours beside the map."""
    from bayesmodel.plots.figure import Picture

    style: dict[str, Any] = {
        "handles": handles,
        "title": fill(title, 24),
        "alignment": "left",
        "handlelength": 1.8,
        "handleheight": 1.4,
    }
    figure = axes.get_figure(root=True)
    if isinstance(figure, Picture):
        figure.legend(loc="outside right center", **style)
    else:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), **style)


DIVERGING = ("#24145e", "#6454a6", "#f2f2f2", "#fbb860", "#e06a1b")
"""From purple for low to orange for high; all five also differ in grey prints, where the low side is darker."""
SEQUENTIAL = ("#fff3c4", "#b9dfb4", "#5fbcb8", "#2b83ba", "#2b4fa0", "#1d1d62")
"""From pale to dark, in equal steps of lightness."""


@dataclass(frozen=True)
class Classes:
    """The classes of a map: limits, colours and labels.

    Parameters
    ----------
    limits : ndarray (limit,)
        Inner limits, ascending; a value on a limit belongs to the class above it.
    colours : tuple of str (limit + 1,)
    labels : tuple of str (limit + 1,)
    """

    limits: NDArray[np.float64]
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def colour(self, values: pd.Series) -> list[str]:
        """Return the colour of each value."""
        return [self.colours[index] for index in np.searchsorted(self.limits, values, side="right")]


def centred_classes(values: pd.Series, equal: float, display: Display) -> Classes:
    """Return five classes centred on the value where use equals expected use; the middle one is about as expected.

    For a ratio the limits are at the study's margin and twice that; otherwise at a round number and twice that.
    """
    if display.scale == "ratio":
        step = display.study.report.margin or 0.1
    else:
        from matplotlib.ticker import MaxNLocator

        reach = float((values - equal).abs().quantile(0.95)) or 1.0
        step = float(MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(0, reach)[1])
    limits = equal + step * np.array([-2, -1, 1, 2])
    return Classes(limits, DIVERGING, _labels(limits, display))


def sequential_classes(values: pd.Series, display: Display) -> Classes:
    """Return up to six classes with round limits over the range of nearly all values."""
    from matplotlib.ticker import MaxNLocator

    low, high = values.quantile([0.03, 0.97])
    ticks = np.asarray(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    limits = ticks[(ticks > low) & (ticks < high)][: len(SEQUENTIAL) - 1]
    chosen = np.linspace(0, len(SEQUENTIAL) - 1, len(limits) + 1).round().astype(int)
    return Classes(limits, tuple(SEQUENTIAL[index] for index in chosen), _labels(limits, display))


def _labels(limits: NDArray[np.float64], display: Display) -> tuple[str, ...]:
    """Return the label of each class."""
    less, more, to = ("minder dan", "of meer", "tot") if display.language == "nl" else ("less than", "or more", "to")
    decimals = next(number for number in range(12) if np.allclose(np.round(limits, number), limits, rtol=1e-9, atol=0))
    texts = [display.number(limit, decimals) for limit in limits]
    if not texts:
        return ("",)
    between = [f"{low} {to} {high}" for low, high in pairwise(texts)]
    return (f"{less} {texts[0]}", *between, f"{texts[-1]} {more}")


def polygons_for(
    fit: Fit, source: str | Path | GeoDataFrame | Mapping[str, Any] | None
) -> str | Path | GeoDataFrame | Mapping[str, Any]:
    """Return the polygons given, of the study, or of the example country; `ComparisonError` where there are none."""
    if source is not None:
        return source
    if (own := fit.study.boundaries) is not None:
        path, codes = Path(fit.study.folder, own.path), fit.counts.areas.codes
        found = read_boundaries(path, code=own.code, codes=codes, layer=own.layer, where=own.where)
        return found.shapes.reset_index()
    if fit.study.example is None:
        message = _(
            "A map needs the polygons of each {area}, in the boundaries of {vintage}: a GeoPackage, GeoJSON or "
            "shapefile, by --polygons FILE or as path in [boundaries] of the study."
        )
        raise ComparisonError(message.format(area=fit.study.area, vintage=fit.study.outcome.vintage))
    from bayesmodel.example import example_polygons

    return example_polygons(fit.study)


def polygons_of(
    source: str | Path | GeoDataFrame | Mapping[str, Any], codes: pd.Index, code: str | None
) -> GeoDataFrame:
    """Return one shape per code, including shapes without an area in the study; see `read_boundaries`.

    Parameters
    ----------
    source : str, Path, GeoDataFrame, or mapping
        A file that geopandas reads (GeoPackage, GeoJSON, shapefile), its content, or GeoJSON as a dict.
    codes : Index of str
        Codes of the areas.
    code : str, optional
        The column with the codes; defaults to the one that matches most of them.

    Returns
    -------
    GeoDataFrame
        Indexed by code; parts of one area merged, invalid shapes repaired, in RD New.

    Raises
    ------
    MissingFeatureError
        geopandas is not installed.
    UnknownNameError
        There is no such column.
    DataError
        There is no such file, it has no shapes, or it has none of the areas.
    """
    return read_boundaries(source, code=code, codes=codes).shapes


UNPLACED = Label(
    nl="Niet op de kaart, want zonder vlak in het bestand: {areas} van de {all} gebieden.",
    en="Not on the map, as the file has no polygon for them: {areas} of the {all} areas.",
)
UNKNOWN = Label(
    nl="Vlakken zonder gebied in deze studie: {number}.", en="Polygons without an area in this study: {number}."
)


def not_drawn(areas: pd.Index, shapes: pd.Index, part: pd.Index | None, language: Language) -> tuple[str, ...]:
    """Return sentences on what a map leaves out: areas without a polygon, and polygons without an area.

    Parameters
    ----------
    areas : Index of str
        The areas with an estimate.
    shapes : Index of str
        The available polygons.
    part : Index of str, optional
        The areas shown if the map covers only a part; surrounding polygons do not count as left out.
    language : {"nl", "en"}
    """
    without_polygon, without_area = int((~areas.isin(shapes)).sum()), int((~shapes.isin(areas)).sum())
    notes = []
    if without_polygon:
        counts = {"areas": number(without_polygon, ",", language), "all": number(len(areas), ",", language)}
        notes.append(UNPLACED[language].format(**counts))
    if without_area and part is None:
        notes.append(UNKNOWN[language].format(number=number(without_area, ",", language)))
    return tuple(notes)
