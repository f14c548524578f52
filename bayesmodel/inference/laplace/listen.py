"""What each count says of its linear predictor once the area's own effect is integrated out.

``log integral of P(lower <= Y <= upper | v) Normal(v; eta, variance) dv``: adaptive Gauss-Hermite quadrature per area,
around a centre that is worked out once per fit. Its derivatives to eta come from the same nodes without another
derivative of the family: with expectations over v given the count, the first is E[l'(v)] and the second
Cov(l'(v), v) / variance, which stays exact when the variance goes to nothing. To the variance it is half of
(second + first^2): the heat equation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.inference.laplace.centres import STEP, Centres, middle_of, own_spread
from bayesmodel.model.density.back import PARTS, add_up, summed
from bayesmodel.model.density.compiled import compiled, inner
from bayesmodel.model.density.forest import Forest
from bayesmodel.model.density.forward import sum_of
from bayesmodel.model.density.told import Rows, rows_at, rows_of
from bayesmodel.model.density.vector import exponential, logarithm

Floats = NDArray[np.float64]

BLOCK = 1024
"""Areas that are listened to at once: their numbers at all nodes stay in the processor's cache."""


class Rule(NamedTuple):
    """Gauss-Hermite nodes and the logarithm of their weights over the standard normal density."""

    nodes: Floats
    log_weights: Floats


class Part(NamedTuple):
    """Some of the areas, each value (area,): counts, predictor, variance to integrate over, dispersion."""

    rows: Rows
    eta: Floats
    own: Floats
    dispersion: Floats


class Heard(NamedTuple):
    """Log-likelihoods and their derivatives, each (area,)."""

    value: Floats
    slope: Floats
    curvature: Floats
    by_variance: Floats


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
    size = len(eta)
    heard = Heard(np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size))
    for first in range(0, size, BLOCK):
        last = min(first + BLOCK, size)
        own, dispersion = np.empty(last - first), np.empty(last - first)
        for i in range(first, last):
            own[i - first], dispersion[i - first] = own_spread(forest, spread, variance[forest.pattern[i]])
        part = Part(rows_of(forest, first, last), eta[first:last], own, dispersion)
        here = Heard(
            heard.value[first:last],
            heard.slope[first:last],
            heard.curvature[first:last],
            heard.by_variance[first:last],
        )
        blurred = part.rows.told * (own > 0.0)
        if blurred.any():
            near = Centres(centres.place[first:last], centres.slope[first:last], centres.information[first:last])
            integrate(forest, _only(part, blurred), near, rule, here)
        sharp = part.rows.told - blurred
        if sharp.any():
            evaluate(forest, _only(part, sharp), here)
    by_variance = np.zeros((PARTS, len(variance)))
    add_up(heard.by_variance, forest.pattern, by_variance)
    total = sum_of(heard.value) + np.dot(forest.told, forest.constant)
    return Told(total, heard.slope, heard.curvature, summed(by_variance))


@inner
def integrate(forest: Forest, part: Part, centres: Centres, rule: Rule, heard: Heard) -> None:
    """Write down what the rows that are asked for say, their own effects integrated out."""
    rows, eta, own = part.rows, part.eta, part.own
    size, nodes = len(eta), len(rule.nodes)
    middle, sd, top = eta.copy(), np.zeros(size), np.full(size, -np.inf)
    for i in range(size):
        if rows.told[i] != 0.0:
            middle[i], sd[i] = middle_of(centres, i, eta[i], own[i])
    offset, tightness = middle - eta, 0.5 / own
    logs, slopes = np.empty((nodes, size)), np.empty((nodes, size))
    for k in range(nodes):
        place = np.empty(size)
        for i in range(size):
            place[i] = middle[i] + rule.nodes[k] * sd[i]
        value, slopes[k], _ = rows_at(forest.family, rows, place, part.dispersion)
        log = logs[k]
        for i in range(size):
            away = place[i] - eta[i]
            log[i] = value[i] + rule.log_weights[k] - tightness[i] * away * away
        for i in range(size):
            top[i] = max(top[i], log[i])
    mass, mean, shift, cross = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    for k in range(nodes):
        log, slope = logs[k], slopes[k]
        for i in range(size):
            log[i] -= top[i]
        share = exponential(log)
        for i in range(size):
            mass[i] += share[i]
            mean[i] += share[i] * slope[i]
        for i in range(size):
            weighted = share[i] * (offset[i] + rule.nodes[k] * sd[i])
            shift[i] += weighted
            cross[i] += weighted * slope[i]
    logs_of_mass = logarithm(mass)
    for i in range(size):
        if rows.told[i] != 0.0:
            heard.value[i] = top[i] + logs_of_mass[i] + np.log(sd[i] / np.sqrt(own[i]))
            heard.slope[i] = mean[i] / mass[i]
            heard.curvature[i] = (cross[i] - mean[i] * shift[i] / mass[i]) / mass[i] / own[i]
            heard.by_variance[i] = 0.5 * (heard.curvature[i] + heard.slope[i] * heard.slope[i])


@inner
def evaluate(forest: Forest, part: Part, heard: Heard) -> None:
    """Write down what the rows that are asked for say at their predictors as they are."""
    rows, eta, dispersion = part.rows, part.eta, part.dispersion
    step = STEP * dispersion if forest.gaussian else np.full(len(eta), STEP)
    value, slope, by_dispersion = rows_at(forest.family, rows, eta, dispersion)
    above = rows_at(forest.family, rows, eta + step, dispersion)[1]
    below = rows_at(forest.family, rows, eta - step, dispersion)[1]
    for i in range(len(eta)):
        if rows.told[i] != 0.0:
            heard.value[i], heard.slope[i] = value[i], slope[i]
            heard.curvature[i] = (above[i] - below[i]) / (2.0 * step[i])
            if forest.gaussian:
                heard.by_variance[i] = 0.5 * by_dispersion[i] / dispersion[i]


@inner
def _only(part: Part, told: Floats) -> Part:
    """Return the part with only some of its rows asked for."""
    rows = part.rows
    asked = Rows(told, rows.lower, rows.upper, rows.people, rows.log_people, rows.several)
    return Part(asked, part.eta, part.own, part.dispersion)
