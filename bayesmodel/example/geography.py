"""Geography: a coast, a point for each area, areas in gemeenten in regions, and the random streams of each stage.

The mainland is where ``height > 0``: a rounded plateau plus a few random waves, with a string of islands off its
north-west. One unit is about 130 km at national size (see `polygons`). A gemeente holds the areas with the shortest way
to its centre, a region the gemeenten with the shortest way to its centre; ways go from neighbour to neighbour, so
that what belongs together lies together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, KDTree
from scipy.special import ndtri

from bayesmodel.errors import Fault, StudyError
from bayesmodel.messages import _
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


Floats = NDArray[np.float64]

EDGE = 1.4
"""Half the side of the square that holds the mainland, in units."""

MAINLAND = 2.2
"""Area of the mainland in square units, about: it sets the distance between areas."""

AREAS_PER_ISLAND = 500
"""One island for each so many areas, after the first."""


@dataclass(frozen=True)
class Coast:
    """Where land is.

    Parameters
    ----------
    waves : ndarray (wave, 4)
        Wave vector (2), phase and amplitude of each wave of the bays.
    islands : ndarray (island, 2)
        Centres.
    radii : ndarray (island, 2)
        Half axes of the islands, ellipses along x and y.
    island_areas : ndarray of int (island,)
        Number of areas on each.
    spacing : float
        Distance between neighbouring areas, were all alike.
    """

    waves: Floats
    islands: Floats
    radii: Floats
    island_areas: NDArray[np.int64]
    spacing: float

    def sea(self, rng: np.random.Generator) -> Floats:
        """Return points in the sea before the coast (point, 2), `spacing / 3` apart: their cells end the land."""
        step = self.spacing / 3
        far = max(EDGE, np.abs(self.islands).max(initial=0) + self.radii.max(initial=0)) + 3 * self.spacing
        ticks = np.arange(-far, far, step)
        grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
        grid = grid + rng.uniform(-0.25, 0.25, grid.shape) * step
        depth = -height(self.waves, grid)
        near, wet = depth < 3 * self.spacing, depth > 0
        for centre, radius in zip(self.islands, self.radii, strict=True):
            wet &= np.hypot(*((grid - centre) / (radius + step / 2)).T) > 1
            near |= np.hypot(*((grid - centre) / (radius + 2 * self.spacing)).T) < 1
        return grid[near & wet]


def make_coast(areas: int, seed: int) -> Coast:
    """Draw the coast of a country of so many areas; from 7 on there is an island, the first of one area."""
    rng = stream(seed, "coast")
    spacing = float(np.sqrt(MAINLAND / areas))
    octave = np.repeat([1.0, 2.0, 4.0], 6)
    waves = np.column_stack(
        [
            rng.normal(0, 3.0, (octave.size, 2)) * octave[:, None],
            rng.uniform(0, 2 * np.pi, octave.size),
            0.07 / octave**0.8,
        ]
    )
    number = 1 + areas // AREAS_PER_ISLAND if areas >= 7 else 0
    island_areas = 1 + np.arange(number) // 2
    radii = 0.7 * spacing * np.sqrt(island_areas)[:, None] * np.array([1.6, 0.7])
    angles = np.pi * (np.linspace(0.86, 0.42, number) + rng.uniform(-0.01, 0.01, number))
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    distances = np.array([_shore(waves, direction) for direction in directions]) + 2.5 * spacing + radii[:, 0]
    return Coast(waves, directions * distances[:, None], radii, island_areas, spacing)


def height(waves: Floats, points: Floats) -> Floats:
    """Return the height of the mainland at each point; sea where it is not positive."""
    plateau = 0.86 - np.hypot(points[:, 0] * 1.1, points[:, 1] * 0.92)
    return np.asarray(plateau + np.cos(points @ waves[:, :2].T + waves[:, 2]) @ waves[:, 3], dtype=np.float64)


def _shore(waves: Floats, direction: Floats) -> float:
    """Return how far from the middle the mainland ends in a direction."""
    distances = np.linspace(0, EDGE, 400)
    return float(distances[height(waves, distances[:, None] * direction) > 0].max(initial=0.3))


AREAS_PER_TOWN = 60
PLACES_PER_AREA = 12
"""How many invented dwelling places are drawn for each area."""

ROUNDS = 5
"""Rounds of moving each point to the middle of its places: enough for compact cells."""


def settle(coast: Coast, areas: int, rng: np.random.Generator) -> Floats:
    """Return the points of the areas (area, 2): first the mainland, then each island.

    Half of the places where people live lie around towns, whose size falls off by rank; areas are the middles of
    groups of places (Lloyd's rounds), so that they are small where many people live.
    """
    on_islands = int(coast.island_areas.sum())
    towns = max(1, areas // AREAS_PER_TOWN)
    size = np.arange(1, towns + 1) ** -0.8
    size /= size.sum()
    middles = _on_land(coast, towns, lambda number: rng.normal([-0.25, -0.1], [0.45, 0.5], (number, 2)))

    def places(number: int) -> Floats:
        town = rng.choice(towns, number, p=size)
        near = middles[town] + rng.standard_t(3, (number, 2)) * 0.15 * np.sqrt(size[town])[:, None]
        return np.where(rng.random((number, 1)) < 0.5, near, rng.uniform(-EDGE, EDGE, (number, 2)))

    mainland = _on_land(coast, max(PLACES_PER_AREA * areas, 200), places)
    points = [_middles(mainland, areas - on_islands, rng)]
    for centre, radius, number in zip(coast.islands, coast.radii, coast.island_areas, strict=True):
        angle, distance = rng.uniform(0, 2 * np.pi, 60), np.sqrt(rng.random(60))
        circle = distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        points.append(_middles(centre + radius * circle, int(number), rng))
    return np.concatenate(points)


def _on_land(coast: Coast, number: int, draw: Callable[[int], Floats]) -> Floats:
    """Draw points until so many lie on the mainland."""
    found = np.empty((0, 2))
    while len(found) < number:
        drawn = draw(2 * number)
        found = np.concatenate([found, drawn[height(coast.waves, drawn) > 0]])
    return found[:number]


def _middles(places: Floats, number: int, rng: np.random.Generator) -> Floats:
    """Return the middles of so many groups of places, each place in the group of the nearest middle."""
    middles = places[rng.choice(len(places), number, replace=False)]
    for _round in range(ROUNDS):
        group = KDTree(middles).query(places)[1]
        members = np.bincount(group, minlength=number)[:, None]
        sums = np.column_stack([np.bincount(group, places[:, axis], number) for axis in (0, 1)])
        middles = np.where(members > 0, sums / np.maximum(members, 1), middles)
    return middles


Stage = Literal["coast", "sea", "places", "names", "population", "factors", "traits", "hiding", "effects", "counts"]


def stream(seed: int, stage: Stage) -> np.random.Generator:
    """Return the generator of one stage; the same seed and stage give the same numbers."""
    return np.random.default_rng([seed, get_args(Stage).index(stage)])
