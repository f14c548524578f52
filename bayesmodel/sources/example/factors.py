"""Factors: four unseen traits of an area that the determinants have in common, each about standard normal.

``town`` is how close to its neighbours an area lies. ``hardship``, ``family`` and ``tradition`` are a smooth surface,
plus a part of the gemeente, plus a part of the area, so that maps of them look like a country.
"""

from __future__ import annotations

import numpy as np

from bayesmodel.sources.example.coast import Floats
from bayesmodel.sources.example.geography import Geography
from bayesmodel.sources.example.streams import stream

SURFACES = {"hardship": (0.5, 0.35, 0.6), "family": (0.35, 0.3, 0.75), "tradition": (0.3, 0.35, 0.35)}
"""Per factor: reach of its surface in units, sd of the part of the gemeente, sd of the part of the area."""

WAVES = 50


def make_factors(geography: Geography, seed: int) -> Floats:
    """Return the factors (area, factor) in the order of `traits.FACTORS`."""
    rng = stream(seed, "factors")
    columns = [geography.urbanity]
    for reach, of_gemeente, of_area in SURFACES.values():
        surface = _surface(geography.points, reach, rng) * np.sqrt(1 - of_gemeente**2 - of_area**2)
        local = of_gemeente * rng.standard_normal(len(geography.region))[geography.gemeente]
        columns.append(surface + local + of_area * rng.standard_normal(len(geography.points)))
    return np.column_stack(columns)


def _surface(points: Floats, reach: float, rng: np.random.Generator) -> Floats:
    """Return a smooth random surface, mean 0 and variance 1 over the points: a sum of waves about 2 pi `reach` long."""
    waves, phases = rng.normal(0, 1 / reach, (2, WAVES)), rng.uniform(0, 2 * np.pi, WAVES)
    surface = np.cos(points @ waves + phases).sum(axis=1)
    return np.asarray((surface - surface.mean()) / surface.std())
