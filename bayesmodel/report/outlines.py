"""Shapes of areas as short paths for a page: simplified together, so that neighbours keep their shared border."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

WIDTH = 12_000
"""Units across the longer side of a map: coordinates are whole numbers of them."""
POINTS_PER_AREA = 30
"""Points that an outline may have on average before shapes are simplified further."""
TRIES = 6


@dataclass(frozen=True)
class Outlines:
    """Shapes in the units of a page, y downwards.

    Parameters
    ----------
    paths : tuple of str
        Of svg, one per area; empty where the area has no shape.
    centres : tuple of (int, int)
        A point inside each shape; ``(-1, -1)`` where there is none.
    width, height : int
    """

    paths: tuple[str, ...]
    centres: tuple[tuple[int, int], ...]
    width: int
    height: int


def outlines_of(shapes: GeoDataFrame, codes: pd.Index) -> Outlines:
    """Return the outlines of areas, simplified together.

    Parameters
    ----------
    shapes : GeoDataFrame
        Indexed by code; metres or degrees, but the same for all.
    codes : Index of str
        Codes of the areas, in the order of the page.

    Returns
    -------
    Outlines
    """
    import shapely

    found = shapes.reindex(codes).geometry
    there = found.notna().to_numpy() & ~found.is_empty.to_numpy()
    polygons = np.asarray(found.to_numpy()[there], dtype=object)
    if not len(polygons):
        return Outlines(("",) * len(codes), ((-1, -1),) * len(codes), WIDTH, WIDTH)
    left, low, right, high = shapely.total_bounds(polygons)
    unit = max(right - left, high - low) / WIDTH or 1.0
    simple = _simplified(polygons, unit)
    inside = shapely.point_on_surface(polygons)
    paths, centres = [""] * len(codes), [(-1, -1)] * len(codes)
    for place, shape, point in zip(np.flatnonzero(there), simple, inside, strict=True):
        paths[place] = "".join(_ring(ring, left, high, unit) for ring in _rings(shape))
        centres[place] = (round((point.x - left) / unit), round((high - point.y) / unit))
    return Outlines(tuple(paths), tuple(centres), round((right - left) / unit), round((high - low) / unit))


def _simplified(polygons: NDArray[np.object_], unit: float) -> NDArray[np.object_]:
    """Return polygons with fewer points, borders between neighbours simplified once for both."""
    import shapely

    if int(shapely.get_num_coordinates(polygons).sum()) <= POINTS_PER_AREA * len(polygons):
        return polygons
    tolerance, simple = 2 * unit, polygons
    for _ in range(TRIES):
        simple = shapely.coverage_simplify(simple, tolerance)
        excess = shapely.get_num_coordinates(simple).sum() / (POINTS_PER_AREA * len(polygons))
        if excess <= 1:
            break
        tolerance *= 1.2 * excess**1.5
    return np.asarray(simple, dtype=object)


def _rings(shape: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    """Yield the rings of a polygon or of several (point, 2)."""
    import shapely

    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            yield np.asarray(shapely.get_coordinates(ring))


def _ring(ring: NDArray[np.float64], left: float, high: float, unit: float) -> str:
    """Return a ring as a path of whole steps from point to point; empty where it is smaller than a unit."""
    points = np.column_stack([np.rint((ring[:, 0] - left) / unit), np.rint((high - ring[:, 1]) / unit)]).astype(int)
    points = points[np.append(True, np.any(np.diff(points, axis=0) != 0, axis=1))]
    moves = np.diff(points, axis=0)[:-1]  # the last one closes the ring
    if len(moves) < 2:
        return ""
    return f"M{points[0, 0]} {points[0, 1]}l{' '.join(map(str, moves.ravel().tolist()))}z"
