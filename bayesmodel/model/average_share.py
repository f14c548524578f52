"""The mean of a logistic share over a normal effect, compiled: the sum over nodes for many areas and draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def average_shares(odds: Floats, factors: Floats, weights: Floats, kind: NDArray[np.int64]) -> None:
    """Replace odds exp(-eta) by the mean of 1 / (1 + exp(-eta - e)) over e ~ Normal(0, variance).

    The nodes come in pairs z and -z, and a pair is one fraction in the odds: with m = exp(z sd) + exp(-z sd),
    1 / (1 + o exp(z sd)) + 1 / (1 + o exp(-z sd)) = (2 + o m) / (1 + o^2 + o m).

    Parameters
    ----------
    odds : ndarray (sample, area)
        Overwritten by the means.
    factors : ndarray (sample, variance, pair)
        exp(z sd) + exp(-z sd) of each pair of nodes.
    weights : ndarray (1 + pair,)
        Of the middle node, and of each node of a pair.
    kind : ndarray of int (area,)
        Which variance each area has.
    """
    for sample in range(odds.shape[0]):
        for area in range(odds.shape[1]):
            o = odds[sample, area]
            total = weights[0] / (1.0 + o)
            for pair in range(factors.shape[2]):
                middle = o * factors[sample, kind[area], pair]
                total += weights[1 + pair] * (2.0 + middle) / (1.0 + o * o + middle)
            odds[sample, area] = total
