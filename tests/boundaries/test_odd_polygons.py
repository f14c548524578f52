"""Polygons outside the country, on each other, or with the code of another area are spoken of; real maps are not."""

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from bayesmodel.boundaries import neighbours_of, polygon_remarks, read_boundaries
from bayesmodel.boundaries.odd_polygons import shuffled_remarks

CODES = [f"WK{100 + gemeente:04}{wijk:02}" for gemeente in range(12) for wijk in range(10)]


def squares(side=1000.0, west=100_000.0, south=400_000.0):
    """Squares in twelve rows of ten, a gemeente in each row."""
    corners = [(west + side * (row % 10), south + side * (row // 10)) for row in range(len(CODES))]
    return [shapely.box(x, y, x + side, y + side) for x, y in corners]


def said(shapes, codes=CODES, crs="EPSG:28992"):
    """What is remarked on squares with codes."""
    found = read_boundaries(GeoDataFrame({"code": codes}, geometry=list(shapes), crs=crs), code="code")
    return list(polygon_remarks(found, neighbours_of(found)))


def test_a_map_that_is_in_order_has_no_remarks():
    assert said(squares()) == []


def test_longitude_and_latitude_that_changed_places_are_spoken_of():
    degrees = squares(0.01, 5.0, 52.0)
    assert said(degrees, crs="EPSG:4326") == []
    [remark] = said(shapely.transform(degrees, lambda points: points[:, ::-1]), crs="EPSG:4326")
    assert "lie outside the Netherlands" in str(remark)
    assert len(remark.areas) == len(CODES)


def test_codes_of_another_country_may_lie_elsewhere():
    assert said(squares(west=600_000.0), [f"DE{number:04}" for number in range(len(CODES))]) == []


def test_polygons_on_each_other_are_spoken_of_by_area():
    shapes = squares()
    [remark] = said([shapes[0]] * len(shapes))
    assert "lie on those of other areas" in str(remark)
    twice = [*shapes[:100], *shapes[:20]]
    [remark] = said(twice)
    assert set(remark.areas) == {*CODES[:20], *CODES[100:]}


def test_an_area_round_another_and_small_overlaps_are_as_maps_are():
    shapes = squares()
    shapes[5] = shapes[5].difference(shapely.box(105_300, 400_300, 105_700, 400_700))
    shapes[17] = shapely.box(105_300, 400_300, 105_700, 400_700)  # inside, as a hole of the other
    assert said([shape.buffer(5.0) for shape in shapes]) == []


def test_the_polygon_of_the_gemeente_is_not_on_its_wijken():
    shapes = squares()
    rows = [shapely.union_all(shapes[10 * row : 10 * row + 10]) for row in range(12)]
    assert said([*shapes, *rows], [*CODES, *(f"GM{100 + row:04}" for row in range(12))]) == []


@pytest.mark.parametrize("seed", range(5))
def test_codes_that_were_shuffled_are_spoken_of(seed):
    [remark] = said(squares(), np.random.default_rng(seed).permutation(CODES))
    assert "hardly more than the 8% that chance alone would give" in str(remark)


def test_areas_here_and_there_and_a_gemeente_alone_say_nothing():
    pairs = neighbours_of(read_boundaries(GeoDataFrame({"code": CODES}, geometry=squares(), crs="EPSG:28992"))).pairs
    shuffled = pd.Index(np.random.default_rng(1).permutation(CODES))
    assert len(list(shuffled_remarks(shuffled, pairs))) == 1
    assert list(shuffled_remarks(shuffled, pairs[::10])) == []
    assert list(shuffled_remarks(pd.Index([f"WK0100{number:03}" for number in range(120)]), pairs)) == []
    assert list(shuffled_remarks(pd.Index([f"GM0{code[2:]}" for code in shuffled]), pairs)) == []


def test_real_maps_and_parts_of_them_have_no_remarks(shared_data):
    rng = np.random.default_rng(1)
    for year in ("2016", "2017_approx", "2022_tmap"):
        every = read_boundaries(shared_data / "cbs_wijkgrenzen" / f"wijk_{year}.geojson")
        middles = every.shapes.geometry.representative_point()
        for size in (20, 60, 200, len(every)):
            distance = middles.distance(middles.iloc[int(rng.integers(len(every)))]).to_numpy()
            for rows in (np.argsort(distance)[:size], rng.permutation(len(every))[:size]):
                part = every.of(every.codes[np.sort(rows)])
                assert list(polygon_remarks(part, neighbours_of(part))) == []
