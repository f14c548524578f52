"""Files of polygons: found by their codes, repaired, merged, converted to metres; faults end in help."""

import json

import geopandas
import pytest
import shapely
from geopandas import GeoDataFrame

from bayesmodel.boundaries import read_boundaries
from bayesmodel.errors import DataError, UnknownNameError

RD = "EPSG:28992"
BOWTIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def squares(number, codes=None, **columns):
    """Return a row of squares of a kilometre near the middle of the country."""
    shapes = [shapely.box(155_000 + 1000 * each, 463_000, 156_000 + 1000 * each, 464_000) for each in range(number)]
    codes = [f"WK{each:06}" for each in range(number)] if codes is None else codes
    return GeoDataFrame({"wijkcode": codes, **columns}, geometry=shapes, crs=RD)


@pytest.mark.parametrize("name", ["wijk_2022.gpkg", "wijk_2022.geojson", "wijk_2022.shp"])
def test_each_kind_of_file_gives_the_same(tmp_path, name):
    frame = squares(4, gemeente="GM0000")
    frame.to_file(tmp_path / name)
    found = read_boundaries(tmp_path / name)
    assert list(found.codes) == list(frame["wijkcode"])
    assert found.vintage == 2022
    assert found.hectares.tolist() == pytest.approx([100.0] * 4)
    assert set(found.shapes["gemeente"]) == {"GM0000"}


def test_degrees_become_metres(tmp_path):
    """Within a metre: no grid of corrections is needed for who borders on whom."""
    frame = squares(3)
    frame.to_crs("EPSG:4326").to_file(tmp_path / "a.geojson")
    found = read_boundaries(tmp_path / "a.geojson")
    assert found.shapes.crs.to_epsg() == 28992
    for one, other in zip(found.shapes.geometry, frame.geometry, strict=True):
        assert one.hausdorff_distance(other) < 1
    assert any("WGS 84" in note for note in found.notes)
    bare = frame.to_crs("EPSG:4326").set_crs(None, allow_override=True)
    assert read_boundaries(bare).hectares.tolist() == pytest.approx([100.0] * 3, rel=1e-3)


def test_metres_that_a_file_calls_degrees_are_metres(tmp_path):
    content = json.loads(squares(3).to_json())
    content.pop("crs", None)
    (tmp_path / "a.geojson").write_text(json.dumps(content))
    found = read_boundaries(tmp_path / "a.geojson")
    assert found.hectares.tolist() == pytest.approx([100.0] * 3)
    assert any("taken as RD New" in note for note in found.notes)


def test_invalid_shapes_are_repaired_and_said():
    frame = squares(3)
    frame.loc[1, "geometry"] = BOWTIE
    found = read_boundaries(frame)
    assert found.shapes.is_valid.all()
    assert found.hectares["WK000001"] * 1e4 == pytest.approx(50)
    assert any(note.startswith("Repaired 1: WK000001") for note in found.notes)


def test_rows_of_one_code_are_one_area():
    found = read_boundaries(squares(4, ["WK000001", "WK000002", "WK000001", "WK000003"]))
    assert list(found.codes) == ["WK000001", "WK000002", "WK000003"]
    assert found.hectares["WK000001"] == pytest.approx(200)
    assert any("merged into one area, 1: WK000001" in note for note in found.notes)


def test_an_area_without_a_shape_is_no_island_but_named():
    frame = squares(3)
    frame.loc[1, "geometry"] = None
    found = read_boundaries(frame)
    assert (list(found.codes), found.without_shape) == (["WK000000", "WK000002"], ("WK000001",))
    assert found.of(["WK000001", "WK000002"]).without_shape == ("WK000001",)


def test_lines_and_points_are_left_out_of_a_shape():
    frame = squares(2)
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 10, 10), shapely.LineString([(0, 0), (90, 90)])])
    frame.loc[1, "geometry"] = mixed
    assert read_boundaries(frame).hectares["WK000001"] * 1e4 == pytest.approx(100)
    points = GeoDataFrame({"wijkcode": ["WK000001"]}, geometry=[shapely.Point(155_000, 463_000)], crs=RD)
    with pytest.raises(DataError, match="one polygon for each area"):
        read_boundaries(points)


def test_the_column_of_codes_is_the_one_that_matches_or_the_finest(tmp_path):
    frame = squares(4, gemeentecode="GM0000", naam=list("abcd"))
    assert list(read_boundaries(frame).codes) == list(frame["wijkcode"])
    assert list(read_boundaries(frame, codes=["GM0000"]).codes) == ["GM0000"]
    assert list(read_boundaries(frame, code="naam").codes) == list("abcd")
    with pytest.raises(UnknownNameError, match="wijkcode"):
        read_boundaries(frame, code="wijkcod")
    with pytest.raises(DataError, match="found a; expected codes such as"):
        read_boundaries(frame[["naam", "geometry"]])


def test_the_layer_is_the_one_with_the_codes(tmp_path):
    """As in the file of CBS: gemeenten, wijken and buurten in one."""
    file = tmp_path / "kaart.gpkg"
    squares(2, ["GM0000", "GM0001"]).rename(columns={"wijkcode": "gemeentecode"}).to_file(file, layer="gemeenten")
    squares(4).to_file(file, layer="wijken")
    found = read_boundaries(file, codes=["WK000002", "WK000003"])
    assert len(found) == 4
    assert any("Layer wijken" in note for note in found.notes)
    assert list(read_boundaries(file, layer="gemeenten").codes) == ["GM0000", "GM0001"]
    with pytest.raises(DataError, match="gemeenten, wijken"):
        read_boundaries(file)
    with pytest.raises(UnknownNameError, match="wijken"):
        read_boundaries(file, layer="wijk")


def test_water_is_left_out_where_asked():
    frame = squares(3, water=["NEE", "JA", "NEE"])
    assert list(read_boundaries(frame, where={"water": "NEE"}).codes) == ["WK000000", "WK000002"]
    with pytest.raises(UnknownNameError, match="water"):
        read_boundaries(frame, where={"watr": "NEE"})


def test_padded_codes_in_small_letters_are_codes():
    assert list(read_boundaries(squares(2, ["wk000100 ", " WK000101"])).codes) == ["WK000100", "WK000101"]


@pytest.mark.parametrize("content", [b"", b"no shapes", b"{}", b"PK\x03\x04", b'{"type": "FeatureCollection"}'])
@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp"])
def test_other_files_end_in_help(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="file of polygons"):
        read_boundaries(tmp_path / name)


def test_the_wijken_of_2016_are_merged(shared_data):
    found = read_boundaries(shared_data / "cbs_wijkgrenzen" / "wijk_2016.geojson")
    raw = geopandas.read_file(shared_data / "cbs_wijkgrenzen" / "wijk_2016.geojson")
    assert (len(raw), len(found), found.without_shape) == (2982, 2979, ("WK024316", "WK099590"))
    assert any("WK191104" in note for note in found.notes)
    assert found.hectares.sum() * 1e4 == pytest.approx(raw.area.sum(), rel=1e-6)
