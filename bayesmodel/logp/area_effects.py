"""The marginal log-likelihood of each count, with the area's own effect integrated out, and its derivatives.

``log integral of P(lower <= Y <= upper | v) Normal(v; eta, variance) dv`` by adaptive Gauss-Hermite quadrature, placed
by a Laplace approximation that is computed once per fit. A two-part effect takes this twice: ``1 - share`` times the
integral of ordinary areas plus `share` times that of special ones, whose variance is larger.

The derivatives to eta come from the same nodes and need only the first derivative of the family: with expectations over
v given the count, the first is E[l'(v)] and the second Cov(l'(v), v) / variance, which stays exact as the variance goes
to zero. The derivative to the variance is (second + first^2) / 2, by the heat equation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import BLOCK, ModelArrays
from bayesmodel.logp.batch_loglik import IntervalCounts, interval_counts, out_in, table_in
from bayesmodel.logp.family_callback import evaluate
from bayesmodel.logp.predictor import PARTIAL_SUMS, scatter_add, sum_of, sum_parts
from bayesmodel.logp.quadrature import (
    NODES,
    REFERENCE_NODES,
    STEP,
    TOLERANCE,
    EvalPoint,
    LaplaceApprox,
    QuadratureRule,
    excess_of,
    gauss_hermite,
    part_scale,
    variance_and_dispersion,
)
from bayesmodel.logp.vecmath import exponential, exponentiate, log_one_plus, logarithm
from bayesmodel.model.priors import MAX_SHARE
from bayesmodel.parallel import Map

Floats = NDArray[np.float64]
MAX_LOG_RATIO = 600.0
"""Upper bound of a node's log weight relative to the central node; beyond it sums would overflow."""


class AreaBlock(NamedTuple):
    """Areas as one part of the distribution of own effects has them, each array (area,)."""

    counts: IntervalCounts
    eta: Floats  # about which own effects vary
    effect_variance: Floats  # to integrate over
    dispersion: Floats
    linear_term: Floats  # of the approximation of the count
    information: Floats


class AreaLogLik(NamedTuple):
    """Marginal log-likelihood of each area and its derivatives, each (area,)."""

    value: Floats
    slope: Floats
    curvature: Floats
    by_variance: Floats
    by_scale: Floats  # sd of the own effect, or the dispersion
    by_share: Floats  # of special areas
    special: Floats  # probability of being special, given the count; zero with a one-part effect


class LogLik(NamedTuple):
    """Marginal log-likelihood of all counts and its derivatives."""

    total: float
    value: Floats  # (N,) without the constants of `arrays.log_constants`
    slope: Floats  # (N,)
    curvature: Floats  # (N,)
    by_variance: Floats  # (pattern,)
    by_params: Floats  # (A,) as in `ModelArrays`
    special: Floats  # (N,) probability that each area is special, given its count


@compiled
def marginal_loglik(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    rule: QuadratureRule,
    eta: Floats,
    area_params: Floats,
    variance: Floats,
) -> LogLik:
    """Return the marginal log-likelihood at linear predictors that exclude the areas' own effects.

    Parameters
    ----------
    arrays : ModelArrays
        With the counts and their family.
    approx : LaplaceApprox
    rule : QuadratureRule
    eta : ndarray (N,)
    area_params : ndarray (A,)
        As in `ModelArrays`.
    variance : ndarray (pattern,)
        That missing determinants leave, per missing-data pattern.

    Returns
    -------
    LogLik
    """
    size = len(eta)
    loglik, buffer, by_params = zero_loglik(size), work_buffer(rule), np.zeros(len(area_params))
    for first in range(0, size, BLOCK):
        last = min(first + BLOCK, size)
        here = AreaLogLik(
            loglik.value[first:last],
            loglik.slope[first:last],
            loglik.curvature[first:last],
            loglik.by_variance[first:last],
            loglik.by_scale[first:last],
            loglik.by_share[first:last],
            loglik.special[first:last],
        )
        area_loglik(arrays, approx, rule, first, eta[first:last], area_params, variance, STEP, here, buffer)
        add_by_params(arrays, first, here, by_params)
    by_variance = np.zeros((PARTIAL_SUMS, len(variance)))
    scatter_add(loglik.by_variance, arrays.pattern, by_variance)
    total = sum_of(loglik.value) + arrays.constant
    pattern = sum_parts(by_variance)
    return LogLik(total, loglik.value, loglik.slope, loglik.curvature, pattern, by_params, loglik.special)


