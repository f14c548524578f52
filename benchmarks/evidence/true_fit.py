"""The truth of an invented country as a fit of one draw, so that every estimate gives the true value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logit

from bayesmodel import Fit
from bayesmodel.example import ExampleTruth
from bayesmodel.study.model_parts import SPACE, Space


def true_fit(fit: Fit, truth: ExampleTruth, *, field: bool = False) -> Fit:
    """Return a binomial fit whose one draw holds the true parameters, and whose counts are the true ones.

    Where determinants are missing, an expectation is that given the known ones, under the fit's own description of what
    the missing ones are given those. The true effects of areas are effects of space if they are a `field`, their own
    otherwise, whatever the model of the fit; counts vary as chance makes them.
    """
    space = Space() if field else None
    model = fit.study.model.model_copy(update={"space": space, "overdispersion": 1.0})
    study = fit.study.model_copy(update={"model": model})
    fit = replace(fit, counts=fit.counts.with_study(study))
    codes, design = fit.counts.areas.codes, fit.design
    names = list(fit.study.determinant_names)
    slopes = truth.coefficients[names] / truth.spread[names]
    intercept = truth.intercept + float((slopes * (design.centre - truth.centre[names])).sum())
    counts = truth.counts.loc[codes].to_numpy()
    variables = {
        "intercept": (("chain", "draw"), [[intercept]]),
        "beta": (("chain", "draw", "determinant"), (slopes.to_numpy() * design.scale)[None, None]),
        "linear_predictor": (("chain", "draw", fit.study.area), logit(truth.rate.loc[codes].to_numpy())[None, None]),
    }
    for name, sd in truth.sds.items():
        variables[f"sd_{name}"] = (("chain", "draw"), [[sd]])
        if name != fit.study.area:
            groups = pd.Index(fit.tree["posterior"][f"effect_{name}"].indexes[name])
            effects = truth.effects[name].loc[groups].to_numpy()
            variables[f"effect_{name}"] = (("chain", "draw", name), effects[None, None])
    if field:
        effects = truth.effects[study.area].loc[codes].to_numpy()
        variables[f"effect_{SPACE}"] = (("chain", "draw", study.area), effects[None, None])
        variables[f"sd_{SPACE}"] = variables[f"sd_{study.area}"]
        variables[f"sd_{study.area}"] = (("chain", "draw"), [[0.0]])
    coords = {dim: index for dim, index in fit.posterior.indexes.items() if dim not in ("chain", "draw")}
    draw = xr.Dataset(variables, coords=coords | {"chain": [0], "draw": [0]})
    return replace(
        fit, counts=replace(fit.counts, lower=counts, upper=counts), tree=xr.DataTree.from_dict({"posterior": draw})
    )


def covered(draws: np.ndarray, truth: np.ndarray, probability: float = 0.9) -> np.ndarray:
    """Return whether the equal-tailed interval of draws (sample, ...) holds the truth (...)."""
    tail = (1 - probability) / 2
    lower, upper = np.quantile(draws, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return np.asarray((lower <= truth) & (truth <= upper))
