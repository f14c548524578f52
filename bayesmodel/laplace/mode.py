"""The mode of the field given the sds, by Newton's method, and the Gaussian around it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.inference.laplace.elimination import Gaussian, eliminate, place
from bayesmodel.inference.laplace.field import Field, predictor, values_at
from bayesmodel.inference.laplace.joint import Joint, Model, log_joint
from bayesmodel.model.density.compiled import compiled, inner

Floats = NDArray[np.float64]

STEPS = 60
HALVINGS = 30
MOVES = 4
NEARBY = 0.1
"""Change of a linear predictor after which a proposal is made without a further step."""
FARTHEST = 4.0
"""Most that one step may change a linear predictor: beyond that a parabola says nothing of a count."""


class Bend(NamedTuple):
    """What the field's departure from a Gaussian adds to the slopes and the precision at its mode."""

    slope: Floats  # (N,) of each count
    shift: Floats  # (D,) in the coefficients, by way of the missing variance
    precision: Floats  # (D, D) of the coefficients


class Mode(NamedTuple):
    """Where the field is most likely given the sds.

    The evidence is Laplace's: the log-density of counts and field at the mode over that of the Gaussian there, about
    log p(counts | sds).
    """

    position: Floats
    gaussian: Gaussian
    log_evidence: float
    steps: int


def straight(field: Field) -> Bend:
    """Return no bend at all."""
    columns = len(field.column_level)
    return Bend(np.zeros(len(field.group)), np.zeros(columns), np.zeros((columns, columns)))


@inner
def gaussian_at(model: Model, bend: Bend, sds: Floats, joint: Joint) -> Gaussian:
    """Return the Gaussian of one Newton step from a position.

    The curvature by way of the missing variance is the expected one, ``(second derivative)^2 / 2`` per area: always
    positive; what it lacks is in the bend. The slope is exact, so that the mode is.
    """
    eta, told, slope, patterns = joint.eta, joint.told, joint.slope, model.forest.pattern
    known = slope.shape[1]
    weight, response = np.empty(len(eta)), np.empty(len(eta))
    heavy = np.zeros(len(slope))
    for i in range(len(eta)):
        weight[i] = max(-told.curvature[i], 0.0)
        response[i] = weight[i] * eta[i] + told.slope[i] + bend.slope[i]
        heavy[patterns[i]] += 0.5 * weight[i] * weight[i]
    precision, shift = bend.precision.copy(), bend.shift.copy()
    for j in range(len(shift)):
        for m in range(len(shift)):
            shift[j] += precision[j, m] * joint.beta[m]
    for p in range(len(slope)):
        along = 0.0
        for j in range(known):
            along += slope[p, j] * joint.beta[j]
        for j in range(known):
            shift[j] += slope[p, j] * (told.by_variance[p] + heavy[p] * along)
            for m in range(j + 1):
                precision[j, m] += heavy[p] * slope[p, j] * slope[p, m]
    return eliminate(model.field, sds, weight, response, precision, shift)


@compiled
def step(model: Model, bend: Bend, sds: Floats, joint: Joint) -> tuple[Gaussian, Floats, float]:
    """Return the Gaussian of one Newton step, its mean, and how far that moves a linear predictor at most."""
    gaussian = gaussian_at(model, bend, sds, joint)
    target = place(model.field, sds, gaussian, np.zeros(len(model.field.column_level) + len(model.field.parent)))
    beta, values = values_at(model.field, sds, target)
    change = 0.0
    for i, eta in enumerate(predictor(model.field, beta, values)):
        change = max(change, abs(eta - joint.eta[i]))
    return gaussian, target, change


def newton(model: Model, sds: Floats, start: Floats, tolerance: float) -> Mode:
    """Return the mode of the field given the sds.

    Not compiled, like `propose`: each function that is compiled around the likelihood compiles it once more.

    Parameters
    ----------
    model : Model
    sds : ndarray (level + 1,)
        Of the levels, then of the areas (or the dispersion).
    start : ndarray (D + G + 1,)
    tolerance : float
        Change of a linear predictor at which the position has settled.
    """
    position, none, joint = start, straight(model.field), log_joint(model, sds, start)
    for steps in range(1, STEPS + 1):  # noqa: B007 used after
        gaussian, target, change = step(model, none, sds, joint)
        share, total = min(1.0, FARTHEST / max(change, FARTHEST)), joint.total
        for _ in range(HALVINGS):
            trial = position + share * (target - position)
            joint = log_joint(model, sds, trial)
            if joint.total >= total - 1e-9 * abs(total):
                break
            share *= 0.5
        position = trial
        if change < tolerance:
            break
    return Mode(position, gaussian, joint.total - 0.5 * gaussian.log_determinant, steps)


def propose(model: Model, rough: Model, bend: Bend, sds: Floats, near: Floats, noise: Floats) -> tuple[Floats, float]:
    """Return a draw of the field, and log p(counts, field | sds) minus the log-density it was drawn with.

    Parameters
    ----------
    model : Model
    rough : Model
        The same with fewer quadrature nodes, for the Gaussian that is drawn from: the weight knows what it was.
    bend : Bend
    sds : ndarray (level + 1,)
    near : ndarray (D + G + 1,)
        Close to the mode: the mean of the Gaussian is mostly one Newton step from it.
    noise : ndarray (D + G + 1,)
        Standard normal numbers.
    """
    for _ in range(MOVES):
        gaussian, near, change = step(rough, bend, sds, log_joint(rough, sds, near))
        if change < NEARBY:
            break
    position = place(model.field, sds, gaussian, noise)
    reached = log_joint(model, sds, position).total
    return position, reached + 0.5 * float(noise @ noise) - 0.5 * gaussian.log_determinant
