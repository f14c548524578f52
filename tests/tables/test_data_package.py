"""Descriptions for programs: every file and field in the Data Package, where it came from in the RO-Crate."""

import hashlib
import json
from dataclasses import replace

import pandas as pd
import pytest

from bayesmodel import __version__
from bayesmodel.data.suppression import Suppression
from bayesmodel.inference.sampling import input_hashes
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.data_package import slug
from bayesmodel.tables.research_crate import research_crate
from bayesmodel.tables.results_folder import FORMATS, write_tables

TYPES = {"string", "integer", "number", "year"}


@pytest.fixture(scope="module")
def folder(fit, shapes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("described") / "tables"
    write_tables(fit, folder, FORMATS, polygons=shapes)
    return folder


@pytest.fixture(scope="module")
def package(folder):
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def crate(folder):
    return json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))


def test_it_has_the_shape_of_the_standard(package):
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert slug(package["name"]) == package["name"]
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)
    for resource in package["resources"]:
        assert slug(resource["name"]) == resource["name"]
        for field in resource.get("schema", {}).get("fields", ()):
            assert {"name", "title", "description", "type", "unit"} <= set(field), field
            assert field["type"] in TYPES
            assert all(field.values())


def test_every_file_is_described_and_no_other(folder, package):
    described = {resource["path"] for resource in package["resources"]}
    assert described == {path.name for path in folder.iterdir()} - {"datapackage.json", "ro-crate-metadata.json"}


def test_sizes_and_hashes_are_those_of_the_files(folder, package):
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource.get("bytes", len(content)) == len(content)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource.get("hash", digest) == digest


def test_the_fields_are_those_of_the_files_and_their_cells_are_of_the_type(folder, package):
    for resource in package["resources"]:
        if not resource["path"].endswith(".csv") or "schema" not in resource:
            continue
        fields, dialect = resource["schema"]["fields"], resource["dialect"]
        read = pd.read_csv(
            folder / resource["path"], sep=dialect["delimiter"], dtype=str, encoding="utf-8-sig", keep_default_na=False
        )
        assert list(read) == [field["name"] for field in fields]
        for field in fields:
            cells = read[field["name"]][read[field["name"]] != ""]
            if field["type"] != "string":
                kind = int if field["type"] in ("integer", "year") else float
                assert cells.str.replace(field.get("decimalChar", "."), ".").map(kind).notna().all()
            if "constraints" in field:
                assert set(cells) <= set(field["constraints"]["enum"])
        assert not read.duplicated(resource["schema"].get("primaryKey")).any()


def test_an_estimate_has_its_interval_and_a_bound_of_what_was_published_has_none(package):
    [wijken] = [resource for resource in package["resources"] if resource["name"] == "wijken-csv"]
    fields = {field["name"]: field for field in wijken["schema"]["fields"]}
    interval = {"probability": 0.9, "kind": "equal-tailed"}
    for name, statistic in {"ratio_determinants": "mean", "ratio_determinants_lower": "lower"}.items():
        assert (fields[name]["interval"], fields[name]["statistic"]) == (interval, statistic)
    assert "interval" not in fields["count_lower"]
    assert fields["p_higher_determinants"]["statistic"] == "probability"


def test_codes_of_groups_refer_to_the_tables_of_those(folder, package):
    keys = {
        resource["name"]: resource["schema"].get("foreignKeys")
        for resource in package["resources"]
        if "schema" in resource
    }
    [gemeente, regio] = keys["wijken-csv"]
    assert gemeente["reference"] == {"resource": "gemeenten-csv", "fields": ["gemeente"]}
    assert regio["reference"]["resource"] == "regio-csv"
    wijken, gemeenten = (pd.read_csv(folder / f"{name}.csv") for name in ("wijken", "gemeenten"))
    assert set(wijken["gemeente"]) <= set(gemeenten["gemeente"])


def by_id(crate):
    """Return the things of a crate by their name; none is there twice."""
    found = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(found) == len(crate["@graph"])
    return found


def references(value):
    """Yield every name that a thing refers to."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_crate_has_the_shape_of_the_standard(crate):
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    things = by_id(crate)
    descriptor, root = things["ro-crate-metadata.json"], things["./"]
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert {"name", "description", "datePublished", "license"} <= set(root)
    named = {
        name for entity in crate["@graph"] for key in entity if key != "conformsTo" for name in references(entity[key])
    }
    assert named <= set(things), "a name that nothing has"


def test_the_crate_holds_every_file_with_its_hash(folder, crate):
    things = by_id(crate)
    parts = {each["@id"] for each in things["./"]["hasPart"]}
    assert parts == {path.name for path in folder.iterdir()} - {"ro-crate-metadata.json"}
    for name in parts:
        assert things[name]["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert things[name]["contentSize"] == str((folder / name).stat().st_size)


def test_the_crate_names_software_and_inputs_and_no_folder_of_this_machine(fit):
    inputs = [{"path": "in/counts.csv", "bytes": 3, "sha256": "ab"}]
    provenance = {"inputs": inputs, "made": "2026-01-01T00:00:00+00:00", "python": "3.13.0", "versions": {"pymc": "6"}}
    study = fit.study.model_copy(update={"tables": (_table("in/counts.csv"),), "folder": "/somewhere/private"})
    made = type(fit)(fit.counts.with_study(study), fit.design, fit.tree, fit.diagnostics, provenance)
    found = research_crate(tables_of(made), [])
    things = by_id(found)
    assert things["#bayesmodel"]["softwareVersion"] == __version__
    assert (things["#input-1"]["name"], things["#input-1"]["sha256"]) == ("counts.csv", "ab")
    assert {"@id": "#input-1"} in things["#fit"]["object"]
    assert "private" not in json.dumps(found)


def _table(path):
    from bayesmodel.study.parts import Table

    return Table(path=path, key="wijk")


def test_no_hash_of_a_file_whose_small_counts_were_hidden(fit, tmp_path):
    (tmp_path / "counts.csv").write_text("wijk;care", encoding="utf-8")
    study = fit.study.model_copy(update={"tables": (_table("counts.csv"),), "folder": str(tmp_path)})
    areas = replace(fit.counts.areas, study=study)
    [known] = input_hashes(areas)
    assert known == {"path": "counts.csv", "bytes": 9, "sha256": hashlib.sha256(b"wijk;care").hexdigest()}
    assert input_hashes(replace(areas, suppression=Suppression(10, ("WK000100",), {}, ()))) == []
