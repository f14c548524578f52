"""Pictures of estimates, in one look, Dutch or English; each is one function that returns a matplotlib figure."""

from bayesmodel.outputs.plots.area_map import area_map
from bayesmodel.outputs.plots.caterpillar import caterpillar
from bayesmodel.outputs.plots.comparison import comparison
from bayesmodel.outputs.plots.effects import effects
from bayesmodel.outputs.plots.forest import forest
from bayesmodel.outputs.plots.funnel import funnel
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
    "area_map",
    "caterpillar",
    "comparison",
    "effects",
    "forest",
    "funnel",
    "observed_expected",
    "posteriors",
    "prior_posterior",
    "ranks",
    "save",
    "shrinkage",
    "variance",
    "verdict_map",
    "waterfall",
]
