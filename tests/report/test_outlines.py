"""Laws of outlines: whole steps, a point inside, and a border that neighbours share stays shared."""

import re

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely import Point, Polygon, box

from bayesmodel.report import outlines
from bayesmodel.report.outlines import outlines_of


def points(path):
    """Return the corners of the first ring of a path."""
    (start, moves) = re.match(r"M(-?\d+ -?\d+)l([^z]*)z", path).groups()
    steps = np.array(moves.split(), dtype=int).reshape(-1, 2)
    return np.vstack([[*map(int, start.split())], steps]).cumsum(axis=0)


def test_a_square_is_four_corners_and_y_runs_down():
    shapes = geopandas.GeoDataFrame(geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], index=["A", "B"])
    found = outlines_of(shapes, pd.Index(["A", "B", "C"]))
    assert [found.width, found.height] == [outlines.WIDTH, outlines.WIDTH // 2]
    assert points(found.paths[0])[:, 0].max() == points(found.paths[1])[:, 0].min() == outlines.WIDTH // 2
    assert sorted(map(tuple, points(found.paths[0]).tolist())) == [(0, 0), (0, 6000), (6000, 0), (6000, 6000)]
    assert found.paths[2] == ""
    assert found.centres[2] == (-1, -1)


@pytest.fixture
def neighbours():
    """Two areas along a winding border of many points, in a country of a few kilometres."""
    rng = np.random.default_rng(3)
    y = np.linspace(0, 5000, 800)
    x = 2500 + np.cumsum(rng.normal(0, 6, len(y)))
    border = np.column_stack([x, y])
    west = Polygon([(0, 0), *border, (0, 5000)])
    east = Polygon([(6000, 0), *border, (6000, 5000)])
    return geopandas.GeoDataFrame(geometry=[west, east], index=["W", "E"])


def test_neighbours_keep_one_border_when_they_are_simplified(neighbours):
    found = outlines_of(neighbours, pd.Index(["W", "E"]))
    west, east = (set(map(tuple, points(path).tolist())) for path in found.paths)
    inner = {point for point in west if 0 < point[0] < found.width and 0 < point[1] < found.height}
    assert len(west) < 100
    assert inner
    assert inner <= east


def test_centres_lie_inside(neighbours):
    found = outlines_of(neighbours, pd.Index(["W", "E"]))
    for path, centre in zip(found.paths, found.centres, strict=True):
        assert Polygon(points(path)).buffer(2).contains(Point(centre))
