"""Special functions of one number, compiled: what numba's mathematics lacks."""

from __future__ import annotations

import math

from bayesmodel.model.density.compiled import compiled

HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


@compiled
def softplus(x: float) -> float:
    """Return log(1 + exp(x)) without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


@compiled
def expit(x: float) -> float:
    """Return 1 / (1 + exp(-x)), exact in both tails."""
    tail = math.exp(-abs(x))
    return (1.0 if x > 0 else tail) / (1.0 + tail)


@compiled
def digamma(x: float) -> float:
    """Return the derivative of log-gamma at x > 0: recurrence up to 6, then the asymptotic series."""
    shift = 0.0
    while x < 6.0:
        shift -= 1.0 / x
        x += 1.0
    inverse = 1.0 / (x * x)
    series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse * (1 / 132)))))
    return shift + math.log(x) - 0.5 / x - series


@compiled
def log_normal_cdf(x: float) -> float:
    """Return the logarithm of the standard normal distribution function, stable in both tails."""
    if x > -25.0:
        return math.log(0.5 * math.erfc(-x / math.sqrt(2.0)))
    inverse = 1.0 / (x * x)
    return -0.5 * x * x - HALF_LOG_TWO_PI - math.log(-x) + math.log1p(-inverse * (1.0 - 3.0 * inverse))
