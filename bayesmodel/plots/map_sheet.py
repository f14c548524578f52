"""The sheet of a map: shapes filled by class, hidden ones hatched, those without data left blank, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.messages import number
from bayesmodel.outputs.plots.look import GREY, INK, PALE
from bayesmodel.outputs.plots.reading import About
from bayesmodel.study import Label

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

HATCH = "//////"
HIDDEN = Label(nl="verborgen (klein aantal)", en="hidden (small count)")
BLANK = Label(nl="geen gegevens", en="no data")
OTHERS = Label(nl="andere gebieden", en="other areas")
MARGIN = 0.06
"""Of its size, what is drawn around a part of a map."""


@dataclass(frozen=True)
class Layer:
    """One class of a map.

    Parameters
    ----------
    label, colour : str
    codes : Index of str
        The areas in it.
    hatch, edge : str
        Of matplotlib; no hatch for a plain colour.
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
    about: About,
    title: str,
    part: pd.Index | None = None,
) -> int:
    """Draw layers and legend, which counts what is drawn; return how many shapes were left blank.

    Parameters
    ----------
    axes : Axes
    shapes : GeoDataFrame
        Indexed by code.
    layers : sequence of Layer
        From the top of the legend down.
    hidden : Index of str
        Areas to hatch.
    about : About
    title : str
        Of the legend.
    part : Index of str, optional
        The areas of a map of a part: it shows those, with what lies around them in grey.
    """
    from matplotlib.patches import Patch

    language = about.language

    around = shapes.iloc[:0]
    if part is not None:
        around, shapes = shapes[~shapes.index.isin(part)], shapes[shapes.index.isin(part)]
        around = _near(axes, shapes, around)
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
    for drawn, label, style in ((hatched, HIDDEN, hatching), (blank, BLANK, dotting), (around, OTHERS, greyed)):
        if len(drawn):
            drawn.plot(ax=axes, aspect=None, **style | ({"zorder": 0} if drawn is around else {}))
            counted = "" if drawn is around else f" ({number(len(drawn), ',', language)})"
            handles.append(Patch(label=label[language] + counted, **style | {"linewidth": 0.6}))
    axes.set_aspect("equal")
    axes.set_axis_off()
    _legend(axes, handles, title)
    return len(blank)


def _near(axes: Axes, shapes: GeoDataFrame, around: GeoDataFrame) -> GeoDataFrame:
    """Let the axes show some shapes with a margin; return what lies around them."""
    left, low, right, high = shapes.total_bounds
    wide = MARGIN * max(right - left, high - low)
    axes.set_xlim(left - wide, right + wide)
    axes.set_ylim(low - wide, high + wide)
    return around.cx[left - wide : right + wide, low - wide : high + wide]


def _legend(axes: Axes, handles: list[Patch], title: str) -> None:
    """Explain the colours beside the map."""
    from bayesmodel.outputs.plots.figure import Picture

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
