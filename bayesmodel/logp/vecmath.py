"""Vectorised exponential and logarithm, and the special functions that numba lacks.

Without branches, so that the compiler uses vector instructions: on 512-bit registers they take a quarter of the time of
the scalar library functions.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner

Floats = NDArray[np.float64]

LARGEST = 708.0
"""Arguments of exp are clipped to it: beyond, results overflow or are subnormal."""
PER_LOG_TWO = 1.0 / math.log(2.0)
LOG_TWO_HIGH, LOG_TWO_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""log 2 in two parts, the first with trailing zeros, so that k log 2 is subtracted without rounding."""
BIAS, MANTISSA = 1023, 52
"""Exponent bias and mantissa bits of a double."""
FRACTION, ONE = (1 << MANTISSA) - 1, BIAS << MANTISSA
"""Mask of the mantissa, and the bits of 1.0."""
SQRT_TWO = math.sqrt(2.0)


@compiled
def exponential(x: Floats) -> Floats:
    """Return exp(x), with relative error 5e-16 for |x| up to 20 and 3e-14 at the ends; |x| is clipped to 708.

    ``exp(x) = 2^k exp(r)`` with ``|r| <= log(2) / 2``, where 13 terms of the Taylor series are enough.
    """
    result = x.copy()
    exponentiate(result, np.empty(len(x)))
    return result


@inner
def exponentiate(x: Floats, buffer: Floats) -> None:
    """Overwrite numbers by their exponentials; `buffer` of the same length is scratch space."""
    powers = buffer.view(np.int64)
    for i in range(len(x)):
        limited = min(max(x[i], -LARGEST), LARGEST)
        k = np.floor(limited * PER_LOG_TWO + 0.5)
        r = (limited - k * LOG_TWO_HIGH) - k * LOG_TWO_LOW
        series = r / 6227020800.0 + 1 / 479001600.0
        series = series * r + 1 / 39916800.0
        series = series * r + 1 / 3628800.0
        series = series * r + 1 / 362880.0
        series = series * r + 1 / 40320.0
        series = series * r + 1 / 5040.0
        series = series * r + 1 / 720.0
        series = series * r + 1 / 120.0
        series = series * r + 1 / 24.0
        series = series * r + 1 / 6.0
        series = series * r + 0.5
        series = series * r + 1.0
        x[i] = series * r + 1.0
        powers[i] = (np.int64(k) + BIAS) << MANTISSA
    for i in range(len(x)):
        x[i] *= buffer[i]


@compiled
def logarithm(x: Floats) -> Floats:
    """Return log(x) of normal positive numbers, with relative error 5e-16.

    ``log(x) = k log 2 + 2 atanh((m - 1) / (m + 1))`` with ``x = 2^k m``, m between sqrt(1/2) and sqrt(2), by 12 terms
    of the series.
    """
    result, bits = np.empty(len(x)), x.view(np.int64)
    parts = np.empty(len(x), dtype=np.int64)
    for i in range(len(x)):
        parts[i] = (bits[i] & FRACTION) | ONE
    fraction = parts.view(np.float64)
    for i in range(len(x)):
        halved = fraction[i] > SQRT_TWO
        m = 0.5 * fraction[i] if halved else fraction[i]
        k = np.float64((bits[i] >> MANTISSA) - BIAS) + (1.0 if halved else 0.0)
        s = (m - 1.0) / (m + 1.0)
        square = s * s
        series = square / 23.0 + 1 / 21.0
        series = series * square + 1 / 19.0
        series = series * square + 1 / 17.0
        series = series * square + 1 / 15.0
        series = series * square + 1 / 13.0
        series = series * square + 1 / 11.0
        series = series * square + 1 / 9.0
        series = series * square + 1 / 7.0
        series = series * square + 1 / 5.0
        series = series * square + 1 / 3.0
        result[i] = k * LOG_TWO_HIGH + (2.0 * s * (series * square + 1.0) + k * LOG_TWO_LOW)
    return result


@compiled
def log_one_plus(x: Floats) -> Floats:
    """Return log(1 + x) for 0 <= x <= 1, with relative error 5e-16: ``2 atanh(x / (2 + x))`` 16 terms of the series."""
    result = np.empty(len(x))
    for i in range(len(x)):
        s = x[i] / (2.0 + x[i])
        square = s * s
        series = square / 31.0 + 1 / 29.0
        series = series * square + 1 / 27.0
        series = series * square + 1 / 25.0
        series = series * square + 1 / 23.0
        series = series * square + 1 / 21.0
        series = series * square + 1 / 19.0
        series = series * square + 1 / 17.0
        series = series * square + 1 / 15.0
        series = series * square + 1 / 13.0
        series = series * square + 1 / 11.0
        series = series * square + 1 / 9.0
        series = series * square + 1 / 7.0
        series = series * square + 1 / 5.0
        series = series * square + 1 / 3.0
        result[i] = 2.0 * s * (series * square + 1.0)
    return result


HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


@compiled
def softplus(x: float) -> float:
    """Return log(1 + exp(x)) without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


@compiled
def expit(x: float) -> float:
    """Return 1 / (1 + exp(-x)), accurate in both tails."""
    tail = math.exp(-abs(x))
    return (1.0 if x > 0 else tail) / (1.0 + tail)


@compiled
def digamma(x: float) -> float:
    """Return the digamma function at x > 0: recurrence up to 6, then the asymptotic series."""
    shift = 0.0
    while x < 6.0:
        shift -= 1.0 / x
        x += 1.0
    inverse = 1.0 / (x * x)
    series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse * (1 / 132)))))
    return shift + math.log(x) - 0.5 / x - series


@compiled
def log_normal_cdf(x: float) -> float:
    """Return the log of the standard normal distribution function, stable in both tails."""
    if x > -25.0:
        return math.log(0.5 * math.erfc(-x / math.sqrt(2.0)))
    inverse = 1.0 / (x * x)
    return -0.5 * x * x - HALF_LOG_TWO_PI - math.log(-x) + math.log1p(-inverse * (1.0 - 3.0 * inverse))
