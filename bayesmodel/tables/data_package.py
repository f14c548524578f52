"""Descriptions of a results folder for programs: every file and field in a Frictionless Data Package."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from bayesmodel import __version__
from bayesmodel.data import Status
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.messages import Language
from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables
from bayesmodel.tables.columns import IN_HEADERS, Column
from bayesmodel.tables.display import DECIMALS, PER_CENT

DATA_PACKAGE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".gpkg": "application/geopackage+sqlite3",
    ".nc": "application/netcdf",
    ".json": "application/json",
    ".txt": "text/plain",
}
"""Media type by the ending of a file."""
KINDS: Mapping[str, Label] = {
    ".nc": Label(nl="de fit: trekkingen, tellingen en studie", en="the fit: draws, counts and study"),
    ".xlsx": Label(nl="werkboek met alle tabellen en een codeboek", en="workbook with all tables and a codebook"),
    ".gpkg": Label(nl="GeoPackage met alle tabellen op de kaart", en="GeoPackage with all tables on the map"),
    ".txt": Label(nl="wat lezers moeten weten", en="what readers must be told"),
    ".json": Label(nl="metagegevens", en="metadata"),
    ".csv": Label(nl="codeboek", en="codebook"),
}
"""What a file is that holds no table of results."""
CODES: Mapping[str, tuple[str, ...]] = {
    "status": tuple(map(str, Status)),
    "verdict": tuple(map(str, VerdictClass)),
}
"""Codes of columns by how their names begin."""
NAMES_OF_SHEETS = 2
"""Row of a sheet with the names of the columns, under the headings for readers."""
Dialect = Literal["code", "excel", "layer", "sheet", "other"]


@dataclass(frozen=True)
class TableFile:
    """A table in a file of the results.

    Parameters
    ----------
    path : str
        Name of the file.
    table : str
        What the table is about, such as ``wijken``.
    columns : sequence of Column
        Its fields, in order.
    frame : DataFrame
        What was written, whose kinds of numbers decide between whole numbers and others.
    dialect : {"code", "excel", "layer", "sheet", "other"}
        A csv for code or for Dutch Excel, a layer of a GeoPackage, a sheet of a workbook, or any other.
    sheet : str
        Name of the sheet, of a workbook.
    """

    path: str
    table: str
    columns: Sequence[Column]
    frame: pd.DataFrame
    dialect: Dialect = "other"
    sheet: str = ""


@dataclass(frozen=True)
class FileFacts:
    """A file of the results: its name, size, fingerprint and media type."""

    name: str
    bytes: int
    sha256: str
    media: str


def files_of(folder: Path) -> list[FileFacts]:
    """Return the facts of every file of a folder, by name."""
    found = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        media = MEDIA.get(path.suffix, "application/octet-stream")
        found.append(FileFacts(path.name, path.stat().st_size, digest, media))
    return found


def write_data_package(tables: Tables, folder: Path, written: Sequence[TableFile]) -> None:
    """Write ``datapackage.json``, which describes the files that are in a folder.

    Parameters
    ----------
    tables : Tables
    folder : Path
        Holds everything else already.
    written : sequence of TableFile
        The tables among its files.
    """
    content = data_package(tables, files_of(folder), written)
    (folder / DATA_PACKAGE).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def data_package(tables: Tables, files: Sequence[FileFacts], written: Sequence[TableFile]) -> dict[str, Any]:
    """Return a Data Package: a resource per table of results, with its fields, and one per other file.

    Parameters
    ----------
    tables : Tables
    files : sequence of FileFacts
    written : sequence of TableFile

    Returns
    -------
    dict
        As the Data Package standard (version 2) has it. A field has beside its name, title, description and type the
        properties ``unit``, ``statistic`` and, of an estimate, ``interval``.
    """
    study, language = tables.fit.study, tables.language
    known = {each.name: each for each in files}
    held = {each.path for each in written}
    made = tables.fit.provenance.get("made")
    return {
        "$schema": PROFILE,
        "name": slug(f"{study.name}-{study.outcome.year}"),
        "title": tables.title[:1].upper() + tables.title[1:],
        "description": "\n\n".join(tables.notes(listing=False)),
        **({"created": made} if made else {}),
        "keywords": [study.outcome.count[language], str(study.outcome.year), study.area],
        "generator": f"bayesmodel {__version__}",
        "resources": [
            *(_table(tables, known[each.path], each, written) for each in written),
            *(_other(each, language) for each in files if each.name not in held),
        ],
    }


def slug(text: str) -> str:
    """Return a text as a name for a program.

    Examples
    --------
    >>> slug("Jeugdhulp in de wijk: 2017"), slug("«»")
    ('jeugdhulp-in-de-wijk-2017', 'results')
    """
    return re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-") or "results"


def _resource(facts: FileFacts, name: str) -> dict[str, Any]:
    """Return what is said of every file; readers of Parquet count no bytes, so that those of it stand in the crate."""
    ending = Path(facts.name).suffix
    counted = {} if ending == ".parquet" else {"bytes": facts.bytes, "hash": f"sha256:{facts.sha256}"}
    return {
        "name": name,
        "path": facts.name,
        "format": ending.removeprefix("."),
        "mediatype": facts.media,
        **counted,
    }


def _other(facts: FileFacts, language: Language) -> dict[str, Any]:
    """Return the resource of a file without a table of results."""
    return _resource(facts, slug(facts.name)) | {"description": KINDS[Path(facts.name).suffix][language]}


def _resource_name(file: TableFile) -> str:
    """Return the name of the resource of a table; several layers are in one file."""
    several = file.dialect in ("layer", "sheet")
    return slug(f"{file.table}-{Path(file.path).suffix[1:]}" if several else file.path.replace(".", "-"))


def _table(tables: Tables, facts: FileFacts, file: TableFile, written: Sequence[TableFile]) -> dict[str, Any]:
    """Return the resource of a table."""
    ending = Path(file.path).suffix.removeprefix(".")
    found = _resource(facts, _resource_name(file)) | {"title": f"{file.table}: {tables.title}"}
    if ending == "csv":
        excel = file.dialect == "excel"
        found |= {
            "type": "table",
            "encoding": "utf-8",
            "dialect": {"delimiter": ";" if excel else ",", "lineTerminator": "\r\n" if excel else "\n"},
        }
    elif file.dialect == "layer":
        found["dialect"] = {"table": file.table}
    elif file.dialect == "sheet":
        found |= {"type": "table", "dialect": {"headerRows": [NAMES_OF_SHEETS], "sheetName": file.sheet}}
        found["dialect"]["excel"] = {"sheet": file.sheet}  # as the library frictionless reads it
    return found | {"schema": _schema(tables, file, written)}


def _schema(tables: Tables, file: TableFile, written: Sequence[TableFile]) -> dict[str, Any]:
    """Return the fields of a table, its key, and the tables that its codes of groups refer to."""
    fields = [_field(column, file, tables.language) for column in file.columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if file.columns[0].name not in tables.frames:
        return schema  # a row of the long table has no single key
    schema["primaryKey"] = [fields[0]["name"]]
    if not file.path.endswith(".csv") or file.dialect == "excel":
        return schema
    others = {each.columns[0].name: each for each in written if each.dialect == file.dialect and each is not file}
    schema["foreignKeys"] = [
        {"fields": [each.name], "reference": {"resource": _resource_name(others[each.name]), "fields": [each.name]}}
        for each in file.columns[1:]
        if each.name in others
    ]
    return schema


def _field(column: Column, file: TableFile, language: Language) -> dict[str, Any]:
    """Return a field: what it is called, what it holds, its unit, and the interval of an estimate."""
    excel = file.dialect == "excel"
    kind = _type(column, file)
    codes = next((found for begin, found in CODES.items() if column.name.startswith(begin)), None)
    found: dict[str, Any] = {
        "name": column.header(language) if excel else column.name,
        "type": kind,
        "title": column.label[language],
        "description": column.definition[language],
        "unit": IN_HEADERS[column.form][language] if excel and column.form in PER_CENT else column.unit[language],
        "statistic": column.statistic,
    }
    if column.interval is not None:
        found["interval"] = {"probability": column.interval.prob, "kind": column.interval.kind}
    if excel and kind == "number":
        found["decimalChar"] = ","
    if codes and file.dialect not in ("excel", "sheet"):  # there codes are in words
        found["constraints"] = {"enum": list(codes)}
    return found


def _type(column: Column, file: TableFile) -> str:
    """Return the type of a field."""
    if column.form == "text":
        return "string"
    if column.form == "year":
        return "year"
    if file.dialect == "excel":
        return "number" if DECIMALS[column.form] else "integer"
    values = file.frame.index if column.name == file.frame.index.name else file.frame[column.name]
    return "integer" if pd.api.types.is_integer_dtype(values.dtype) else "number"
