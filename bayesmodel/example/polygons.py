"""Polygons of the areas: Voronoi cells, on an invented plane in metres that looks like RD New."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial import Voronoi

from bayesmodel.example.geography import Floats, make_coast, make_geography, stream
from bayesmodel.example.places import make_places
from bayesmodel.example.truth import example_of
from bayesmodel.study import Study
from bayesmodel.study.parts import Example

MIDDLE = np.array([140_000.0, 460_000.0])
"""Where the middle of the country lies, in metres."""

UNIT, NATIONAL = 130_000.0, 2918
"""Metres of one unit in a country of so many areas; a smaller country has areas of the same size, but fewer."""


def example_polygons(study: Study) -> dict[str, Any]:
    """Return the polygons of the example country of a study.

    Parameters
    ----------
    study : Study
        One with an ``[example]``.

    Returns
    -------
    dict
        A GeoJSON FeatureCollection, one polygon per area in the order of `example_areas`, with the properties
        ``wijk_code``, ``wijk_naam``, and code and name of gemeente and jeugdzorgregio. Coordinates are metres on
        a plane that is as invented as the country. Neighbours share their vertices; islands share none.

    Raises
    ------
    StudyError
        The study has tables, not an example.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> from bayesmodel.example import example_polygons
    >>> polygons = example_polygons(example_study(areas=60, gemeenten=8, regions=2))
    >>> len(polygons["features"]), polygons["features"][0]["properties"]["wijk_code"]
    (60, 'WK500100')
    """
    example = example_of(study)
    geography = make_geography(example)
    properties = make_places(geography, example.seed).reset_index().to_dict("records")
    features = [
        {
            "type": "Feature",
            "properties": {str(name): str(value) for name, value in place.items()},
            "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
        }
        for place, ring in zip(properties, _rings(geography.points, example), strict=True)
    ]
    return {"type": "FeatureCollection", "name": "verzonnen voorbeeldland", "features": features}


def _rings(points: Floats, example: Example) -> list[Floats]:
    """Return the outline of each area (vertex, 2), counter-clockwise, its first vertex repeated at the end.

    Points in the sea have cells too; those are left out, which makes the coast.
    """
    sea = make_coast(example.areas, example.seed).sea(stream(example.seed, "sea"))
    voronoi = Voronoi(np.concatenate([points, sea]))
    metres = np.round(MIDDLE + UNIT * np.sqrt(example.areas / NATIONAL) * voronoi.vertices, 1)
    rings = []
    for point, cell in zip(points, voronoi.point_region[: len(points)], strict=True):
        vertices = np.array(voronoi.regions[cell])
        x, y = (voronoi.vertices[vertices] - point).T
        ring = metres[vertices[np.argsort(np.arctan2(y, x))]]
        # Vertices nearer to each other than the rounding become one.
        ring = ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)]
        rings.append(np.concatenate([ring, ring[:1]]))
    return rings