@inner
def add_by_params(arrays: ModelArrays, first: int, loglik: AreaLogLik, by_params: Floats) -> None:
    """Add the derivatives to the area's parameters, of areas from `first` on (A,)."""
    by_params[0] += sum_of(loglik.by_scale)
    if arrays.parts > 1:
        by_params[1] += sum_of(loglik.by_share)
    for i in range(len(loglik.by_variance)):
        if arrays.excess_at[first + i] >= 0:
            of_mean = loglik.slope[i] * arrays.cluster_mean[first + i]
            of_variance = loglik.by_variance[i] * arrays.cluster_variance[first + i]
            by_params[arrays.excess_at[first + i]] += of_mean + of_variance


@inner
def zero_loglik(size: int) -> AreaLogLik:
    """Return zeros for some areas."""
    buffer = np.zeros((7, size))
    return AreaLogLik(buffer[0], buffer[1], buffer[2], buffer[3], buffer[4], buffer[5], buffer[6])


@inner
def work_buffer(rule: QuadratureRule) -> Floats:
    """Return scratch space for a block of areas: allocated once, as allocation takes time."""
    return np.empty(buffer_size(rule, BLOCK))


@inner
def buffer_size(rule: QuadratureRule, size: int) -> int:
    """Return the length of scratch space for `size` areas."""
    return (5 * max(len(rule.nodes), 3) + 9) * size


@inner
def area_block(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    part: int,
    first: int,
    eta: Floats,
    area_params: Floats,
    variance: Floats,
) -> AreaBlock:
    """Return the areas from `first` on, one per linear predictor."""
    scale = part_scale(arrays, area_params[0], part)
    effect_variance, dispersion, last = np.empty(len(eta)), np.empty(len(eta)), first + len(eta)
    centre = np.empty(len(eta))
    for i in range(len(eta)):
        excess = excess_of(arrays, area_params, first + i)
        centre[i] = eta[i] + excess * arrays.cluster_mean[first + i]
        besides = variance[arrays.pattern[first + i]] + excess * arrays.cluster_variance[first + i]
        effect_variance[i], dispersion[i] = variance_and_dispersion(arrays, scale, besides)
    return AreaBlock(
        interval_counts(arrays, first, last),
        centre,
        effect_variance,
        dispersion,
        approx.linear_term[part, first:last],
        approx.information[part, first:last],
    )


@inner
def area_loglik(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    rule: QuadratureRule,
    first: int,
    eta: Floats,
    area_params: Floats,
    variance: Floats,
    step: float,
    loglik: AreaLogLik,
    buffer: Floats,
) -> None:
    """Write the log-likelihood of the areas from `first` on, without the constant.

    Where there is nothing to integrate, the curvature comes from differences over `step`; none is computed if it is 0.
    """
    special = zero_loglik(len(eta) if arrays.parts > 1 else 0)
    for part in range(arrays.parts):
        here, scale = special if part else loglik, part_scale(arrays, area_params[0], part)
        block = area_block(arrays, approx, part, first, eta, area_params, variance)
        part_loglik(arrays, rule, block, step, here, buffer)
        if arrays.area_effect or arrays.gaussian:  # the sd is part of that variance
            for i in range(len(eta)):
                here.by_scale[i] = 2.0 * scale * scale / area_params[0] * here.by_variance[i]
    if arrays.parts > 1:
        mix_parts(loglik, special, min(area_params[1], MAX_SHARE))


