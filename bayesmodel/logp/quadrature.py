"""Quadrature rules, and the fewest nodes that are close enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.forest import Forest
from bayesmodel.model.density.own.centres import Centres

Floats = NDArray[np.float64]

NODES = (5, 7, 11, 15, 21)
"""Numbers of quadrature nodes to choose from."""
MANY_NODES = 31
"""What they are held against."""
CLOSE = 2e-3
"""Error of the log-posterior that the chosen number may have."""


class Rule(NamedTuple):
    """Gauss-Hermite nodes and the logarithm of their weights over the standard normal density."""

    nodes: Floats
    log_weights: Floats


class Place(NamedTuple):
    """Where the counts are listened to: predictors (N,), sd of the areas or dispersion, missing variance (pattern,)."""

    eta: Floats
    spread: float
    variance: Floats


Map = Callable[[Callable[[Place], float], Iterable[Place]], Iterable[float]]
"""`map`, or that of a pool of threads."""


def rule_of(nodes: int) -> Rule:
    """Return the rule with that many nodes."""
    places, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return Rule(places, np.log(weights / weights.sum()) + places**2 / 2)


def fitting_rule(forest: Forest, centres: Centres, places: Sequence[Place], each: Map = map) -> Rule:
    """Return the rule with the fewest nodes that is close to many at all of some places."""
    for nodes in NODES:
        rule = rule_of(nodes)
        if rule_error(forest, centres, rule, places, each) < CLOSE:
            break
    return rule


def rule_error(forest: Forest, centres: Centres, rule: Rule, places: Sequence[Place], each: Map = map) -> float:
    """Return how far the log-posterior is off, at most, apart from what all places have in common."""
    from bayesmodel.model.density.own.listen import listen

    many = rule_of(MANY_NODES)

    def error(place: Place) -> float:
        return listen(forest, centres, rule, *place).total - listen(forest, centres, many, *place).total

    off = list(each(error, places))
    return float(np.abs(np.array(off) - np.median(off)).max())
