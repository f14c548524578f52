"""`bayesmodel check-boundaries`: what it says, writes and answers to a machine, and how it fails."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from bayesmodel import example_polygons, example_study
from bayesmodel.boundaries import read_boundaries
from bayesmodel.cli.program import app

EXAMPLE = """
name = "small"
[outcome]
count = { nl = "jeugdhulp", en = "youth care" }
population = { nl = "jongeren", en = "young people" }
year = 2017
vintage = 2017
[example]
areas = 60
gemeenten = 8
regions = 2
[columns]
area = "wijk_code"
count = "jongeren_met_jeugdhulp"
population = "jongeren"
[publication]
hidden_symbols = ["."]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the polygons of a small country."""
    monkeypatch.chdir(tmp_path)
    polygons = example_polygons(example_study(areas=60, gemeenten=8, regions=2))
    polygons["features"] = polygons["features"][1:]
    (tmp_path / "wijk_2016.geojson").write_text(json.dumps(polygons), "utf-8")
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, [*words[:1], "check-boundaries", *words[1:]])


def test_it_says_areas_pairs_parts_and_islands(folder):
    answer = run("--json", "wijk_2016.geojson")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert (found["areas"], found["vintage"], sum(found["components"])) == (59, 2016, 59)
    assert found["neighbour_pairs"] > 100
    assert len(found["islands"]) == found["components"].count(1)


def test_it_writes_pairs_and_light_shapes(folder):
    words = ["wijk_2016.geojson", "--neighbours", "pairs.csv", "--simplified", "light.gpkg", "--metres", "1000"]
    answer = run("--quiet", *words)
    assert answer.exit_code == 0, answer.output
    assert list(pd.read_csv("pairs.csv").columns) == ["code", "neighbour", "metres"]
    assert len(read_boundaries("light.gpkg")) == 59
    again = run("--quiet", *words)
    assert again.exit_code == 4
    assert "pairs.csv" in again.output


def test_held_against_a_study_it_says_what_is_not_there(folder):
    (folder / "study.toml").write_text(EXAMPLE, "utf-8")
    answer = run("--language=en", "wijk_2016.geojson", "--study", "study.toml")
    assert answer.exit_code == 0, answer.output
    assert "1 have no polygon" in " ".join(answer.output.split())
    assert "By its name the file is of 2016" in " ".join(answer.output.split())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["absent.gpkg"], 2),
        (["wijk_2016.geojson", "--where", "water"], 2),
        (["wijk_2016.geojson", "--where", "water=NEE"], 2),
        (["wijk_2016.geojson", "--simplified", "light.doc"], 4),
        (["wijk_2016.geojson", "--tolerance", "-1"], 2),
    ],
)
def test_faults_end_in_help(folder, words, code):
    answer = run("--quiet", *words)
    assert answer.exit_code == code, answer.output
    assert "Traceback" not in answer.output
    assert {path.name for path in folder.iterdir()} == {"wijk_2016.geojson"}


def test_polygons_that_lie_on_each_other_are_remarked_on(folder):
    polygons = json.loads((folder / "wijk_2016.geojson").read_text("utf-8"))
    for feature in polygons["features"]:
        feature["geometry"] = polygons["features"][0]["geometry"]
    (folder / "one.geojson").write_text(json.dumps(polygons), "utf-8")
    (folder / "study.toml").write_text(EXAMPLE, "utf-8")
    for words in (("one.geojson",), ("one.geojson", "--study", "study.toml")):
        found = json.loads(run("--json", *words).stdout)
        [said] = found.get("data", found)["remarks"]
        assert said.startswith("Polygons lie on those of other areas")
        assert said in " ".join(run("--quiet", *words).output.split())
    found = json.loads(run("--json", "wijk_2016.geojson").stdout)
    assert found.get("data", found)["remarks"] == []
