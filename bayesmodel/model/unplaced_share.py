"""Unplaced people: counted in a group and in none of its areas; what is known of their share before a total is seen.

With S those of a group who are placed in an area, pi its unplaced share and any total as likely beforehand, those who
are in none are negative binomial::

    P(U = u | S = s, pi) = C(s + u, u) pi^u (1 - pi)^(s + 1),    logit pi ~ Normal(mean, sd)

Mean and sd are learned from the groups with a total, and integrated out over a grid; for each group from the others
only, so that its own total is used once. So P(total | s) is a table of numbers that no parameter of the model changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import expit, gammaln, logit, logsumexp, xlogy

from bayesmodel.data import Counts, Status
from bayesmodel.data.totals import GroupTotal, totals_in_model

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRIOR_MEAN, PRIOR_MEAN_SD = float(logit(0.1)), 1.5
"""Of the mean of logit pi: a typical share of a tenth, between 1 and 55 % with 90 % probability."""
PRIOR_SD, PRIOR_LOG_SD = 0.7, 0.5
"""Median of the sd of logit pi, and the sd of its logarithm: between .3 and 1.6 with 90 % probability."""
NODES = 161
"""Points at which the share of a group is evaluated."""
LOWEST, HIGHEST = -9.0, 7.0
"""Range of logit pi, where few or nearly all are unplaced."""
GRID = 17, 11
"""Points of the mean and of the sd."""
LEAST = 1e-300
"""Keeps the logarithm of a likelihood finite."""
FEW = 10
"""Totals up to which the grid stays that of the prior."""


@dataclass(frozen=True, eq=False)
class UnplacedShare:
    """The unplaced share of every group of a level, before its own total is seen.

    Parameters
    ----------
    level : str
    groups : tuple of GroupTotal
        All groups of the level, those without a total too.
    nodes : tuple of ndarray (node,)
        Values of logit pi of each group.
    log_weights : tuple of ndarray (node,)
        Their log probabilities; each group's add up to one, up to what lies outside the nodes.
    typical : (float, float)
        Posterior mean of mean and sd of logit pi; -inf and 0 where nobody is unplaced.
    rate : float
        Crude share of use, by which what areas left out may count is weighed.
    """

    level: str
    groups: tuple[GroupTotal, ...]
    nodes: tuple[Floats, ...]
    log_weights: tuple[Floats, ...]
    typical: tuple[float, float]
    rate: float

    def log_evidence(self, group: int, placed: Integers) -> Floats:
        """Return log P(the published total | so many placed), for each number placed.

        Parameters
        ----------
        group : int
            Which; one with a total.
        placed : ndarray of int64 (number,)

        Returns
        -------
        ndarray (number,)
            Minus infinity where more are placed than the total can be.
        """
        table = _log_totals(self.groups[group], placed, self.nodes[group])
        return np.asarray(logsumexp(table + self.log_weights[group], axis=1))

    def draw(self, group: int, placed: Integers, rng: Generator) -> tuple[Integers, Floats]:
        """Draw the unplaced people of a group and their share pi, given how many are placed, and the total if known.

        Parameters
        ----------
        group : int
        placed : ndarray of int64 (draw,)
        rng : Generator

        Returns
        -------
        ndarray of int64 (draw,), ndarray (draw,)
        """
        own, nodes, weights = self.groups[group], self.nodes[group], self.log_weights[group]
        if own.total is None:
            chosen = rng.choice(len(nodes), size=len(placed), p=np.exp(weights - logsumexp(weights)))
            share = expit(nodes[chosen])
            # number of failures before as many successes, of which there may be none
            return rng.negative_binomial(placed + 1, np.maximum(1 - share, 1e-12)), share
        values, index = np.unique(placed, return_inverse=True)
        table = _log_totals(own, values, nodes) + weights
        chances = np.exp(table - table.max(axis=1, keepdims=True)).cumsum(axis=1)
        chosen = (rng.random(len(placed))[:, None] * chances[index, -1:] > chances[index]).sum(axis=1)
        at = nodes[np.minimum(chosen, len(nodes) - 1)]
        totals = np.arange(own.total[0], own.total[1] + 1)
        each = _log_negative_binomial(totals[None] - placed[:, None], placed[:, None], at[:, None])
        chances = np.exp(each - each.max(axis=1, keepdims=True)).cumsum(axis=1)
        which = (rng.random(len(placed))[:, None] * chances[:, -1:] > chances).sum(axis=1)
        return totals[np.minimum(which, len(totals) - 1)] - placed, expit(at)


def unplaced_share(counts: Counts) -> UnplacedShare | None:
    """Return what is known of the unplaced share of each group; None where no totals are in the model.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    UnplacedShare or None

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> unplaced_share(invented_fit().counts) is None
    True
    """
    found, setting = totals_in_model(counts), counts.study.totals.unplaced
    if found is None:
        return None
    level, groups = found
    rate = crude_rate(counts)
    if setting != "estimated":
        share = 0.0 if setting == "none" else float(setting)
        at = np.array([logit(share)])
        return UnplacedShare(
            level, groups, (at,) * len(groups), (np.zeros(1),) * len(groups), (float(at[0]), 0.0), rate
        )
    sums = [placed_before(counts, group, rate) for group in groups]
    nodes = [_nodes_of(group, lowest, len(chances)) for group, (lowest, chances) in zip(groups, sums, strict=True)]
    likelihoods = []
    for group, at, (lowest, chances) in zip(groups, nodes, sums, strict=True):
        if group.total is None or not counts.observed[group.rows].all():
            likelihoods.append(np.zeros(len(at)))
            continue
        table = _log_totals(group, lowest + np.arange(len(chances)), at)
        with np.errstate(divide="ignore"):
            likelihoods.append(np.asarray(logsumexp(table + np.log(chances)[:, None], axis=0)))
    weights, typical = _learned(nodes, likelihoods)
    return UnplacedShare(level, groups, tuple(nodes), tuple(weights), typical, rate)


def crude_rate(counts: Counts) -> float:
    """Return the share of use in the areas whose count is not hidden."""
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (counts.population > 0)
    people = counts.population[shown].sum()
    return float((counts.lower + counts.upper)[shown].sum() / 2 / people) if people else 0.1


def aside_chances(group: GroupTotal, rate: float) -> tuple[int, Floats]:
    """Return the lowest number that areas left out may count, and the probability of each from there on."""
    lowest, highest, people = group.aside
    return lowest, _truncated_poisson(lowest, highest, people * rate)


def placed_before(counts: Counts, group: GroupTotal, rate: float) -> tuple[int, Floats]:
    """Return the lowest number placed, and roughly how probable each number from there on is before the model."""
    lowest, chances = aside_chances(group, rate)
    for row in group.rows:
        low, high = int(counts.lower[row]), int(counts.upper[row])
        if group.total is not None:
            high = min(high, max(group.total[1], low))
        lowest += low
        if high == low:
            continue
        flat = counts.status[row] == Status.ROUNDED
        each = np.ones(high - low + 1) if flat else _truncated_poisson(low, high, counts.population[row] * rate)
        chances = np.convolve(chances, each / each.sum())
    return lowest, chances


def _truncated_poisson(lowest: int, highest: int, mean: float) -> Floats:
    """Return the probabilities of lowest..highest of a Poisson count that is known to lie there."""
    k = np.arange(lowest, max(highest, lowest) + 1)
    logs = xlogy(k, max(mean, 1e-3)) - gammaln(k + 1.0)
    chances = np.exp(logs - logs.max())
    return np.asarray(chances / chances.sum())


def _log_negative_binomial(unplaced: Integers, placed: Integers, at: Floats) -> Floats:
    """Return log P(U = unplaced | S = placed, logit pi = at); minus infinity below zero."""
    u, share = np.maximum(unplaced, 0), expit(at)
    ways = gammaln(placed + u + 1.0) - gammaln(u + 1.0) - gammaln(placed + 1.0)
    with np.errstate(divide="ignore"):
        logs = ways + xlogy(u, share) - (placed + 1.0) * np.logaddexp(0.0, at)
    return np.where(unplaced >= 0, logs, -np.inf)


def _log_totals(group: GroupTotal, placed: Integers, at: Floats) -> Floats:
    """Return log P(total within its bounds | placed, logit pi), (number, node)."""
    if group.total is None:
        return np.zeros((len(placed), len(at)))
    result = np.full((len(placed), len(at)), -np.inf)
    for total in range(group.total[0], group.total[1] + 1):
        result = np.logaddexp(result, _log_negative_binomial(total - placed[:, None], placed[:, None], at[None]))
    return result


def _nodes_of(group: GroupTotal, lowest: int, width: int) -> Floats:
    """Return values of logit pi that cover where the likelihood of a group's total is; of any share without one."""
    if group.total is None:
        return np.linspace(LOWEST, HIGHEST, NODES)
    least, most = max(group.total[0] - (lowest + width - 1), 0), max(group.total[1] - lowest, 0)
    total = group.total[1] + 2
    low, high = (float(logit((unplaced + 0.5) / total)) for unplaced in (least, min(most, total - 1)))
    first = low - 8 / np.sqrt(least) if least > 30 else LOWEST
    last = high + 8 / np.sqrt((most + 1) * (1 - (most + 0.5) / total))
    return np.linspace(max(min(first, HIGHEST - 1), LOWEST), min(last, HIGHEST), NODES)


