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

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import BLOCK, Forest
from bayesmodel.logp.batch_loglik import Rows, answer_in, in_room, rows_of
from bayesmodel.logp.family_callback import ask
from bayesmodel.logp.predictor import PARTS, add_up, sum_of, summed
from bayesmodel.logp.quadrature import STEP, Centres, Rule, own_spread
from bayesmodel.logp.vecmath import exponentiate, logarithm

Floats = NDArray[np.float64]
ABOVE = 600.0
"""How far a logarithm may lie above that of the middle node: beyond it sums overflow, and no rule of nodes fits."""


class Part(NamedTuple):
    """Areas from `first` on, each value (area,): counts, predictor, variance to integrate over, dispersion."""

    first: int
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
    by_dispersion: Floats


class Told(NamedTuple):
    """What the counts say at a linear predictor: the log-likelihood, and its derivatives."""

    total: float
    slope: Floats  # (N,)
    curvature: Floats  # (N,)
    by_variance: Floats  # (pattern,)


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
    heard, room = nothing_heard(size), room_for(rule)
    for first in range(0, size, BLOCK):
        last = min(first + BLOCK, size)
        here = Heard(
            heard.value[first:last],
            heard.slope[first:last],
            heard.curvature[first:last],
            heard.by_variance[first:last],
            heard.by_dispersion[first:last],
        )
        hear(forest, centres, rule, part_of(forest, first, eta[first:last], spread, variance), STEP, here, room)
    by_variance = np.zeros((PARTS, len(variance)))
    add_up(heard.by_variance, forest.pattern, by_variance)
    total = sum_of(heard.value) + forest.constant
    return Told(total, heard.slope, heard.curvature, summed(by_variance))


@inner
def nothing_heard(size: int) -> Heard:
    """Return nothing heard yet of some areas."""
    room = np.zeros((5, size))
    return Heard(room[0], room[1], room[2], room[3], room[4])


@inner
def room_for(rule: Rule) -> Floats:
    """Return room for a block of areas to be listened to in: made once, as to make and give back memory takes time."""
    return np.empty((5 * max(len(rule.nodes), 3) + 9) * BLOCK)


@inner
def part_of(forest: Forest, first: int, eta: Floats, spread: float, variance: Floats) -> Part:
    """Return the areas from `first` on, as many as there are predictors."""
    own, dispersion = np.empty(len(eta)), np.empty(len(eta))
    for i in range(len(eta)):
        own[i], dispersion[i] = own_spread(forest, spread, variance[forest.pattern[first + i]])
    return Part(first, rows_of(forest, first, first + len(eta)), eta, own, dispersion)


@inner
def hear(forest: Forest, centres: Centres, rule: Rule, part: Part, step: float, heard: Heard, room: Floats) -> None:
    """Write down what the counts of a part say, but for their constant.

    The curvature of rows that need no integral comes from differences over `step`, and is left out if that is 0.
    """
    blurred = np.empty(len(part.own))
    for i in range(len(blurred)):
        blurred[i] = part.rows.told[i] if part.own[i] > 0.0 else 0.0
    asked, number = sum_of(part.rows.told), sum_of(blurred)
    if number > 0.0:
        integrate(forest, _only(part, blurred), centres, rule, heard, room)
    if number < asked:
        for i in range(len(blurred)):
            blurred[i] = part.rows.told[i] - blurred[i]
        evaluate(forest, _only(part, blurred), step, heard, room)


