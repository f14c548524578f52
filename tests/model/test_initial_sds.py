"""Plausible sds: near the truth with many groups, below it with few, small where there are no effects."""

import numpy as np
import pytest

from bayesmodel.model.initial_sds import plausible_sds
from bayesmodel.model.levels import Group

NOISE = 0.1


def world(regions, sds, seed, gemeenten=8, wijken=10):
    """Responses of wijken in gemeenten in regions, with effects of those sds and known noise."""
    rng = np.random.default_rng(seed)
    of_gemeente = np.repeat(np.arange(regions * gemeenten), wijken)
    of_region = of_gemeente // gemeenten
    own, gemeente, region = (sd * rng.normal(size=n) for sd, n in zip(sds, (len(of_region),) * 3, strict=True))
    x = rng.normal(size=(len(of_region), 2))
    response = x @ [0.2, -0.1] + own + gemeente[of_gemeente] + region[of_region] + NOISE * rng.normal(size=len(x))
    chain = (
        Group("gemeente", tuple(map(str, range(regions * gemeenten))), of_gemeente, of_gemeente),
        Group("regio", tuple(map(str, range(regions))), np.arange(regions * gemeenten) // gemeenten, of_region),
    )
    return plausible_sds(response, np.full(len(x), NOISE**-2), x, (chain,), 0.15)


def test_many_groups_come_near_the_truth_from_below():
    found = np.array([list(world(40, (0.15, 0.1, 0.2), seed).values()) for seed in range(20)]).mean(axis=0)
    # the fifth percentile of a sum of squares of 3,000, 280 and 39 terms
    assert found == pytest.approx([0.15 * 0.98, 0.1 * 0.93, 0.2 * 0.85], rel=0.06)


def test_few_groups_are_taken_with_caution():
    found = np.mean([world(3, (0.15, 0.1, 0.2), seed)["regio"] for seed in range(40)])
    assert 0.05 < found < 0.16


@pytest.mark.parametrize("regions", [1, 2, 40])
def test_where_there_are_no_effects_next_to_nothing_is_found(regions):
    found = [world(regions, (0.15, 0.0, 0.0), seed) for seed in range(20)]
    assert np.median([each["regio"] for each in found]) == pytest.approx(0.015)
    assert np.median([each["gemeente"] for each in found]) < 0.05


def test_areas_that_tell_nothing_change_nothing():
    rng = np.random.default_rng(3)
    response, x = rng.normal(0, 0.3, 50), rng.normal(size=(50, 1))
    information = np.where(np.arange(50) % 7, 40.0, 0.0)
    moved = np.where(information > 0, response, 99.0)
    assert plausible_sds(response, information, x, (), 0.15) == plausible_sds(moved, information, x, (), 0.15)
