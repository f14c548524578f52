"""`bayesmodel plot`: a picture in a file, in the language of the study or the one asked; faults are messages."""

import json

import pytest
from PIL import Image
from typer.testing import CliRunner

from bayesmodel.cli import program as program
from bayesmodel.cli.inspect import kinds
from bayesmodel.plots.registry import GROUPS, PICTURES
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A results folder with a fit in it."""
    folder = tmp_path_factory.mktemp("results")
    invented_fit().save(folder / "fit.nc")
    return folder


def plot(*arguments):
    return CliRunner().invoke(program.app, ["plot", *map(str, arguments)])


def test_the_shell_completes_the_kinds():
    assert kinds() == list(PICTURES)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_help_lists_every_picture_with_what_it_shows(language):
    shown = " ".join(plot("--help", "--language", language).stdout.split())
    for name, kind in PICTURES.items():
        note = kind.note[language]
        assert (f"{name} ({note})" if note else name) in shown
    assert all(f"{group[language]}: " in shown for group in GROUPS.values())


@pytest.mark.parametrize("path", ["", "fit.nc"])
def test_a_picture_of_a_fit_or_of_its_folder(results, path, tmp_path):
    done = plot(results / path, "forest", "WK000100", "GM0002", "--out", tmp_path / "forest.png")
    assert (done.exit_code, done.stdout) == (0, f"Afbeelding in {tmp_path / 'forest.png'}\n"), done.output
    with Image.open(tmp_path / "forest.png") as image:
        assert "Wijk 000100" in image.info["Description"]


def test_the_picture_speaks_the_language_asked_and_json_holds_its_text(results, tmp_path):
    done = plot(
        results, "ranks", "--expectation", "gemeente", "--out", tmp_path / "r.svg", "--language", "en", "--json"
    )
    answer = json.loads(done.stdout)
    assert answer["kind"] == "ranks"
    assert answer["text_alternative"].startswith("Where does each rank")
    assert "Where does each rank" in (tmp_path / "r.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["forest", "WK000199"], 2, "Did you mean"),
        (["forest"], 2, "give at least 1"),
        (["funnel", "--expectation", "province"], 2, "province"),
        (["map-actual", "--polygons", "absent.gpkg"], 2, "file of polygons"),
        (["scater"], 2, "kind of picture"),
    ],
)
def test_faults_are_messages_and_leave_nothing(results, arguments, code, message, tmp_path):
    done = plot(results, *arguments, "--out", tmp_path / "picture.png", "--language", "en")
    assert done.exit_code == code
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_ending_is_refused_before_the_fit_is_read(tmp_path):
    done = plot("absent.nc", "funnel", "--out", tmp_path / "picture.jpg")
    assert "ending of a picture '.jpg'" in done.stderr


def test_an_older_picture_is_kept_unless_forced(results, tmp_path):
    (tmp_path / "v.png").write_text("older")
    arguments = results, "variance", "--out", tmp_path / "v.png"
    assert plot(*arguments).exit_code == 4
    assert (tmp_path / "v.png").read_text() == "older"
    assert plot(*arguments, "--force").exit_code == 0
