"""Use: the count itself, published or hidden, and the rate that underlies it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bayesmodel.data import Status
from bayesmodel.data.suppression import shown_windows
from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.definition import Definition, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.joint_counts import group_of_areas, joint_counts, unplaced_of_fit
from bayesmodel.estimates.labels import labelled
from bayesmodel.estimates.linear_predictor import Floats, Indices, dispersion, flat, people
from bayesmodel.estimates.lookup import area_indices
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Label, Study

Of = Literal["actual", "underlying"]
Integers = NDArray[np.int64]


def use(
    fit: Fit,
    of: Of = "underlying",
    scale: Literal["count", "share"] = "count",
    areas: str | Sequence[str] | None = None,
) -> Estimate:
    """Return the use of each area: the actual count, or the rate that underlies it.

    ``actual`` is Y_i: the published count itself, or a draw from the family truncated to the counts that the published
    value can stand for. ``underlying`` is p_i, the area's own rate given all data including its own count, free of
    chance variation (as a number: n_i p_i).

    Parameters
    ----------
    fit : Fit
        The posterior.
    of : {"actual", "underlying"}
        With or without chance variation.
    scale : {"count", "share"}
        Number of people, or their share (0 to 1; NaN where nobody lives).
    areas : str or sequence of str, optional
        Codes or names; defaults to all areas.

    Returns
    -------
    Estimate
        Draws (chain, draw, area); whole numbers for the actual count. Repeated calls return the same draws: each area
        has its own random seed, made of the study's seed and the area's code.

    Raises
    ------
    UnknownNameError
        There is no such use or area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> use(invented_fit(), "actual").summary().loc["WK000102", ["lower", "upper"]].tolist()
    [1.0, 9.0]
    """
    if of not in ("actual", "underlying"):
        raise UnknownNameError(_("use"), of, ["actual", "underlying"])
    rows = area_indices(fit.counts, areas)
    samples: Floats | Integers
    if of == "actual":
        samples = actual_count(fit, rows)
        if scale == "share":
            n = fit.counts.population[rows]
            samples = samples / np.where(n > 0, n, np.nan)
    else:
        samples = underlying_share(fit, rows)
        samples *= people(fit, rows, scale)
    return Estimate(labelled(fit, samples, rows), use_definition(fit.study, of, scale), fit.study)


def actual_count(fit: Fit, rows: Indices) -> Integers:
    """Return counts (sample, area): known ones repeated, the others drawn within their bounds.

    Of a count that is hidden as it is small, draws of a value that is more certain than the study allows are spread;
    but not of one that is drawn given a published total: it would no longer add up, and the total tells it anyhow.
    """
    counts, limit = drawn_counts(fit, rows), fit.study.disclosure.most_certain
    if not fit.study.disclosure.protect:
        return counts
    lower, upper = (bound[rows] for bound in shown_windows(fit.counts))
    for column in np.flatnonzero((fit.counts.status[rows] == Status.SUPPRESSED) & (group_of_areas(fit)[rows] < 0)):
        window = int(lower[column]), int(upper[column])
        counts[:, column] = spread_evenly(counts[:, column], window, limit)
    return counts


def spread_evenly(draws: Integers, window: tuple[int, int], most: float) -> Integers:
    """Return draws of a count with no value in more than a share of them: what is over goes evenly to all others.

    Parameters
    ----------
    draws : ndarray of int64 (sample,)
    window : (int, int)
        What the count can be, inclusive; with two values none is given less than half.
    most : float
        The largest share of draws that may have one value.

    Returns
    -------
    ndarray of int64 (sample,)

    Examples
    --------
    >>> spread_evenly(np.zeros(10, dtype=np.int64), (0, 2), 0.8).tolist()
    [1, 0, 0, 0, 0, 2, 0, 0, 0, 0]
    """
    values, times = np.unique(draws, return_counts=True)
    room, common = np.arange(window[0], window[1] + 1), values[times.argmax()]
    others = room[room != common]
    over = times.max() - int(max(most, 1 / max(len(room), 1)) * len(draws))
    if over <= 0 or not len(others):
        return draws
    same, spread = np.flatnonzero(draws == common), draws.copy()
    spread[same[np.arange(over) * len(same) // over]] = others[np.arange(over) % len(others)]
    return spread


def drawn_counts(fit: Fit, rows: Indices) -> Integers:
    """Return counts (sample, area) as the model has them, however certain one is."""
    counts = np.repeat(fit.counts.lower[rows][None], len(flat(fit, "intercept")), axis=0)
    unknown = np.flatnonzero(fit.counts.lower[rows] < fit.counts.upper[rows])
    if len(unknown):
        counts[:, unknown] = _unknown_counts(fit, rows[unknown])
    return counts


DRAWN = "counts that are not known"
"""Name under which a fit keeps draws of its counts."""
KEPT = 4_000_000
"""Draws of counts that are kept for the next estimate of the same fit: 32 MB."""


def _unknown_counts(fit: Fit, rows: Indices) -> Integers:
    """Return draws of counts that are not known exactly (sample, area)."""
    every = np.flatnonzero(fit.counts.lower < fit.counts.upper)
    if len(every) * len(flat(fit, "intercept")) > KEPT:
        return np.column_stack([count for count, _rate in _draw_counts_and_rates(fit, rows)])
    if DRAWN not in fit.memo:
        fit.memo[DRAWN] = np.column_stack([count for count, _rate in _draw_counts_and_rates(fit, every)])
    return np.asarray(fit.memo[DRAWN][:, np.searchsorted(every, rows)])


def underlying_share(fit: Fit, rows: Indices) -> Floats:
    """Return the rate that underlies the count (sample, area)."""
    eta = flat(fit, "linear_predictor")
    share = np.empty((len(eta), len(rows)))
    if not fit.family.area_effect:
        for column, (_, rate) in enumerate(_draw_counts_and_rates(fit, rows)):
            share[:, column] = rate
        return share

    def work(part: slice) -> None:
        share[part] = fit.family.mean(eta[part][:, rows])

    in_blocks(work, len(eta), len(rows))
    return share


def use_definition(study: Study, of: Of, scale: Literal["count", "share"]) -> Definition:
    """Return the definition of a use."""
    per = " / n" if scale == "share" else ""
    if of == "actual":
        label = Label(nl="feitelijk gebruik", en="actual use")
        answers = Label(
            nl="Hoeveel gebruik was er? Bekende aantallen zelf; verborgen aantallen geschat binnen hun grenzen.",
            en="How much use was there? Known counts themselves; hidden counts estimated within their bounds.",
        )
        formula = f"Y{per} | lower <= Y <= upper"
    else:
        label = Label(nl="onderliggend gebruik", en="underlying use")
        answers = Label(
            nl="Wat is het niveau van het gebruik, gecorrigeerd voor toeval?",
            en="What is the level of use, without chance?",
        )
        formula = "p" if scale == "share" else "n p"
    return Definition(f"use.{of}", label, answers, formula, unit_of(study, scale))


def weights_of(fit: Fit, row: int, window: tuple[int, int]) -> Floats | None:
    """Return the weights of the counts in an area's window; None where all weights are one."""
    weights = fit.counts.weights
    if weights is None or not fit.counts.observed[row] or window[1] - window[0] >= weights.shape[1]:
        return None
    return np.asarray(weights[row])


