"""The bend: how far the field departs from the Gaussian at its mode, and what corrects it.

The counts of small areas are skewed, so that the mean of the field is not its mode: the slopes, averaged over the
Gaussian instead of taken at the mode, move the Gaussian to about the mean (the variational correction of van Niekerk
and Rue 2024). Missing determinants make the precision of the coefficients differ from its expectation: the exact one
comes from differences of the exact slope. Both are worked out once, at the most likely sds; they change how good a
proposal is, not what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bayesmodel.inference.laplace.elimination import place
from bayesmodel.inference.laplace.field import column_sds
from bayesmodel.inference.laplace.joint import Model, log_joint
from bayesmodel.inference.laplace.mode import Bend, Mode, propose, straight

Floats = NDArray[np.float64]


class Map(Protocol):
    """`map`, or that of a pool of threads."""

    def __call__[R](self, function: Callable[[Floats], R], places: Iterable[Floats], /) -> Iterable[R]:
        """Apply a function to every one of many positions."""
        ...


PAIRS = 32
"""Draws and their mirror images over which slopes are averaged; only what is not linear is left in the average."""
STEP = 1e-3
"""Of the difference in a coefficient."""
PILOTS = 24
"""Proposals by which one bend is held against the other."""
SEED = 20240117


def bend_at(model: Model, rough: Model, sds: Floats, mode: Mode, each: Map) -> Bend:
    """Return the bend at the mode given the sds.

    Parameters
    ----------
    model, rough : Model
        As `propose` takes them.
    sds : ndarray (level + 1,)
    mode : Mode
        At those sds.
    each : callable
        Applies a function to every one of many positions.
    """
    bend = straight(model.field)
    noise = np.random.default_rng(SEED).standard_normal((PAIRS, len(mode.position)))
    positions = (place(model.field, sds, mode.gaussian, z) for z in np.concatenate([noise, -noise]))
    at_mode = log_joint(model, sds, mode.position)
    slope, shift = np.zeros(len(bend.slope)), np.zeros(model.field.covariances.shape[1])
    for joint in each(lambda position: log_joint(model, sds, position), positions):
        slope += (joint.told.slope - at_mode.told.slope) / (2 * PAIRS)
        shift += (joint.told.by_variance @ joint.slope - at_mode.told.by_variance @ at_mode.slope) / (2 * PAIRS)
    bend.shift[: len(shift)] = shift
    moved = bend._replace(slope=slope)
    if not model.field.covariances.any():
        return moved
    lacking = _bounded(_lacking(model, sds, mode.position, each), mode, column_sds(model.field, sds))
    exact = moved._replace(precision=lacking)
    # with few counts the exact precision at the mode can be worse than the expected one
    pilots = [partial(_log_weight, model, rough, bend, sds, mode.position) for bend in (moved, exact)]
    return (moved, exact)[int(np.argmin([np.std(list(each(pilot, noise[:PILOTS]))) for pilot in pilots]))]


def _bounded(lacking: Floats, mode: Mode, widths: Floats) -> Floats:
    """Return what is lacking, cut off so that along no direction it takes away more than half of the precision."""
    factor = mode.gaussian.factor
    inverse = np.linalg.inv(factor)
    roots, vectors = np.linalg.eigh(inverse @ (widths[:, None] * lacking * widths) @ inverse.T)
    spread = factor @ vectors
    return np.asarray((spread * np.maximum(roots, -0.5)) @ spread.T / np.outer(widths, widths))


def _log_weight(model: Model, rough: Model, bend: Bend, sds: Floats, position: Floats, noise: Floats) -> float:
    """Return the log-weight of a proposal."""
    return propose(model, rough, bend, sds, position, noise)[1]


def _lacking(model: Model, sds: Floats, position: Floats, each: Map) -> Floats:
    """Return the exact precision of the coefficients, from differences of the slope, minus the expected one."""
    field = model.field
    known = field.covariances.shape[1]
    steps = np.zeros((known, len(position)))
    np.fill_diagonal(steps, STEP / column_sds(field, sds)[:known])
    joints = each(lambda place: log_joint(model, sds, place), [*(position + steps), *(position - steps)])
    slopes = np.array(
        [joint.told.slope @ field.x[:, :known] + joint.told.by_variance @ joint.slope for joint in joints]
    )
    exact = -(slopes[:known] - slopes[known:]) / (2 * STEP)
    here = log_joint(model, sds, position)
    weight = np.maximum(-here.told.curvature, 0.0)
    heavy = np.bincount(model.forest.pattern, weight**2 / 2, minlength=len(here.slope))
    x = field.x[:, :known]
    expected = (x * weight[:, None]).T @ x + (here.slope * heavy[:, None]).T @ here.slope
    lacking = np.zeros((len(field.column_level), len(field.column_level)))
    lacking[:known, :known] = (exact + exact.T) / 2 - expected
    return lacking
