"""The map page: one file of html that works offline, with the joint posterior of all areas inside it."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel.files import refuse_other_than_html, write_atomic
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.report.map_content import Content, map_content
from bayesmodel.report.map_texts import NO_SCRIPT, OLD_BROWSER
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SCRIPTS = ("map_data.js", "map_view.js", "map_card.js", "map_table.js", "map_start.js")
"""In the order in which they are needed."""


LEVEL = 6
"""How hard content is packed: a third of the time of the hardest, and less than a hundredth larger."""


@dataclass(frozen=True, eq=False)
class MapPage:
    """A page with maps of a fit, a table behind them, and the joint posterior of all areas.

    Parameters
    ----------
    content : dict
        As `map_content` gives it.
    language : {"nl", "en"}
        In which the page opens; it holds both.
    """

    content: Content
    language: Language

    @property
    def html(self) -> str:
        """The whole page: it needs no other file and no network."""
        study = self.content["study"]
        beside = {name: part for name, part in self.content.items() if name != "draws"}
        title = f"{study['count'][self.language]}, {study['year']}"
        scripts = "\n".join(_asset(name) for name in SCRIPTS)
        style, page = _asset("map.css"), _asset("map.html")
        return page.format(
            language=self.language,
            title=escape(title[:1].upper() + title[1:]),
            style=theme().css + style,
            logo=theme().image,
            loading=escape(study["texts"][self.language]["loading"]),
            old=escape(OLD_BROWSER[self.language]),
            noscript=escape(NO_SCRIPT[self.language]),
            content=_packed(beside),
            draws=_packed(self.content["draws"], zlib.Z_HUFFMAN_ONLY),  # noise repeats nothing
            script=scripts,
        )

    def write(self, path: str | Path) -> Path:
        """Write the page, whole or not at all.

        Raises
        ------
        UnknownNameError
            The name does not end in .html.
        OutputError
            The file cannot be written.
        """
        path = Path(path)
        refuse_other_than_html(path)
        write_atomic(path, self.html)
        return path


def _packed(content: Content, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> str:
    """Return content as gzipped JSON in base64."""
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16, zlib.DEF_MEM_LEVEL, strategy)  # 16: as gzip
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return b64encode(packing.compress(written) + packing.flush()).decode()


def _asset(name: str) -> str:
    """Return the text of a file beside this one."""
    return files("bayesmodel.report").joinpath(name).read_text("utf-8")


def map_page(
    fit: Fit,
    polygons: str | Path | GeoDataFrame | Mapping[str, Any],
    *,
    code: str | None = None,
    language: Language | None = None,
) -> MapPage:
    """Return a page with maps of use, expected use, differences, uncertainty and verdicts, for readers without a program.

    A reader chooses any set of areas, by clicking or by drawing around them; the page adds them up within each joint
    draw, so that the set has a use, an expectation, a difference with its interval, and a probability.

    Parameters
    ----------
    fit : Fit
        The posterior.
    polygons : str, Path, GeoDataFrame, or mapping
        As in `area_map`; areas without one are in the table only.
    code : str, optional
        The column of the polygons with the codes; defaults to the one that matches most codes.
    language : {"nl", "en"}, optional
        In which the page opens; that of the study when left out.

    Returns
    -------
    MapPage

    Raises
    ------
    MissingFeatureError
        geopandas is not installed.
    DataError
        There is no such file, or none of the areas is in it.
    UnknownNameError
        There is no such column.

    Examples
    --------
    >>> from bayesmodel import example_polygons, map_page
    >>> map_page(fit, example_polygons(fit.study)).write("map.html")  # doctest: +SKIP
    """  # noqa: E501
    return MapPage(map_content(fit, polygons, code), language or fit.study.report.language)
