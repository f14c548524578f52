"""The mode of the latent field given the sds, the Gaussian around it, and its correction for skewness.

Counts of small areas are skewed, so that the mean of the field is not its mode: gradients averaged over the Gaussian
instead of taken at the mode move it to about the mean (the variational correction of van Niekerk and Rue 2024). With
missing determinants the precision of the coefficients differs from its expectation: the exact one comes from
differences of the gradient. Both corrections are computed once, at the mode of the sds; they improve proposals and do
not change the target.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import logsumexp

from bayesmodel.compiled import compiled
from bayesmodel.laplace.factor import Gaussian, eliminate, sample_field
from bayesmodel.laplace.field import LatentField, predictor
from bayesmodel.laplace.hard_groups import HardGroups
from bayesmodel.laplace.joint import Joint, Model, log_joint
from bayesmodel.laplace.leaf_effects import LeafEffects
from bayesmodel.laplace.special_choice import choose_special
from bayesmodel.parallel import Map

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

STEPS = 60
"""Newton steps to the mode."""
HALVINGS = 30
"""Of one Newton step."""
MOVES = 4
"""Newton steps of a proposal."""
NEARBY = 0.1
"""Change of a linear predictor below which a proposal needs no further Newton step."""
FARTHEST = 4.0
"""Largest change of a linear predictor in one Newton step: beyond it the quadratic approximation fails."""


class SkewnessCorrection(NamedTuple):
    """Corrections of gradient and precision at the mode for skewness and missing determinants."""

    slope: Floats  # (N,) of each count
    weight: Floats  # (N,) of each count: its mean curvature, negated, minus that at the mode
    shift: Floats  # (D,) gradient of the coefficients through the missing-data variance
    precision: Floats  # (D, D) of the coefficients


class Parabola(NamedTuple):
    """A log-likelihood to the second order, as `eliminate` takes it."""

    weight: Floats  # (N,)
    response: Floats  # (N,)
    precision: Floats  # (D, D) lower triangle
    shift: Floats  # (D,)


class Mode(NamedTuple):
    """The mode of the field given the sds.

    The log evidence is the Laplace approximation of log p(counts | sds): the log density of counts and field at the
    mode minus that of the Gaussian there.
    """

    position: Floats
    gaussian: Gaussian
    log_evidence: float
    steps: int


class Proposal(NamedTuple):
    """A draw of the field given the sds."""

    position: Floats  # (S + D,)
    log_weight: float  # log p(counts, field | sds) minus the log density of the draw
    distance: float  # squared, from the mean of its Gaussian


def no_correction(field: LatentField) -> SkewnessCorrection:
    """Return a correction of zero."""
    columns, areas = len(field.width), len(field.x)
    return SkewnessCorrection(np.zeros(areas), np.zeros(areas), np.zeros(columns), np.zeros((columns, columns)))


@compiled
def parabola_at(patterns: Indices, correction: SkewnessCorrection, joint: Joint, slope: Floats) -> Parabola:
    """Return the log-likelihood around a position, to the second order.

    The curvature through the missing-data variance is its expectation, ``(second derivative)^2 / 2`` per area: always
    positive; the rest is in the correction. The gradient is exact, and therefore the mode.

    Parameters
    ----------
    patterns : ndarray of int (N,)
        Of missing determinants.
    correction : SkewnessCorrection
    joint : Joint
    slope : ndarray (pattern, K)
        Gradient of the missing-data variance to the coefficients.
    """
    eta, loglik = joint.eta, joint.loglik
    known = slope.shape[1]
    weight, response = np.empty(len(eta)), np.empty(len(eta))
    curvature_weight = np.zeros(len(slope))
    for i in range(len(eta)):
        weight[i] = max(-loglik.curvature[i] + correction.weight[i], 0.0)
        response[i] = weight[i] * eta[i] + loglik.slope[i] + correction.slope[i]
        curvature_weight[patterns[i]] += 0.5 * weight[i] * weight[i]
    precision, shift = correction.precision.copy(), correction.shift.copy()
    for j in range(len(shift)):
        for m in range(len(shift)):
            shift[j] += precision[j, m] * joint.beta[m]
    for p in range(len(slope)):
        along = 0.0
        for j in range(known):
            along += slope[p, j] * joint.beta[j]
        for j in range(known):
            if slope[p, j] == 0.0:  # known in this pattern, as most are
                continue
            shift[j] += slope[p, j] * (loglik.by_variance[p] + curvature_weight[p] * along)
            for m in range(j + 1):
                precision[j, m] += curvature_weight[p] * slope[p, j] * slope[p, m]
    return Parabola(weight, response, precision, shift)


def step(model: Model, correction: SkewnessCorrection, sds: Floats, joint: Joint) -> tuple[Gaussian, Floats, float]:
    """Return the Gaussian of one Newton step, its mean, and the largest change of a linear predictor."""
    around = parabola_at(model.arrays.pattern, correction, joint, model.missing_slope(joint))
    gaussian = eliminate(model.field, sds, around.weight, around.response, around.precision, around.shift)
    target, _distance = sample_field(model.field, gaussian, np.zeros(len(model.field.level) + len(model.field.width)))
    change = np.abs(predictor(model.field, sds, target) - joint.eta).max(initial=0.0)
    return gaussian, target, float(change)


def newton(model: Model, sds: Floats, start: Floats, tolerance: float) -> Mode:
    """Return the mode of the field given the sds.

    Parameters
    ----------
    model : Model
    sds : ndarray (level + 1,)
        Of the levels, then of the areas (or the dispersion).
    start : ndarray (S + D,)
    tolerance : float
        Change of a linear predictor at which the mode is taken as found.
    """
    position, none, joint = start, no_correction(model.field), log_joint(model, sds, start)
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


def propose(
    model: Model,
    coarse: Model,
    correction: SkewnessCorrection,
    sds: Floats,
    near: Floats,
    noise: Floats,
    hard: HardGroups | None = None,
    rng: Generator | None = None,
    leaves: LeafEffects | None = None,
    few_areas: bool = False,
) -> Proposal:
    """Return a draw of the field, weighed.

    Parameters
    ----------
    model : Model
    coarse : Model
        The same with fewer quadrature nodes, for the proposal: its weight accounts for the difference.
    correction : SkewnessCorrection
    sds : ndarray (level + 1,)
    near : ndarray (S + D,)
        Close to the mode: usually one Newton step away.
    noise : ndarray (S + D,)
        Standard normal numbers; zeros for hard groups.
    hard : HardGroups, optional
        Groups far from normal, whose effects are drawn by numbers of `rng`.
    rng : Generator, optional
    leaves : LeafEffects, optional
        Effects that are drawn from their own conditional, given the rest.
    few_areas : bool
        Whether numbers of `rng` choose which areas are special before the field is drawn.
    """
    for _ in range(MOVES):
        joint = log_joint(coarse, sds, near)
        gaussian, near, change = step(coarse, correction, sds, joint)
        if change < NEARBY:
            break
    if few_areas and rng is not None:
        around = parabola_at(coarse.arrays.pattern, correction, joint, coarse.missing_slope(joint))
        areas = choose_special(coarse, sds, gaussian, joint, around.weight, around.response, rng)
        gaussian = eliminate(coarse.field, sds, areas.precision, areas.response, around.precision, around.shift)
        position, distance = sample_field(model.field, gaussian, noise)
        joint = log_joint(model, sds, position)
        both = joint.total + areas.log_ratio(joint.loglik.special)
        return Proposal(position, both + 0.5 * distance - 0.5 * gaussian.log_determinant, distance)
    if leaves is not None:
        rest = noise.copy()
        rest[leaves.groups] = 0.0
        position = sample_field(model.field, gaussian, rest)[0]
        position, apart = leaves.drawn(coarse, sds, gaussian, position, noise[leaves.groups])
        distance = float(noise @ noise)
        reached = log_joint(model, sds, position).total + apart
        return Proposal(position, reached + 0.5 * distance - 0.5 * gaussian.log_determinant, distance)
    (position, distance), apart = sample_field(model.field, gaussian, noise), 0.0
    if hard is not None and rng is not None:
        position, apart = hard.drawn(coarse, sds, gaussian, position, rng)
    reached = log_joint(model, sds, position).total + apart
    return Proposal(position, reached + 0.5 * distance - 0.5 * gaussian.log_determinant, distance)


PAIRS = 32
"""Antithetic pairs over which gradients are averaged: the linear part cancels."""
STEP = 1e-3
"""Step of differences in a coefficient."""
PILOTS = 24
"""Proposals by which two corrections are compared."""
FEW_PAIRS = 4
"""Antithetic pairs of proposals whose mean weight tells the evidence: they are the same at all sds."""
SEED = 20240117


def skewness_correction(model: Model, coarse: Model, sds: Floats, mode: Mode, each: Map) -> SkewnessCorrection:
    """Return the correction at the mode given the sds.

    Parameters
    ----------
    model, coarse : Model
        As `propose` takes them.
    sds : ndarray (level + 1,)
    mode : Mode
        At those sds.
    each : callable
        `map`, or that of a pool of threads.
    """
    none = no_correction(model.field)
    noise = np.random.default_rng(SEED).standard_normal((PAIRS, len(mode.position)))
    positions = (sample_field(model.field, mode.gaussian, z)[0] for z in np.concatenate([noise, -noise]))
    at_mode = log_joint(model, sds, mode.position)
    slope, weight, shift = np.zeros(len(none.slope)), np.zeros(len(none.slope)), np.zeros(len(model.arrays.axes))
    missing = model.missing_gradient(at_mode)
    for joint in each(lambda position: log_joint(model, sds, position), positions):
        slope += (joint.loglik.slope - at_mode.loglik.slope) / (2 * PAIRS)
        weight -= (joint.loglik.curvature - at_mode.loglik.curvature) / (2 * PAIRS)
        shift += (model.missing_gradient(joint) - missing) / (2 * PAIRS)
    none.shift[: len(shift)] = shift
    first_order = none._replace(slope=slope, weight=weight)
    if not model.arrays.terms.any():
        return first_order
    missing_precision = _bounded(_precision_correction(model, sds, mode.position, each), mode, model.field.width)
    exact = first_order._replace(precision=missing_precision)
    # with few counts the exact precision at the mode can be a worse proposal than the expected one
    spreads = [
        spread_of_weights(model, coarse, correction, sds, mode.position, each) for correction in (first_order, exact)
    ]
    return (first_order, exact)[int(np.argmin(spreads))]


def spread_of_weights(
    model: Model,
    coarse: Model,
    correction: SkewnessCorrection,
    sds: Floats,
    position: Floats,
    each: Map,
    leaves: LeafEffects | None = None,
    few_areas: bool = False,
) -> float:
    """Return the sd of the log weights of a few proposals given the sds, always from the same noise.

    It is infinite where one of them has no Gaussian.

    Parameters
    ----------
    model, coarse, correction
        As `propose` takes them.
    sds : ndarray (level + 1,)
    position : ndarray (S + D,)
        Near the mode.
    each : callable
        `map`, or that of a pool of threads.
    leaves : LeafEffects, optional
    few_areas : bool
    """
    noise = np.random.default_rng(SEED).standard_normal((PAIRS, len(position)))[:PILOTS]

    def weight(pilot: int) -> float:
        z, rng = noise[pilot], np.random.default_rng([SEED, pilot])
        return propose(model, coarse, correction, sds, position, z, None, rng, leaves, few_areas).log_weight

    try:
        weights = list(each(weight, range(PILOTS)))
    except np.linalg.LinAlgError:
        return np.inf
    return float(np.std(weights)) if np.isfinite(weights).all() else np.inf


def mean_log_weights(
    model: Model,
    coarse: Model,
    correction: SkewnessCorrection,
    hard: HardGroups | None,
    sds: Floats,
    near: Floats,
    each: Map,
    leaves: LeafEffects | None = None,
) -> Floats:
    """Return the log of the mean weight of a few proposals at each of some sds, always from the same noise (point,).

    That is log p(counts | sds) without the error of the Laplace approximation, apart from what the noise adds at all
    sds alike; it is not finite where a proposal has no Gaussian.

    Parameters
    ----------
    model, coarse, correction, hard, leaves
        As `propose` takes them.
    sds : ndarray (point, level + A)
    near : ndarray (point, S + D)
        Close to the mode of the field at each.
    each : callable
        `map`, or that of a pool of threads.
    """
    noise = np.random.default_rng(SEED).standard_normal((FEW_PAIRS, near.shape[1]))
    noise = np.concatenate([noise, -noise])
    if hard is not None:
        noise[:, hard.groups] = 0.0

    def weight(number: int) -> float:
        point, i = divmod(number, len(noise))
        rng = np.random.default_rng([SEED, i])
        return propose(model, coarse, correction, sds[point], near[point], noise[i], hard, rng, leaves).log_weight

    try:
        weights = np.reshape(list(each(weight, range(len(sds) * len(noise)))), (len(sds), -1))
    except np.linalg.LinAlgError:
        return np.full(len(sds), np.nan)
    return np.asarray(logsumexp(weights, axis=1) - np.log(len(noise)))


def _bounded(missing_precision: Floats, mode: Mode, widths: Floats) -> Floats:
    """Return a correction of the precision, truncated so that no direction loses more than half of its precision."""
    factor = mode.gaussian.factor
    inverse = np.linalg.inv(factor)
    roots, vectors = np.linalg.eigh(inverse @ (widths[:, None] * missing_precision * widths) @ inverse.T)
    directions = factor @ vectors
    return np.asarray((directions * np.maximum(roots, -0.5)) @ directions.T / np.outer(widths, widths))


def _precision_correction(model: Model, sds: Floats, position: Floats, each: Map) -> Floats:
    """Return the exact precision of the coefficients, from differences of the gradient, minus the expected one."""
    field = model.field
    known = len(model.arrays.axes)
    steps = np.zeros((known, len(position)))
    np.fill_diagonal(steps[:, len(field.level) :], STEP / field.width[:known])
    joints = each(lambda moved: log_joint(model, sds, moved), [*(position + steps), *(position - steps)])
    x = field.x[:, :known]
    gradients = np.array([joint.loglik.slope @ x + model.missing_gradient(joint) for joint in joints])
    exact = -(gradients[:known] - gradients[known:]) / (2 * STEP)
    here = log_joint(model, sds, position)
    slope = model.missing_slope(here)
    weight = np.maximum(-here.loglik.curvature, 0.0)
    curvature_weight = np.bincount(model.arrays.pattern, weight**2 / 2, minlength=len(slope))
    expected = (x * weight[:, None]).T @ x + (slope * curvature_weight[:, None]).T @ slope
    missing_precision = np.zeros((len(field.width), len(field.width)))
    missing_precision[:known, :known] = (exact + exact.T) / 2 - expected
    return missing_precision
