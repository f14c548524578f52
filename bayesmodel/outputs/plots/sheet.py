"""The sheet of a map: shapes filled by class, hidden ones hatched, those without data left blank, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.messages import Language
from bayesmodel.outputs.plots.look import GREY, INK
from bayesmodel.study import Label

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

HATCH = "//////"
HIDDEN = Label(nl="verborgen (klein aantal)", en="hidden (small count)")
BLANK = Label(nl="geen gegevens", en="no data")


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
    axes: Axes, shapes: GeoDataFrame, layers: Sequence[Layer], hidden: pd.Index, title: str, language: Language
) -> int:
    """Draw layers and legend; return how many shapes were left blank.

    Parameters
    ----------
    axes : Axes
    shapes : GeoDataFrame
        Indexed by code.
    layers : sequence of Layer
        From the top of the legend down.
    hidden : Index of str
        Areas to hatch.
    title : str
        Of the legend.
    language : {"nl", "en"}
    """
    from matplotlib.patches import Patch

    edge = 0.4 if len(shapes) < 600 else 0.1
    filled = hidden
    handles = []
    for layer in layers:
        filled = filled.union(layer.codes)
        part = shapes[shapes.index.isin(layer.codes)]
        style: dict[str, Any] = {
            "facecolor": layer.colour,
            "edgecolor": layer.edge,
            "linewidth": edge,
            "hatch": layer.hatch,
        }
        if len(part):
            part.plot(ax=axes, aspect=None, **style)
        handles.append(Patch(label=layer.label, **style | {"linewidth": 0.4}))
    blank = shapes[~shapes.index.isin(filled)]
    hatched = shapes[shapes.index.isin(hidden)]
    hatching: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": edge, "hatch": HATCH}
    dotting: dict[str, Any] = {"facecolor": "none", "edgecolor": GREY, "linewidth": 2 * edge, "linestyle": ":"}
    for part, label, style in ((hatched, HIDDEN, hatching), (blank, BLANK, dotting)):
        if len(part):
            part.plot(ax=axes, aspect=None, **style)
            handles.append(Patch(label=label[language], **style | {"linewidth": 0.6}))
    axes.set_aspect("equal")
    axes.set_axis_off()
    _legend(axes, handles, title)
    return len(blank)


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