@inner
def mix_parts(ordinary: AreaLogLik, special: AreaLogLik, share: float) -> None:
    """Write the log-likelihood of areas that are special with probability `share` into that of ordinary ones."""
    size, log_odds = len(ordinary.value), math.log(share) - math.log1p(-share)
    apart = np.empty(size)
    for i in range(size):
        apart[i] = special.value[i] - ordinary.value[i] + log_odds
    tail = exponential(-np.abs(apart))
    softened = log_one_plus(tail)
    for i in range(size):
        posterior = (1.0 if apart[i] > 0.0 else tail[i]) / (1.0 + tail[i])
        rest = 1.0 - posterior
        ordinary.value[i] += max(apart[i], 0.0) + softened[i] + math.log1p(-share)
        first, other = ordinary.slope[i], special.slope[i]
        slope = rest * first + posterior * other
        # by the law of total variance
        second = rest * ordinary.curvature[i] + posterior * special.curvature[i]
        ordinary.slope[i], ordinary.curvature[i] = slope, second + rest * posterior * (first - other) ** 2
        ordinary.by_variance[i] = rest * ordinary.by_variance[i] + posterior * special.by_variance[i]
        ordinary.by_scale[i] = rest * ordinary.by_scale[i] + posterior * special.by_scale[i]
        ordinary.by_share[i] = posterior / share - rest / (1.0 - share)
        ordinary.special[i] = posterior


@inner
def part_loglik(
    arrays: ModelArrays, rule: QuadratureRule, block: AreaBlock, step: float, loglik: AreaLogLik, buffer: Floats
) -> None:
    """Write the log-likelihood of a block of areas for one part of the distribution of own effects."""
    integrated = np.empty(len(block.effect_variance))
    for i in range(len(integrated)):
        integrated[i] = block.counts.observed_mask[i] if block.effect_variance[i] > 0.0 else 0.0
    n_observed, n_integrated = sum_of(block.counts.observed_mask), sum_of(integrated)
    if n_integrated > 0.0:
        integrated_loglik(arrays, _only(block, integrated), rule, loglik, buffer)
    if n_integrated < n_observed:
        for i in range(len(integrated)):
            integrated[i] = block.counts.observed_mask[i] - integrated[i]
        direct_loglik(arrays, _only(block, integrated), step, loglik, buffer)