@inner
def integrate(forest: Forest, part: Part, centres: Centres, rule: Rule, heard: Heard, room: Floats) -> None:
    """Write down what the rows that are asked for say, their own effects integrated out."""
    told, eta, size, nodes = part.rows.told, part.eta, len(part.eta), len(rule.nodes)
    answer, places = answer_in(room, nodes, size), in_room(room, 4 * nodes, nodes, size)
    own = in_room(room, 5 * nodes, 9, size)
    tight, fall, sd, away, middle = own[0], own[1], own[2], own[3], own[4]
    mass, mean, shift, cross = own[5], own[6], own[7], own[8]
    for i in range(size):
        tight[i] = 1.0 / part.own[i]
    for i in range(size):
        fall[i] = -0.5 * tight[i]
    for i in range(size):
        sd[i] = 1.0 / np.sqrt(centres.information[part.first + i] + tight[i])
    for i in range(size):
        middle[i] = (centres.pull[part.first + i] + eta[i] * tight[i]) * sd[i] * sd[i]
    for i in range(size):
        away[i] = middle[i] - eta[i]
    for k in range(nodes):
        for i in range(size):
            places[k, i] = middle[i] + rule.nodes[k] * sd[i]
    ask(forest, part.rows, places, part.dispersion, answer)
    share, slope, highest = answer.value, answer.slope, middle
    for i in range(size):  # the node in the middle stands for the highest: it lies near the mode
        highest[i] = share[nodes // 2, i] + away[i] * away[i] * fall[i]
    for k in range(nodes):
        node, log_weight = rule.nodes[k], rule.log_weights[k]
        for i in range(size):
            place = away[i] + node * sd[i]
            share[k, i] = min(place * place * fall[i] + (share[k, i] + log_weight - highest[i]), ABOVE)
    exponentiate(share.ravel(), answer.room)
    own[5:] = 0.0
    for k in range(nodes):
        node = rule.nodes[k]
        for i in range(size):
            mass[i] += share[k, i]
        for i in range(size):
            mean[i] += share[k, i] * slope[k, i]
        for i in range(size):
            shift[i] += node * share[k, i]
        for i in range(size):
            cross[i] += node * share[k, i] * slope[k, i]
    scale = np.empty(size)
    for i in range(size):
        scale[i] = sd[i] * mass[i] * np.sqrt(tight[i])
    logs_of_mass = logarithm(scale)
    for i in range(size):
        if told[i] != 0.0:
            first = mean[i] / mass[i]
            # the covariance of slope and place: that of slope and node, in units of the place
            second = (cross[i] - first * shift[i]) / mass[i] * sd[i] * tight[i]
            heard.value[i], heard.slope[i], heard.curvature[i] = highest[i] + logs_of_mass[i], first, second
            heard.by_variance[i] = 0.5 * (second + first * first)
    if not forest.area_effect:
        for i in range(size):
            if told[i] != 0.0:
                for k in range(nodes):
                    heard.by_dispersion[i] += share[k, i] * answer.by_dispersion[k, i] / mass[i]


@inner
def evaluate(forest: Forest, part: Part, step: float, heard: Heard, room: Floats) -> None:
    """Write down what the rows that are asked for say at their predictors as they are."""
    rows, size, dispersion = part.rows, len(part.eta), part.dispersion
    steps = step * dispersion if forest.gaussian else np.full(size, step)
    nodes = 3 if step > 0.0 else 1
    answer, places = answer_in(room, nodes, size), in_room(room, 4 * nodes, nodes, size)
    for k in range(nodes):  # here, above and below
        for i in range(size):
            places[k, i] = part.eta[i] + (0.0, 1.0, -1.0)[k] * steps[i]
    ask(forest, rows, places, dispersion, answer)
    for i in range(size):
        if rows.told[i] != 0.0:
            heard.value[i], heard.slope[i] = answer.value[0, i], answer.slope[0, i]
            heard.by_dispersion[i] = answer.by_dispersion[0, i]
            if nodes > 1:
                heard.curvature[i] = (answer.slope[1, i] - answer.slope[2, i]) / (2.0 * steps[i])
            if forest.gaussian:
                heard.by_variance[i] = 0.5 * answer.by_dispersion[0, i] / dispersion[i]


@inner
def _only(part: Part, told: Floats) -> Part:
    """Return the part with only some of its rows asked for."""
    rows = part.rows
    asked = Rows(told, rows.lower, rows.upper, rows.people, rows.log_people, rows.several)
    return Part(part.first, asked, part.eta, part.own, part.dispersion)
