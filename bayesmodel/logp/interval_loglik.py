"""The interval log-likelihood of one count with its two derivatives, per family.

Each function returns ``(log P(lower <= Y <= upper), d / d eta, d / d dispersion)``. Terms that depend on neither are
left to the caller, who adds them once. A window is summed from its upper end by ``S <- unit + r S``, with S and its
derivatives rescaled whenever they grow large, so that no width overflows; narrow windows are summed for many counts at
once, in vector instructions.

Where a count in a window is published so with a probability only (`weights`, of the counts from `lower` on), the sum is
``S <- weight unit + r S``. Without weights they are None, and that code is left out when the rest is compiled.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.vecmath import HALF_LOG_TWO_PI, digamma, expit, log_normal_cdf, logarithm, softplus

LogLikTerms = tuple[float, float, float]
Weights = Any
"""Probabilities (width,) of a window, or (row, width) of several; or None."""

LARGE = 1e150
"""Times one more ratio, of about e^300, it is still finite."""


@inner
def weight_at(weights: Weights, above: float) -> float:
    """Return the probability with which a count that far above the lowest is published so; 1 beyond the table."""
    return 1.0 if weights is None or above >= len(weights) else weights[int(above)]


@inner
def truncated_upper(lower: float, upper: float, peak: float) -> float:
    """Return the upper bound, or a count beyond which a distribution with that peak has no mass a double can hold.

    A window may reach up to everyone, thousands of counts above its lower bound.
    """
    about = max(lower, peak)
    return min(upper, math.floor(about + 12.0 * math.sqrt(about) + 60.0))


@compiled
def window_above(
    lower: float, upper: float, first: float, step: float, odds: float, weights: Weights = None
) -> tuple[float, float]:
    """Return log sum_k w(k) f(k) / f(lower) over the window, and its derivative to log odds.

    For neighbours with f(k) / f(k - 1) = (first + step k) / k odds: binomial and Poisson.
    """
    k = truncated_upper(lower, upper, first * odds / (1.0 - step * odds))
    total, change, unit, log_unit = weight_at(weights, k - lower), 0.0, 1.0, 0.0
    while k > lower:
        ratio = (first + step * k) / k * odds
        change = ratio * (total + change)
        total = unit * weight_at(weights, k - lower - 1.0) + ratio * total
        if total > LARGE:
            total, change, unit, log_unit = total / LARGE, change / LARGE, unit / LARGE, log_unit + math.log(LARGE)
        k -= 1.0
    return math.log(total) + log_unit, change / total


@compiled
def binomial(
    lower: float, upper: float, n: float, eta: float, dispersion: float, weights: Weights = None
) -> LogLikTerms:
    """Return the terms of a binomial without log C(n, lower)."""
    tail = math.exp(-abs(eta))
    value = lower * eta - n * (max(eta, 0.0) + math.log(1.0 + tail))
    slope = lower - n * (1.0 if eta > 0.0 else tail) / (1.0 + tail)
    if upper > lower or weights is not None:
        more, change = window_above(lower, upper, n + 1.0, -1.0, math.exp(min(eta, 300.0)), weights)
        value, slope = value + more, slope + change
    return value, slope, 0.0


@compiled
def poisson(
    lower: float, upper: float, n: float, eta: float, dispersion: float, weights: Weights = None
) -> LogLikTerms:
    """Return the terms of a Poisson without log lower!."""
    mean = n * math.exp(min(eta, 300.0))
    value, slope = lower * (eta + math.log(n)) - mean, lower - mean
    if upper > lower or weights is not None:
        more, change = window_above(lower, upper, 1.0, 0.0, mean, weights)
        value, slope = value + more, slope + change
    return value, slope, 0.0


@compiled
def negative_binomial(
    lower: float, upper: float, n: float, eta: float, dispersion: float, weights: Weights = None
) -> LogLikTerms:
    """Return the terms of a negative binomial without log lower!; its shape is 1 / dispersion^2."""
    shape = 1.0 / (dispersion * dispersion)
    log_ratio = eta + math.log(n) - math.log(shape)
    weight, rest = expit(log_ratio), expit(-log_ratio)
    excess = softplus(log_ratio)
    value = math.lgamma(lower + shape) - math.lgamma(shape) + lower * log_ratio - (lower + shape) * excess
    slope = lower - (lower + shape) * weight
    by_shape = digamma(lower + shape) - digamma(shape) - excess + ((lower + shape) * weight - lower) / shape
    if upper > lower or weights is not None:
        total, change, change_shape, unit, log_unit = weight_at(weights, upper - lower), 0.0, 0.0, 1.0, 0.0
        k = upper
        while k > lower:
            ratio = (k - 1.0 + shape) / k * weight
            change_shape = ratio * (change_shape + total * (1.0 / (k - 1.0 + shape) - rest / shape))
            change = ratio * (change + total * rest)
            total = unit * weight_at(weights, k - lower - 1.0) + ratio * total
            if total > LARGE:
                total, change, change_shape = total / LARGE, change / LARGE, change_shape / LARGE
                unit, log_unit = unit / LARGE, log_unit + math.log(LARGE)
            k -= 1.0
        value, slope = value + math.log(total) + log_unit, slope + change / total
        by_shape += change_shape / total
    return value, slope, by_shape * -2.0 * shape / dispersion


@compiled
def beta_binomial(
    lower: float, upper: float, n: float, eta: float, dispersion: float, weights: Weights = None
) -> LogLikTerms:
    """Return the terms of a beta-binomial without log C(n, lower); its size is 1 / dispersion^2."""
    size = 1.0 / (dispersion * dispersion)
    mean, rest = expit(eta), expit(-eta)
    a, b = mean * size, rest * size
    value = math.lgamma(lower + a) + math.lgamma(n - lower + b) - math.lgamma(n + size)
    value -= math.lgamma(a) + math.lgamma(b) - math.lgamma(size)
    by_a, by_b = digamma(lower + a) - digamma(a), digamma(n - lower + b) - digamma(b)
    by_size = digamma(size) - digamma(n + size)
    if upper > lower or weights is not None:
        total, change_a, change_b, unit, log_unit = weight_at(weights, upper - lower), 0.0, 0.0, 1.0, 0.0
        k = upper
        while k > lower:
            ratio = (n - k + 1.0) / k * (k - 1.0 + a) / (n - k + b)
            change_a = ratio * (change_a + total / (k - 1.0 + a))
            change_b = ratio * (change_b - total / (n - k + b))
            total = unit * weight_at(weights, k - lower - 1.0) + ratio * total
            if total > LARGE:
                total, change_a, change_b = total / LARGE, change_a / LARGE, change_b / LARGE
                unit, log_unit = unit / LARGE, log_unit + math.log(LARGE)
            k -= 1.0
        value += math.log(total) + log_unit
        by_a, by_b = by_a + change_a / total, by_b + change_b / total
    slope = (by_a - by_b) * mean * rest * size
    by_size += by_a * mean + by_b * rest
    return value, slope, by_size * -2.0 * size / dispersion


@compiled
def normal_share(
    lower: float, upper: float, n: float, eta: float, dispersion: float, weights: Weights = None
) -> LogLikTerms:
    """Return the terms of a discretised normal share; with weights, the counts of the window one by one."""
    if weights is None or upper - lower >= len(weights):
        return normal_interval(lower, upper, n, eta, dispersion)
    highest, total, change, by_dispersion = -math.inf, 0.0, 0.0, 0.0
    for above in range(int(upper - lower) + 1):
        value, slope, by = normal_interval(lower + above, lower + above, n, eta, dispersion)
        if weights[above] > 0.0 and value > -math.inf:
            if value > highest:
                shrunk = math.exp(highest - value)
                total, change, by_dispersion, highest = total * shrunk, change * shrunk, by_dispersion * shrunk, value
            mass = weights[above] * math.exp(value - highest)
            total, change, by_dispersion = total + mass, change + mass * slope, by_dispersion + mass * by
    return highest + math.log(total), change / total, by_dispersion / total


@compiled
def normal_interval(lower: float, upper: float, n: float, eta: float, dispersion: float) -> LogLikTerms:
    """Return the terms of a window of a discretised normal share; 0 and n take the tails."""
    low = -math.inf if lower <= 0.0 else ((lower - 0.5) / n - eta) / dispersion
    high = math.inf if upper >= n else ((upper + 0.5) / n - eta) / dispersion
    if low == -math.inf and high == math.inf:
        return 0.0, 0.0, 0.0
    sign = 1.0
    if high == math.inf or (low > -math.inf and low + high > 0.0):
        low, high, sign = -high, -low, -1.0
    log_high = log_normal_cdf(high)
    if low == -math.inf:
        value, at_low = log_high, 0.0
    else:
        value = log_high + math.log(-math.expm1(log_normal_cdf(low) - log_high))
        at_low = math.exp(-0.5 * low * low - HALF_LOG_TWO_PI - value)
    at_high = math.exp(-0.5 * high * high - HALF_LOG_TWO_PI - value)
    weighted = at_high * high - (at_low * low if at_low > 0.0 else 0.0)
    return value, sign * (at_low - at_high) / dispersion, -weighted / dispersion


Floats = NDArray[np.float64]

NARROW, GENTLE = 9, 1e18
"""Largest number of counts above the lowest (nine in 0 to 9) and largest ratio of neighbours that are summed in vector
instructions, where no sum can overflow; other windows are summed one by one."""


@compiled
def windows_above(
    lower: Floats, upper: Floats, first: Floats, step: float, odds: Floats, weights: Weights = None
) -> tuple[Floats, Floats]:
    """Return log sum_k w(k) f(k) / f(lower) over each window, and its derivative to log odds.

    Parameters
    ----------
    lower, upper, first, odds : ndarray (row,)
        As of `window_above`.
    step : float
    weights : ndarray (row, width) or None
        At least `NARROW` + 1 wide.

    Returns
    -------
    ndarray (row,), ndarray (row,)
    """
    size, others = len(lower), 0
    total, change = np.empty(size), np.empty(size)
    for r in range(size):
        others += 1 if (upper[r] - lower[r] > NARROW) | (first[r] * odds[r] > GENTLE) else 0
        # everything is scaled by the product of the counts, to avoid divisions; every row has the same number of steps,
        # so that all stays in registers
        sum_above, slope, scale = 1.0 if weights is None else weights[r, NARROW], 0.0, 1.0
        for above in range(NARROW, 0, -1):
            k = lower[r] + above
            # beyond its upper end the sum of a row stays empty
            ratio = (first[r] + step * k) * odds[r] if k <= upper[r] else 0.0
            scale *= k
            slope = ratio * (sum_above + slope)
            sum_above = scale * (1.0 if weights is None else weights[r, above - 1]) + ratio * sum_above
        change[r] = slope / sum_above
        total[r] = sum_above / scale
    logs = logarithm(total)
    if others:
        for r in range(size):
            if upper[r] - lower[r] > NARROW or first[r] * odds[r] > GENTLE:
                of_row = None if weights is None else weights[r]
                logs[r], change[r] = window_above(lower[r], upper[r], first[r], step, odds[r], of_row)
    return logs, change
