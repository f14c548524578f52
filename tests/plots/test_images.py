"""Pictures as images, against those in `baseline/`.

After a change that is meant, make them anew and look at each:
``pytest tests/plots/test_images.py --mpl-generate-path tests/plots/baseline``.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from bayesmodel import plots
from bayesmodel.estimates.accumulation import accumulation
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.correlation import DEFINITION, Correlations
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.effects import effects as of_determinants
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.funnel import funnel as limits_of
from bayesmodel.estimates.rank import rank
from bayesmodel.estimates.use import use
from bayesmodel.estimates.verdict_rule import VerdictRule
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.waterfall import waterfall as made_of

image = pytest.mark.mpl_image_compare(savefig_kwargs={"dpi": 60})


@image
def test_forest(fit):
    return plots.forest(use(fit, scale="share"))


@image
def test_caterpillar(fit):
    return plots.caterpillar(difference(fit, scale="points"), highlight=["WK000102", "WK000500"], language="en")


@image
def test_posteriors(fit):
    return plots.posteriors(use(fit, scale="share", areas=["WK000100", "WK000102", "WK000202"]))


@image
def test_shrinkage(fit):
    return plots.shrinkage(fit)


@image
def test_observed_expected(fit):
    return plots.observed_expected(fit, "gemeente", language="en")


@image
def test_map_of_a_difference(fit, shapes):
    return plots.area_map(difference(fit, expectation="typical", scale="ratio"), shapes)


@image
def test_map_of_actual_use(fit, shapes):
    return plots.area_map(use(fit, "actual", "share"), shapes, language="en")


@image
def test_map_of_verdicts(fit, shapes):
    rule = VerdictRule(margin=0.02, clear=0.6, probable=0.55, false_discovery=0.4)
    return plots.verdict_map(verdicts(fit, "gemeente", rule=rule), shapes)


@image
def test_comparison(fit):
    return plots.comparison(compare(fit, ["WK000100", "GM0002", "WK000102"]), language="en")


@image
def test_ranks(fit):
    return plots.ranks(rank(fit), shown=8, highest=3)


@image
def test_waterfall(fit):
    return plots.waterfall(made_of(fit, "WK000102"))


@image
def test_funnel(fit):
    return plots.funnel(limits_of(fit), language="en")


@image
def test_effects(fit):
    return plots.effects(of_determinants(fit))


def outcomes_of(fit):
    """Two fits as if of two outcomes of one model: of four wijken one is high in both, one low, one high in one."""
    found = {}
    for name, moves in {"youth": [0.4, -0.4, 0.0, 0.0], "wmo": [0.4, -0.4, 0.4, 0.0]}.items():
        move = xr.DataArray(np.tile(moves, len(fit.counts) // 4), dims=fit.study.area)
        draws = fit.posterior.assign(linear_predictor=fit.posterior["linear_predictor"] + move)
        tree = xr.DataTree.from_dict({"posterior": draws})
        found[name] = replace(fit, tree=tree, provenance={"outcomes": {"outcome": name, "joint": "one"}})
    return found


@image
def test_accumulation(fit):
    rule = VerdictRule(margin=0.02, clear=0.6, probable=0.55, false_discovery=0.4)
    return plots.accumulation(accumulation(outcomes_of(fit), rule=rule), language="en")


@image
def test_correlations(fit):
    scores = np.random.default_rng(3).normal(size=(4, 250, 2, 1)) * np.array([0.1, 0.5])[:, None]
    coords = {"chain": range(4), "draw": range(250), "level": ["wijk", "gemeente"], "pair": ["youth, wmo"]}
    draws = xr.DataArray(np.tanh(0.6 + scores), coords, ("chain", "draw", "level", "pair"))
    sizes = pd.Series([16, 6], pd.Index(["wijk", "gemeente"], name="level"))
    return plots.correlations(Correlations(Estimate(draws, DEFINITION, fit.study), (("youth", "wmo"),), sizes))
