"""Pictures of estimates in one style, in Dutch or English; each is a function that returns a matplotlib figure."""

from bayesmodel.plots.check_plots import coverage, replicated, transforms, treatment_scores
from bayesmodel.plots.decompositions import variance, waterfall
from bayesmodel.plots.effect_plots import curve, effects
from bayesmodel.plots.interval_plots import caterpillar, forest, ranks
from bayesmodel.plots.local_plots import local_explanation
from bayesmodel.plots.maps import area_map, verdict_map
from bayesmodel.plots.model_checks import diagnostic, prior_posterior, publication
from bayesmodel.plots.outcome_plots import accumulation, correlations
from bayesmodel.plots.posteriors import comparison, posteriors
from bayesmodel.plots.registry import PICTURES, PlotRequest, picture
from bayesmodel.plots.robustness import multiverse, power_scaling, predicted_units, rank_curves
from bayesmodel.plots.save import save
from bayesmodel.plots.scatter import funnel, observed_expected, shrinkage
from bayesmodel.plots.special_areas import special_areas

__all__ = [
    "PICTURES",
    "PlotRequest",
    "accumulation",
    "area_map",
    "caterpillar",
    "comparison",
    "correlations",
    "coverage",
    "curve",
    "diagnostic",
    "effects",
    "forest",
    "funnel",
    "local_explanation",
    "multiverse",
    "observed_expected",
    "picture",
    "posteriors",
    "power_scaling",
    "predicted_units",
    "prior_posterior",
    "publication",
    "rank_curves",
    "ranks",
    "replicated",
    "save",
    "shrinkage",
    "special_areas",
    "transforms",
    "treatment_scores",
    "variance",
    "verdict_map",
    "waterfall",
]
