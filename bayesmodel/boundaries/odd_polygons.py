"""Remarks on polygons: those that lie outside the Netherlands, lie on each other, or have the code of another area."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.boundaries.neighbours import Neighbours
from bayesmodel.boundaries.read_boundaries import Boundaries
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.messages import _, number

NETHERLANDS = (-7_000.0, 289_000.0, 300_000.0, 629_000.0)
"""Bounds of the Netherlands in RD New, in metres: west, south, east, north."""
DUTCH = r"(?:WK|BU|GM)[0-9]{4,8}"
"""Codes of CBS."""
GEMEENTE = r"(?:WK|BU)([0-9]{4})"
"""The gemeente in the code of a wijk or buurt."""
OVERLAPPING = 0.05
"""Share of the areas, from two on, that lie in another one: a map with gaps and overlaps of some metres has none."""
FEWEST = 20
"""Pairs of neighbours, and at least as many as there are areas: of areas here and there in the country few border."""
SDS = 3.0
"""Standard deviations above what chance gives, of neighbours of one gemeente, up to which codes seem to be shuffled."""


def polygon_remarks(boundaries: Boundaries, neighbours: Neighbours) -> Iterator[Remark]:
    """Yield what looks odd about the polygons of areas.

    Parameters
    ----------
    boundaries : Boundaries
        Of the areas of a study alone, where there is one: gemeenten in the same file lie on their wijken.
    neighbours : Neighbours
        Of the same areas.

    Yields
    ------
    Remark

    Examples
    --------
    >>> from bayesmodel import example_polygons, example_study, neighbours_of, read_boundaries
    >>> found = read_boundaries(example_polygons(example_study(areas=60, gemeenten=8, regions=2)))
    >>> list(polygon_remarks(found, neighbours_of(found)))
    []
    """
    yield from _outside(boundaries)
    overlapping = list(_overlapping(boundaries))
    yield from overlapping
    if not overlapping:  # else who borders on whom says nothing
        yield from shuffled_remarks(neighbours.codes, neighbours.pairs)


def _outside(boundaries: Boundaries) -> Iterator[Remark]:
    """Yield that areas with Dutch codes lie outside the Netherlands."""
    west, south, east, north = NETHERLANDS
    x, y = (boundaries.shapes.geometry.bounds.iloc[:, [low, low + 2]].mean(axis=1) for low in (0, 1))
    inside = x.between(west, east) & y.between(south, north)
    outside = boundaries.codes[(~inside).to_numpy() & boundaries.codes.astype(str).str.fullmatch(DUTCH)]
    if not len(outside):
        return

    def say() -> str:
        return _(
            "Polygons of areas with a code of CBS lie outside the Netherlands. Look whether longitude and latitude "
            "have changed places in the file, and whether it names its system of coordinates rightly."
        )

    yield remark(RemarkKind.POLYGONS, "boundaries", say, outside)


def _overlapping(boundaries: Boundaries) -> Iterator[Remark]:
    """Yield that a point inside an area is inside another one too, for many areas."""
    from shapely import STRtree

    shapes = boundaries.shapes.geometry
    points = shapes.representative_point().to_numpy()
    point, other = STRtree(shapes.to_numpy()).query(points, predicate="within")
    length = boundaries.codes.astype(str).str.len().to_numpy()
    found = np.unique(point[(point != other) & (length[point] == length[other])])
    if len(found) < max(2, OVERLAPPING * len(boundaries)):
        return

    def say() -> str:
        return _(
            "Polygons lie on those of other areas, which no map has: who borders on whom means nothing there. Look "
            "whether each area has its own polygon in the file."
        )

    yield remark(RemarkKind.POLYGONS, "boundaries", say, boundaries.codes[found])


def shuffled_remarks(codes: pd.Index, pairs: NDArray[np.int64]) -> Iterator[Remark]:
    """Yield that neighbours are of one gemeente no more often than chance makes them: codes are of other polygons.

    Parameters
    ----------
    codes : Index of str
        Of wijken or buurten of CBS, which hold that of their gemeente; of other codes nothing is known.
    pairs : ndarray of int64 (pair, 2)
        Rows of areas that border on each other.

    Yields
    ------
    Remark
        Only where the wijken of each gemeente together would give more such pairs if they hung together.

    Examples
    --------
    >>> codes = pd.Index([f"WK{gemeente:04}{wijk:02}" for gemeente in range(10) for wijk in range(10)])
    >>> ring = np.stack([np.arange(100), (np.arange(100) + 1) % 100], axis=1)
    >>> list(shuffled_remarks(codes, ring)), len(list(shuffled_remarks(codes[np.arange(100) * 37 % 100], ring)))
    ([], 1)
    """
    gemeente = codes.astype(str).str.extract(GEMEENTE, expand=False)
    if len(pairs) < max(FEWEST, len(codes)) or pd.isna(gemeente).any():
        return
    groups, sizes = np.unique(gemeente.to_numpy(dtype=str), return_inverse=True, return_counts=True)[1:]
    together = int((groups[pairs[:, 0]] == groups[pairs[:, 1]]).sum())
    chance = float((sizes * (sizes - 1)).sum() / (len(codes) * (len(codes) - 1)))
    expected = chance * len(pairs)
    limit = expected + SDS * np.sqrt(expected) + 1
    if together > limit or len(codes) - len(sizes) < limit:
        return

    def say() -> str:
        said = _(
            "Of the pairs of neighbours {found} are of one gemeente, hardly more than the {expected} that chance alone "
            "would give. Look whether each polygon has the code of its own area."
        )
        return said.format(found=number(together / len(pairs), ".0%"), expected=number(chance, ".0%"))

    yield remark(RemarkKind.POLYGONS, "boundaries", say)