def _learned(nodes: list[Floats], likelihoods: list[Floats]) -> tuple[list[Floats], tuple[float, float]]:
    """Return the log weights of each group's nodes given all other groups, and the typical mean and sd."""
    telling = sum(bool(np.ptp(each) > 0) for each in likelihoods)
    means = np.linspace(PRIOR_MEAN - 3 * PRIOR_MEAN_SD, PRIOR_MEAN + 3 * PRIOR_MEAN_SD, 2 * GRID[0] - 1)
    logs = np.log(PRIOR_SD) + np.linspace(-3, 3, GRID[1]) * PRIOR_LOG_SD
    grid, each, joint = _posterior(means, logs, nodes, likelihoods)
    for _ in range(2 if telling > FEW else 0):
        chances = _normalised(joint)
        centre, width = chances @ grid, np.sqrt(chances @ (grid - chances @ grid) ** 2)
        step = np.array([np.diff(means)[0], np.diff(logs)[0]])
        width = np.maximum(width, step / 3)
        means, logs = (np.linspace(c - 5 * w, c + 5 * w, n) for c, w, n in zip(centre, width, GRID, strict=True))
        grid, each, joint = _posterior(means, logs, nodes, likelihoods)
    chances, weights = _normalised(joint), []
    for at, own in zip(nodes, each, strict=True):
        density = _density(at, grid) @ _normalised(joint - own)
        with np.errstate(divide="ignore"):
            weights.append(np.log(density))
    return weights, (float(chances @ grid[:, 0]), float(chances @ np.exp(grid[:, 1])))


