"""The natural picture of what is estimated: what `.plot()` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.estimates.comparison import Comparison
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.exceedance import Exceedance
from bayesmodel.estimates.funnel import Funnel
from bayesmodel.estimates.peers import Peers
from bayesmodel.estimates.plotted import Plotted
from bayesmodel.estimates.ranks import Ranks
from bayesmodel.estimates.variance import Variance
from bayesmodel.estimates.verdicts import Verdicts
from bayesmodel.estimates.waterfall import Waterfall
from bayesmodel.estimates.what_if import WhatIf
from bayesmodel.messages import Language, _
from bayesmodel.outputs.plots.caterpillar import caterpillar
from bayesmodel.outputs.plots.comparison import comparison
from bayesmodel.outputs.plots.curve import curve
from bayesmodel.outputs.plots.effects import effects
from bayesmodel.outputs.plots.forest import forest
from bayesmodel.outputs.plots.funnel import funnel
from bayesmodel.outputs.plots.posteriors import posteriors
from bayesmodel.outputs.plots.ranks import ranks
from bayesmodel.outputs.plots.variance import variance
from bayesmodel.outputs.plots.waterfall import waterfall

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure

HILLS, NAMES = 4, 40
"""Up to so many areas the whole posterior is drawn, and up to so many a line with the name."""


def natural_picture(shown: Plotted, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw what there is one picture of by that; else the estimate in it, by how much it holds.

    Raises
    ------
    TypeError
        It is nothing that is known here.
    """
    match shown:
        case Comparison():
            return comparison(shown, axes=axes, language=language)
        case Ranks():
            return ranks(shown, axes=axes, language=language)
        case Waterfall():
            return waterfall(shown, axes=axes, language=language)
        case Funnel():
            return funnel(shown, axes=axes, language=language)
        case Variance():
            return variance(shown, axes=axes, language=language)
        case Peers():
            return forest(shown.use, ordered=False, axes=axes, language=language)
        case Verdicts():
            return _of_estimate(shown.ratio, axes, language)
        case Exceedance():
            return _of_estimate(shown.estimate, axes, language)
        case WhatIf():
            return _of_estimate(shown.change, axes, language)
        case Estimate():
            return _of_estimate(shown, axes, language)
    raise TypeError(_("There is no picture of {kind}.").format(kind=type(shown).__name__))


def _of_estimate(estimate: Estimate, axes: Axes | None, language: Language | None) -> Figure:
    """Draw a curve, effects, or areas: the posterior of a few, the intervals of some by name, or those of many."""
    if str(estimate.draws.dims[-1]) == "value":
        return curve(estimate, axes=axes, language=language)
    if estimate.definition.name == "effects":
        return effects(estimate, axes=axes, language=language)
    number = len(estimate.index)
    if number <= HILLS:
        return posteriors(estimate, axes=axes, language=language)
    return (forest if number <= NAMES else caterpillar)(estimate, axes=axes, language=language)
