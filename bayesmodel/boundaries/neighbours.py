"""Who borders on whom: pairs of areas at most some metres apart, the islands, and the parts that hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bayesmodel import html
from bayesmodel.arguments import explaining
from bayesmodel.boundaries.read_boundaries import Boundaries
from bayesmodel.errors import ArgumentError, UnknownNameError, listed
from bayesmodel.messages import _, number, plural

SHOWN = 10
"""Sizes of parts that are spelled out."""
TOLERANCE = 15.0
"""Metres that neighbours may lie apart, as maps have small gaps: docs/decisions/boundaries.md."""


@dataclass(frozen=True)
class Neighbours:
    """Pairs of areas that border on each other.

    Parameters
    ----------
    codes : Index of str
        The areas.
    pairs : ndarray of int64 (pair, 2)
        Rows of both areas of each pair, each pair once, the lower row first, in rising order.
    metres : ndarray of float64 (pair,)
        How far apart they are; 0 where they touch.
    tolerance : float
        Metres that they may be apart.
    without_shape : tuple of str
        Areas of which no neighbours can be known; they are not among `codes`.
    """

    codes: pd.Index
    pairs: NDArray[np.int64]
    metres: NDArray[np.float64]
    tolerance: float
    without_shape: tuple[str, ...] = ()

    @property
    def matrix(self) -> csr_array:
        """Whether each area borders on each (area, area): symmetric, 0 on the diagonal, sparse."""
        first, second = self.pairs.T
        ones = np.ones(2 * len(self.pairs), dtype=np.int8)
        rows, columns = np.concatenate([first, second]), np.concatenate([second, first])
        return csr_array((ones, (rows, columns)), shape=(len(self.codes), len(self.codes)))

    @property
    def numbers(self) -> pd.Series:
        """Number of neighbours of each area, by code."""
        return pd.Series(np.bincount(self.pairs.ravel(), minlength=len(self.codes)), self.codes, name="neighbours")

    @property
    def islands(self) -> pd.Index:
        """Areas without any neighbour."""
        return self.codes[(self.numbers == 0).to_numpy()]

    @property
    def components(self) -> pd.Series:
        """Number of the part that each area is in, by code: what neighbours connect is one part; 1 is the largest."""
        found = connected_components(self.matrix, directed=False)[1]
        sizes = np.bincount(found, minlength=1)
        order = np.argsort(-sizes, kind="stable")
        rank = np.empty(len(sizes), dtype=np.int64)
        rank[order] = np.arange(1, len(sizes) + 1)
        return pd.Series(rank[found], self.codes, name="component")

    @property
    def component_sizes(self) -> list[int]:
        """Number of areas of each part, the largest first."""
        return [int(size) for size in self.components.value_counts().sort_index()]

    @property
    def frame(self) -> pd.DataFrame:
        """Each pair as a row: ``code, neighbour, metres``; once, the area that comes first in the file first."""
        first, second = self.pairs.T
        return pd.DataFrame({"code": self.codes[first], "neighbour": self.codes[second], "metres": self.metres})

    def of(self, code: str) -> list[str]:
        """Return the neighbours of an area.

        Raises
        ------
        UnknownNameError
            There is no such area.
        """
        if code not in self.codes:
            raise UnknownNameError(_("area"), str(code), map(str, self.codes))
        row = self.codes.get_loc(code)
        return [str(self.codes[other]) for pair in self.pairs if row in pair for other in pair if other != row]

    def sentences(self) -> list[str]:
        """Say how many pairs, parts and islands there are."""
        pairs = plural("{count} pair of neighbours", "{count} pairs of neighbours", len(self.pairs))
        apart = _("{pairs}, at most {metres} m apart; {apart} of them do not touch.")
        gaps = number(int((self.metres > 0).sum()))
        lines = [apart.format(pairs=pairs, metres=number(self.tolerance, ",.15g"), apart=gaps)]
        parts = plural(
            "{count} part that hangs together", "{count} parts that hang together", len(self.component_sizes)
        )
        sizes = ", ".join(map(number, self.component_sizes[:SHOWN])) + ", ..." * (len(self.component_sizes) > SHOWN)
        lines.append(_("{parts}, of {sizes} areas.").format(parts=parts, sizes=sizes))
        none = _("No islands: every area has a neighbour.")
        islands = _("Islands, areas without any neighbour, {number}: {codes}.")
        found = [str(code) for code in self.islands]
        lines.append(islands.format(number=number(len(found)), codes=listed(found)) if found else none)
        return lines

    def __len__(self) -> int:
        return len(self.pairs)

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def _repr_html_(self) -> str:
        """Return how many there are, and the pairs, for a notebook."""
        return html.page(_("Neighbours"), html.bullets(self.sentences()), html.frame(self.frame))


@explaining
def neighbours_of(boundaries: Boundaries, tolerance: float = TOLERANCE) -> Neighbours:
    """Find the pairs of areas that are at most some metres apart, in a corner too.

    Parameters
    ----------
    boundaries : Boundaries
        One shape per area, in metres.
    tolerance : float
        Metres that neighbours may lie apart: maps have gaps of some metres, and overlaps. 0 asks that they touch.

    Returns
    -------
    Neighbours
        Symmetric, no area its own neighbour. Areas without neighbours are its `islands`; nothing is connected to them.

    Raises
    ------
    ArgumentError
        The tolerance is negative, or not a number.

    Examples
    --------
    >>> from bayesmodel import example_polygons, example_study, neighbours_of, read_boundaries
    >>> found = neighbours_of(read_boundaries(example_polygons(example_study(areas=60, gemeenten=8, regions=2))))
    >>> found.of("WK500100")[:2], found.component_sizes
    (['WK500101', 'WK500102'], [59, 1])
    """
    from shapely import STRtree, distance

    if not 0 <= tolerance < np.inf:
        raise ArgumentError(_("tolerance is {found}; expected metres, 0 or more.").format(found=tolerance))
    shapes = boundaries.shapes.geometry.to_numpy()
    first, second = STRtree(shapes).query(shapes, predicate="dwithin", distance=float(tolerance))
    once = first < second
    pairs = np.stack([first[once], second[once]], axis=1).astype(np.int64)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    metres = np.asarray(distance(shapes[pairs[:, 0]], shapes[pairs[:, 1]]), dtype=np.float64)
    return Neighbours(boundaries.codes, pairs, metres, float(tolerance), boundaries.without_shape)
