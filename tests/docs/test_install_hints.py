"""Nobody is told to install this project by a name that somebody else has on the public package index."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BY_NAME = re.compile(
    r"""\b(?:pip3?|pipx|uv|conda|mamba|poetry|pdm)\s+(?:pip\s+)?(?:install|add|run|inject)\b[^\n\0`]*?["'\s]bayesmodel(?![\w./-])"""
    r"""|\buvx\s+bayesmodel\b|\bbayesmodel\s*(?:\\?\[)(?=[a-z{])"""
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, cwd=ROOT, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    return [path for path in map(ROOT.joinpath, filter(None, names)) if path.is_file() and path != Path(__file__)]


def test_no_tracked_file_tells_to_install_it_by_name():
    files = tracked()
    if not files:
        pytest.skip("no git here to list the files")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        for line in path.read_bytes().decode("utf-8", "replace").splitlines()
        if BY_NAME.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "pip install bayesmodel",
        'pip install "bayesmodel[report]"',
        "pip install -U 'bayesmodel'",
        'msgstr "pip install \\"bayesmodel[{extra}]\\""',
        "uv pip install bayesmodel",
        "pipx run bayesmodel",
        "uvx bayesmodel run",
    ],
)
def test_the_old_forms_are_seen(line):
    assert BY_NAME.search(line)


@pytest.mark.parametrize(
    "line",
    [
        'pip install ".[report]"',
        "pip install bayesmodel-sae",
        'pip install "bayesmodel-sae[report]"',
        "pip install -e bayesmodel/",
        "from bayesmodel import fit",
    ],
)
def test_the_form_of_the_folder_is_not(line):
    assert not BY_NAME.search(line)
