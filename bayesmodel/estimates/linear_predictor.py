"""The linear predictor and its components as plain arrays of draws, without labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.model.missing import missing_terms, missing_variance
from bayesmodel.model.overdispersion import ClusterEffect, cluster_effect
from bayesmodel.model.priors import EXCESS, SPECIAL_RATIO, SPECIAL_SHARE
from bayesmodel.study.model_parts import SPACE

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def thinned(fit: Fit, draws: int) -> Fit:
    """Return the fit with every k-th draw, for the largest k that leaves at least `draws` draws; nothing is copied."""
    if draws < 1:
        raise ComparisonError(_("Draws are a whole number of at least 1; found {draws}.").format(draws=draws))
    posterior = fit.tree["posterior"].dataset
    step = max(1, posterior.sizes["chain"] * posterior.sizes["draw"] // draws)
    taken = posterior.isel(draw=slice(None, None, step))
    return replace(fit, tree=xr.DataTree.from_dict({"posterior": taken}))


def flat(fit: Fit, name: str) -> Floats:
    """Return a variable of the posterior with chain and draw merged into one axis: a view (sample, ...)."""
    values = fit.tree["posterior"].dataset[name].to_numpy()
    return values.reshape(-1, *values.shape[2:])


def coefficients(fit: Fit) -> Floats:
    """Return the draws of the coefficients (sample, determinant); no columns in a study without determinants."""
    return flat(fit, "beta") if fit.design.names else np.zeros((len(flat(fit, "intercept")), 0))


def without_own_effect(fit: Fit, rows: Indices) -> Floats:
    """Return the linear predictor of areas, leaving out their own effect (sample, area)."""
    eta = flat(fit, "intercept")[:, None] + coefficients(fit) @ fit.design.x[rows].T
    for level in fit.study.random_effects:
        eta += flat(fit, f"effect_{level}")[:, group_of(fit, level, rows)]
    return np.asarray(eta)


def group_of(fit: Fit, level: str, rows: Indices) -> Indices:
    """Return the index of each area's group in ``effect_<level>``; of space it is the area itself."""
    if level == SPACE:
        return rows
    groups = fit.tree["posterior"][f"effect_{level}"].indexes[level]
    return np.asarray(groups.get_indexer(pd.Index(fit.counts.areas.levels[level].iloc[rows])))


MISSING_VARIANCE = "variance due to missing determinants"
"""Name under which a fit keeps it."""
KEPT = 4_000_000
"""Most numbers of it that are kept: 32 MB."""


def residual_variance_of(fit: Fit, rows: Indices) -> tuple[Floats, Indices]:
    """Return the variance of predictors due to missing determinants and overdispersion, beside that of effects.

    Parameters
    ----------
    fit : Fit
    rows : ndarray of int (area,)

    Returns
    -------
    ndarray (sample, pattern)
        A pattern is a set of missing determinants; with overdispersion each area has one of its own.
    ndarray of int (area,)
        The index of each area's pattern.
    """
    missing, pattern = missing_variance_of(fit, rows)
    extra = cluster_effect_of(fit, rows).variance
    if not extra.any():
        return missing, pattern
    return missing[:, pattern] + extra, np.arange(len(rows))


def cluster_effect_of(fit: Fit, rows: Indices) -> ClusterEffect:
    """Return what overdispersion adds to predictors, (sample or 1, area): 1 where it is not estimated.

    Its mean keeps expected shares what they are; own effects vary about it.
    """
    effect = cluster_effect(fit.counts)
    times = flat(fit, EXCESS)[:, None] if fit.study.model.estimates_overdispersion else np.ones((1, 1))
    return ClusterEffect(times * effect.mean[rows], times * effect.variance[rows])


def overdispersion_of(fit: Fit) -> Floats:
    """Return the variance of a count over that of chance (sample,); of a study that has none, ones."""
    model = fit.study.model
    if model.estimates_overdispersion:
        return 1 + flat(fit, EXCESS)
    return np.full(len(flat(fit, "intercept")), 1 + model.excess_dispersion)


