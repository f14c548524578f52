"""Everybody in a group on every draw: placed in its areas, in areas left out, and in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.data.codes import COUNTRY
from bayesmodel.data.totals import totals_in_model
from bayesmodel.estimates.groups import Groups
from bayesmodel.estimates.joint_counts import joint_counts, unplaced_of_fit
from bayesmodel.estimates.linear_predictor import Indices, flat
from bayesmodel.estimates.use import actual_count, underlying_share
from bayesmodel.inference.fit import Fit
from bayesmodel.model.unplaced_share import UnplacedShare

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class GroupTotals:
    """Draws of everybody in the groups of the level whose totals are in the model, each (sample, group).

    Parameters
    ----------
    aside : ndarray of int64
        Counted in areas that are left out of the study.
    unplaced : ndarray of int64
        Counted in none of the areas. With `aside` and the counts of the areas this adds up to the total on every draw.
    share : ndarray
        The share pi of all people counted that is unplaced, without chance.
    everybody : ndarray
        Underlying use of everybody.
    factor : ndarray (sample, 1)
        Underlying use of everybody over that of those who are placed, of all groups together: what is expected of those
        who are placed is multiplied by it, so that use and expectation still add up to the same on every draw.
    """

    aside: Integers
    unplaced: Integers
    share: Floats
    everybody: Floats
    factor: Floats


def group_totals(fit: Fit) -> GroupTotals | None:
    """Return everybody in each group of the level whose totals are in the model; None where there is none.

    A group without a total of its own is predicted from what the others tell.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    GroupTotals or None

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> group_totals(invented_fit()) is None
    True
    """
    share = unplaced_of_fit(fit)
    if share is None:
        return None
    if "group_totals" not in fit.memo:
        fit.memo["group_totals"] = _drawn(fit, share)
    found: GroupTotals = fit.memo["group_totals"]
    return found


def _drawn(fit: Fit, share: UnplacedShare) -> GroupTotals:
    """Draw them, group by group."""
    shape = len(flat(fit, "intercept")), len(share.groups)
    aside, unplaced = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    part, underlying = np.zeros(shape), np.zeros(shape)
    for index, group in enumerate(share.groups):
        if group.total is None:
            placed = actual_count(fit, group.rows).sum(axis=1)
        else:
            counts, aside[:, index] = joint_counts(fit, index)
            placed = counts.sum(axis=1) + aside[:, index]
        rng = np.random.default_rng([fit.study.inference.seed, *b"unplaced", *group.group.encode()])
        unplaced[:, index], part[:, index] = share.draw(index, placed, rng)
        underlying[:, index] = underlying_share(fit, group.rows) @ fit.counts.population[group.rows]
    known = underlying + aside
    everybody = known / (1 - part)
    factor = everybody.sum(axis=1) / known.sum(axis=1)
    return GroupTotals(aside, unplaced, part, everybody, factor[:, None])


def whole_groups(counts: Counts, groups: Groups) -> list[Indices] | None:
    """Return, for each group, the groups of the level with totals that it consists of; None if any does not.

    Parameters
    ----------
    counts : Counts
    groups : Groups

    Returns
    -------
    list of ndarray of int64, or None
        Indices of groups of the level whose totals are in the model. None too where there is no such level, and of
        single areas.
    """
    found = None if groups.dim == counts.study.area else totals_in_model(counts)
    if found is None:
        return None
    level, each = found
    of_area = np.zeros(len(counts), dtype=np.int64)
    if level != COUNTRY:
        for index, group in enumerate(each):
            of_area[group.rows] = index
    sizes, result = np.bincount(of_area), []
    for rows in groups.rows_of_each:
        inside = np.unique(of_area[rows])
        if sizes[inside].sum() != len(rows):
            return None
        result.append(inside)
    return result


@dataclass(frozen=True, eq=False)
class Everybody:
    """What makes counts of the areas of groups into those of everybody in them.

    Parameters
    ----------
    outside : ndarray of int64 (sample, group)
        People counted in none of the areas of the study.
    aside : ndarray of int64 (sample, group)
        Of whom in areas that are left out.
    raised : ndarray (sample, group)
        The same with those who are unplaced beside them, without chance.
    raising : ndarray (sample, total)
        Factor from underlying use of areas to that of everybody, of each group of the level with totals.
    of_area : ndarray of int64 (area,)
        The group of that level in which each area lies.
    factor : ndarray (sample, 1)
        From what is expected of those who are placed to what is expected of everybody.
    people : ndarray (group,)
        Living in areas that are left out.
    share : ndarray (sample, group)
        Of everybody counted that is unplaced, without chance.
    """

    outside: Integers
    aside: Integers
    raised: Floats
    raising: Floats
    of_area: Indices
    factor: Floats
    people: Floats
    share: Floats

    def actual(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the actual count of everybody from that of the areas of each group (sample, group)."""
        return counts + self.outside

    def raise_areas(self, samples: Floats, rows: Indices) -> Floats:
        """Return underlying counts of areas with the unplaced people that go with them (sample, row)."""
        return np.asarray(samples * self.raising[:, self.of_area[rows]])

    def underlying(self, raised: Floats) -> Floats:
        """Return underlying use of everybody from raised counts of the areas of each group (sample, group)."""
        return raised + self.raised

    def expected(self, counts: Floats) -> Floats:
        """Return what is expected of everybody from what is expected of the areas of each group (sample, group)."""
        return (counts + self.aside) * self.factor


def everybody_in(fit: Fit, groups: Groups) -> Everybody | None:
    """Return everybody in groups; None where totals are not in the model, or not of these groups.

    Parameters
    ----------
    fit : Fit
    groups : Groups
        Groups of the level whose totals are in the model, or made of such groups.

    Returns
    -------
    Everybody or None

    Examples
    --------
    >>> from bayesmodel.estimates.groups import groups_of
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> everybody_in(fit, groups_of(fit.counts, "gemeente")) is None
    True
    """
    inside, drawn, share = whole_groups(fit.counts, groups), group_totals(fit), unplaced_of_fit(fit)
    if inside is None or drawn is None or share is None:
        return None

    def added(values: NDArray[Any]) -> NDArray[Any]:
        return np.column_stack([values[:, each].sum(axis=1) for each in inside])

    left_out, of_area = np.array([group.aside[2] for group in share.groups]), np.zeros(len(fit.counts), dtype=np.int64)
    for index, group in enumerate(share.groups):
        of_area[group.rows] = index
    return Everybody(
        outside=added(drawn.unplaced + drawn.aside),
        aside=added(drawn.aside),
        raised=added(drawn.aside / (1 - drawn.share)),
        raising=1 / (1 - drawn.share),
        of_area=of_area,
        factor=drawn.factor,
        people=np.array([left_out[each].sum() for each in inside]),
        share=added(drawn.share * drawn.everybody) / added(drawn.everybody),
    )
