"""What the README tells to type exists and runs, in both languages, and both say the same."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bayesmodel.cli.program import app

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, DUTCH = (ROOT / name for name in ("README.md", "README.nl.md"))
both = pytest.mark.parametrize("readme", [ENGLISH, DUTCH], ids=["en", "nl"])


def code(readme: Path) -> str:
    [block] = re.findall(r"```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)
    return block


@both
def test_its_commands_exist(readme):
    commands = set(re.findall(r"^(?:\$|   ) ?bayesmodel ([a-z-]+)", readme.read_text("utf-8"), re.MULTILINE))
    assert {"example", "study", "check-data", "run"} <= commands
    assert all(CliRunner().invoke(app, [command, "--help"]).exit_code == 0 for command in commands)


@both
def test_its_make_targets_exist(readme):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"make ([a-z]+)[ `]", readme.read_text("utf-8"))
    assert {"run", "test", "docs"} <= set(targets)
    assert all(f"\n{target}:" in makefile for target in targets)


def test_its_python_runs(reader, capsys):
    """In ten lines, from a DataFrame to a comparison and the tables."""
    assert len([line for line in code(ENGLISH).splitlines() if line.strip()]) <= 10
    exec(code(ENGLISH), {})
    assert "WK500402" in capsys.readouterr().out
    assert (reader / "results" / "wijken.csv").exists()


@both
def test_its_links_lead_somewhere(readme):
    links = re.findall(r"\]\(([^)#:]+)\)", readme.read_text("utf-8"))
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_both_languages_say_the_same():
    """The same code, the same commands, the same links but for the picture and the other language, the same numbers."""
    english, dutch = ENGLISH.read_text("utf-8"), DUTCH.read_text("utf-8")
    assert code(ENGLISH) == code(DUTCH)
    assert re.findall(r"^    bayesmodel .*$", english, re.MULTILINE) == re.findall(
        r"^    bayesmodel .*$", dutch, re.MULTILINE
    )
    own = {"README.md", "README.nl.md", "docs/first-picture.png", "docs/eerste-plaatje.png"}
    links = [set(re.findall(r"\]\(([^)]+)\)", text)) - own for text in (english, dutch)]
    assert links[0] == links[1]
    rows = [re.findall(r"^\|.*\|$", text, re.MULTILINE) for text in (english, dutch)]
    numbers = [[re.findall(r"\d+", row.replace(",", ".")) for row in table] for table in rows]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("name", ["first-picture.png", "eerste-plaatje.png"])
def test_its_picture_is_small(name):
    assert (ROOT / "docs" / name).stat().st_size < 150_000
