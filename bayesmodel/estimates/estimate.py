"""Estimate: posterior draws of a quantity with its definition; summaries are made last, from the draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.data import Status
from bayesmodel.estimates.definition import Definition, Kind, interval_of, quantile_of, titled
from bayesmodel.estimates.lookup import indices_of
from bayesmodel.estimates.result import Result
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Study
from bayesmodel.study.parts import Report


@dataclass(frozen=True, eq=False, repr=False)
class Estimate(Result):
    """Posterior draws of a quantity, with its definition.

    Parameters
    ----------
    draws : DataArray (chain, draw, ...)
        The draws; the last dim is the area (or the group) where there is one. Coordinates along it hold what a
        table or picture needs: for areas ``<area>_name`` and ``status``.
    definition : Definition
        What it is, and its unit.
    study : Study
        The study it is an estimate of; its ``report`` sets interval and language.

    Examples
    --------
    >>> from bayesmodel.estimates.expected import expected
    >>> from bayesmodel.testing import invented_fit
    >>> expected(invented_fit(), "determinants").select("WK000101").summary(prob=0.5)["mean"].round(1).tolist()
    [73.9]
    """

    draws: xr.DataArray
    definition: Definition
    study: Study

    @property
    def report(self) -> Report:
        """The study's choice of interval and language."""
        return self.study.report

    @property
    def samples(self) -> NDArray[Any]:
        """All draws along one axis: a view (sample, ...)."""
        chains, draws, *rest = self.draws.shape
        return self.draws.to_numpy().reshape(chains * draws, *rest)

    @property
    def index(self) -> pd.Index:
        """The labels of the quantities: codes of areas, or whatever the dims after chain and draw index."""
        dims = [str(dim) for dim in self.draws.dims[2:]]
        if not dims:
            return pd.Index([self.definition.name])
        indexes: list[pd.Index] = [self.draws.indexes[dim] for dim in dims]
        return pd.MultiIndex.from_product(indexes, names=dims) if len(dims) > 1 else indexes[0]

    @property
    def names(self) -> pd.Series:
        """Display names by code, when the last dim is areas or groups."""
        dim = str(self.draws.dims[-1])
        return pd.Series(self.draws[f"{dim}_name"].to_numpy(), self.draws.indexes[dim], name="name")

    @property
    def predicted(self) -> pd.Series:
        """Whether nothing was counted in each area or group, so that all of it is predicted, by code."""
        dim = str(self.draws.dims[-1])
        known = "status" in self.draws.coords and self.draws["status"].dims == (dim,)
        status = self.draws["status"].to_numpy() if known else np.full(self.draws.sizes[dim], "")
        return pd.Series(status == Status.MISSING, self.draws.indexes[dim], name="predicted")

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the draws: mean, sd, median and an interval.

        Parameters
        ----------
        prob : float, optional
            Probability of the interval; defaults to the study's.
        kind : {"equal-tailed", "highest-density"}, optional
            Kind of the interval; defaults to the study's.

        Returns
        -------
        DataFrame
            One row per area; columns ``mean, sd, median, lower, upper``. Its ``attrs`` give the quantity, the unit
            and the interval.
        """
        prob = self.report.interval if prob is None else prob
        kind = kind or self.report.interval_kind
        table = pd.DataFrame(summarise(self.samples.reshape(len(self.samples), -1), prob, kind), index=self.index)
        language = self.report.language
        table.attrs = {
            "name": self.definition.name,
            "label": self.definition.label[language],
            "unit": self.definition.unit[language],
            "interval": prob,
            "interval_kind": kind,
        }
        return table

    def select(self, areas: str | Sequence[str]) -> Estimate:
        """Return the estimate of some areas only, by code or by name, in the order given.

        Raises
        ------
        UnknownNameError
            There is no area with such a code or name; close matches are suggested.
        AmbiguousNameError
            Several areas have that name; lists them.
        """
        dim = str(self.draws.dims[-1])
        codes = self.draws.indexes[dim]
        names = self.draws.coords.get(f"{dim}_name")
        names_by_code = pd.Series(codes if names is None else names.to_numpy(), codes)
        rows = indices_of(areas, names_by_code, dim)
        return Estimate(self.draws.isel({dim: rows}), self.definition, self.study)

    def notes(self) -> tuple[str, ...]:
        """Return the question this answers."""
        return (self.definition.answers[self.report.language],)

    @property
    def title(self) -> str:
        """What this is, with its unit and interval."""
        return titled(self.definition, self.report)


def summarise(samples: NDArray[Any], probability: float, kind: Kind) -> dict[str, NDArray[np.float64]]:
    """Return mean, sd, median and interval of each column.

    Parameters
    ----------
    samples : ndarray (sample, quantity)
        Draws; a column with NaN gives NaN.
    probability : float
        Of the interval.
    kind : {"equal-tailed", "highest-density"}

    Returns
    -------
    dict of ndarray (quantity,)
    """
    table = {name: np.empty(samples.shape[1]) for name in ("mean", "sd", "median", "lower", "upper")}

    def work(part: slice) -> None:
        ordered = np.sort(samples[:, part].T, axis=1)  # sorted once for all statistics
        for name, values in summary_of_ordered(ordered, probability, kind).items():
            table[name][part] = values

    in_blocks(work, samples.shape[1], len(samples))
    return table


def summary_of_ordered(draws: NDArray[Any], probability: float, kind: Kind) -> dict[str, NDArray[Any]]:
    """Return mean, sd, median and interval of draws (quantity, sample) in ascending order."""
    lower, upper = interval_of(draws, probability, kind)
    moments = {"mean": draws.mean(axis=1), "sd": draws.std(axis=1, ddof=1), "median": quantile_of(draws, 0.5)}
    return moments | {"lower": lower, "upper": upper}
