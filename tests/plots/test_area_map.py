"""Maps: the right colour on the right shape; hidden hatched, missing blank, and nothing told of a hidden count."""

import re
from dataclasses import replace

import geopandas
import numpy as np
import pytest
from matplotlib.colors import to_hex

from bayesmodel.errors import DataError, UnknownNameError
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.relative_precision import relative_precision
from bayesmodel.estimates.use import use
from bayesmodel.plots.map_sheet import DIVERGING, polygons_of
from bayesmodel.plots.maps import area_map

HIDDEN = {"WK000102", "WK000301", "WK000401", "WK000600"}
MISSING = {"WK000202", "WK000501"}
NOBODY = {"WK000300", "WK000502"}


def filled(figure, shapes):
    """Return the code of each shape with the colour it is filled with, and those that are hatched."""
    codes = {
        tuple(np.array(each["geometry"]["coordinates"][0][0], float)): each["properties"]["code"]
        for each in shapes["features"]
    }
    colours, hatched = {}, set()
    for part in figure.axes[0].collections:
        for path in part.get_paths():
            code = codes[tuple(path.vertices.min(axis=0))]
            if part.get_hatch():
                hatched.add(code)
            elif len(face := part.get_facecolor()):
                colours[code] = to_hex(face[0])
    return colours, hatched


def test_a_hidden_count_has_no_colour_of_its_own(fit, shapes):
    colours, hatched = filled(area_map(use(fit, "actual", "share"), shapes), shapes)
    assert hatched == HIDDEN
    assert set(colours) == set(fit.counts.areas.codes) - HIDDEN - MISSING - NOBODY


def test_an_estimate_of_a_hidden_wijk_is_hatched_over_its_colour(fit, shapes):
    colours, hatched = filled(area_map(use(fit, "underlying", "share"), shapes), shapes)
    assert hatched == HIDDEN
    assert set(colours) == set(fit.counts.areas.codes) - MISSING - NOBODY


def test_expected_use_does_not_rest_on_the_count(fit, shapes):
    colours, hatched = filled(area_map(expected(fit, scale="share"), shapes), shapes)
    assert hatched == set()
    assert set(colours) == set(fit.counts.areas.codes) - NOBODY


def test_a_difference_has_classes_around_where_nothing_differs(fit, shapes, look_at):
    estimate = difference(fit, expectation="typical", scale="ratio")
    figure = area_map(estimate, shapes)
    colours, _ = filled(figure, shapes)
    means = estimate.summary()["mean"].drop([*MISSING, *NOBODY])
    for code, mean in means.items():
        assert colours[code] == DIVERGING[int(np.searchsorted([0.8, 0.9, 1.1, 1.2], mean, side="right"))]
    told = [text.rsplit(" (", 1)[0] for text in look_at(figure).legend[:5]]
    assert told == ["1,2 of meer", "1,1 tot 1,2", "0,9 tot 1,1", "0,8 tot 0,9", "minder dan 0,8"]


def test_the_legend_tells_hidden_from_no_data(fit, shapes, look_at):
    dutch = look_at(area_map(use(fit, scale="share"), shapes))
    english = look_at(area_map(use(fit, scale="share"), shapes, language="en"))
    assert [text.rsplit(" (", 1)[0] for text in dutch.legend[-2:]] == ["verborgen (klein aantal)", "geen gegevens"]
    assert [text.rsplit(" (", 1)[0] for text in english.legend[-2:]] == ["hidden (small count)", "no data"]
    assert "90% kans" in dutch.caption
    assert "typically" in english.caption


def test_an_area_without_a_shape_is_counted(fit, shapes, look_at):
    fewer = {**shapes, "features": shapes["features"][3:]}
    seen = look_at(area_map(use(fit, scale="share"), fewer))
    areas = int((fit.counts.population > 0).sum())
    assert f"zonder vlak in het bestand: 3 van de {areas} gebieden" in seen.caption
    assert "Vlakken zonder gebied in deze studie: " in seen.caption


