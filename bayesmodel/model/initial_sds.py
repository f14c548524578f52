"""About how large the effects are, in milliseconds and before any sampling: only the geometry is worked out with it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bayesmodel.data import Counts
from bayesmodel.model.families import Family
from bayesmodel.model.levels import Chain

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

CAUTION = 0.95
"""Quantile of the sum of squares that is held to be possible by chance."""
SMALLEST = 0.1
"""Of the typical sd: what is taken where the counts leave room for no effects at all."""


def crude_predictor(counts: Counts, family: Family) -> Floats:
    """Return the linear predictor that each count has by itself, a window taken at its middle (area,)."""
    people = np.maximum(counts.population, 1)
    share = ((counts.lower + counts.upper) / 2 + 0.5) / (people + 1.0)
    return np.array([family.link.predictor(float(value)) for value in np.clip(share, 1e-6, 1 - 1e-6)])


def plausible_sds(
    response: Floats, information: Floats, x: Floats, chains: tuple[Chain, ...], typical_sd: float
) -> Mapping[str, float]:
    """Return a cautious standard deviation of each level's effects, and of the areas' own.

    Moments of the residuals of a weighted regression, from the areas upwards: the sum of squares within the groups of
    a level, less what noise gives it (DerSimonian and Laird 1986). A low value is taken, which the sum of squares
    exceeds nineteen times in twenty: a centred effect mixes badly where its sd is smaller than thought.

    Parameters
    ----------
    response : ndarray (area,)
        As `crude_predictor`.
    information : ndarray (area,)
        Inverse variance with which a count measures its own linear predictor; 0 where nothing is known.
    x : ndarray (area, determinant)
    chains : tuple of Chain
    typical_sd : float
        What the weights start from.

    Returns
    -------
    mapping of str to float
        Keys ``area`` and the names of the levels.
    """
    informative = information > 0
    noise = np.divide(1.0, information, out=np.full(len(information), np.inf), where=informative)
    weight = np.sqrt(np.divide(1.0, noise + 3 * typical_sd**2))
    design = np.column_stack([np.ones(len(x)), x])
    solution = np.linalg.lstsq(design * weight[:, None], response * weight, rcond=None)[0]
    residual = np.where(informative, response - design @ solution, 0.0)
    sds: dict[str, float] = {}
    for chain in chains or ((),):
        name, value, variance = "area", residual, noise
        for group in chain:
            sds[name] = _sd_within(value, variance, group.members, typical_sd)
            value, variance = _means(value, variance + sds[name] ** 2, group.members)
            name = group.name
        sds[name] = _sd_within(value, variance, np.zeros(len(value), dtype=np.int64), typical_sd)
    return sds


def _sd_within(value: Floats, noise: Floats, members: Indices, typical_sd: float) -> float:
    """Return a low sd of values around the mean of their group, beyond their noise."""
    weight = 1.0 / (noise + typical_sd**2)
    total = np.bincount(members, weight)
    mean = np.bincount(members, weight * value) / np.maximum(total, 1e-300)
    squares = float(weight @ (value - mean[members]) ** 2)
    freedom = weight * (1 - weight / np.maximum(total, 1e-300)[members])
    known = weight > 0
    expected = float(freedom[known] @ noise[known])
    number = int(known.sum()) - len(np.unique(members[known]))
    by_chance = special.chdtri(number, 1 - CAUTION) / number if number else np.inf
    variance = (squares / by_chance - expected) / max(float(freedom.sum()), 1e-300)
    return float(np.sqrt(max(variance, (SMALLEST * typical_sd) ** 2)))


def _means(value: Floats, variance: Floats, members: Indices) -> tuple[Floats, Floats]:
    """Return the weighted mean of each group and its variance; infinite where nothing is known."""
    total = np.bincount(members, 1.0 / variance)
    mean = np.bincount(members, value / variance) / np.maximum(total, 1e-300)
    return mean, np.divide(1.0, total, out=np.full(len(total), np.inf), where=total > 0)
