"""Shapes with fewer vertices in which a border that two areas share stays one border."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.arguments import explaining
from bayesmodel.boundaries.read_boundaries import Boundaries
from bayesmodel.errors import ArgumentError
from bayesmodel.messages import _, number

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MANY = 50_000
"""Vertices from which on a picture is drawn with fewer: more than a screen shows."""
STEPS = 2_000
"""Parts that the width of a picture is divided in: what is smaller is not seen."""


@explaining
def simplified(boundaries: Boundaries, metres: float) -> Boundaries:
    """Return the boundaries with fewer vertices; what is drawn is about as far off as `metres`.

    Borders are simplified once for both sides (Visvalingam-Whyatt on the whole coverage): where two areas shared a
    border exactly, they share it after. Small areas keep a shape.

    Parameters
    ----------
    boundaries : Boundaries
    metres : float
        Square root of the area of the triangles that may be left out.

    Returns
    -------
    Boundaries
        On the same codes.

    Raises
    ------
    ArgumentError
        `metres` is negative, or not a number.

    Examples
    --------
    >>> from bayesmodel import example_polygons, example_study, read_boundaries
    >>> from bayesmodel.boundaries import simplified
    >>> found = read_boundaries(example_polygons(example_study(areas=60, gemeenten=8, regions=2)))
    >>> simplified(found, 3000).codes.equals(found.codes)
    True
    """
    import shapely

    if not 0 <= metres < np.inf:
        raise ArgumentError(_("metres is {found}; expected metres, 0 or more.").format(found=metres))
    before = boundaries.shapes.geometry.to_numpy()
    after = shapely.coverage_simplify(before, float(metres))
    said = _("Simplified to {metres} m: {after} vertices of {before}; borders that were shared still are.")
    sizes = {
        "before": number(int(shapely.get_num_coordinates(before).sum())),
        "after": number(int(shapely.get_num_coordinates(after).sum())),
    }
    shapes = boundaries.shapes.set_geometry(after, crs=boundaries.shapes.crs)
    note = said.format(metres=number(float(metres), ",.15g"), **sizes)
    return replace(boundaries, shapes=shapes, notes=(*boundaries.notes, note))


def with_fewer_vertices(shapes: GeoDataFrame) -> GeoDataFrame:
    """Return shapes for a picture: those of many vertices with as many as it can show.

    Parameters
    ----------
    shapes : GeoDataFrame
        What is in view.

    Returns
    -------
    GeoDataFrame
        The same where there are at most 50,000 vertices.
    """
    import shapely

    geometry = shapes.geometry.to_numpy()
    if shapely.get_num_coordinates(geometry).sum() <= MANY:
        return shapes
    left, low, right, high = shapes.total_bounds
    return shapes.set_geometry(shapely.coverage_simplify(geometry, max(right - left, high - low) / STEPS))
