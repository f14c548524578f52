"""`bayesmodel map`: one page, written once, refused before anything is worked out."""

import json
import re

import pytest
from typer.testing import CliRunner

from bayesmodel import example_polygons
from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.cli.program import app
from bayesmodel.testing import invented_fit


def answer(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("fit") / "fit.nc"
    invented_fit().save(path)
    return path


@pytest.fixture(scope="module")
def squares(saved):
    codes = invented_fit().counts.areas.codes
    corners = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [[[x + place, y] for x, y in corners]]},
        }
        for place, code in enumerate(codes)
    ]
    path = saved.parent / "wijken.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_a_page_is_written_once(saved, squares, tmp_path):
    page = tmp_path / "map.html"
    told = answer("map", saved, "--polygons", squares, "--out", page)
    assert told.exit_code == 0, told.output
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert answer("map", saved, "--polygons", squares, "--out", page).exit_code == ExitCode.NOT_WRITTEN
    assert answer("map", saved, "--polygons", squares, "--out", page, "--force").exit_code == 0


def test_the_size_is_written_in_the_language(saved, squares, tmp_path):
    command = ("map", saved, "--polygons", squares, "--out", tmp_path / "map.html")
    assert re.search(r"\(\d,\d MB\)", answer("--language", "nl", *command).output)
    assert re.search(r"\(\d\.\d MB\)", answer("--language", "en", *command, "--force").output)


def test_it_opens_in_another_language_and_answers_in_json(saved, squares, tmp_path):
    page = tmp_path / "map.html"
    told = answer("--json", "map", saved, "--polygons", squares, "--out", page, "--report-language", "en")
    assert json.loads(told.stdout)["language"] == "en"
    assert '<html lang="en">' in page.read_text("utf-8")


def test_polygons_of_another_country_are_refused(saved, tmp_path):
    told = answer("map", saved, "--out", tmp_path / "map.html")
    assert told.exit_code == ExitCode.FAULT
    assert not list(tmp_path.iterdir())


def test_another_ending_is_refused(saved, squares, tmp_path):
    told = answer("map", saved, "--polygons", squares, "--out", tmp_path / "map.png")
    assert told.exit_code == ExitCode.FAULT
    assert not list(tmp_path.iterdir())


def test_the_example_has_its_own_polygons(small_fit, tmp_path):
    small_fit.save(tmp_path / "fit.nc")
    told = answer("map", tmp_path / "fit.nc", "--out", tmp_path / "map.html", "--accept-unconverged")
    assert told.exit_code == 0, told.output
    assert len(example_polygons(small_fit.study)["features"]) == 100


def test_reports_of_named_groups_and_of_all(saved, squares, tmp_path):
    given = ("--json", "report", saved, "--out", tmp_path / "some", "--polygons", squares)
    told = answer(*given, "GM0001", "--format", "html", "--format", "docx")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["made"] == ["GM0001.html", "GM0001.docx"]
    told = answer(*given)
    assert json.loads(told.stdout) | {"folder": ""} == {
        "folder": "",
        "made": ["GM0002.html", "GM0003.html"],
        "kept": ["GM0001.html"],
    }


def test_sheets_of_a_named_area_and_of_all_in_a_group(saved, squares, tmp_path):
    told = answer("--json", "report", saved, "WK000100", "--out", tmp_path / "one", "--polygons", squares)
    assert json.loads(told.stdout)["made"] == ["WK000100.html"]
    told = answer("--json", "report", saved, "GM0003", "--sheets", "--out", tmp_path / "all", "--polygons", squares)
    assert json.loads(told.stdout)["made"] == ["WK000300.html", "WK000301.html"]


def test_forms_are_named_with_commas_and_everything_is_in_the_style(saved, squares, tmp_path):
    (tmp_path / "style.toml").write_text('accent = "#00539f"\n', "utf-8")
    given = ("report", saved, "GM0003", "--format", "html,docx", "--style", tmp_path / "style.toml")
    told = answer("--json", *given, "--out", tmp_path / "out", "--polygons", squares)
    assert json.loads(told.stdout)["made"] == ["GM0003.html", "GM0003.docx"]
    assert "--accent:#00539f" in (tmp_path / "out" / "GM0003.html").read_text("utf-8")
    told = answer("--json", *given[:-2], "--out", tmp_path / "out", "--polygons", squares)
    assert json.loads(told.stdout)["made"] == ["GM0003.html", "GM0003.docx"], "another style is made anew"
    told = answer("map", saved, "--style", tmp_path / "style.toml", "--out", tmp_path / "m.html", "--polygons", squares)
    assert "--accent:#00539f" in (tmp_path / "m.html").read_text("utf-8")


def test_a_style_or_form_that_is_wrong_is_a_fault(saved, squares, tmp_path):
    (tmp_path / "style.toml").write_text('accent = "#ffee00"\n', "utf-8")
    for arguments in (
        ["--style", tmp_path / "style.toml"],
        ["--format", "html,odt"],
        ["--style", tmp_path / "no.toml"],
    ):
        told = answer("report", saved, *arguments, "--polygons", squares, "--out", tmp_path / "out")
        assert told.exit_code == ExitCode.FAULT
        assert not (tmp_path / "out").exists()


def test_an_unknown_group_level_or_explanation_is_a_fault(saved, squares, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[GM0099]\ncontact = "x"\n', "utf-8")
    for arguments in (["GM0099"], ["--level", "provincie"], ["--explanations", own]):
        told = answer("report", saved, *arguments, "--polygons", squares, "--out", tmp_path / "out")
        assert told.exit_code == ExitCode.FAULT
        assert not (tmp_path / "out").exists()
