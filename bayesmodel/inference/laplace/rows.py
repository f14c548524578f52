"""What each count says of its linear predictor once the area's own effect is integrated out.

``log integral of P(lower <= Y <= upper | v) Normal(v; eta, variance) dv``: adaptive Gauss-Hermite quadrature per area,
around a centre that is worked out once per fit. Its derivatives to eta come from the same nodes without another
derivative of the family: with expectations over v given the count, the first is E[l'(v)] and the second
Cov(l'(v), v) / variance, which stays exact when the variance goes to nothing. To the variance it is half of
(second + first^2): the heat equation.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.forest import Forest
from bayesmodel.model.density.told import row

Floats = NDArray[np.float64]

STEP = 1e-4
"""Of the difference that gives a family's second derivative, in units of the link or of a normal share's sd."""
ROUNDS = 4
"""Newton steps to the centre of a count; the quadrature forgives one that is a little off."""
REACH = 8.0
"""Sds of its own effect within which an area's centre is looked for."""


class Rule(NamedTuple):
    """Gauss-Hermite nodes and the logarithm of their weights over the standard normal density."""

    nodes: Floats
    log_weights: Floats


class Centres(NamedTuple):
    """The log-likelihood of each count as a parabola around a point (N,): where, its slope, and minus its curvature."""

    place: Floats
    slope: Floats
    information: Floats


class Told(NamedTuple):
    """What the counts say at a linear predictor: the log-likelihood, and its derivatives."""

    total: float
    slope: Floats  # (N,)
    curvature: Floats  # (N,)
    by_variance: Floats  # (pattern,)


def rule_of(nodes: int) -> Rule:
    """Return the rule with that many nodes."""
    places, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return Rule(places, np.log(weights / weights.sum()) + places**2 / 2)


@compiled
def own_spread(forest: Forest, spread: float, variance: float) -> tuple[float, float]:
    """Return the variance to integrate over and the dispersion, where missing determinants leave `variance`."""
    if forest.area_effect:
        return spread * spread + variance, 1.0
    if forest.gaussian:
        return 0.0, math.sqrt(spread * spread + variance)
    return variance, spread


@compiled
def middle_of(centres: Centres, i: int, eta: float, variance: float) -> tuple[float, float]:
    """Return about where the area's predictor with its own effect lies, given its count, and its sd."""
    precision = centres.information[i] + 1.0 / variance
    pull = centres.information[i] * centres.place[i] + centres.slope[i]
    return (pull + eta / variance) / precision, 1.0 / math.sqrt(precision)


@compiled
def curvature(family: int, lower: float, upper: float, n: float, eta: float, dispersion: float, step: float) -> float:
    """Return the second derivative of a row to eta, from its exact first."""
    above = row(family, lower, upper, n, eta + step, dispersion)[1]
    below = row(family, lower, upper, n, eta - step, dispersion)[1]
    return (above - below) / (2.0 * step)


@compiled
def listen(forest: Forest, centres: Centres, rule: Rule, eta: Floats, spread: float, variance: Floats) -> Told:
    """Return what the counts say at linear predictors without the areas' own effects.

    Parameters
    ----------
    forest : Forest
        The counts and their family.
    centres : Centres
    rule : Rule
    eta : ndarray (N,)
    spread : float
        Sd of the areas' own effects, or the dispersion.
    variance : ndarray (pattern,)
        What missing determinants leave.

    Returns
    -------
    Told
    """
    slope, second, by_variance = np.zeros(len(eta)), np.zeros(len(eta)), np.zeros(len(variance))
    logs, slopes = np.empty(len(rule.nodes)), np.empty(len(rule.nodes))
    total = 0.0
    for i in range(len(eta)):
        if forest.told[i] == 0.0:
            continue
        lower, upper, n = forest.lower[i], forest.upper[i], forest.people[i]
        p = forest.pattern[i]
        own, dispersion = own_spread(forest, spread, variance[p])
        total += forest.constant[i]
        if own <= 0.0:
            value, first, by_dispersion = row(forest.family, lower, upper, n, eta[i], dispersion)
            step = STEP * (dispersion if forest.gaussian else 1.0)
            total += value
            slope[i] = first
            second[i] = curvature(forest.family, lower, upper, n, eta[i], dispersion, step)
            if forest.gaussian:
                by_variance[p] += 0.5 * by_dispersion / dispersion
            continue
        middle, sd = middle_of(centres, i, eta[i], own)
        top = -math.inf
        for k in range(len(logs)):
            v = middle + sd * rule.nodes[k]
            value, first, _ = row(forest.family, lower, upper, n, v, dispersion)
            logs[k] = value + rule.log_weights[k] - 0.5 * (v - eta[i]) * (v - eta[i]) / own
            slopes[k] = first
            top = max(top, logs[k])
        mass, mean, shift, cross = 0.0, 0.0, 0.0, 0.0
        for k in range(len(logs)):
            share, away = math.exp(logs[k] - top), middle + sd * rule.nodes[k] - eta[i]
            mass += share
            mean += share * slopes[k]
            shift += share * away
            cross += share * slopes[k] * away
        total += top + math.log(mass * sd / math.sqrt(own))
        slope[i] = mean / mass
        second[i] = (cross - mean * shift / mass) / mass / own
        by_variance[p] += 0.5 * (second[i] + slope[i] * slope[i])
    return Told(total, slope, second, by_variance)


@compiled
def centres_at(forest: Forest, eta: Floats, spread: float, variance: Floats) -> Centres:
    """Return the parabolas of the counts around where each area's predictor most likely is, given its count."""
    place, slope, information = eta.copy(), np.zeros(len(eta)), np.zeros(len(eta))
    centres = Centres(place, slope, information)
    for i in range(len(eta)):
        own, dispersion = own_spread(forest, spread, variance[forest.pattern[i]])
        if own <= 0.0 or forest.told[i] == 0.0:
            continue
        lower, upper, n, reach = forest.lower[i], forest.upper[i], forest.people[i], REACH * math.sqrt(own)
        for turn in range(ROUNDS + 1):
            if turn:
                place[i] = min(max(middle_of(centres, i, eta[i], own)[0], eta[i] - reach), eta[i] + reach)
            slope[i] = row(forest.family, lower, upper, n, place[i], dispersion)[1]
            second = curvature(forest.family, lower, upper, n, place[i], dispersion, STEP)
            information[i] = max(-second, 0.0)
    return centres
