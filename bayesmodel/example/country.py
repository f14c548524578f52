"""The country before anything is counted: areas, young people, four unseen factors, and determinants made of them.

The number of young people is lognormal with a longer tail below than above, and larger in towns (a normal score that
leans on the factor ``town``):

    log n = log 685 + 1.05 z  if z > 0,  log 685 + 1.43 z  otherwise;  15 <= n <= 25,000

A determinant is not published in small areas: with probability expit((log hidden_near - log n) / 0.35), and only in
the smaller half of the areas. Of the factors, each about standard normal, ``town`` is how close to its neighbours an
area lies; ``hardship``, ``family`` and ``tradition`` are a smooth surface plus parts of the gemeente and of the area,
so that their maps look like a country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from bayesmodel.data.transforms import natural, transformed
from bayesmodel.example.geography import Floats, Geography, Integers, make_geography, stream
from bayesmodel.example.places import make_places
from bayesmodel.example.traits import Trait, traits
from bayesmodel.study.parts import Example

MEDIAN_YOUNG, FEWEST_YOUNG, MOST_YOUNG = 685, 15, 25_000
SPREAD_ABOVE, SPREAD_BELOW = 1.05, 1.43
TOWN_IN_YOUNG = 0.4
HIDING_WIDTH = 0.35


@dataclass(frozen=True)
class Country:
    """An invented country, indexed by wijk code throughout.

    Parameters
    ----------
    places : DataFrame of str
        ``wijk_naam``, and ``_code`` and ``_naam`` of ``gemeente`` and ``jeugdzorgregio``.
    population : Series of int
        Young people.
    determinants : DataFrame of float
        In natural units, complete, as finely as they are published.
    hidden : DataFrame of bool
        Which of them are not published.
    """

    places: pd.DataFrame
    population: pd.Series
    determinants: pd.DataFrame
    hidden: pd.DataFrame


def make_country(example: Example) -> Country:
    """Make the country of a size and a seed."""
    geography = make_geography(example)
    places = make_places(geography, example.seed)
    population = _population(geography, stream(example.seed, "population"))
    factors, rng = make_factors(geography, example.seed), stream(example.seed, "traits")
    determinants = {trait.determinant.column: _values(trait, factors, geography.gemeente, rng) for trait in traits()}
    rng = stream(example.seed, "hiding")
    hidden = {trait.determinant.column: _hidden(trait, population, rng) for trait in traits()}
    return Country(
        places=places,
        population=pd.Series(population, index=places.index, name="jongeren"),
        determinants=pd.DataFrame(determinants, index=places.index),
        hidden=pd.DataFrame(hidden, index=places.index),
    )


def _population(geography: Geography, rng: np.random.Generator) -> Integers:
    """Draw the number of young people of each area."""
    noise = rng.standard_normal(len(geography.points))
    z = TOWN_IN_YOUNG * geography.urbanity + np.sqrt(1 - TOWN_IN_YOUNG**2) * noise
    young = MEDIAN_YOUNG * np.exp(np.where(z > 0, SPREAD_ABOVE, SPREAD_BELOW) * z)
    return np.asarray(np.clip(np.round(young), FEWEST_YOUNG, MOST_YOUNG), dtype=np.int64)


def _values(trait: Trait, factors: Floats, gemeente: Integers, rng: np.random.Generator) -> Floats:
    """Draw a determinant in natural units; one of the gemeente follows the gemeente's mean of the factors."""
    part = trait.determinant
    if part.level is not None:
        members = np.bincount(gemeente)[:, None]
        factors = np.column_stack([np.bincount(gemeente, column) for column in factors.T]) / members
    rest = np.sqrt(1 - np.square(trait.loadings).sum())
    z = factors @ np.array(trait.loadings) + rest * rng.standard_normal(len(factors))
    if trait.binary:
        values = np.where(z > np.median(z), 1.0, 0.0)
    else:
        centre = transformed(np.array(trait.median), part.transform)
        values = np.round(natural(centre + trait.spread * z, part.transform), trait.decimals)
    return values if part.level is None else values[gemeente]


def _hidden(trait: Trait, population: Integers, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw which areas are too small for a determinant to be published."""
    drawn = rng.random(len(population))
    if trait.hidden_near is None:
        return np.zeros(len(population), dtype=bool)
    small = population < np.median(population)
    return small & (drawn < expit(np.log(trait.hidden_near / population) / HIDING_WIDTH))


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
