"""Boundaries of areas on the map: read, repaired, who borders on whom, what lies in what; in RD New, in metres."""

from bayesmodel.boundaries.neighbours import Neighbours, neighbours_of
from bayesmodel.boundaries.odd_polygons import polygon_remarks
from bayesmodel.boundaries.overlap import bridge_through_areas, overlap_of
from bayesmodel.boundaries.read_boundaries import Boundaries, read_boundaries
from bayesmodel.boundaries.simplify import simplified, with_fewer_vertices

__all__ = [
    "Boundaries",
    "Neighbours",
    "bridge_through_areas",
    "neighbours_of",
    "overlap_of",
    "polygon_remarks",
    "read_boundaries",
    "simplified",
    "with_fewer_vertices",
]
