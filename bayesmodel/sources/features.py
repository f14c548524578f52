"""Polygons from their publisher: WFS 2.0 and OGC API Features, read as a table with a geometry in each row.

A row is an area: its code, its name, and its polygon as GeoJSON. What holds of tables holds of them as well: pages on
disk before the next is asked for, sealed snapshots, revisions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pandas as pd

from bayesmodel.errors import ChangedTableError, ProtocolError, listed, suggest
from bayesmodel.messages import _, number
from bayesmodel.sources.download import download
from bayesmodel.sources.fetch_table import FetchedTable, Sources
from bayesmodel.sources.known_tables import ShapeSource
from bayesmodel.sources.odata import Page, RemoteTable, Row, cell
from bayesmodel.sources.revision import revision_of
from bayesmodel.sources.selection import Selection
from bayesmodel.sources.service import Service
from bayesmodel.sources.snapshot import latest_snapshot
from bayesmodel.sources.table_metadata import Column, TableMetadata

CODE, NAME, GEOMETRY = "wijk_code", "wijk_naam", "geometry"
PAGE = 1000
"""Areas asked for at once: services give no more."""
SYSTEM = "EPSG:28992"
"""What coordinates are asked for in: RD New, metres."""


class FeatureTable(RemoteTable):
    """Areas with their polygons at a service of features.

    Parameters
    ----------
    service : Service
        What is asked.
    source : ShapeSource
        Where, in which protocol, and how properties are called.
    year : int
        Of the boundaries.
    url : str, optional
        Address of a mirror, which answers to the same paths.
    """

    tells_hidden = True

    def __init__(self, service: Service, source: ShapeSource, year: int, url: str | None = None) -> None:
        self._service, self._source, self._layer = service, source, source.layers[year]
        address = source.url.format(year=year)
        root = address if url is None else url.rstrip("/") + urlsplit(address).path
        self.protocol = "WFS 2.0" if source.protocol == "wfs" else "OGC API Features"
        self.url = root if source.protocol == "wfs" else f"{root}/collections/{quote(self._layer, safe='')}/items"
        self._total: int | None = None
        self.metadata = self._read_metadata()

    def _read_metadata(self) -> TableMetadata:
        """Return what a row holds; these services say no more of it that is needed."""
        columns = (
            Column(CODE, self._source.code, CODE, "dimension"),
            *(Column(each, each, each) for each in (NAME, GEOMETRY)),
        )
        return TableMetadata(self._layer, self._source.label_of(self._layer), columns=columns)

    def first(self, selection: Selection) -> str:
        """Return the address of the first page."""
        return self._address_from(0)

    def count(self, selection: Selection) -> int | None:
        """Return how many areas the service says it has; None where it does not say."""
        answer = self._service.json(self._address_from(0, most=1))
        found = next((answer[key] for key in ("numberMatched", "totalFeatures") if key in answer), None)
        self._total = int(str(found)) if str(found).isdigit() else None
        return self._total

    def page(self, url: str, received: int = 0) -> Page:
        """Return the areas at an address; where no link or number says that there are more, they are asked for.

        Raises
        ------
        ProtocolError
            The answer holds no features.
        """
        answer = self._service.json(url)
        rows = answer.get("features")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            odd = _("{url} gave no areas: expected a list under 'features', found {found}.")
            raise ProtocolError(odd.format(url=url, found=listed([*answer]) or _("nothing")))
        done = not rows or (self._total is not None and received + len(rows) >= self._total)
        if self._source.protocol == "wfs":
            return Page(rows, None if done else self._address_from(received + len(rows)))
        links = answer.get("links") or []
        link = next((each.get("href") for each in links if isinstance(each, dict) and each.get("rel") == "next"), None)
        following = None if link is None else f"{url.partition('?')[0]}?{urlsplit(str(link)).query}"
        if following == url:
            raise ProtocolError(_("{url} says that the next page is itself.").format(url=url))
        return Page(rows, following)

    def wide(self, rows: Iterable[Row], selection: Selection) -> pd.DataFrame:
        """Return code, name and polygon of each area, without the rows that the source leaves out.

        Raises
        ------
        ChangedTableError
            There is no area, or none with the properties by which they are read.
        """
        features = list(rows)
        known = [*dict.fromkeys(name for each in features for name in _properties(each))]
        wanted = (self._source.code, self._source.name, *self._source.where)
        absent = [name for name in wanted if name not in known]
        if absent:
            gone = _("{layer} at {url} has no property {names}.{suggest}")
            text = gone.format(layer=self._layer, url=self.url, names=listed(absent), suggest=suggest(absent[0], known))
            raise ChangedTableError(text)
        kept = [each for each in features if self._wanted(_properties(each))]
        table = {
            CODE: [cell(_properties(each)[self._source.code]) for each in kept],
            NAME: [cell(_properties(each).get(self._source.name)) for each in kept],
            GEOMETRY: [json.dumps(each.get("geometry"), separators=(",", ":")) for each in kept],
        }
        return pd.DataFrame(table, dtype=str)

    def _wanted(self, properties: Mapping[str, Any]) -> bool:
        """Whether an area is one of those that the source keeps."""
        return all(cell(properties.get(name)).upper() == value.upper() for name, value in self._source.where.items())

    def _address_from(self, start: int, most: int = PAGE) -> str:
        """Return the address of the areas from a number on."""
        if self._source.protocol == "wfs":
            asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": self._layer}
            form = {"outputFormat": "application/json", "srsName": SYSTEM, "count": most, "startIndex": start}
            return f"{self.url}?{urlencode(asked | form, safe=':/')}"
        system = "http://www.opengis.net/def/crs/EPSG/0/28992"
        return f"{self.url}?{urlencode({'f': 'json', 'limit': most, 'crs': system}, safe=':/')}"


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the properties of an area."""
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def fetch_shapes(source: ShapeSource, year: int, sources: Sources) -> FetchedTable:
    """Fetch the polygons of a year.

    Parameters
    ----------
    source : ShapeSource
        One that has a layer of that year.
    year : int
        Of the boundaries.
    sources : Sources
        Where tables come from and go to.

    Returns
    -------
    FetchedTable
        From the newest snapshot, unless `sources.refresh` asks the publisher again.

    Raises
    ------
    UnknownTableError, UnreachableError, ProtocolError, ChangedTableError
        The service has no such layer, does not answer well, or gives other or fewer areas than expected.
    SnapshotError, OutputError
        As of `download` and `read_snapshot`.
    """
    wish = sha256(f"{source.model_dump_json()}{year}".encode()).hexdigest()[:8]
    folder = sources.snapshots / source.purpose / f"{year}-{wish}"
    before = latest_snapshot(folder)
    if before is not None and not sources.refresh:
        said = _("{table}: the snapshot of {day} is used")
        sources.notify(said.format(table=before.provenance.table, day=before.provenance.day))
        return _whole(FetchedTable(source.purpose, year, before, None, CODE), source)
    remote = FeatureTable(sources.make_service(), source, year, sources.url)
    after = download(remote, Selection(), folder, sources.report, sources.notify)
    revision = None if before is None else revision_of(before, after)
    return _whole(FetchedTable(source.purpose, year, after, revision, CODE), source)