def missing_variance_of(fit: Fit, rows: Indices) -> tuple[Floats, Indices]:
    """Return the variance due to missing determinants (sample, pattern), and the index of each area's pattern."""
    patterns, index = np.unique(fit.design.pattern[rows], return_inverse=True)
    beta, every = coefficients(fit), fit.design.covariances
    if len(beta) * len(every) > KEPT:
        return missing_variance(missing_terms(every[patterns]), beta), index
    if MISSING_VARIANCE not in fit.memo:
        fit.memo[MISSING_VARIANCE] = missing_variance(missing_terms(every), beta)
    return np.asarray(fit.memo[MISSING_VARIANCE][:, patterns]), index


def effect_variance(fit: Fit, names: tuple[str, ...]) -> Floats:
    """Return the summed variance of the effects of levels, and of the area where the family has one (sample,)."""
    total = np.zeros(len(flat(fit, "intercept")))
    for name in names:
        if name == fit.study.area and fit.family.area_effect:
            total += area_sd(fit) ** 2
        elif name != fit.study.area:
            total += flat(fit, f"sd_{name}") ** 2
    return total


def special_share(fit: Fit) -> Floats:
    """Return the share of special areas (sample,); zero where the area effect has a single component."""
    if SPECIAL_SHARE not in fit.tree["posterior"]:
        return np.zeros(len(flat(fit, "intercept")))
    return flat(fit, SPECIAL_SHARE)


def area_sd(fit: Fit) -> Floats:
    """Return the sd of the areas' own effects over ordinary and special areas together (sample,)."""
    wider = 1 + special_share(fit) * (SPECIAL_RATIO**2 - 1)
    return np.asarray(flat(fit, f"sd_{fit.study.area}") * np.sqrt(wider))


def dispersion(fit: Fit, rows: Indices) -> Floats:
    """Return the dispersion of areas, including what missing determinants and overdispersion add (sample, area or 1).

    Ones for families with an area effect, which have no dispersion.
    """
    if fit.family.area_effect:
        return np.ones((len(flat(fit, "intercept")), 1))
    own = flat(fit, "dispersion")[:, None]
    if not fit.family.gaussian:
        return own
    missing, pattern = residual_variance_of(fit, rows)
    return np.asarray(np.sqrt(own**2 + missing[:, pattern]))


def people(fit: Fit, rows: Indices, scale: Literal["count", "share"]) -> Floats:
    """Return the factor that turns a share into the scale: the people, or 1 (NaN where nobody lives: no share)."""
    n = fit.counts.population[rows].astype(float)
    return n if scale == "count" else np.where(n > 0, 1.0, np.nan)


def with_redrawn_effects(fit: Fit, rows: Indices, eta: Floats, rng: np.random.Generator) -> Floats:
    """Return predictors with new own effects of areas, ordinary or special, added to them (sample, area).

    What missing determinants leave open and overdispersion adds is drawn with them.

    Parameters
    ----------
    fit : Fit
    rows : ndarray of int (area,)
    eta : ndarray (sample, area)
        Linear predictors without own effects.
    rng : Generator

    Returns
    -------
    ndarray (sample, area)
        `eta` itself for a gaussian family, whose dispersion includes both.
    """
    if fit.family.gaussian:
        return eta
    own = np.zeros((len(eta), 1))
    if fit.family.area_effect:
        special = rng.random(eta.shape) < special_share(fit)[:, None]
        own = flat(fit, f"sd_{fit.study.area}")[:, None] * np.where(special, SPECIAL_RATIO, 1.0)
    (missing, pattern), centre = residual_variance_of(fit, rows), eta + cluster_effect_of(fit, rows).mean
    return np.asarray(centre + np.sqrt(own**2 + missing[:, pattern]) * rng.standard_normal(eta.shape))
