"""Areas or groups compared on the same draws, so that what they have in common cancels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.definition import Definition, Kind, Scale, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.quantities import estimate_of, quantity_named, refuse_empty
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Label, Study


def compare(
    fit: Fit,
    areas: str | Sequence[str] | Mapping[str, Sequence[str]] | pd.Series,
    what: str = "use.underlying",
    scale: Scale | None = None,
) -> Comparison:
    """Compare two or more areas, groups of a level, or own groups, keeping the dependence between them.

    P(A > B) is the share of draws in which A is above B; it cannot be read off two intervals side by side.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str, sequence of str, mapping, or Series
        Codes of areas or of groups of any level, mixed as you like; the name of a level; or own groups, as in
        `aggregate`.
    what : str
        ``use.actual``, ``use.underlying``, ``expected.<which>`` or ``difference.<use>.<which>``, which compares what is
        left after accounting for the determinants (and the levels named).
    scale : {"count", "share", "points", "ratio"}, optional
        Defaults to the share, or to the ratio for a difference.

    Returns
    -------
    Comparison

    Raises
    ------
    UnknownNameError
        There is no such quantity, scale, area or group.
    ComparisonError
        There are fewer than two areas, one is given twice, a group is empty, or nobody lives there.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> pair = compare(invented_fit(), ["WK000100", "GM0002"])
    >>> float(pair.p_higher.loc["WK000100", "GM0002"].round(2))
    0.44
    """
    quantity = quantity_named(fit.study, what, scale)
    groups = groups_of(fit.counts, areas)
    if len(groups.codes) < 2:
        said = _("A comparison needs at least two areas; given: {codes}. Add another code, of an area or of {levels}.")
        levels = ", ".join(fit.study.level_names) or fit.study.area
        raise ComparisonError(said.format(codes=", ".join(groups.codes), levels=levels))
    if quantity.scale != "count":
        refuse_empty(fit, groups)
    return Comparison(estimate_of(fit, quantity, groups), quantity.scale)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Areas or groups on one quantity, compared draw by draw.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, area).
    scale : {"count", "share", "points", "ratio"}
        Of the draws.
    """

    estimate: Estimate
    scale: Scale

    @property
    def study(self) -> Study:
        """The study the areas come from."""
        return self.estimate.study

    @property
    def definition(self) -> Definition:
        """What the areas are compared on."""
        return self.estimate.definition

    @property
    def names(self) -> pd.Series:
        """Names of the areas for readers, by code."""
        return self.estimate.names

    def difference(self, area: str, other: str) -> Estimate:
        """Return one area minus another (chain, draw): in percentage points for shares, else in the unit of the draws.

        Raises
        ------
        UnknownNameError
            One of the two is not among the areas compared.
        """
        left, right = self._draws(area), self._draws(other)
        definition = self._definition(area, other, "-", self.unit_of_pairs)
        return Estimate((100 if self.scale == "share" else 1) * (left - right), definition, self.study)

    def ratio(self, area: str, other: str) -> Estimate:
        """Return the ratio of one area to another (chain, draw).

        Raises
        ------
        UnknownNameError
            One of the two is not among the areas compared.
        ComparisonError
            The areas are compared on a difference, which can be zero, so a ratio is undefined.
        """
        if self.scale == "points" or (self.scale == "count" and self.definition.name.startswith("difference.")):
            said = _(
                "A ratio of differences says nothing, as a difference can be zero. Compare {name} on the scale "
                "'ratio', or take the difference."
            )
            raise ComparisonError(said.format(name=self.definition.name))
        draws = self._draws(area) / self._draws(other)
        return Estimate(draws, self._definition(area, other, "/", unit_of(self.study, "ratio")), self.study)

    @property
    def unit_of_pairs(self) -> Label:
        """The unit of a difference: percentage points for shares, else the unit compared on."""
        return unit_of(self.study, "points" if self.scale == "share" else self.scale)

    @property
    def p_higher(self) -> pd.DataFrame:
        """P(row > column) for every pair; zero on the diagonal."""
        return self._matrix(shares_above(self.estimate.samples))

    @property
    def p_equal(self) -> pd.DataFrame:
        """P(row = column) for every pair: one on the diagonal; elsewhere above zero only for counts."""
        higher = shares_above(self.estimate.samples)
        return self._matrix(np.round(1 - higher - higher.T, 12))

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise every pair: the difference with its interval, and which of the two is higher.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            Indexed by ``area`` and ``other``; columns ``mean, sd, median, lower, upper`` of area minus other, and
            ``p_higher, p_equal, p_lower``. Its ``attrs`` give the quantity, the unit and the interval.
        """
        first, second = np.triu_indices(len(self.names), 1)
        samples = self.estimate.samples
        gaps = (samples[:, first] - samples[:, second]) * (100 if self.scale == "share" else 1)
        codes = self.names.index
        pairs = pd.MultiIndex.from_arrays([codes[first], codes[second]], names=["area", "other"])
        draws = self.estimate.draws
        shape = (*draws.shape[:2], len(pairs))
        labelled = xr.DataArray(gaps.reshape(shape), {"pair": range(len(pairs))}, ("chain", "draw", "pair"))
        definition = self._definition("A", "B", "-", self.unit_of_pairs)
        table = Estimate(labelled, definition, self.study).summary(prob, kind).set_index(pairs)
        higher = shares_above(samples)
        up, down = higher[first, second], higher[second, first]
        return table.assign(p_higher=up, p_equal=np.round(1 - up - down, 12) + 0.0, p_lower=down)

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the areas and their pairs."""
        return self.estimate.summary(), self.summary()

    @property
    def title(self) -> str:
        """What the areas are compared on, and its unit."""
        return self.estimate.title

    def _draws(self, area: str) -> xr.DataArray:
        """Return the draws of one area (chain, draw)."""
        dim = str(self.estimate.draws.dims[-1])
        if area not in self.names.index:
            raise UnknownNameError(_("area in this comparison"), area, self.names.index)
        return self.estimate.draws.isel({dim: self.names.index.get_loc(area)}, drop=True)

    def _matrix(self, values: Floats) -> pd.DataFrame:
        """Return values (area, area) labelled with codes."""
        return pd.DataFrame(values, self.names.index.rename("area"), self.names.index.rename("other"))

    def _definition(self, area: str, other: str, sign: str, unit: Label) -> Definition:
        """Return the definition of one area compared with another."""
        of = self.definition
        words = Label(nl=f"{of.label.nl}: {area} {sign} {other}", en=f"{of.label.en}: {area} {sign} {other}")
        name = f"{of.name}: {area} {sign} {other}"
        return Definition(name, words, of.answers, f"({of.formula})[A] {sign} ({of.formula})[B]", unit)


