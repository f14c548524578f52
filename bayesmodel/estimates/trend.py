"""Use in each of several years that were fitted as one model, of areas or groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bayesmodel.data.codes import COUNTRY
from bayesmodel.estimates.areas_over_years import check_one_model, in_year
from bayesmodel.estimates.definition import Kind, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping
from bayesmodel.estimates.labels import whole_label
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import LANGUAGES, Language
from bayesmodel.study import Label

PERIOD = "year"
"""Name of the column of years."""


@dataclass(frozen=True, eq=False, repr=False)
class Trend(Result):
    """Underlying use per head in several years.

    Parameters
    ----------
    estimates : mapping of int to Estimate
        Per year, ascending: draws of the share (chain, draw, area), under the codes of the last year. An area that is
        not followed to a year is not in it.
    """

    estimates: Mapping[int, Estimate]

    @property
    def last(self) -> Estimate:
        """That of the last year."""
        return self.estimates[max(self.estimates)]

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the shares.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area or group and year; columns ``name, mean, sd, median, lower, upper`` (shares, 0 to 1).
        """
        parts = {year: estimate.summary(prob, kind) for year, estimate in self.estimates.items()}
        table = pd.concat(parts, names=[PERIOD]).swaplevel().sort_index(kind="stable")
        names = self.names_in(self.last.report.language)
        table.insert(0, "name", [names.get(code, code) for code in table.index.get_level_values(0)])
        return table

    def names_in(self, language: Language) -> dict[str, str]:
        """Return the names of the areas or groups by code, all areas together called so in a language."""
        if self.last.draws.dims[-1] == COUNTRY:
            return {COUNTRY: whole_label(self.last.study)[language]}
        return {str(code): str(name) for code, name in self.last.names.items()}

    @property
    def title(self) -> str:
        """What it is of, and of which years."""
        years = f"{min(self.estimates)}-{max(self.estimates)}"
        period = Label(**dict.fromkeys(LANGUAGES, years))
        return titled(self.last.definition, self.last.report, period)


def trend(fits: Mapping[int, Fit], areas: Grouping = None) -> Trend:
    """Estimate underlying use per head in each of several years of one model.

    Parameters
    ----------
    fits : mapping of int to Fit
        By year: what `fit_years` returns, or fits loaded from its folders.
    areas : str, sequence of str, or mapping, optional
        As in `aggregate`, by codes of the last year; defaults to all areas together.

    Returns
    -------
    Trend

    Raises
    ------
    UnknownNameError
        There is no such area or group.
    ComparisonError
        The fits are not of one model of several years.

    Examples
    --------
    >>> from bayesmodel import fit_years, trend
    >>> trend(fit_years(counts), ["GM0363", "GM0599"]).plot()  # doctest: +SKIP
    """
    years = sorted(fits)
    check_one_model([fits[year] for year in years])
    last = fits[years[-1]]
    latest, found = aggregate(last, areas, scale="share"), dict[int, Estimate]()
    level = isinstance(areas, str) and areas in last.study.level_names
    for year in years[:-1]:
        estimate = aggregate(fits[year], in_year(fits[year], last, areas), scale="share")
        found[year] = estimate if level else _under_later_codes(estimate, latest)
    return Trend({**found, years[-1]: latest})


def _under_later_codes(estimate: Estimate, latest: Estimate) -> Estimate:
    """Return an estimate under the codes and names of the last year, in which its areas have the same order."""
    old, new = str(estimate.draws.dims[-1]), str(latest.draws.dims[-1])
    named = {new: latest.draws.indexes[new], f"{new}_name": (new, latest.names.to_numpy(object))}
    draws = estimate.draws.drop_vars([name for name in estimate.draws.coords if name in (old, f"{old}_name")])
    return Estimate(draws.rename({old: new}).assign_coords(named), estimate.definition, estimate.study)
