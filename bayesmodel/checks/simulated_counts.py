"""Simulated counts: drawn from one draw of a posterior or prior, hidden by the study's own rule, with known truth.

A replicate of a posterior adds a copy of every area: in the same gemeente and region, with the same determinants and
people, but with a redrawn own effect. Then ``p(theta | y, y')`` is the posterior of a study of twice as many areas, and
the draw of ``p(theta | y)`` behind y' is distributed like any draw of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.data import AreaTable, Counts, Status, interpret_counts
from bayesmodel.data.codes import no_totals
from bayesmodel.data.interpret import masked
from bayesmodel.data.publication import window_weights
from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    cluster_effect_of,
    coefficients,
    dispersion,
    flat,
    group_of,
    residual_variance_of,
    special_share,
)
from bayesmodel.inference.fit import Fit
from bayesmodel.model.build import BuiltModel, build_model
from bayesmodel.model.design import Design
from bayesmodel.model.priors import SPECIAL_RATIO, PriorScale

Integers = NDArray[np.int64]

COPY = "*"
"""Suffix of the code of a copy."""
PREDICTOR = "linear_predictor"


@dataclass(frozen=True)
class Replicate:
    """Counts drawn from one draw, as they would be published.

    Parameters
    ----------
    lower, upper : ndarray of int64 (area,)
        Bounds of the count, inclusive.
    status : ndarray of str (area,)
        Missing where the count of the area itself is missing, or hidden to protect another one.
    weights : ndarray (area, width) or None
        As in `Counts`.
    truth : ndarray (quantity,)
        The true values, in the order of `values_of`.
    """

    lower: Integers
    upper: Integers
    status: NDArray[np.str_]
    weights: Floats | None
    truth: Floats


def posterior_replicates(fit: Fit, number: int, seed: int) -> Iterator[Replicate]:
    """Yield replicates of all areas, each from a different posterior draw.

    Parameters
    ----------
    fit : Fit
    number : int
        Number of replicates; at most the number of draws.
    seed : int

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> replicate = next(posterior_replicates(invented_fit(), 1, seed=1))
    >>> replicate.lower.shape, str(replicate.status[5])
    ((8,), 'missing')
    """
    counts, family, area = fit.counts, fit.family, fit.study.area
    people, every = counts.population, np.arange(len(counts))
    total = len(flat(fit, "intercept"))
    draws = np.random.default_rng(seed).permutation(total)[:number]
    names = sorted(map(str, fit.tree["posterior"].data_vars))
    share, own = special_share(fit), flat(fit, f"sd_{area}") if family.area_effect else np.zeros(total)
    groups = {level: group_of(fit, level, every) for level in fit.study.random_effects}
    missing, pattern = residual_variance_of(fit, every)
    shift = np.broadcast_to(cluster_effect_of(fit, every).mean, (total, len(counts)))
    spread = dispersion(fit, every)
    for order, draw in enumerate(draws):
        rng = np.random.default_rng([seed, order])
        eta = flat(fit, "intercept")[draw] + fit.design.x @ coefficients(fit)[draw]
        for level, index in groups.items():
            eta = eta + flat(fit, f"effect_{level}")[draw][index]
        if not family.gaussian:  # a gaussian dispersion already includes missing determinants
            wide = np.where(rng.random(len(eta)) < share[draw], SPECIAL_RATIO, 1.0)
            sd = np.sqrt((wide * own[draw]) ** 2 + missing[draw][pattern])
            eta = eta + shift[draw] + sd * rng.standard_normal(len(eta))
        drawn = np.clip(family.draw(rng, people, eta, np.broadcast_to(spread[draw], eta.shape)), 0, people)
        known = masked(drawn, people, counts.study.publication, rng)
        kept = np.isin(counts.status, [Status.MISSING, Status.ZERO])
        # the rule does not say which counts are hidden to protect others: these are set to not delivered
        undelivered = counts.status == Status.SECONDARY
        lower, upper = np.where(kept, counts.lower, known.lower), np.where(kept, counts.upper, known.upper)
        lower, upper = np.where(undelivered, 0, lower), np.where(undelivered, people, upper)
        status = np.where(undelivered, Status.MISSING, np.where(kept, counts.status, known.status))
        weights = window_weights(known.numbers, lower, upper, status, counts.study.publication)
        parts = [eta if name == PREDICTOR else np.ravel(flat(fit, name)[draw]) for name in names]
        yield Replicate(lower, upper, status, weights, np.concatenate(parts))


def values_of(posterior: xr.Dataset, areas: Indices, area: str) -> tuple[Floats, pd.MultiIndex]:
    """Return all draws of all estimated quantities, in a fixed order, with their labels.

    Parameters
    ----------
    posterior : Dataset
        Dims ``chain, draw, ...``.
    areas : ndarray of int
        Areas whose linear predictor is included.
    area : str
        The dim of areas.

    Returns
    -------
    ndarray (sample, quantity), MultiIndex
        Variable and label of each quantity; the label of a scalar is "".
    """
    columns, labels = [], list[tuple[str, str]]()
    for name in sorted(map(str, posterior.data_vars)):
        values = posterior[name].isel({area: areas}) if name == PREDICTOR else posterior[name]
        array = values.to_numpy()
        columns.append(array.reshape(array.shape[0] * array.shape[1], -1))
        dims = values.dims[2:]
        labels += [(name, str(label)) for label in (values.indexes[dims[0]] if dims else [""])]
    return np.concatenate(columns, axis=1), pd.MultiIndex.from_tuples(labels, names=["variable", "label"])


def doubled_counts(counts: Counts) -> Counts:
    """Return the counts followed by a copy of each area, with the count of the area itself as a placeholder.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> doubled_counts(invented_fit().counts).areas.codes[[0, 8]].tolist()
    ['WK000100', 'WK000100*']
    """
    areas = counts.areas
    codes = areas.codes.append(areas.codes + COPY).rename(areas.codes.name)
    twice = {
        name: pd.concat([getattr(areas, name)] * 2).set_axis(codes)
        for name in ("names", "levels", "published", "population", "determinants")
    }
    table = AreaTable(areas.study, level_labels=areas.level_labels, totals=no_totals(), **twice)
    weights = None if counts.weights is None else np.tile(counts.weights, (2, 1))
    lower, upper = np.tile(counts.lower, 2), np.tile(counts.upper, 2)
    return Counts(table, lower, upper, np.tile(counts.status, 2), weights=weights)


def doubled_design(design: Design) -> Design:
    """Return the design of the areas and their copies, on the scale of the original design."""
    return replace(design, x=np.concatenate([design.x] * 2), pattern=np.concatenate([design.pattern] * 2))


def with_replicate(counts: Counts, replicate: Replicate) -> Counts:
    """Return doubled counts in which the copies have the counts of a replicate."""
    half, weights = len(counts) // 2, None
    if counts.weights is not None and replicate.weights is not None:  # one rule, so the same width
        weights = np.concatenate([counts.weights[:half], replicate.weights])
    return replace(
        counts,
        lower=np.concatenate([counts.lower[:half], replicate.lower]),
        upper=np.concatenate([counts.upper[:half], replicate.upper]),
        status=np.concatenate([counts.status[:half], replicate.status]),
        weights=weights,
    )


def with_published(counts: Counts, cells: NDArray[np.str_]) -> Counts:
    """Return the counts interpreted from other published cells, in the usual way."""
    read = interpret_counts(replace(counts.areas, published=pd.Series(cells, counts.areas.codes)))
    undelivered = np.flatnonzero(read.status == Status.SECONDARY)
    return read.with_bounds(undelivered.tolist(), 0 * undelivered, read.population[undelivered], Status.MISSING)


def built_like(counts: Counts, design: Design, priors: PriorScale) -> BuiltModel:
    """Return the model of counts with a given design and priors, instead of those derived from the counts."""
    return replace(build_model(counts, design), priors=priors)