def _draw_counts_and_rates(fit: Fit, rows: Indices) -> Iterator[tuple[Integers, Floats]]:
    """Yield, for each area, draws of its count and of its rate given the count, from the area's own seed.

    Counts of a group whose total is in the model are drawn together.
    """
    eta = flat(fit, "linear_predictor")
    dispersions = np.broadcast_to(dispersion(fit, rows), (len(eta), len(rows)))
    by_area = np.ascontiguousarray(eta[:, rows].T)  # transposed once: single columns would stride through memory
    together = _draw_together(fit, rows)
    for column, row in enumerate(rows):
        code = str(fit.counts.areas.codes[row])
        rng = np.random.default_rng([fit.study.inference.seed, *code.encode()])
        window = int(fit.counts.lower[row]), int(fit.counts.upper[row])
        n, own, phi = int(fit.counts.population[row]), by_area[column], dispersions[:, column]
        count = together.pop(int(row), None)
        if count is None:
            count = fit.family.draw_count(rng, window, n, own, phi, weights_of(fit, row, window))
        # where nobody lives, the count carries no information on the rate
        yield count, fit.family.draw_rate(rng, count, np.asarray(n), own, phi) if n else fit.family.mean(own)


def _draw_together(fit: Fit, rows: Indices) -> dict[int, Integers]:
    """Return draws of the counts of those areas whose count is not known and whose group has a total, by row."""
    groups, result = group_of_areas(fit)[rows], dict[int, Integers]()
    unknown = fit.counts.lower[rows] < fit.counts.upper[rows]
    for index in np.unique(groups[unknown & (groups >= 0)]):
        drawn, _aside = joint_counts(fit, int(index))
        wanted = set(rows[groups == index].tolist())
        members = unplaced_of_fit(fit).groups[index].rows  # type: ignore[union-attr]
        result |= {int(row): drawn[:, column] for column, row in enumerate(members) if int(row) in wanted}
    return result
