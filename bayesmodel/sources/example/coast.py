"""The coast: a mainland with bays and a string of islands off its north-west, on a plane of units.

The mainland is where ``height > 0``: a rounded plateau plus a few random waves. One unit is about 130 km at national
size (see `polygons`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesmodel.sources.example.streams import stream

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
