"""RO-Crate metadata: what the files of a results folder are, and from which inputs which software made them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from bayesmodel import __version__
from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables
from bayesmodel.tables.data_package import KINDS, FileFacts, files_of

CRATE = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.1"
TERMS = {"sha256": "https://schema.org/sha256"}
"""Terms that the context of that version does not have."""
LICENCE = Label(
    nl="Niet vastgelegd: wie deze uitkomsten publiceert, zet hier de licentie. Noem de bron van de invoer; open data "
    "van CBS vragen naamsvermelding (CC BY 4.0).",
    en="Not stated: whoever publishes these results states the licence here. Name the source of the input; open data "
    "of CBS ask for attribution (CC BY 4.0).",
)
TABLE_OF_RESULTS = Label(
    nl="tabel met uitkomsten; de velden staan in {file}", en="table of results; its fields are described in {file}"
)
Entity = dict[str, Any]


def write_research_crate(tables: Tables, folder: Path) -> None:
    """Write ``ro-crate-metadata.json``, which says how the files in a folder were made.

    Parameters
    ----------
    tables : Tables
    folder : Path
        Holds everything else already.
    """
    content = research_crate(tables, files_of(folder))
    (folder / CRATE).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def research_crate(tables: Tables, files: list[FileFacts]) -> dict[str, Any]:
    """Return an RO-Crate (version 1.1): files, the software and inputs that they were made with, and the study.

    Parameters
    ----------
    tables : Tables
    files : list of FileFacts
        Every other file of the folder.

    Returns
    -------
    dict
        JSON-LD, flat: every thing once, by its ``@id``.

    Examples
    --------
    >>> from bayesmodel.tables.collect import tables_of
    >>> from bayesmodel.testing import invented_fit
    >>> crate = research_crate(tables_of(invented_fit()), [])
    >>> [entity["@id"] for entity in crate["@graph"]][:3]
    ['ro-crate-metadata.json', './', '#licence']
    """
    inputs, software = list(_inputs(tables)), list(_software(tables))
    parts = [_file(each, tables) for each in files]
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": VERSION},
            "about": {"@id": "./"},
        },
        _root(tables, parts),
        {"@id": "#licence", "@type": "CreativeWork", "name": "licence", "description": LICENCE[tables.language]},
        *parts,
        *inputs,
        *software,
        _action(tables, parts, inputs, software),
    ]
    return {"@context": [f"{VERSION}/context", TERMS], "@graph": graph}


def _links(entities: list[Entity]) -> list[dict[str, str]]:
    """Return references to things."""
    return [{"@id": each["@id"]} for each in entities]


def _made(tables: Tables) -> str:
    """Return when the fit was made; where that is not known, now."""
    made = tables.fit.provenance.get("made")
    return str(made) if made else datetime.now(UTC).isoformat(timespec="seconds")


def _root(tables: Tables, parts: list[Entity]) -> Entity:
    """Return the folder itself."""
    outcome, language = tables.fit.study.outcome, tables.language
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": tables.title[:1].upper() + tables.title[1:],
        "description": "\n\n".join(tables.notes(listing=False)),
        "datePublished": _made(tables),
        "license": {"@id": "#licence"},
        "inLanguage": language,
        "temporalCoverage": str(outcome.year),
        "keywords": [outcome.count[language], str(outcome.year), tables.fit.study.area],
        "mentions": {"@id": "#fit"},
        "hasPart": _links(parts),
    }


def _file(facts: FileFacts, tables: Tables) -> Entity:
    """Return a file of the results."""
    ending = PurePosixPath(facts.name).suffix
    table = ending in {".csv", ".parquet"} and facts.name != "codebook.csv"
    said = (
        TABLE_OF_RESULTS[tables.language].format(file="datapackage.json") if table else KINDS[ending][tables.language]
    )
    return {
        "@id": facts.name,
        "@type": "File",
        "name": facts.name,
        "description": said,
        "encodingFormat": facts.media,
        "contentSize": str(facts.bytes),
        "sha256": facts.sha256,
    }


def _inputs(tables: Tables) -> Iterator[Entity]:
    """Yield the files that the study read, and everything that the model saw of them, by their fingerprints."""
    study, made = tables.fit.study, tables.fit.provenance
    known: Mapping[str, Mapping[str, Any]] = {each["path"]: each for each in made.get("inputs", ())}
    paths = [table.path for table in study.tables] + ([study.boundaries.path] if study.boundaries else [])
    for number, path in enumerate(dict.fromkeys(paths), start=1):
        entity = {"@id": f"#input-{number}", "@type": "CreativeWork", "name": PurePosixPath(path).name}
        if path in known:
            entity |= {"sha256": known[path]["sha256"], "size": str(known[path]["bytes"])}
        yield entity
    if "data_sha256" in made:
        yield {
            "@id": "#model-input",
            "@type": "CreativeWork",
            "name": "data",
            "description": "codes, intervals of counts, levels and determinants, as the model saw them",
            "sha256": made["data_sha256"],
        }


def _software(tables: Tables) -> Iterator[Entity]:
    """Yield the programs that the fit was made with; this package first."""
    versions = {"bayesmodel": __version__} | dict(tables.fit.provenance.get("versions", {}))
    if python := tables.fit.provenance.get("python"):
        versions["python"] = python
    for name, number in versions.items():
        yield {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": number}


def _action(tables: Tables, parts: list[Entity], inputs: list[Entity], software: list[Entity]) -> Entity:
    """Return what was done: fitting a model to inputs by software, which gave the files."""
    made, verdict = tables.fit.provenance, tables.fit.diagnostics
    facts = {"engine": made.get("engine"), "seed": made.get("seed"), "converged": verdict.converged}
    described = "; ".join(f"{name}: {value}" for name, value in facts.items() if value is not None)
    return {
        "@id": "#fit",
        "@type": "CreateAction",
        "name": f"bayesmodel: {tables.fit.study.name}",
        "description": described,
        "endTime": _made(tables),
        "instrument": _links(software),
        "object": _links(inputs),
        "result": _links(parts),
    }
