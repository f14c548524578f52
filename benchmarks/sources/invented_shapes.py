"""Invented polygons, served as PDOK serves those of CBS: a page of GeoJSON at a time, in metres, water between land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.sources.invented_tables import Country

SIDE = 1000.0
WEST, SOUTH = 120_000.0, 420_000.0
Feature = dict[str, Any]


@dataclass(frozen=True)
class ServedLayer:
    """A layer of polygons at a service.

    Parameters
    ----------
    name : str
        What it is asked for by.
    features : sequence of dict
        As GeoJSON has them.
    protocol : {"wfs", "ogc-features"}
        How it is served.
    most : int
        Areas that an answer holds at most, whatever is asked.
    counts : bool
        Whether an answer says how many areas there are.
    """

    name: str
    features: Sequence[Feature]
    protocol: str = "wfs"
    most: int = 1000
    counts: bool = True

    def answer(self, url: str, query: Mapping[str, str]) -> tuple[int, Any]:
        """Return status and content for a question."""
        wfs = self.protocol == "wfs"
        if wfs and (query.get("typeNames"), query.get("request")) != (self.name, "GetFeature"):
            return 400, {"exceptions": [{"code": "InvalidParameterValue", "locator": "typeNames"}]}
        begin = int(query.get("startIndex" if wfs else "offset", 0))
        size = min(int(query.get("count" if wfs else "limit", self.most)), self.most)
        page = list(self.features[begin : begin + size])
        content: dict[str, Any] = {"type": "FeatureCollection", "features": page}
        if self.counts:
            content["numberMatched"] = len(self.features)
        if not wfs and begin + size < len(self.features):
            others = "&".join(f"{name}={value}" for name, value in query.items() if name != "offset")
            content["links"] = [{"rel": "next", "href": f"{url}?{others}&offset={begin + size}"}]
        return 200, content


def wijk_shapes(country: Country, *, columns: int = 60) -> list[Feature]:
    """Return a square kilometre for each wijk of a country, row after row, and one of water after every seventh."""
    found = []
    for number, code in enumerate(country.wijken):
        found.append(_feature(code, country.names[code], f"GM{code[2:6]}", "NEE", _square(number, columns)))
        if number % 7 == 6:
            found.append(_feature(code, "", f"GM{code[2:6]}", "JA", _square(-1 - number, columns)))
    return found


def _feature(code: str, name: str, gemeente: str, water: str, ring: list[list[float]]) -> Feature:
    """Return an area with the properties that CBS gives it."""
    properties = {"wijkcode": code, "wijknaam": name, "gemeentecode": gemeente, "water": water}
    return {
        "type": "Feature",
        "id": f"wijken.{code}.{water}",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }


def _square(number: int, columns: int) -> list[list[float]]:
    """Return the outline of a square in its place."""
    row, column = divmod(number, columns)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) + np.array([column, row])
    ring: list[list[float]] = (corners * SIDE + np.array([WEST, SOUTH])).tolist()
    return ring