Floats = NDArray[np.float64]

FEW = 40
"""Up to this many areas, numpy compares all pairs: importing the compiled code would take longer."""


def shares_above(samples: NDArray[Any]) -> Floats:
    """Return the share of samples in which the first area is above the second (area, area).

    Parameters
    ----------
    samples : ndarray (sample, area)

    Examples
    --------
    >>> import numpy as np
    >>> shares_above(np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0], [0.0, 1.0]])).tolist()
    [[0.0, 0.25], [0.5, 0.0]]
    """
    columns = np.ascontiguousarray(samples.T, dtype=np.float64)
    if len(columns) <= FEW:
        return np.array([(row > columns).mean(axis=1) for row in columns])
    above = np.empty((len(columns), len(columns)))
    count_above = _compiled()

    def work(part: slice) -> None:
        count_above(columns, part.start, part.stop, above)

    in_blocks(work, len(columns), columns.size)
    return above / len(samples)


@cache
def _compiled() -> Callable[..., None]:
    """Return `_count_above`, compiled."""
    from bayesmodel.compiled import compiled

    machine: Callable[..., None] = compiled(_count_above)
    return machine


def _count_above(columns: Floats, first: int, last: int, above: Floats) -> None:
    """Count in `above` (area, area) how often areas from `first` to `last` are above each area (area, sample)."""
    for area in range(first, last):
        for other in range(len(columns)):
            count = 0
            for sample in range(columns.shape[1]):
                count += columns[area, sample] > columns[other, sample]
            above[area, other] = count
