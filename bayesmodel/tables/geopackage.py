"""The results as a GeoPackage: a layer per table in RD New, with labels of fields and styles for QGIS inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.boundaries.read_boundaries import RD_NEW
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.tables.collect import Tables, file_name
from bayesmodel.tables.columns import Column
from bayesmodel.tables.display import STATUSES, WORDS
from bayesmodel.tables.qgis_style import QgisStyle, outside_style, styles_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

OUTSIDE = "not_in_study"
"""Layer of the polygons without an area in the study."""
GEOMETRY, ID = "geom", "fid"
DOMAINS: Mapping[str, Iterable[str]] = {"status": STATUSES, "verdict": tuple(map(str, VerdictClass))}
"""Codes that a column can hold, by how its name begins."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""
"""Tables of the schema extension of the standard (annex F.9); GDAL takes ``name`` for the alias of a field."""
EXTENSION = ("gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema", "read-write")


def write_geopackage(tables: Tables, path: Path, shapes: GeoDataFrame) -> None:
    """Write all tables to one GeoPackage, with a shape for every row that has one.

    A layer per table, its fields those of the csv. The shape of a group is that of its areas together; a row without a
    polygon is there without a shape. Polygons without an area in the study are in a layer of their own. Labels and
    definitions of fields stand where the schema extension has them, styles where QGIS looks for them.

    Parameters
    ----------
    tables : Tables
        With the language of labels and legends.
    path : Path
        Ends in ``.gpkg``; not there yet.
    shapes : GeoDataFrame
        Of the areas, by code, in RD New: as `read_boundaries` gives them.

    Raises
    ------
    MissingFeatureError
        matplotlib, whose round limits the legends have, is not installed.
    """
    study, described = tables.fit.study, "\n".join(tables.notes(listing=False))
    styles: dict[str, list[QgisStyle]] = {}
    of_areas = tables.frames[study.area]
    polygons = shapes.geometry.reindex(of_areas.index).to_numpy()
    for name, frame in tables.frames.items():
        layer = file_name(name)
        found = polygons if name == study.area else _together(polygons, of_areas[name], frame.index)
        _write_layer(frame.reset_index(), found, path, layer, f"{tables.title}\n{described}")
        styles[layer] = styles_of(tables, name)
    others = shapes[~shapes.index.isin(of_areas.index)]
    if len(others):
        _write_layer(_outside(tables, others.index), others.geometry.to_numpy(), path, OUTSIDE, tables.title)
        styles[OUTSIDE] = [outside_style(tables)]
    _write_styles(styles, path)
    with closing(sqlite3.connect(path)) as base, base:
        _write_fields(tables, base)


def _together(polygons: np.ndarray, groups: pd.Series, codes: pd.Index) -> np.ndarray:
    """Return the shape of each group: that of its areas together; none where no area has one."""
    import shapely

    found = np.full(len(codes), None, dtype=object)
    members = groups.groupby(groups.to_numpy()).indices
    for place, code in enumerate(codes):
        there = [each for each in polygons[members[code]] if each is not None and not each.is_empty]
        if there:
            found[place] = shapely.union_all(there)
    return found


def _outside(tables: Tables, codes: pd.Index) -> pd.DataFrame:
    """Return what is known of areas that are not in the study: why they were left out."""
    left_out = tables.fit.counts.areas.left_out.reindex(codes)
    return pd.DataFrame(
        {
            "code": codes.astype(str),
            "name": left_out["name"].to_numpy(dtype=object),
            "reason": left_out["reason"].to_numpy(dtype=object),
        }
    )


def _write_layer(frame: pd.DataFrame, polygons: np.ndarray, path: Path, layer: str, described: str) -> None:
    """Write a layer."""
    import geopandas

    geometry = geopandas.GeoSeries(polygons, index=frame.index, crs=RD_NEW)
    geopandas.GeoDataFrame(frame, geometry=geometry).to_file(
        path,
        layer=layer,
        driver="GPKG",
        engine="pyogrio",
        promote_to_multi=True,
        geometry_type="MultiPolygon",
        GEOMETRY_NAME=GEOMETRY,
        FID=ID,
        VERSION="1.2",
        DESCRIPTION=described,
    )


def _write_styles(styles: Mapping[str, Sequence[QgisStyle]], path: Path) -> None:
    """Write the styles of layers into the table that QGIS keeps them in."""
    import pyogrio

    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer,
            "f_geometry_column": GEOMETRY,
            "styleName": style.name,
            "styleQML": style.qml,
            "styleSLD": "",
            "useAsDefault": number == 0,
            "description": style.description,
            "owner": "",
            "ui": None,
            "update_time": datetime.now(UTC).replace(tzinfo=None),
        }
        for layer, several in styles.items()
        for number, style in enumerate(several)
    ]
    table = pd.DataFrame(rows).astype({"update_time": "datetime64[ms]"})
    pyogrio.write_dataframe(table, path, layer="layer_styles", driver="GPKG", FID="id")


def _write_fields(tables: Tables, base: sqlite3.Connection) -> None:
    """Write label, definition and codes of every field."""
    language = tables.language
    base.executescript(SCHEMA)
    for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        base.execute("INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)", (table, *EXTENSION))
    for name, codes in DOMAINS.items():
        base.executemany(
            "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
            [(name, str(code), WORDS[code][language]) for code in codes],
        )
    for table in tables.frames:
        columns = tables.columns(table)
        headers = [column.header(language) for column in columns]
        base.executemany(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
            [
                (
                    file_name(table),
                    column.name,
                    header if headers.count(header) == 1 else f"{header} [{column.name}]",
                    column.label[language],
                    column.described(language),
                    _domain(column),
                )
                for column, header in zip(columns, headers, strict=True)
            ],
        )


def _domain(column: Column) -> str | None:
    """Return the name of the codes that a column can hold."""
    return next((name for name in DOMAINS if column.name.startswith(name)), None)
