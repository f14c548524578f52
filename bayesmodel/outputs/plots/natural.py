"""The natural picture of an estimate: what `Estimate.plot` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.caterpillar import caterpillar
from bayesmodel.outputs.plots.forest import forest
from bayesmodel.outputs.plots.posteriors import posteriors

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure

HILLS, NAMES = 4, 40
"""Up to so many areas the whole posterior is drawn, and up to so many a line with the name."""


def natural_picture(estimate: Estimate, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the posterior of a few areas, the intervals of some by name, or those of many in their order."""
    number = len(estimate.index)
    if number <= HILLS:
        return posteriors(estimate, axes=axes, language=language)
    return (forest if number <= NAMES else caterpillar)(estimate, axes=axes, language=language)