def test_legend_and_text_count_what_is_drawn(fit, shapes, look_at):
    half = {**shapes, "features": shapes["features"][: len(shapes["features"]) // 2]}
    codes = {each["properties"]["code"] for each in half["features"]}
    drawn = codes & set(fit.counts.areas.codes) - MISSING - NOBODY
    seen = look_at(area_map(use(fit, scale="share"), half))
    counted = [int(re.search(r"\((\d+)\)$", text)[1]) for text in seen.legend if "%" in text]
    assert sum(counted) == len(drawn) < len(set(fit.counts.areas.codes) - MISSING - NOBODY)
    assert f"Kaart van {len(drawn)} gebieden" in seen.figure.get_label()


def test_a_map_of_one_gemeente_is_that_gemeente(fit, shapes, look_at):
    codes = [code for code in fit.counts.areas.codes if code.startswith("WK0002")]
    seen = look_at(area_map(use(fit, scale="share", areas=codes), shapes, language="en"))
    assert seen.figure.get_suptitle().startswith("Gemeente 0002: ")
    assert "other areas" in seen.legend
    assert "no data (1)" in seen.legend
    assert "Polygons of no area" not in seen.caption
    inside = geopandas.GeoDataFrame.from_features(shapes).set_index("code").loc[codes].total_bounds
    (left, right), (low, high) = seen.axes.get_xlim(), seen.axes.get_ylim()
    assert (left, low) < (inside[0], inside[1])
    assert (right, high) > (inside[2], inside[3])
    assert right - left < 1.2 * max(inside[2] - inside[0], inside[3] - inside[1])


def test_shapes_come_from_a_file_a_table_or_geojson(fit, shapes, tmp_path):
    frame = geopandas.GeoDataFrame.from_features(shapes, crs=28992)
    frame.to_file(tmp_path / "shapes.gpkg", engine="pyogrio")
    codes = fit.counts.areas.codes
    for source in (tmp_path / "shapes.gpkg", frame, shapes):
        assert polygons_of(source, codes, None).index.tolist() == [*codes, "WK999999"]


def test_parts_of_one_area_are_joined(fit, shapes):
    twice = {**shapes, "features": [*shapes["features"], {**shapes["features"][1], "properties": {"code": "WK000100"}}]}
    found = polygons_of(twice, fit.counts.areas.codes, "code")
    assert found.index.is_unique
    assert found.loc["WK000100", "geometry"].area == 2


def test_wrong_files_are_helped(fit, shapes, tmp_path):
    codes = fit.counts.areas.codes
    (tmp_path / "text.geojson").write_text("no shapes")
    for source in (tmp_path / "absent.gpkg", tmp_path / "text.geojson"):
        with pytest.raises(DataError, match="file of polygons"):
            polygons_of(source, codes, None)
    with pytest.raises(UnknownNameError, match="Did you mean code"):
        polygons_of(shapes, codes, "coda")
    other = {**shapes, "features": [{**each, "properties": {"code": "WK9"}} for each in shapes["features"]]}
    with pytest.raises(DataError, match="year of the boundaries"):
        polygons_of(other, codes, None)


def test_areas_less_precise_than_asked_for_are_grey(fit, shapes, look_at):
    report = fit.study.report.model_copy(update={"least_precision": 1.2})
    asked = replace(fit, counts=fit.counts.with_study(fit.study.model_copy(update={"report": report})))
    found = use(asked, scale="share")
    below = (relative_precision(found) < 1.2).sum()
    assert below
    legend = look_at(area_map(found, shapes, language="en")).legend
    assert any(text.startswith("too imprecise for a colour") and f"{below}" in text for text in legend)
    plain = look_at(area_map(use(fit, scale="share"), shapes, language="en")).legend
    assert not any("imprecise" in text for text in plain)
