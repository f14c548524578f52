"""The geometry that a sampler sees: where each effect is centred and along which axes coefficients move.

Nothing here changes the model: every choice is a reparameterisation, made from how much the data tell about each area
and group. The posterior is the same; the number of gradients it takes is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.levels import Chain

Floats = NDArray[np.float64]

HARDLY = 0.3
"""A level whose median group would be centred less than this is not centred at all: its sd may be near zero, where a
centred effect makes a funnel."""
FEW, HARDLY_OF_FEW = 20, 0.7
"""The same of a level with fewer groups, whose sd is so uncertain that it may be nearer zero than it is taken to be."""


@dataclass(frozen=True)
class Geometry:
    """Centring weights and axes.

    Parameters
    ----------
    centring : mapping of str to ndarray
        Per level and for the area: between 0 (not centred) and 1 (centred), one per group.
    within : tuple of ndarray
        The determinants of areas, then of groups along the first chain, each minus the mean of the group above;
        the last is the mean of each group of the last level.
    axes : ndarray (determinant, determinant)
        A rotation: the coefficients are ``prior sd * axes @ z`` with z standard normal a priori, whatever the
        rotation, and almost uncorrelated a posteriori.
    known : ndarray (determinant,)
        Precision with which the counts measure a coefficient along each axis.
    sds : mapping of str to float
        The sds that all this was worked out for: of ``area`` and of each level.
    """

    centring: Mapping[str, Floats]
    within: tuple[Floats, ...]
    axes: Floats
    known: Floats
    sds: Mapping[str, float]


def geometry_of(x: Floats, chains: tuple[Chain, ...], information: Floats, sds: Mapping[str, float]) -> Geometry:
    """Choose centring and axes from the information each area's count carries.

    For a normal effect with sd s measured with information I, centring I / (I + 1/s^2) makes effect and mean
    independent (Papaspiliopoulos, Roberts and Skoeld 2007). The axes are the eigenvectors of the generalised
    least-squares precision, found by eliminating one level after the other.

    Parameters
    ----------
    x : ndarray (area, determinant)
    chains : tuple of Chain
    information : ndarray (area,)
        Inverse variance with which a count measures its own linear predictor; 0 where nothing is known.
    sds : mapping of str to float
        Standard deviation of the effects of ``area`` and of each level, on the scale of the link, that the weights are
        worked out for.

    Returns
    -------
    Geometry
    """
    centring: dict[str, Floats] = {}
    within: list[Floats] = []
    precision = np.zeros((x.shape[1], x.shape[1]))
    for order, chain in enumerate(chains or ((),)):
        known, rows, sd = information, x, sds["area"]
        centring.setdefault("area", _centring(known, sd))
        for group in chain:
            known = known / (1 + known * sd**2)
            total = np.bincount(group.members, known, minlength=len(group.codes))
            share = (known + 1e-9) / (total + 1e-9 * np.bincount(group.members))[group.members]
            mean = np.zeros((len(group.codes), x.shape[1]))
            np.add.at(mean, group.members, rows * share[:, None])
            if order == 0:
                deviation = rows - mean[group.members]
                within.append(deviation)
                precision += (deviation * known[:, None]).T @ deviation
            known, rows, sd = total, mean, sds[group.name]
            weight = _centring(known, sd)
            least = HARDLY_OF_FEW if len(weight) < FEW else HARDLY
            centring[group.name] = np.zeros(len(weight)) if np.median(weight) < least else weight
        if order == 0:
            known = known / (1 + known * sd**2)
            deviation = rows - np.average(rows, axis=0, weights=known + 1e-9)
            precision += (deviation * known[:, None]).T @ deviation
            within.append(rows)
    known, axes = np.linalg.eigh(precision)
    return Geometry(centring, tuple(within), axes, np.maximum(known, 0.0), sds)


def _centring(information: Floats, sd: float) -> Floats:
    """Return how far each effect is centred, from the information about it."""
    return np.asarray(information / (information + 1 / sd**2))