def _whole(fetched: FetchedTable, source: ShapeSource) -> FetchedTable:
    """Refuse polygons that are not of the whole country."""
    areas = fetched.snapshot.frame[CODE].nunique()
    if areas < source.least_areas:
        few = _("{layer} has {areas} areas, where at least {least} are expected: it is another layer, or not whole.")
        sizes = {"areas": number(areas), "least": number(source.least_areas)}
        raise ChangedTableError(few.format(layer=fetched.snapshot.provenance.table, **sizes))
    return fetched


def geojson_of(fetched: FetchedTable) -> str:
    """Return polygons that were fetched as GeoJSON, with their code, name and the system of their coordinates."""
    features = [
        {"type": "Feature", "properties": {CODE: code, NAME: name}, "geometry": json.loads(geometry)}
        for code, name, geometry in fetched.snapshot.frame[[CODE, NAME, GEOMETRY]].itertuples(index=False)
    ]
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    crs = {"crs": system} if _in_metres(features) else {}
    content = {"type": "FeatureCollection", **crs, "features": features}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _in_metres(features: list[dict[str, Any]]) -> bool:
    """Whether coordinates are metres, as asked: those of a service that gives degrees all the same are small."""
    for feature in features:
        part = (feature["geometry"] or {}).get("coordinates")
        while isinstance(part, list) and part and isinstance(part[0], list):
            part = part[0]
        if isinstance(part, list) and len(part) > 1:
            return bool(max(abs(part[0]), abs(part[1])) > 360)
    return True