@inner
def integrated_loglik(
    arrays: ModelArrays, block: AreaBlock, rule: QuadratureRule, loglik: AreaLogLik, buffer: Floats
) -> None:
    """Write the log-likelihood of observed areas with their own effects integrated out."""
    observed_mask, eta, size, nodes = block.counts.observed_mask, block.eta, len(block.eta), len(rule.nodes)
    out, v = out_in(buffer, nodes, size), table_in(buffer, 4 * nodes, nodes, size)
    work = table_in(buffer, 5 * nodes, 9, size)
    precision, neg_half_precision, sd, offset, mode = work[0], work[1], work[2], work[3], work[4]
    mass, slope_sum, node_sum, cross_sum = work[5], work[6], work[7], work[8]
    for i in range(size):
        precision[i] = 1.0 / block.effect_variance[i]
    for i in range(size):
        neg_half_precision[i] = -0.5 * precision[i]
    for i in range(size):
        sd[i] = 1.0 / np.sqrt(block.information[i] + precision[i])
    for i in range(size):
        mode[i] = (block.linear_term[i] + eta[i] * precision[i]) * sd[i] * sd[i]
    for i in range(size):
        offset[i] = mode[i] - eta[i]
    for k in range(nodes):
        for i in range(size):
            v[k, i] = mode[i] + rule.nodes[k] * sd[i]
    evaluate(arrays, block.counts, v, block.dispersion, out)
    weight, slope, log_peak = out.value, out.slope, mode
    for i in range(size):  # the central node is near the mode: it serves as the largest term
        log_peak[i] = weight[nodes // 2, i] + offset[i] * offset[i] * neg_half_precision[i]
    for k in range(nodes):
        node, log_weight = rule.nodes[k], rule.log_weights[k]
        for i in range(size):
            distance = offset[i] + node * sd[i]
            weight[k, i] = min(
                distance * distance * neg_half_precision[i] + (weight[k, i] + log_weight - log_peak[i]), MAX_LOG_RATIO
            )
    exponentiate(weight.ravel(), out.buffer)
    work[5:] = 0.0
    for k in range(nodes):
        node = rule.nodes[k]
        for i in range(size):
            mass[i] += weight[k, i]
        for i in range(size):
            slope_sum[i] += weight[k, i] * slope[k, i]
        for i in range(size):
            node_sum[i] += node * weight[k, i]
        for i in range(size):
            cross_sum[i] += node * weight[k, i] * slope[k, i]
    scale = np.empty(size)
    for i in range(size):
        scale[i] = sd[i] * mass[i] * np.sqrt(precision[i])
    logs_of_mass = logarithm(scale)
    for i in range(size):
        if observed_mask[i] != 0.0:
            first = slope_sum[i] / mass[i]
            # Cov(slope, v), from the covariance of slope and node times the sd
            second = (cross_sum[i] - first * node_sum[i]) / mass[i] * sd[i] * precision[i]
            loglik.value[i], loglik.slope[i], loglik.curvature[i] = log_peak[i] + logs_of_mass[i], first, second
            loglik.by_variance[i] = 0.5 * (second + first * first)
    if not arrays.area_effect:
        for i in range(size):
            if observed_mask[i] != 0.0:
                for k in range(nodes):
                    loglik.by_scale[i] += weight[k, i] * out.by_dispersion[k, i] / mass[i]


@inner
def direct_loglik(arrays: ModelArrays, block: AreaBlock, step: float, loglik: AreaLogLik, buffer: Floats) -> None:
    """Write the log-likelihood of observed areas at their linear predictors, without integration."""
    counts, size, dispersion = block.counts, len(block.eta), block.dispersion
    steps = step * dispersion if arrays.gaussian else np.full(size, step)
    nodes = 3 if step > 0.0 else 1
    out, v = out_in(buffer, nodes, size), table_in(buffer, 4 * nodes, nodes, size)
    for k in range(nodes):  # at, above and below
        for i in range(size):
            v[k, i] = block.eta[i] + (0.0, 1.0, -1.0)[k] * steps[i]
    evaluate(arrays, counts, v, dispersion, out)
    for i in range(size):
        if counts.observed_mask[i] != 0.0:
            loglik.value[i], loglik.slope[i] = out.value[0, i], out.slope[0, i]
            loglik.by_scale[i] = out.by_dispersion[0, i]
            if nodes > 1:
                loglik.curvature[i] = (out.slope[1, i] - out.slope[2, i]) / (2.0 * steps[i])
            if arrays.gaussian:
                loglik.by_variance[i] = 0.5 * out.by_dispersion[0, i] / dispersion[i]


@inner
def _only(block: AreaBlock, observed_mask: Floats) -> AreaBlock:
    """Return the block with another mask of observed counts."""
    counts = block.counts
    masked = IntervalCounts(
        observed_mask, counts.lower, counts.upper, counts.people, counts.log_people, counts.wide, counts.weights
    )
    return AreaBlock(masked, block.eta, block.effect_variance, block.dispersion, block.linear_term, block.information)


def choose_rule(
    arrays: ModelArrays, approx: LaplaceApprox, points: Sequence[EvalPoint], each: Map = map
) -> QuadratureRule:
    """Return the smallest rule within `TOLERANCE` of one of many more nodes at every test point."""
    for nodes in NODES:
        rule = gauss_hermite(nodes)
        if rule_error(arrays, approx, rule, points, each) < TOLERANCE:
            break
    return rule


def rule_error(
    arrays: ModelArrays, approx: LaplaceApprox, rule: QuadratureRule, points: Sequence[EvalPoint], each: Map = map
) -> float:
    """Return the largest error of the log-likelihood over test points, apart from the error they have in common."""
    reference = gauss_hermite(max(REFERENCE_NODES, 2 * len(rule.nodes) + 1))

    def error(point: EvalPoint) -> float:
        return (
            marginal_loglik(arrays, approx, rule, *point).total
            - marginal_loglik(arrays, approx, reference, *point).total
        )

    off = list(each(error, points))
    return float(np.abs(np.array(off) - np.median(off)).max())
