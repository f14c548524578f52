"""Pictures of estimates, in one look, Dutch or English; each is one function that returns a matplotlib figure."""

from bayesmodel.outputs.plots.area_map import area_map
from bayesmodel.outputs.plots.caterpillar import caterpillar
from bayesmodel.outputs.plots.comparison import comparison
from bayesmodel.outputs.plots.curve import curve
from bayesmodel.outputs.plots.diagnostic import diagnostic
from bayesmodel.outputs.plots.effects import effects
from bayesmodel.outputs.plots.forest import forest
from bayesmodel.outputs.plots.funnel import funnel
from bayesmodel.outputs.plots.kinds import KINDS, Asked, picture
from bayesmodel.outputs.plots.observed_expected import observed_expected
from bayesmodel.outputs.plots.posteriors import posteriors
from bayesmodel.outputs.plots.prior_posterior import prior_posterior
from bayesmodel.outputs.plots.ranks import ranks
from bayesmodel.outputs.plots.save import save
from bayesmodel.outputs.plots.shrinkage import shrinkage
from bayesmodel.outputs.plots.variance import variance
from bayesmodel.outputs.plots.verdict_map import verdict_map
from bayesmodel.outputs.plots.waterfall import waterfall

__all__ = [
    "KINDS",
    "Asked",
    "area_map",
    "caterpillar",
    "comparison",
    "curve",
    "diagnostic",
    "effects",
    "forest",
    "funnel",
    "observed_expected",
    "picture",
    "posteriors",
    "prior_posterior",
    "ranks",
    "save",
    "shrinkage",
    "variance",
    "verdict_map",
    "waterfall",
]
