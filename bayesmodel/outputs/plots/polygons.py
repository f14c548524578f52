"""Polygons to draw on: the user's own file, or those of the example country, matched to areas by code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.errors import DataError, Fault, MissingFeatureError, UnknownNameError
from bayesmodel.messages import Language, _, number
from bayesmodel.study import Label
from bayesmodel.study.paths import shortened

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def polygons_of(
    source: str | Path | GeoDataFrame | Mapping[str, Any], codes: pd.Index, code: str | None
) -> GeoDataFrame:
    """Return one shape per area, with those that no area belongs to.

    Parameters
    ----------
    source : str, Path, GeoDataFrame, or mapping
        A file that geopandas reads (GeoPackage, GeoJSON, shapefile), its content, or GeoJSON as a dict.
    codes : Index of str
        Codes of the areas.
    code : str, optional
        The column with the codes; the one that holds most of them when left out.

    Returns
    -------
    GeoDataFrame
        Indexed by code; parts of one area joined, invalid shapes repaired.

    Raises
    ------
    MissingFeatureError
        geopandas is not installed.
    UnknownNameError
        There is no such column.
    DataError
        There is no such file, it holds no shapes, or no area is found in it.
    """
    frame = _read(source)
    if code is not None and code not in frame.columns:
        raise UnknownNameError(_("column of the polygons"), code, map(str, frame.columns))
    columns = [code] if code else [name for name in frame.columns if name != frame.geometry.name]
    found = {name: int(codes.isin(frame[name].astype(str)).sum()) for name in columns}
    chosen = max(found, key=lambda name: found[name], default=None)
    if chosen is None or not found[chosen]:
        example = str(frame[chosen].iloc[0]) if chosen is not None and len(frame) else _("no column of codes")
        advice = _("Name the column of codes, or take polygons of the year of the boundaries of the study.")
        expected = _("codes such as {code}").format(code=codes[0])
        fault = Fault(_("column {name}").format(name=chosen or _("(none)")), example, expected, advice)
        raise DataError(_("The file of polygons"), [fault])
    shapes = frame.set_geometry(frame.geometry.make_valid())[[chosen, frame.geometry.name]].astype({chosen: str})
    return shapes.dissolve(by=chosen) if shapes[chosen].duplicated().any() else shapes.set_index(chosen)


UNPLACED = Label(
    nl="Niet op de kaart, want zonder vlak in het bestand: {areas} van de {all} gebieden.",
    en="Not on the map, as the file has no polygon of them: {areas} of the {all} areas.",
)
UNKNOWN = Label(nl="Vlakken zonder gebied in deze studie: {number}.", en="Polygons of no area in this study: {number}.")


def not_drawn(areas: pd.Index, shapes: pd.Index, part: pd.Index | None, language: Language) -> tuple[str, ...]:
    """Say what a map leaves out: areas without a polygon, and polygons without an area.

    Parameters
    ----------
    areas : Index of str
        The areas with an estimate.
    shapes : Index of str
        The polygons there are.
    part : Index of str, optional
        The areas of a map of a part; polygons around those are none that it leaves out.
    language : {"nl", "en"}
    """
    lacking, strange = int((~areas.isin(shapes)).sum()), int((~shapes.isin(areas)).sum())
    said = []
    if lacking:
        counts = {"areas": number(lacking, ",", language), "all": number(len(areas), ",", language)}
        said.append(UNPLACED[language].format(**counts))
    if strange and part is None:
        said.append(UNKNOWN[language].format(number=number(strange, ",", language)))
    return tuple(said)


def _read(source: str | Path | GeoDataFrame | Mapping[str, Any]) -> GeoDataFrame:
    """Return the source as a table of shapes."""
    try:
        import geopandas
        from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
        from pyproj.exceptions import ProjError
        from shapely.errors import ShapelyError  # type: ignore[import-untyped]
    except ImportError:
        raise MissingFeatureError(_("A map"), "geo") from None
    if isinstance(source, geopandas.GeoDataFrame):
        return source
    if isinstance(source, Mapping):
        return geopandas.GeoDataFrame.from_features(source)
    try:
        frame = geopandas.read_file(source)
        if isinstance(frame, geopandas.GeoDataFrame):
            frame = frame.set_geometry(frame.geometry.make_valid())
    except (
        *(DataSourceError, DataLayerError, CRSError, FeatureError, FieldError, GeometryError),
        *(ProjError, ShapelyError, OSError, ValueError, TypeError, LookupError),
    ) as error:
        advice = _("Give a GeoPackage, GeoJSON or shapefile.")
        found = _("a file that cannot be read ({error})").format(error=shortened(error))
        raise DataError(
            _("The file of polygons"), [Fault(shortened(source), found, _("a file of polygons"), advice)]
        ) from None
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise DataError(
            _("The file of polygons"), [Fault(str(source), _("a table without shapes"), _("a file of polygons"))]
        )
    return frame
