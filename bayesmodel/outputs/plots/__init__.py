"""Pictures of estimates, in one look, Dutch or English; each is one function that returns a matplotlib figure."""

from bayesmodel.outputs.plots.area_map import area_map
from bayesmodel.outputs.plots.caterpillar import caterpillar
from bayesmodel.outputs.plots.comparison import comparison
from bayesmodel.outputs.plots.forest import forest
from bayesmodel.outputs.plots.observed_expected import observed_expected
from bayesmodel.outputs.plots.posteriors import posteriors
from bayesmodel.outputs.plots.prior_posterior import prior_posterior
from bayesmodel.outputs.plots.ranks import rank_plot
from bayesmodel.outputs.plots.save import save
from bayesmodel.outputs.plots.shrinkage import shrinkage
from bayesmodel.outputs.plots.verdict_map import verdict_map

__all__ = [
    "area_map",
    "caterpillar",
    "comparison",
    "forest",
    "observed_expected",
    "posteriors",
    "prior_posterior",
    "rank_plot",
    "save",
    "shrinkage",
    "verdict_map",
]
