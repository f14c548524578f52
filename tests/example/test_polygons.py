"""Laws of the polygons: closed, convex, apart, with shared borders; a coast, and islands."""

import json
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesmodel.example import example_areas, example_polygons, example_study, example_truth
from bayesmodel.example.polygons import _rings
from bayesmodel.study.parts import Example


def rings(polygons):
    return [np.array(feature["geometry"]["coordinates"][0]) for feature in polygons["features"]]


def area(ring):
    x, y = ring.T
    return 0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])


def edges(ring):
    points = list(map(tuple, ring.tolist()))
    return list(pairwise(points))


def neighbours(polygons):
    """Return for each polygon the set of those it shares a border with."""
    owner = {edge: number for number, ring in enumerate(rings(polygons)) for edge in edges(ring)}
    return [{owner[b, a] for a, b in edges(ring) if (b, a) in owner} for ring in rings(polygons)]


def check_laws(polygons):
    outlines = rings(polygons)
    for ring in outlines:
        assert len(ring) >= 4
        assert np.array_equal(ring[0], ring[-1])
        # Counter-clockwise; and the sea is near, so that no cell of the coast runs on into it (100 km2 is far more).
        assert 0 < area(ring) < 100e6
        step = np.diff(ring, axis=0)
        assert step.any(axis=1).all(), "no side without length"
        turn = step[:, 0] * np.roll(step[:, 1], -1) - step[:, 1] * np.roll(step[:, 0], -1)
        # Convex but for the rounding to 0.1 m of both ends of two sides.
        length = np.hypot(*step.T)
        assert (turn > -0.2 * (length + np.roll(length, -1))).all()
    # With one direction of going round, a border that two share is walked once each way; no side twice the same way.
    walked = Counter(edge for ring in outlines for edge in edges(ring))
    assert max(walked.values()) == 1


@settings(max_examples=12)
@given(data=st.data())
def test_laws_of_any_small_country(small_studies, data):
    study = data.draw(small_studies)
    polygons = example_polygons(study)
    assert len(polygons["features"]) == study.example.areas
    check_laws(polygons)
    if study.example.areas >= 7:
        assert set() in neighbours(polygons), "an island"


def test_corners_nearer_than_the_rounding_are_one():
    # In a grid four cells meet in a point; moved by a hair, in two points a hair apart.
    ticks = np.array([-0.2, 0.0, 0.2])
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    moved = grid + np.random.default_rng(1).normal(0, 1e-8, grid.shape)
    middle = _rings(moved, Example(areas=9, gemeenten=1, regions=1))[4]
    assert len(middle) == 5
    assert np.diff(middle, axis=0).any(axis=1).all()


@pytest.fixture(scope="module")
def national_polygons():
    return example_polygons(example_study())


def test_laws_of_the_national_country(national_polygons):
    check_laws(national_polygons)


def test_a_point_lies_in_one_polygon_at_most(national_polygons):
    rng = np.random.default_rng(1)
    outlines = rings(national_polygons)
    low, high = np.min([ring.min(axis=0) for ring in outlines], 0), np.max([ring.max(axis=0) for ring in outlines], 0)
    points = rng.uniform(low, high, (400, 2))
    times = np.zeros(len(points), dtype=int)
    for ring in outlines:
        start, side = ring[:-1], np.diff(ring, axis=0)
        away = points[:, None] - start
        times += (side[:, 0] * away[..., 1] - side[:, 1] * away[..., 0] > 0).all(axis=1)
    assert times.max() == 1
    # The land fills its share of the box: no holes between neighbours.
    land = sum(area(ring) for ring in outlines) / np.prod(high - low)
    assert times.mean() == pytest.approx(land, abs=4 * np.sqrt(land * (1 - land) / len(points)))


def test_the_national_country_has_islands_a_mainland_and_a_size(national_polygons):
    adjacent = neighbours(national_polygons)
    left, parts = set(range(len(adjacent))), []
    while left:
        part, edge = set(), {left.pop()}
        while edge:
            part |= edge
            edge = set().union(*(adjacent[number] for number in edge)) - part
        left -= part
        parts.append(len(part))
    assert max(parts) > 0.95 * len(adjacent)
    assert parts.count(1) >= 2
    assert len(parts) >= 6
    kilometres = sum(map(area, rings(national_polygons))) / 1e6
    assert 25_000 < kilometres < 55_000
    corners = np.concatenate(rings(national_polygons))
    assert (corners.min(axis=0) > [0, 300_000]).all()
    assert (corners.max(axis=0) < [280_000, 620_000]).all()


def test_polygons_are_the_areas_in_their_order():
    study = example_study(areas=60, gemeenten=8, regions=2)
    places = example_truth(study).country.places
    features = example_polygons(study)["features"]
    assert [feature["properties"]["wijk_code"] for feature in features] == example_areas(study).codes.tolist()
    for feature, (_, place) in zip(features, places.iterrows(), strict=True):
        assert {name: feature["properties"][name] for name in places} == place.to_dict()


def test_areas_are_smaller_in_town(national, national_polygons):
    sizes = np.array([area(ring) for ring in rings(national_polygons)])
    detached = national.country.determinants["eengezinswoning"]
    assert np.corrcoef(np.log(sizes), detached)[0, 1] > 0.5


def test_polygons_survive_json():
    polygons = example_polygons(example_study(areas=7, gemeenten=3, regions=2))
    assert json.loads(json.dumps(polygons)) == polygons
