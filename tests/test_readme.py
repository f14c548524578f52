"""What the README tells to type exists."""

import re
from pathlib import Path

from typer.testing import CliRunner

from bayesmodel.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_its_commands_exist():
    commands = set(re.findall(r"^(?:\$|   ) ?bayesmodel ([a-z-]+)", README, re.MULTILINE))
    assert {"run", "example", "check-data", "model"} <= commands
    assert all(CliRunner().invoke(app, [command, "--help"]).exit_code == 0 for command in commands)


def test_its_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"make ([a-z]+) ", README)
    assert {"run", "test"} <= set(targets)
    assert all(f"\n{target}:" in makefile for target in targets)


def test_the_names_it_imports_exist():
    """The verbs themselves are run by tests/cli/test_whole_way.py, through the program."""
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(code.splitlines()[0])


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []
