"""Bridges through areas: known squares, nobody lost, people where they live; and the real maps."""

from itertools import pairwise

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from bayesmodel.boundaries import bridge_through_areas, overlap_of, read_boundaries
from bayesmodel.errors import DataError


def boundaries(shapes, first=0):
    codes = [f"WK{first + index:06}" for index in range(len(shapes))]
    return read_boundaries(GeoDataFrame({"code": codes}, geometry=shapes, crs="EPSG:28992"))


def strips(limits, high=1000.0):
    """Return rectangles beside each other, between limits."""
    return [shapely.box(left, 0, right, high) for left, right in pairwise(limits)]


OLD, NEW = boundaries(strips([0, 1000, 2000, 4000])), boundaries(strips([0, 2000, 2500, 4000]), first=100)


def test_shares_are_those_of_the_surface():
    found = bridge_through_areas(OLD, NEW)
    assert found.shares.toarray().tolist() == [[1, 1, 0], [0, 0, 0.25], [0, 0, 0.75]]
    assert found.whole.tolist() == [True, False, False]
    bounds = found.counts(pd.Series([10.0, 20.0, 40.0], OLD.codes))
    assert bounds[["lower", "upper", "estimate"]].to_numpy().tolist() == [[30, 30, 30], [0, 40, 10], [0, 40, 30]]
    assert bounds["exact"].tolist() == [True, False, False]
    assert any("approximate" in note for note in found.notes)


def test_people_are_spread_as_they_live_where_that_is_known():
    """All of the third area live in its last fifth."""
    small = boundaries(strips([0, 1000, 2000, 3600, 4000]), first=500)
    people = pd.Series([500.0, 500.0, 0.0, 800.0], small.codes)
    found = bridge_through_areas(OLD, NEW, finer=(small, people))
    assert found.shares.toarray().tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 1]]
    assert found.through == "people"
    nobody = bridge_through_areas(OLD, NEW, finer=(small, people * 0))
    assert nobody.shares.toarray()[2].tolist() == [0, 0, 0.75], "by surface where nobody is known to live"


def test_of_people_by_surface_within_the_finer_areas_the_shares_are_those_of_the_surface():
    small = boundaries(strips([0, 500, 1000, 2000, 3000, 4000]), first=500)
    spread = pd.Series(small.hectares * 7.0)
    found = bridge_through_areas(OLD, NEW, finer=(small, spread)).shares.toarray()
    assert found == pytest.approx(bridge_through_areas(OLD, NEW).shares.toarray())


def test_slivers_of_imprecise_maps_do_not_cut_an_area():
    askew = boundaries(strips([0, 1010, 1990, 4000]), first=100)
    found = bridge_through_areas(OLD, askew)
    assert found.whole.all()
    assert not found.approximate
    assert overlap_of(OLD, askew)["of_old"].between(0, 0.02).any()


def test_a_small_area_out_of_a_large_one_gets_its_part():
    """2 % of the old area, and all of the new one: no sliver."""
    new = boundaries(strips([0, 1000, 2000, 2040, 4000]), first=100)
    found = bridge_through_areas(OLD, new)
    assert found.shares.toarray()[2].tolist() == [0, 0, 0.02]
    assert len(found.unfilled) == 0


def test_maps_of_other_places_make_no_bridge():
    with pytest.raises(DataError, match="same part of the country"):
        bridge_through_areas(OLD, boundaries(strips([90_000, 91_000]), first=100))


def test_the_real_maps_of_2016_and_2017(shared_data):
    """Most gemeenten changed nothing; what an area of 2016 counts is not lost in 2017."""
    folder = shared_data / "cbs_wijkgrenzen"
    old = read_boundaries(folder / "wijk_2016.geojson")
    new = read_boundaries(folder / "wijk_2017_approx.geojson")
    found = bridge_through_areas(old, new)
    counts = pd.Series(100.0, old.codes)
    bounds = found.counts(counts)
    assert bounds["estimate"].sum() == pytest.approx(100 * (len(old) - len(found.lost)))
    assert bounds["exact"].sum() > 2700
    assert (found.from_vintage, found.to_vintage) == (2016, 2017)
