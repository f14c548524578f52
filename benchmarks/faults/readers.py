"""Every reader of the program with a sound file of its own, to be spoilt: see `benchmarks.faults.fuzz`."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults.world import HEADER, STUDY, WIJKEN, Rows

TABLES = ("csv", "tsv", "csv.gz", "xlsx", "ods", "parquet", "xlsb", "xls")
KINDS = (*TABLES, "study.toml", "fit.nc", "geojson", "gpkg")
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Reader:
    """One reader.

    Parameters
    ----------
    kind : str
        How the name of its file ends.
    write : callable
        Bytes of a file that holds these rows; None where cells have no place in it.
    read : callable
        Reads a file in a folder, with a sound study beside it.
    """

    kind: str
    write: Callable[[Rows], bytes] | None
    sound: Callable[[], bytes]
    read: Callable[[Path], object]


def reader_of(kind: str) -> Reader:
    """Return the reader of a kind of file."""
    if kind in TABLES:
        write = WRITERS.get(kind)
        return Reader(kind, write, lambda: (write or _as_xlsx)([HEADER, *WIJKEN]), _read_table)
    return Reader(
        kind, None, {"study.toml": STUDY.encode, "fit.nc": _fit}.get(kind, lambda: _polygons(kind)), OTHERS[kind]
    )


def _as_text(rows: Rows, separator: str = ";") -> bytes:
    return "".join(f"{separator.join(row)}\n" for row in rows).encode("utf-8", "surrogatepass")


def _cells(rows: Rows) -> list[list[str | float]]:
    """Return cells as a spreadsheet holds them: numbers where they are."""
    return [[_number(cell) for cell in row] for row in rows]


def _number(cell: str) -> str | float:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return cell


def _as_xlsx(rows: Rows) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "nan_inf_to_errors": True}) as book:
        book.set_properties({"created": datetime(2021, 1, 1, tzinfo=UTC)})  # the same bytes each time
        sheet = book.add_worksheet()
        for place, row in enumerate(_cells(rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(place, column, cell[:32_000])
                else:
                    sheet.write_number(place, column, cell)
    return content.getvalue()


def _as_ods(rows: Rows) -> bytes:
    from xml.sax.saxutils import escape

    shown = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(f'xmlns:{name}="{_NAMESPACE}:{name}:1.0"' for name in ("office", "table", "text"))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), _SPREADSHEET, zipfile.ZIP_STORED)
        packed.writestr(
            zipfile.ZipInfo("content.xml"),
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
            f'<office:spreadsheet><table:table table:name="x">{shown}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>".encode("utf-8", "replace").decode(),
        )
        packed.writestr(
            zipfile.ZipInfo("META-INF/manifest.xml"),
            f'<manifest:manifest xmlns:manifest="{_NAMESPACE}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{_SPREADSHEET}"/></manifest:manifest>',
        )
    return content.getvalue()


def _as_parquet(rows: Rows) -> bytes:
    import pandas as pd

    content = io.BytesIO()
    width = max(map(len, rows))
    head = [*rows[0], *(f"extra {number}" for number in range(width - len(rows[0])))]
    body = [[*row, *[""] * (width - len(row))] for row in rows[1:]]
    frame = pd.DataFrame(body, columns=[f"{name}{' ' * head[:place].count(name)}" for place, name in enumerate(head)])
    frame.to_parquet(content)
    return content.getvalue()


WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "csv": _as_text,
    "tsv": lambda rows: _as_text(rows, "\t"),
    "csv.gz": lambda rows: gzip.compress(_as_text(rows), mtime=0),
    "xlsx": _as_xlsx,
    "ods": _as_ods,
    "parquet": _as_parquet,
}


@cache
def _fit() -> bytes:
    """Return a saved fit."""
    from bayesmodel.testing import invented_fit

    with TemporaryDirectory() as folder:
        invented_fit(draws=60).save(Path(folder) / "fit.nc")
        return (Path(folder) / "fit.nc").read_bytes()


@cache
def _polygons(kind: str) -> bytes:
    """Return squares with the codes of the wijken."""
    squares = [
        {
            "type": "Feature",
            "properties": {"wijk": row[0]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]],
            },
        }
        for x, row in enumerate(WIJKEN)
    ]
    world = {"type": "FeatureCollection", "features": squares}
    if kind == "geojson":
        return json.dumps(world).encode()
    import geopandas

    with TemporaryDirectory() as folder:
        path = Path(folder) / "wijken.gpkg"
        geopandas.GeoDataFrame.from_features(world, crs=28992).to_file(path)
        return path.read_bytes()


def _read_table(path: Path) -> object:
    """Read the table of a study as `check-data` does."""
    from bayesmodel import read_areas, study_from
    from bayesmodel.cli.data_report import as_markdown, data_report
    from bayesmodel.data import interpret_counts

    values = _study_values()
    study = study_from(values | {"folder": str(path.parent), "tables": [values["tables"][0] | {"path": path.name}]})
    counts = interpret_counts(read_areas(study))
    return as_markdown("x", data_report(counts))


@cache
def _study_values() -> dict:  # type: ignore[type-arg]
    import tomllib

    return tomllib.loads(STUDY)


def _read_study(path: Path) -> object:
    """Read a study and its table as `check-data` does."""
    from bayesmodel import read_areas, read_study
    from bayesmodel.data import interpret_counts

    (path.parent / "wijken.csv").write_bytes(_as_text([HEADER, *WIJKEN]))
    study = read_study(path)
    return interpret_counts(read_areas(study)) if study.example is None else study


def _read_fit(path: Path) -> object:
    """Load a fit, which may not differ from the one that was saved."""
    from bayesmodel import load_fit

    fit = load_fit(path)
    if path.read_bytes() != _fit():
        raise AssertionError("a fit with changed bytes was loaded")
    return fit


def _read_polygons(path: Path) -> object:
    """Read polygons as a map does."""
    import pandas as pd

    from bayesmodel.plots.map_sheet import polygons_of

    return polygons_of(path, pd.Index([row[0] for row in WIJKEN], name="wijk"), None)


OTHERS: dict[str, Callable[[Path], object]] = {
    "study.toml": _read_study,
    "fit.nc": _read_fit,
    "geojson": _read_polygons,
    "gpkg": _read_polygons,
}
