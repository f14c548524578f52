"""Settlement: a point for each area, close together in towns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import KDTree

from bayesmodel.sources.example.coast import EDGE, Coast, Floats, height

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
    for _ in range(ROUNDS):
        group = KDTree(middles).query(places)[1]
        members = np.bincount(group, minlength=number)[:, None]
        sums = np.column_stack([np.bincount(group, places[:, axis], number) for axis in (0, 1)])
        middles = np.where(members > 0, sums / np.maximum(members, 1), middles)
    return middles
