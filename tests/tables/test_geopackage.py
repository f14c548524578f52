"""The GeoPackage as GDAL and QGIS read it: layers, shapes, labels of fields, styles; and polygons that do not fit."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree

import geopandas
import numpy as np
import pyogrio
import pytest

from bayesmodel.data import Status
from bayesmodel.errors import ComparisonError, DataError
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.plots.maps import COLOURS
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.qgis_style import styles_of
from bayesmodel.tables.results_folder import write_tables
from tests.tables.conftest import squares


@pytest.fixture(scope="module")
def path(fit, shapes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("map") / "tables"
    write_tables(fit, folder, ("geopackage",), polygons=shapes)
    return folder / "tables.gpkg"


@pytest.fixture(scope="module")
def tables(fit):
    return tables_of(fit)


def rows(path, query):
    """Return what the file itself holds."""
    with closing(sqlite3.connect(path)) as base:
        return base.execute(query).fetchall()


def test_a_layer_for_every_table_in_rd_new(path):
    layers = dict(pyogrio.list_layers(path))
    assert layers == {
        "wijken": "MultiPolygon",
        "gemeenten": "MultiPolygon",
        "regio": "MultiPolygon",
        "not_in_study": "MultiPolygon",
        "layer_styles": None,
    }
    assert geopandas.read_file(path, layer="gemeenten").crs.to_epsg() == 28992


def test_an_area_without_a_polygon_is_there_without_a_shape(path, fit):
    wijken = geopandas.read_file(path, layer="wijken").set_index("wijk")
    assert wijken.index.tolist() == fit.counts.areas.codes.tolist()
    assert wijken.index[wijken.geometry.isna()].tolist() == [fit.counts.areas.codes[-1]]


def test_a_polygon_without_an_area_has_a_layer_of_its_own(path):
    assert geopandas.read_file(path, layer="not_in_study")["code"].tolist() == ["WK999900"]


def test_a_group_has_the_shape_of_its_areas_together(path):
    wijken, gemeenten = (geopandas.read_file(path, layer=layer) for layer in ("wijken", "gemeenten"))
    together = wijken.geometry.area.groupby(wijken["gemeente"]).sum()
    sizes = gemeenten.set_index("gemeente").geometry.area
    assert sizes.dropna().to_dict() == {code: pytest.approx(size) for code, size in together.items() if size}
    assert sizes.index[sizes.isna()].tolist() == ["GM0006"], "a gemeente of one wijk, which has no polygon"


def test_every_field_has_label_unit_and_interval(path, tables):
    found = rows(path, "SELECT table_name, column_name, name, description, constraint_name FROM gpkg_data_columns")
    columns = {(layer, name): (label, said, domain) for layer, name, label, said, domain in found}
    wanted = [("wijken", column) for column in tables.columns("wijk")]
    assert {(layer, column.name) for layer, column in wanted} < set(columns)
    label, said, domain = columns["wijken", "ratio_determinants"]
    assert (label.endswith("(verhouding)"), "90%-interval (gelijke staarten)" in said, domain) == (True, True, None)
    assert columns["wijken", "verdict_determinants"][2] == "verdict"
    words = dict(rows(path, "SELECT value, description FROM gpkg_data_column_constraints"))
    assert words["clearly higher"] == "duidelijk hoger"
    assert words["suppressed"] == "verborgen"


def test_labels_of_fields_are_unique_within_a_layer(path):
    assert rows(path, "SELECT name FROM gpkg_data_columns GROUP BY table_name, name HAVING count(*) > 1") == []


def test_every_layer_opens_with_its_verdicts_and_holds_other_styles(path):
    found = rows(path, "SELECT f_table_name, styleName, useAsDefault, styleQML FROM layer_styles")
    defaults = {layer: name for layer, name, default, _qml in found if default}
    assert defaults == {
        "wijken": "verdict_determinants",
        "gemeenten": "verdict_determinants",
        "regio": "verdict_determinants",
        "not_in_study": "outside",
    }
    assert {"difference_determinants_points", "underlying_share", "verdict_gemeente_others"} < {
        name for layer, name, *_ in found if layer == "wijken"
    }
    for _layer, _name, _default, qml in found:
        rules = ElementTree.fromstring(qml).findall(".//rule")
        symbols = ElementTree.fromstring(qml).findall(".//symbols/symbol")
        assert [rule.get("symbol") for rule in rules] == [symbol.get("name") for symbol in symbols]


def test_verdicts_have_the_colours_of_the_pictures(tables):
    style = styles_of(tables, "wijk")[0]
    assert {rule.label: rule.colour for rule in style.rules[:6]} == {
        each.label["nl"]: COLOURS[each] for each in VerdictClass
    }
    patterns = {rule.label: rule.pattern for rule in style.rules}
    assert patterns["niet te zeggen"] == "dotted"
    assert patterns["verborgen (klein aantal)"] == "hatched"
    assert patterns["niet geleverd, dus voorspeld"] == "blank"


def test_every_area_is_drawn_by_one_rule_and_hidden_ones_are_hatched_besides(path, tables):
    """The filters, as SQL: QGIS and SQLite read them alike."""
    for name, layer in (("wijk", "wijken"), ("gemeente", "gemeenten")):
        for style in styles_of(tables, name):
            fills = " + ".join(f"coalesce({rule.where}, 0)" for rule in style.rules if rule.pattern != "hatched")
            assert {number for (number,) in rows(path, f"SELECT {fills} FROM {layer}")} == {1}, style.name
    [hatched] = [rule for rule in styles_of(tables, "wijk")[0].rules if rule.pattern == "hatched"]
    assert rows(path, f"SELECT DISTINCT status FROM wijken WHERE {hatched.where}") == [("suppressed",)]


def test_what_readers_must_be_told_is_inside(path):
    [(said,)] = rows(path, "SELECT description FROM gpkg_contents WHERE table_name = 'wijken'")
    assert "geen teken van goed of slecht beleid" in said


def with_status(fit, status):
    """Return a fit all of whose counts have one status."""
    upper = 9 if status == Status.SUPPRESSED else fit.counts.population
    counts = replace(
        fit.counts,
        status=np.full(len(fit.counts), status),
        lower=np.zeros(len(fit.counts), dtype=np.int64),
        upper=np.minimum(upper, fit.counts.population),
    )
    return replace(fit, counts=counts)


@pytest.mark.parametrize("status", [Status.SUPPRESSED, Status.MISSING])
def test_all_hidden_or_nothing_delivered_is_written_all_the_same(fit, shapes, status, tmp_path):
    write_tables(with_status(fit, status), tmp_path / "tables", ("geopackage", "long"), polygons=shapes)
    wijken = geopandas.read_file(tmp_path / "tables" / "tables.gpkg", layer="wijken")
    assert wijken["published_count"].isna().all()
    assert set(wijken["status"]) == {str(status)}


def test_a_gemeente_of_one_wijk_has_its_shape(fit, tmp_path):
    polygons = squares([fit.counts.areas.codes[-1]])
    write_tables(fit, tmp_path / "tables", ("geopackage",), polygons=polygons)
    gemeenten = geopandas.read_file(tmp_path / "tables" / "tables.gpkg", layer="gemeenten")
    assert gemeenten["gemeente"][gemeenten.geometry.notna()].tolist() == ["GM0006"]
    assert dict(pyogrio.list_layers(tmp_path / "tables" / "tables.gpkg")).keys().isdisjoint({"not_in_study"})


def test_without_polygons_it_is_refused_and_left_out_of_what_is_written_by_default(fit, tmp_path):
    real = replace(fit, counts=fit.counts.with_study(fit.study.model_copy(update={"example": None})))
    with pytest.raises(ComparisonError, match="--polygons"):
        write_tables(real, tmp_path / "tables", ("geopackage",))
    assert list(tmp_path.iterdir()) == []
    assert not any(path.suffix == ".gpkg" for path in write_tables(real, tmp_path / "tables"))


def test_polygons_of_other_areas_are_refused(fit, tmp_path):
    with pytest.raises(DataError, match="codes"):
        write_tables(fit, tmp_path / "tables", ("geopackage",), polygons=squares(["BU00000001"]))
    assert list(tmp_path.iterdir()) == []
