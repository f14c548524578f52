"""Boundaries read from a file of polygons: one repaired shape per code, in metres."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bayesmodel import html
from bayesmodel.arguments import explaining
from bayesmodel.data.codes import upper_codes
from bayesmodel.errors import DataError, Fault, MissingFeatureError, UnknownNameError, listed
from bayesmodel.files import shortened
from bayesmodel.messages import _, number, plural

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

RD_NEW = "EPSG:28992"
"""The national grid of the Netherlands, in metres."""
IN_DEGREES = (3.0, 50.5, 7.5, 53.8)
"""Bounds of the Netherlands in degrees: west, south, east, north."""
CODE = r"(?:WK|BU|GM|JZ|CR|PV)[0-9]{2,8}"
CODED = 0.9
"""Share of the cells of a column that are codes, from which on it is one of codes."""
A_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


@dataclass(frozen=True)
class Boundaries:
    """One shape per area.

    Parameters
    ----------
    shapes : GeoDataFrame
        Indexed by code; polygons without faults, in metres. Other columns of the file are those of the first row of a
        code.
    without_shape : tuple of str
        Codes that the file has and no shape of: what they border on is not known.
    notes : tuple of str
        What was read, repaired, merged and converted, in sentences.
    vintage : int or None
        Year of the boundaries, where it was said or the name of the file holds one.
    """

    shapes: GeoDataFrame
    without_shape: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    vintage: int | None = None

    @property
    def codes(self) -> pd.Index:
        """Codes of the areas with a shape."""
        codes: pd.Index = self.shapes.index
        return codes

    @property
    def hectares(self) -> pd.Series:
        """Size of each area in hectares, by code."""
        sizes: pd.Series = self.shapes.geometry.area / 1e4
        return sizes.rename("hectares")

    def of(self, codes: Sequence[str] | pd.Index) -> Boundaries:
        """Return the boundaries of some areas, in the order of the file.

        Examples
        --------
        >>> from bayesmodel import example_polygons, example_study, read_boundaries
        >>> found = read_boundaries(example_polygons(example_study(areas=60, gemeenten=8, regions=2)))
        >>> len(found.of(["WK500100", "WK500101"]))
        2
        """
        lacking = tuple(code for code in self.without_shape if code in set(codes))
        return Boundaries(self.shapes[self.shapes.index.isin(codes)], lacking, self.notes, self.vintage)

    def __len__(self) -> int:
        return len(self.shapes)

    def __repr__(self) -> str:
        return "\n".join([self._title(), *(f"  {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        """Return what was read, for a notebook."""
        return html.page(self._title(), html.bullets(self.notes))

    def _title(self) -> str:
        return plural("Boundaries of {count} area", "Boundaries of {count} areas", len(self))


@explaining
def read_boundaries(
    source: str | Path | GeoDataFrame | Mapping[str, Any],
    *,
    code: str | None = None,
    codes: Sequence[str] | pd.Index | None = None,
    layer: str | None = None,
    where: Mapping[str, str] | None = None,
    vintage: int | None = None,
) -> Boundaries:
    """Read a file of polygons: one shape per code, repaired, in RD New (EPSG:28992).

    Rows of one code are merged. Invalid shapes are repaired, and only their polygons are kept. Coordinates in another
    system are converted; those of a file that says degrees and has metres are taken as they are.

    Parameters
    ----------
    source : str, Path, GeoDataFrame, or mapping
        A GeoPackage, GeoJSON or shapefile, its content, or GeoJSON as a dict.
    code : str, optional
        The column with the codes. Found when left out: the one that matches most of `codes`, or else the one with
        most different codes of CBS.
    codes : sequence of str, optional
        Codes of the areas looked for. Areas beyond them are kept.
    layer : str, optional
        Layer of the file, where it has several; found by `codes` when left out.
    where : mapping of str to str, optional
        Column and the value to keep, such as ``{"water": "NEE"}``.
    vintage : int, optional
        Year of the boundaries; the one in the name of the file when left out.

    Returns
    -------
    Boundaries

    Raises
    ------
    MissingFeatureError
        geopandas is not installed.
    UnknownNameError
        There is no such column or layer.
    DataError
        There is no such file, it holds no polygons, no column of codes is found in it, or none of `codes`.

    Examples
    --------
    >>> from bayesmodel import example_polygons, example_study, read_boundaries
    >>> found = read_boundaries(example_polygons(example_study(areas=60, gemeenten=8, regions=2)))
    >>> len(found), found.shapes.crs.to_epsg()
    (60, 28992)
    """
    frames = _frames(source, layer, several=codes is not None)
    name, frame, chosen = _best(frames, code, None if codes is None else pd.Index(codes))
    frame = _kept(frame, where or {})
    in_metres, note = _converted(frame)
    notes = [note] if note else []
    if len(frames) > 1:
        notes.append(_("Layer {layer} of {layers}.").format(layer=name, layers=listed(list(frames))))
    keys = upper_codes(in_metres[chosen].astype(str).str.strip())
    shapes, lacking, found = _one_per_code(in_metres.drop(columns=chosen), keys)
    if shapes.empty:
        none = Fault(
            _("column {name}").format(name=chosen), _("no area with a polygon"), _("one polygon for each area")
        )
        raise DataError(_("The file of polygons"), [none])
    if vintage is None and isinstance(source, str | Path):
        years = {int(year) for year in A_YEAR.findall(Path(source).stem)}
        vintage = years.pop() if len(years) == 1 else None
    return Boundaries(shapes, lacking, (*notes, *found), vintage)


def _frames(
    source: str | Path | GeoDataFrame | Mapping[str, Any], layer: str | None, *, several: bool
) -> dict[str, GeoDataFrame]:
    """Return the source as tables of shapes, by the name of their layer."""
    try:
        import geopandas
        from pyogrio import list_layers
        from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
        from pyproj.exceptions import ProjError
        from shapely.errors import ShapelyError
    except ImportError:
        raise MissingFeatureError(_("A map"), "geo") from None
    try:
        if isinstance(source, geopandas.GeoDataFrame):
            return {"": source}
        if isinstance(source, Mapping):
            return {"": geopandas.GeoDataFrame.from_features(source)}
        names: list[str | None] = [str(name) for name, kind in list_layers(source) if kind is not None]
        names = names or [None]
        if layer is not None and layer not in names:
            raise UnknownNameError(_("layer of the polygons"), layer, map(str, names))
        if layer is None and len(names) > 1 and not several:
            expected = _("one layer, or the name of one: {layers}").format(layers=listed(list(map(str, names))))
            raise DataError(_("The file of polygons"), [Fault(shortened(source), _("several layers"), expected)])
        chosen = names if layer is None else [layer]
        frames = {str(name or ""): geopandas.read_file(source, layer=name) for name in chosen}
    except (
        *(DataSourceError, DataLayerError, CRSError, FeatureError, FieldError, GeometryError),
        *(ProjError, ShapelyError, OSError, ValueError, TypeError, LookupError, AttributeError),
    ) as error:
        advice = _("Give a GeoPackage, GeoJSON or shapefile.")
        found = _("a file that cannot be read ({error})").format(error=shortened(error))
        fault = Fault(shortened(source), found, _("a file of polygons"), advice)
        raise DataError(_("The file of polygons"), [fault]) from None
    with_shapes = {name: frame for name, frame in frames.items() if isinstance(frame, geopandas.GeoDataFrame)}
    if not with_shapes:
        fault = Fault(shortened(source), _("a table without shapes"), _("a file of polygons"))
        raise DataError(_("The file of polygons"), [fault])
    return with_shapes


def _best(
    frames: Mapping[str, GeoDataFrame], code: str | None, codes: pd.Index | None
) -> tuple[str, GeoDataFrame, str]:
    """Return the layer and its column in which most codes are found."""
    scores: dict[tuple[str, str], int] = {}
    for name, frame in frames.items():
        columns = [each for each in frame.columns if each != frame.geometry.name]
        if code is not None:
            columns = [code] if code in columns else []
        for column in columns:
            cells = upper_codes(frame[column].astype(str).str.strip())
            scores[name, column] = (
                _coded(cells, said=code is not None) if codes is None else len(set(codes).intersection(cells))
            )
    if code is not None and not scores:
        known = dict.fromkeys(str(each) for frame in frames.values() for each in frame.columns)
        raise UnknownNameError(_("column of the polygons"), code, known)
    chosen = max(scores, key=lambda key: scores[key], default=None)
    if chosen is None or not scores[chosen]:
        raise DataError(_("The file of polygons"), [_no_codes(frames, chosen, codes)])
    return chosen[0], frames[chosen[0]], chosen[1]


def _coded(cells: pd.Series, *, said: bool) -> int:
    """Return how many different codes a column holds; 0 where it is not one of codes, and nobody said it is."""
    if not said and (len(cells) == 0 or cells.str.fullmatch(CODE).mean() < CODED):
        return 0
    return int(cells.nunique())


def _no_codes(frames: Mapping[str, GeoDataFrame], chosen: tuple[str, str] | None, codes: pd.Index | None) -> Fault:
    """Say that no column holds the codes, with what stands in the one that was looked at last."""
    example = _("no column of codes")
    if chosen is not None and len(frames[chosen[0]]):
        example = str(frames[chosen[0]][chosen[1]].iloc[0])
    advice = _("Name the column of codes, or take polygons of the year of the boundaries of the study.")
    wanted = codes[0] if codes is not None and len(codes) else "WK000300"
    expected = _("codes such as {code}").format(code=wanted)
    where = _("column {name}").format(name=_("(none)") if chosen is None else chosen[1])
    return Fault(where, example, expected, advice)


def _kept(frame: GeoDataFrame, where: Mapping[str, str]) -> GeoDataFrame:
    """Return the rows in which columns hold a value."""
    for column, value in where.items():
        if column not in frame.columns:
            raise UnknownNameError(_("column of the polygons"), column, map(str, frame.columns))
        frame = frame[frame[column].astype(str).str.strip() == value]
    return frame


def _converted(frame: GeoDataFrame) -> tuple[GeoDataFrame, str]:
    """Return shapes in RD New, and what was done to get there."""
    from pyproj.exceptions import ProjError

    bounds = frame.total_bounds if len(frame) else np.zeros(4)
    degrees = bool((np.abs(bounds) <= 360).all())
    if frame.crs is None:
        west, south, east, north = IN_DEGREES
        if not (west <= bounds[0] and bounds[2] <= east and south <= bounds[1] and bounds[3] <= north):
            return frame.set_crs(RD_NEW), ""
        frame = frame.set_crs("EPSG:4326")
    elif frame.crs.is_geographic and not degrees:
        said = _("The file says that its coordinates are degrees, but they are metres: taken as RD New.")
        return frame.set_crs(RD_NEW, allow_override=True), said
    if frame.crs.to_epsg() == 28992:
        return frame, ""
    try:
        converted = frame.to_crs(RD_NEW)
    except ProjError as error:
        fault = Fault(_("coordinates"), shortened(error), _("coordinates that can be converted to RD New"))
        raise DataError(_("The file of polygons"), [fault]) from None
    said = _("Converted to RD New from {system}.")
    return converted, said.format(system=frame.crs.name)


def _one_per_code(frame: GeoDataFrame, keys: pd.Series) -> tuple[GeoDataFrame, tuple[str, ...], list[str]]:
    """Return one repaired shape per code, the codes without one, and what was repaired and merged."""
    import shapely

    shapes = frame.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    invalid = there & ~shapely.is_valid(shapes)
    repaired = shapes.copy()
    repaired[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    repaired = polygons_only(repaired)
    there = there & (shapely.area(repaired) > 0)
    coded = (keys != "").to_numpy() & ~keys.isin(["None", "nan", "<NA>"]).to_numpy()
    good = frame.set_geometry(repaired, crs=frame.crs)[there & coded].set_index(keys[there & coded].rename("code"))
    twice = list(dict.fromkeys(good.index[good.index.duplicated()]))
    if twice:
        merged = good.geometry.groupby(level=0, sort=False).agg(lambda parts: shapely.union_all(parts.to_numpy()))
        good = good[~good.index.duplicated()].set_geometry(merged.to_numpy(), crs=frame.crs)
    lacking = tuple(str(code) for code in dict.fromkeys(keys[~there & coded]) if code not in good.index)
    notes = []
    for said, found in (
        (_("Repaired {number}: {codes}."), [str(code) for code in keys[invalid & there & coded]]),
        (_("Several rows merged into one area, {number}: {codes}."), twice),
        (_("Without a shape {number}: {codes}."), list(lacking)),
    ):
        if found:
            notes.append(said.format(number=number(len(found)), codes=listed(found)))
    return good, lacking, notes


def polygons_only(shapes: np.ndarray) -> np.ndarray:
    """Return shapes without the lines and points in them; a shape of nothing else is empty.

    Parameters
    ----------
    shapes : ndarray of Geometry (shape,)

    Returns
    -------
    ndarray of Polygon or MultiPolygon (shape,)

    Examples
    --------
    >>> import shapely
    >>> mixed = shapely.from_wkt("GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)), LINESTRING (0 0, 5 5))")
    >>> polygons_only(np.array([mixed])).tolist()
    [<POLYGON ((0 0, 1 0, 1 1, 0 0))>]
    """
    import shapely

    kinds = shapely.get_type_id(shapes)
    mixed = ~np.isin(kinds, [3, 6]) & ~shapely.is_missing(shapes)
    kept = shapes.copy()
    for index in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapes[index])
        inside = [each for each in parts if shapely.get_type_id(each) in (3, 6)]
        kept[index] = shapely.union_all(inside) if inside else shapely.Polygon()
    return kept
