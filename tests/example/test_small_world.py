"""The small world holds one of everything that is hard."""

from itertools import pairwise

import numpy as np

from bayesmodel.data import Status, interpret_counts
from bayesmodel.example import example_polygons, small_world


def test_one_of_everything():
    world = small_world()
    counts = interpret_counts(world)
    assert len(world) == 7
    assert [world.levels[level].nunique() for level in world.levels] == [3, 2]
    assert (counts.status == Status.SUPPRESSED).sum() == 1
    assert (counts.status == Status.MISSING).sum() == 1
    assert (counts.status == Status.EXACT).sum() == 5
    assert world.determinants.shape == (7, 2)
    assert world.determinants.isna().sum().sum() == 1
    unknown = world.determinants.isna().any(axis=1).to_numpy()
    assert not (unknown & ~np.isin(counts.status, [Status.EXACT])).any(), "the gaps are in different wijken"


def test_one_island():
    features = example_polygons(small_world().study)["features"]
    borders = []
    for feature in features:
        ring = [tuple(point) for point in feature["geometry"]["coordinates"][0]]
        borders.append({frozenset(side) for side in pairwise(ring)})
    alone = [not any(mine & other for other in borders if other is not mine) for mine in borders]
    assert sum(alone) == 1


def test_it_is_the_same_every_time():
    assert small_world().published.equals(small_world().published)
    assert small_world().determinants.equals(small_world().determinants)
