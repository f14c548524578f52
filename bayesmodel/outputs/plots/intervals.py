"""Estimates as a mark with its interval, each area drawn by what was published of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from numpy.typing import NDArray

from bayesmodel.messages import Language
from bayesmodel.outputs.plots.look import GROUP, HIDDEN, INK, MISSING, PUBLISHED, mark_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


FEW = 60
"""Up to so many areas what was published is drawn beside the estimate."""


def draw_intervals(
    axes: Axes,
    places: NDArray[Any],
    rows: pd.DataFrame,
    language: Language,
    along: Literal["x", "y"] = "x",
    size: float = 4.5,
    alpha: float = 1.0,
) -> None:
    """Draw one mark and one interval per row; only the interval where no mean may be given.

    Beside the estimate of underlying use a cross marks what was published, which is another number.

    Parameters
    ----------
    axes : Axes
    places : ndarray (row,)
        Where each row stands on the other axis.
    rows : DataFrame
        Of `rows_of`.
    language : {"nl", "en"}
        Of the legend.
    along : {"x", "y"}
        The axis of the values.
    size : float
        Of the marks, in points; the lines follow.
    alpha : float
        How little the intervals of many areas cover each other.
    """
    if len(rows) <= FEW and rows["published"].notna().any():
        xy = (rows["published"], places) if along == "x" else (places, rows["published"])
        axes.plot(*xy, "x", ms=size, color=INK, mew=size / 5, label=PUBLISHED.label[language], zorder=3)
    kinds = [mark_of(status) for status in rows["status"]]
    lines = axes.hlines if along == "x" else axes.vlines
    for kind in (GROUP, PUBLISHED, HIDDEN, MISSING):
        chosen = [other is kind for other in kinds]
        if not any(chosen):
            continue
        part, at = rows[chosen], places[chosen]
        label = kind.label if rows.attrs["actual"] else kind.estimated
        name: dict[str, Any] = {"label": label[language] or None}
        style: dict[str, Any] = {"colors": kind.colour, "linestyles": kind.line, "lw": size / 3, "alpha": alpha}
        lines(at, part["lower"], part["upper"], **style | ({} if part["point"].any() else name))
        if part["point"].any():
            mean = part["mean"].where(part["point"])
            xy = (mean, at) if along == "x" else (at, mean)
            face = kind.colour if kind.filled else "white"
            axes.plot(*xy, kind.shape, ms=size, color=kind.colour, mfc=face, mew=size / 5, **name)
