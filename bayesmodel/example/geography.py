"""Geography: areas in gemeenten in regions, each holding together.

A gemeente holds the areas with the shortest way to its centre, a region the gemeenten with the shortest way to its
middle. Ways go from neighbour to neighbour, so that what belongs together lies together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, KDTree
from scipy.special import ndtri

from bayesmodel.errors import Fault, StudyError
from bayesmodel.messages import _
from bayesmodel.sources.example.coast import Floats, make_coast
from bayesmodel.sources.example.settlement import settle
from bayesmodel.sources.example.streams import stream
from bayesmodel.study.parts import Example

Integers = NDArray[np.int64]

MOST_AREAS = 99
"""Areas of one gemeente: two digits number them."""

POWERS = (0.3, 0.6, 0.9, 1.2)
"""How much smaller a gemeente is where areas lie closer together."""


@dataclass(frozen=True)
class Geography:
    """Where the areas lie, ordered by region, gemeente, and distance to the centre of the gemeente.

    Parameters
    ----------
    points : ndarray (area, 2)
        A point in each area, in units (see `coast`).
    gemeente : ndarray of int (area,)
        Number of the gemeente of each area, from 0, ascending.
    region : ndarray of int (gemeente,)
        Number of the region of each gemeente, from 0, ascending.
    urbanity : ndarray (area,)
        How close to its neighbours an area lies, as a standard normal score.
    """

    points: Floats
    gemeente: Integers
    region: Integers
    urbanity: Floats


def make_geography(example: Example) -> Geography:
    """Draw a country of exactly the size asked."""
    rng = stream(example.seed, "places")
    coast = make_coast(example.areas, example.seed)
    points = settle(coast, example.areas, rng)
    spacing = KDTree(points).query(points, k=min(4, len(points)))[0][:, -1]

    first, second = _neighbours(points)
    length = np.hypot(*(points[first] - points[second]).T)
    graph = _graph(first, second, length, len(points))
    centres, gemeente = _gemeenten(points, spacing, graph, example.gemeenten, rng)

    middles = points[centres]
    first, second = gemeente[first], gemeente[second]
    length = np.hypot(*(middles[first] - middles[second]).T)
    # The middle of a region is a gemeente of many areas, so that no region is a remote handful of them.
    region_centres = _spread(middles, np.bincount(gemeente) ** -0.5, example.regions)
    region = _nearest(_graph(first, second, length, len(middles)), region_centres)

    from_north = np.argsort(np.argsort(-middles[region_centres, 1]))
    region = from_north[region]
    order = np.lexsort([-middles[:, 1], region])
    gemeente = np.argsort(order)[gemeente]
    to_centre = np.hypot(*(points - middles[order][gemeente]).T)
    rows = np.lexsort([to_centre, gemeente])
    closeness = np.argsort(np.argsort(-spacing[rows]))
    urbanity = ndtri((closeness + 0.5) / len(points))
    return Geography(points[rows], gemeente[rows], region[order], np.asarray(urbanity))


def _neighbours(points: Floats) -> tuple[Integers, Integers]:
    """Return the pairs of neighbouring points, over water too; twice those that two triangles share."""
    triangles = Delaunay(points).simplices.astype(np.int64)
    return triangles.ravel(), np.roll(triangles, 1, axis=1).ravel()


def _graph(first: Integers, second: Integers, length: Floats, number: int) -> csr_array:
    """Return the symmetric graph of the shortest ways between neighbours."""
    apart = first != second
    low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
    pairs, place = np.unique(low * number + high, return_index=True)
    return csr_array((length[apart][place], np.divmod(pairs, number)), shape=(number, number))


def _nearest(graph: csr_array, centres: Integers) -> Integers:
    """Return for each node which of the centres has the shortest way to it."""
    source = dijkstra(graph, directed=False, indices=centres, min_only=True, return_predecessors=True)[2]
    position = np.zeros(graph.shape[0], dtype=np.int64)
    position[centres] = np.arange(len(centres))
    return position[source]


def _spread(points: Floats, reach: NDArray[np.floating], number: int) -> Integers:
    """Choose so many points that lie far apart, each next one the farthest from those chosen, in units of `reach`."""
    chosen = [int(np.argmin(np.hypot(*(points - points.mean(axis=0)).T)))]
    far = np.full(len(points), np.inf)
    while len(chosen) < number:
        far = np.minimum(far, np.hypot(*(points - points[chosen[-1]]).T))
        chosen.append(int(np.argmax(far / reach)))
    return np.array(chosen)


def _gemeenten(
    points: Floats, spacing: Floats, graph: csr_array, number: int, rng: np.random.Generator
) -> tuple[Integers, Integers]:
    """Choose centres and group the areas, with larger gemeenten in the country than in town."""
    uneven = rng.uniform(0.7, 1.3, len(points))
    # With power 0 all would have one extent, with power 1 one number of areas: the first that can be numbered is taken.
    for power in POWERS:
        centres = _spread(points, uneven * spacing**power, number)
        gemeente = _nearest(graph, centres)
        if np.bincount(gemeente).max() <= MOST_AREAS:
            return centres, gemeente
    found = _("{number} gemeenten, one of them with more than {most} areas").format(number=number, most=MOST_AREAS)
    advice = _("Ask for more gemeenten or fewer areas.")
    raise StudyError(_("The study"), [Fault("example.gemeenten", found, _("areas that two digits can number"), advice)])
