"""What the pages tell to type works: their Python is run, their commands are given."""

import re
import shlex
from pathlib import Path

import pytest
from matplotlib import pyplot
from typer.testing import CliRunner

import bayesmodel
from bayesmodel.cli.program import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if not {"_build", "notebooks", "decisions"} & set(page.parts))
HOW_TO = [page for page in PAGES if page.parent.name == "how-to"]
FEW = {
    "fit": ["--draws", "50", "--tune", "100"],
    "export": ["--accept-unconverged"],
    "years": ["--draws", "150", "--accept-unconverged"],
    "change": ["--accept-unconverged"],
    "outcomes": ["--draws", "150", "--accept-unconverged"],
    "accumulation": ["--accept-unconverged"],
}


def code(page: Path) -> list[str]:
    """Return the blocks of Python that are to be run."""
    return re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def commands(page: Path) -> list[list[str]]:
    """Return what is typed after the name of the program."""
    typed = re.findall(r"^\$ bayesmodel (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return [shlex.split(line) for line in typed]


@pytest.mark.parametrize("page", [page for page in HOW_TO if code(page)], ids=lambda page: page.stem)
def test_the_python_of_a_page_runs(page, reader):
    names: dict[str, object] = {}
    for block in code(page):
        exec(compile(block, page.name, "exec"), names)
    pyplot.close("all")


@pytest.mark.usefixtures("cbs")
@pytest.mark.parametrize("page", [page for page in HOW_TO if commands(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page_run_in_their_order(page, reader):
    if ["study", "init"] in [arguments[:2] for arguments in commands(page)]:
        (reader / "study.toml").unlink()
        (reader / "fit.nc").unlink()
    for arguments in commands(page):
        done = CliRunner().invoke(app, [*arguments, *FEW.get(arguments[0], [])])
        assert done.exit_code == 0 or (arguments[0], done.exit_code) == ("fit", 3), (arguments, done.output)


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda p: p.stem)
def test_the_commands_of_a_page_exist(page):
    for arguments in commands(page):
        words = arguments[:2] if arguments[0] == "study" else arguments[:1]
        assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0, arguments


def test_the_reference_names_every_public_name():
    text = (DOCS / "reference" / "index.md").read_text("utf-8")
    listed = set(re.findall(r"^   (\w+)$", text, re.MULTILINE))
    assert set(bayesmodel.__all__) - {"plots"} - listed == set()
    assert set(bayesmodel.plots.__all__) - {"PICTURES", "PlotRequest"} - listed == set()
