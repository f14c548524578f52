"""The default picture of each result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.checks.calibration import Calibration, Transforms
from bayesmodel.checks.cross_validation import CrossValidation
from bayesmodel.checks.hide_and_seek import HideAndSeek
from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.checks.predictive import PredictiveCheck
from bayesmodel.checks.sbc import SimulationCalibration
from bayesmodel.checks.sensitivity import Sensitivity
from bayesmodel.estimates.accumulation import Accumulation
from bayesmodel.estimates.change import Change
from bayesmodel.estimates.compare import Comparison
from bayesmodel.estimates.correlation import Correlations
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.exceedance import Exceedance
from bayesmodel.estimates.funnel import Funnel
from bayesmodel.estimates.local_explanation import LocalExplanation
from bayesmodel.estimates.peers import Peers
from bayesmodel.estimates.publication_check import PublicationCheck
from bayesmodel.estimates.rank import Ranks
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.summed_outcomes import Summed
from bayesmodel.estimates.trend import Trend
from bayesmodel.estimates.variance import Variance
from bayesmodel.estimates.verdicts import Verdicts
from bayesmodel.estimates.waterfall import Waterfall
from bayesmodel.estimates.what_if import WhatIf
from bayesmodel.messages import Language, _
from bayesmodel.plots.check_plots import coverage, replicated, transforms, treatment_scores
from bayesmodel.plots.decompositions import variance, waterfall
from bayesmodel.plots.effect_plots import curve, effects
from bayesmodel.plots.interval_plots import caterpillar, forest, ranks
from bayesmodel.plots.local_plots import local_explanation
from bayesmodel.plots.model_checks import publication
from bayesmodel.plots.outcome_plots import accumulation, correlations
from bayesmodel.plots.posteriors import comparison, posteriors
from bayesmodel.plots.robustness import multiverse, power_scaling, predicted_units, rank_curves
from bayesmodel.plots.scatter import funnel
from bayesmodel.plots.year_plots import trend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DENSITIES, NAMES = 4, 40
"""Up to this many areas the full posterior is drawn; up to this many, intervals with names."""


def default_plot(result: Result, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the standard picture of a result; for an estimate it depends on the number of areas.

    Raises
    ------
    TypeError
        There is no picture for this type.
    """
    match result:
        case Comparison():
            return comparison(result, axes=axes, language=language)
        case Ranks():
            return ranks(result, axes=axes, language=language)
        case Waterfall():
            return waterfall(result, axes=axes, language=language)
        case Funnel():
            return funnel(result, axes=axes, language=language)
        case Variance():
            return variance(result, axes=axes, language=language)
        case PublicationCheck():
            return publication(result, axes=axes, language=language)
        case Multiverse():
            return multiverse(result, axes=axes, language=language)
        case Sensitivity():
            return power_scaling(result, axes=axes, language=language)
        case CrossValidation():
            return predicted_units(result, axes=axes, language=language)
        case SimulationCalibration():
            return rank_curves(result, axes=axes, language=language)
        case Peers():
            return forest(result.use, ordered=False, axes=axes, language=language)
        case LocalExplanation():
            return local_explanation(result, axes=axes, language=language)
        case Verdicts():
            return _of_estimate(result.ratio, axes, language)
        case Change():
            return _of_estimate(result.points, axes, language)
        case Trend():
            return trend(result, axes=axes, language=language)
        case Accumulation():
            return accumulation(result, axes=axes, language=language)
        case Correlations():
            return correlations(result, axes=axes, language=language)
        case Summed():
            return _of_estimate(result.ratio, axes, language)
        case Exceedance():
            return _of_estimate(result.estimate, axes, language)
        case WhatIf():
            return _of_estimate(result.change, axes, language)
        case Calibration():
            return coverage(result, axes=axes, language=language)
        case HideAndSeek():
            return treatment_scores(result, axes=axes, language=language)
        case Transforms():
            return transforms(result, axes=axes, language=language)
        case PredictiveCheck():
            return replicated(result, axes=axes, language=language)
        case Estimate():
            return _of_estimate(result, axes, language)
    raise TypeError(_("There is no picture of {kind}.").format(kind=type(result).__name__))


def _of_estimate(estimate: Estimate, axes: Axes | None, language: Language | None) -> Figure:
    """Draw a curve, effects, or areas: posteriors of a few, intervals with names of some, or intervals of many."""
    if estimate.definition.kind == "effect":
        return curve(estimate, axes=axes, language=language)
    if estimate.definition.kind == "effects":
        return effects(estimate, axes=axes, language=language)
    number = len(estimate.index)
    if number <= DENSITIES:
        return posteriors(estimate, axes=axes, language=language)
    return (forest if number <= NAMES else caterpillar)(estimate, axes=axes, language=language)