def _posterior(
    means: Floats, logs: Floats, nodes: list[Floats], likelihoods: list[Floats]
) -> tuple[Floats, list[Floats], Floats]:
    """Return grid points (point, 2) of mean and log sd, each group's log-likelihood there, and the log posterior."""
    grid = np.stack(np.meshgrid(means, logs, indexing="ij"), axis=-1).reshape(-1, 2)
    prior = -0.5 * ((grid[:, 0] - PRIOR_MEAN) / PRIOR_MEAN_SD) ** 2
    prior -= 0.5 * ((grid[:, 1] - np.log(PRIOR_SD)) / PRIOR_LOG_SD) ** 2
    each = []
    for at, likelihood in zip(nodes, likelihoods, strict=True):
        if np.ptp(likelihood) == 0:
            each.append(np.zeros(len(grid)))
            continue
        peak = likelihood.max()
        each.append(np.log(np.maximum(np.exp(likelihood - peak) @ _density(at, grid), LEAST)) + peak)
    return grid, each, np.asarray(prior + sum(each))


def _normalised(logs: Floats) -> Floats:
    """Return probabilities from their logarithms, up to a constant."""
    chances = np.exp(logs - logs.max())
    return np.asarray(chances / chances.sum())


def _density(at: Floats, grid: Floats) -> Floats:
    """Return the normal density of nodes at each point of the grid, times the distance between nodes (node, point)."""
    sd, step = np.exp(grid[:, 1]), at[1] - at[0]
    return np.asarray(np.exp(-0.5 * ((at[:, None] - grid[:, 0]) / sd) ** 2) * step / (sd * np.sqrt(2 * np.pi)))
