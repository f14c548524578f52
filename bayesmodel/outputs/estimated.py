"""Estimated: every quantity of the tables from one pass over the areas, a block of them at a time.

Of each block the draws of use and of each expectation are made once; they are summarised per area, and added up to the
groups of every level, before the next block is begun. So memory does not grow with the number of areas but by their
summaries and the draws of the groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.estimates.definition import Definition
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.given import given_names
from bayesmodel.estimates.groups import Groups, groups_of
from bayesmodel.estimates.quantity import named
from bayesmodel.estimates.use import use
from bayesmodel.inference.fit import Fit
from bayesmodel.outputs.summaries import summaries

NUMBERS_AT_ONCE = 2_000_000
"""Draws of areas that are held at the same time: 16 MB a quantity, for 2,000 areas of 1,000 draws."""


@dataclass(frozen=True)
class Estimated:
    """What the tables of areas and levels are made of.

    Parameters
    ----------
    areas : DataFrame
        One row per area: the columns of `summaries`, nothing masked.
    groups : mapping of str to Groups
        The groups of each level.
    totals : mapping of str to list of Estimate
        Per level: draws (chain, draw, group) of actual use, underlying use and each expectation, as counts.
    """

    areas: pd.DataFrame
    groups: Mapping[str, Groups]
    totals: Mapping[str, list[Estimate]]


def estimated(fit: Fit, levels: tuple[str, ...]) -> Estimated:
    """Estimate every quantity of the tables.

    Parameters
    ----------
    fit : Fit
    levels : tuple of str
        Levels to whose groups areas are added up.

    Returns
    -------
    Estimated
    """
    codes = fit.counts.areas.codes
    groups = {level: groups_of(fit.counts, level) for level in levels}
    places = {level: each.codes.get_indexer(pd.Index(fit.counts.areas.levels[level])) for level, each in groups.items()}
    sums: dict[str, list[NDArray[Any]]] = {level: [] for level in levels}
    definitions, tables = list[Definition](), list[pd.DataFrame]()
    size = max(1, NUMBERS_AT_ONCE // fit.tree["posterior"]["intercept"].size)
    for start in range(0, len(codes), size):
        rows = np.arange(start, min(start + size, len(codes)))
        block = list(_counts(fit, list(codes[rows])))
        if not definitions:
            definitions = [estimate.definition for estimate in block]
        for level in levels:
            if not sums[level]:
                shape = len(block[0].samples), len(groups[level].codes)
                sums[level] = [np.zeros(shape, dtype=estimate.samples.dtype) for estimate in block]
            for total, estimate in zip(sums[level], block, strict=True):
                _add(total, estimate.samples, places[level][rows])
        actual, underlying, *expectations = block
        given = zip(given_names(fit.study), expectations, strict=True)
        tables.append(summaries(actual, underlying, given, fit.counts.population[rows], independent_draws(fit)))
    totals = {
        level: [
            Estimate(named(fit, total, groups[level]), definition, fit.study)
            for total, definition in zip(sums[level], definitions, strict=True)
        ]
        for level in levels
    }
    return Estimated(pd.concat(tables), groups, totals)


def independent_draws(fit: Fit) -> float | None:
    """Return how many effective draws a fit without chains has; None where chains have to be looked at.

    Draws of the Laplace engine are independent, and its certificate holds the smallest effective number of any of them.
    """
    certificate = fit.verdict.certificate
    return None if certificate is None else certificate.effective


def _counts(fit: Fit, codes: list[str]) -> Iterator[Estimate]:
    """Yield actual, underlying and each expected count of some areas."""
    yield use(fit, "actual", areas=codes)
    yield use(fit, "underlying", areas=codes)
    for given in given_names(fit.study):
        yield expected(fit, given, areas=codes)


def _add(total: NDArray[Any], samples: NDArray[Any], places: NDArray[np.intp]) -> None:
    """Add draws of areas (sample, area) to those of the groups they lie in (sample, group)."""
    order = np.argsort(places, kind="stable")
    groups, starts = np.unique(places[order], return_index=True)
    total[:, groups] += np.add.reduceat(samples[:, order], starts, axis=1)
