"""Bridge: figures of the areas of one year brought to those of another, with how sure that is.

x: of an old area j a count n_j; of a new area i the shares s_ij of the people of j that come to it, which add up to 1
over i. Where the whole of j comes to i, s_ij = 1 and nothing is lost. Otherwise any of the people counted may live in
the part: the count of the part is anything from 0 to n_j, and its estimate s_ij n_j supposes that they are spread as
the shares are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bayesmodel import html
from bayesmodel.errors import ArgumentError, listed
from bayesmodel.messages import _, number, plural

TOUCHED = 1e-9
"""Share from which on something of an area comes to another."""


@dataclass(frozen=True)
class Bridge:
    """Which part of each area of one year each area of another year gets.

    Parameters
    ----------
    old, new : Index of str
        Codes of both years.
    shares : sparse array of float64 (new, old)
        Share of the people of each old area; adds up to 1 over the new areas, or to 0 where the old area is lost.
    through : str
        What it rests on: ``mergers``, ``areas`` or ``people``.
    from_vintage, to_vintage : int or None
        Years of the boundaries, where they are known.
    notes : tuple of str
        What was supposed, in sentences.
    """

    old: pd.Index
    new: pd.Index
    shares: csr_array
    through: str
    from_vintage: int | None = None
    to_vintage: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> pd.Series:
        """Whether each new area is made of whole old areas only, and of one at least; by code."""
        parts = self.shares.tocsr()
        broken = np.asarray(((parts.data > TOUCHED) & (parts.data < 1 - TOUCHED)).astype(float))
        cut = csr_array((broken, parts.indices, parts.indptr), shape=parts.shape).sum(axis=1)
        return pd.Series((cut == 0) & (parts.sum(axis=1) > 0), self.new, name="whole")

    @property
    def lost(self) -> pd.Index:
        """Old areas of which nothing comes to any new area."""
        return self.old[np.asarray(self.shares.sum(axis=0)) <= TOUCHED]

    @property
    def unfilled(self) -> pd.Index:
        """New areas that get nothing of any old area."""
        return self.new[np.asarray(self.shares.sum(axis=1)) <= TOUCHED]

    @property
    def approximate(self) -> bool:
        """Whether a new area gets only a part of an old one."""
        return bool(((self.shares.data > TOUCHED) & (self.shares.data < 1 - TOUCHED)).any())

    def counts(self, lower: pd.Series, upper: pd.Series | None = None) -> pd.DataFrame:
        """Bring counts to the new areas: bounds that hold whoever lives where, and an estimate.

        Parameters
        ----------
        lower : Series of float, by code of the old areas
            Counts, or their lower bounds. An old area that it lacks, or that is NaN, counts anything from 0 on.
        upper : Series of float, optional
            Their upper bounds; the counts are exact when left out.

        Returns
        -------
        DataFrame
            By code of the new areas: ``lower, upper`` (infinite where nothing is known), ``estimate`` (of the middle of
            the bounds, spread as the shares are; NaN where something of it is not known), and ``exact``.

        Examples
        --------
        >>> from bayesmodel.data.bridge import identity_bridge
        >>> identity_bridge(["GM0001"]).counts(pd.Series({"GM0001": 12.0})).iloc[0].map(float).to_list()
        [12.0, 12.0, 12.0, 1.0]
        """
        low = self._values(lower)
        high = low if upper is None else self._values(upper)
        low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, high)
        if (low > high).any():
            wrong = [str(code) for code in self.old[low > high]]
            raise ArgumentError(_("Lower bounds above upper bounds: {codes}.").format(codes=listed(wrong)))
        parts = self.shares.tocoo()
        rows, columns = parts.coords
        inside, touched = parts.data >= 1 - TOUCHED, parts.data > TOUCHED
        least, most, middle = np.zeros(len(self.new)), np.zeros(len(self.new)), np.zeros(len(self.new))
        np.add.at(least, rows[inside], low[columns[inside]])
        np.add.at(most, rows[touched], high[columns[touched]])
        known = np.where(np.isfinite(high), (low + np.where(np.isfinite(high), high, 0)) / 2, np.nan)
        np.add.at(middle, rows[touched], parts.data[touched] * known[columns[touched]])
        empty = self.new.isin(self.unfilled)
        most[empty], middle[empty] = np.inf, np.nan
        frame = pd.DataFrame({"lower": least, "upper": most, "estimate": middle}, index=self.new)
        return frame.assign(exact=(frame["lower"] == frame["upper"]) & self.whole)

    def means(self, values: pd.Series, people: pd.Series) -> pd.DataFrame:
        """Bring means or shares of people to the new areas, weighted by the people they are of.

        Parameters
        ----------
        values : Series of float, by code of the old areas
            Such as percentages; NaN where not known.
        people : Series of float, by code of the old areas
            Over whom each is a mean.

        Returns
        -------
        DataFrame
            By code of the new areas: ``mean`` (NaN where nothing is known), ``known``, the share of the people of the
            new area of whom it is known, and ``exact``. Of a part nothing is known but the mean of the whole, so that a
            mean of parts is approximate, and no bounds hold.

        Examples
        --------
        >>> from bayesmodel.data.bridge import identity_bridge
        >>> one = pd.Series({"GM0001": 12.0})
        >>> identity_bridge(["GM0001"]).means(one, one).iloc[0].map(float).to_list()
        [12.0, 1.0, 1.0]
        """
        found, size = self._values(values), np.nan_to_num(self._values(people))
        known = ~np.isnan(found)
        every, told = self.shares @ size, self.shares @ (size * known)
        total = self.shares @ (size * np.nan_to_num(found))
        with np.errstate(invalid="ignore", divide="ignore"):
            frame = pd.DataFrame({"mean": total / told, "known": told / every}, index=self.new)
        frame = frame.where(np.isfinite(frame))
        return frame.assign(exact=self.whole & (frame["known"] >= 1 - TOUCHED))

    def _values(self, values: pd.Series) -> NDArray[np.float64]:
        """Return values in the order of the old areas."""
        return np.asarray(values.astype(float).reindex(self.old), dtype=np.float64)

    def sentences(self) -> list[str]:
        """Say how many areas are made of whole ones, of parts and of nothing, and what was supposed."""
        parts = int((~self.whole).sum()) - len(self.unfilled)
        head = _("{old} areas of {first} to {new} of {last}: {whole} made of whole areas, {parts} of parts.")
        years = {"first": self.from_vintage or "?", "last": self.to_vintage or "?"}
        sizes = {"old": number(len(self.old)), "new": number(len(self.new)), "parts": number(parts)}
        lines = [head.format(whole=number(int(self.whole.sum())), **sizes, **years)]
        for said, found in (
            (_("Without anything of the earlier year, {number}: {codes}."), self.unfilled),
            (_("Of the earlier year and brought nowhere, {number}: {codes}."), self.lost),
        ):
            if len(found):
                lines.append(said.format(number=number(len(found)), codes=listed([str(code) for code in found])))
        return [*lines, *self.notes]

    def __len__(self) -> int:
        return len(self.new)

    def __repr__(self) -> str:
        return "\n".join([self._title(), *(f"  {text}" for text in self.sentences())])

    def _repr_html_(self) -> str:
        """Return what it rests on, for a notebook."""
        return html.page(self._title(), html.bullets(self.sentences()))

    def _title(self) -> str:
        exact = plural("Bridge to {count} area: exact", "Bridge to {count} areas: exact", len(self))
        about = plural("Bridge to {count} area: approximate", "Bridge to {count} areas: approximate", len(self))
        return about if self.approximate else exact


def bridge_of(
    old: pd.Index, new: pd.Index, parts: pd.DataFrame, through: str, years: tuple[int | None, int | None] = (None, None)
) -> Bridge:
    """Make a bridge of how much of the people, or of the hectares, of each old area each new area gets.

    Parameters
    ----------
    old, new : Index of str
        Codes of both years.
    parts : DataFrame
        Columns ``old, new`` (codes) and ``size``: a row for each part. Sizes of an old area are divided by their sum,
        so that nobody is lost.
    through : str
        What it rests on.
    years : tuple of int or None
        Years of the boundaries.

    Returns
    -------
    Bridge

    Examples
    --------
    >>> parts = pd.DataFrame({"old": ["a", "b", "b"], "new": ["x", "x", "y"], "size": [5.0, 1.0, 3.0]})
    >>> bridge_of(pd.Index(["a", "b"]), pd.Index(["x", "y"]), parts, "areas").shares.toarray().tolist()
    [[1.0, 0.25], [0.0, 0.75]]
    """
    rows, columns = new.get_indexer(pd.Index(parts["new"])), old.get_indexer(pd.Index(parts["old"]))
    sizes = parts["size"].to_numpy(dtype=np.float64)
    total = np.bincount(columns, weights=sizes, minlength=len(old))
    kept = sizes > 0
    shares = sizes[kept] / total[columns[kept]]
    matrix = csr_array((shares, (rows[kept], columns[kept])), shape=(len(new), len(old)))
    return Bridge(old, new, matrix, through, *years)


def identity_bridge(codes: list[str] | pd.Index, vintage: int | None = None) -> Bridge:
    """Return the bridge from areas to themselves.

    Examples
    --------
    >>> identity_bridge(["GM0001", "GM0002"]).approximate
    False
    """
    index = pd.Index(codes)
    parts = pd.DataFrame({"old": index, "new": index, "size": 1.0})
    return bridge_of(index, index, parts, "mergers", (vintage, vintage))
