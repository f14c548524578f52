"""The mode of the field given the sds, by Newton's method, and the Gaussian around it.

The bend: how far the field departs from the Gaussian at its mode, and what corrects it.

The counts of small areas are skewed, so that the mean of the field is not its mode: the slopes, averaged over the
Gaussian instead of taken at the mode, move the Gaussian to about the mean (the variational correction of van Niekerk
and Rue 2024). Missing determinants make the precision of the coefficients differ from its expectation: the exact one
comes from differences of the exact slope. Both are worked out once, at the most likely sds; they change how good a
proposal is, not what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.laplace.factor import Gaussian, eliminate, place
from bayesmodel.laplace.field import Field, column_sds, predictor, values_at
from bayesmodel.laplace.joint import Joint, Model, log_joint

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
