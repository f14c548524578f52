"""Quadrature rules, and the fewest nodes that are close enough.

Centres: about where each area's predictor lies given its count, and how sure of it the count is.

Worked out once per fit: the quadrature around them forgives a centre that is a little off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import Forest
from bayesmodel.logp.batch_loglik import row

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
    from bayesmodel.logp.area_effects import listen

    many = rule_of(MANY_NODES)

    def error(place: Place) -> float:
        return listen(forest, centres, rule, *place).total - listen(forest, centres, many, *place).total

    off = list(each(error, places))
    return float(np.abs(np.array(off) - np.median(off)).max())


STEP = 1e-4
"""Of the difference that gives a family's second derivative, in units of the link."""
ROUNDS = 4
"""Newton steps to the centre of a count."""
REACH = 8.0
"""Sds of its own effect within which an area's centre is looked for."""


class Centres(NamedTuple):
    """The log-likelihood of each count as a parabola ``pull v - information v^2 / 2`` (N,)."""

    pull: Floats
    information: Floats


@compiled
def own_spread(forest: Forest, spread: float, variance: float) -> tuple[float, float]:
    """Return the variance to integrate over and the dispersion, where missing determinants leave `variance`."""
    if forest.area_effect:
        return spread * spread + variance, 1.0
    if forest.gaussian:
        return 0.0, math.sqrt(spread * spread + variance)
    return variance, spread


@inner
def middle_of(centres: Centres, i: int, eta: float, variance: float) -> tuple[float, float]:
    """Return about where the area's predictor with its own effect lies, given its count, and its sd."""
    precision = centres.information[i] + 1.0 / variance
    return (centres.pull[i] + eta / variance) / precision, 1.0 / math.sqrt(precision)


@compiled
def centres_at(forest: Forest, eta: Floats, spread: float, variance: Floats) -> Centres:
    """Return the parabolas of the counts around where each area's predictor most likely is, given its count.

    Parameters
    ----------
    forest : Forest
    eta : ndarray (N,)
        Linear predictors without the areas' own effects.
    spread : float
        Sd of the areas' own effects, or the dispersion.
    variance : ndarray (pattern,)
        What missing determinants leave.
    """
    pull, information = np.zeros(len(eta)), np.zeros(len(eta))
    centres = Centres(pull, information)
    for i in range(len(eta)):
        own, dispersion = own_spread(forest, spread, variance[forest.pattern[i]])
        if own <= 0.0 or forest.told[i] == 0.0:
            continue
        lower, upper, n, reach = forest.lower[i], forest.upper[i], forest.people[i], REACH * math.sqrt(own)
        here = eta[i]
        for turn in range(ROUNDS + 1):
            if turn:
                here = min(max(middle_of(centres, i, eta[i], own)[0], eta[i] - reach), eta[i] + reach)
            slope = row(forest.family, lower, upper, n, here, dispersion)[1]
            rise = row(forest.family, lower, upper, n, here + STEP, dispersion)[1]
            rise -= row(forest.family, lower, upper, n, here - STEP, dispersion)[1]
            information[i] = max(-rise / (2.0 * STEP), 0.0)
            pull[i] = information[i] * here + slope
    return centres
