"""Output in every encoding of a terminal: nothing that is printed ends in an error."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.faults.attempt import PROGRAM
from benchmarks.faults.world import with_cell, write_world

ENCODINGS = ["cp1252", "ascii", "cp850", "latin-1", "utf-8", "cp437", "cp1252:strict"]
CHECK = ("check-data", "study.toml", "--language", "en")


def said(folder, encoding, *arguments):
    """What the program prints in an encoding, as bytes."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONUTF8", "LC_ALL")}
    chosen = {"LC_ALL": "C"} if encoding == "C" else {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment | chosen)


@pytest.fixture
def world(tmp_path):
    """A sound study with a name that few encodings have."""
    write_world(tmp_path, table=with_cell(1, "naam", "Sûd – 👍 ő"))
    return tmp_path


@pytest.mark.parametrize("encoding", [*ENCODINGS, "C"])
def test_a_report_is_printed_in_every_encoding(world, encoding):
    done = said(world, encoding, *CHECK, "--out", "report.md")
    assert (done.returncode, b"Error" in done.stderr) == (0, False), done.stderr
    assert "█" in (world / "report.md").read_text("utf-8")
    text = done.stdout.decode("utf-8" if encoding == "C" else encoding.partition(":")[0])
    assert "huur" in text
    assert ("█" in text) == (encoding in ("utf-8", "C", "cp437", "cp850"))
    assert "#" in text or "█" in text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_loses_nothing(world, encoding):
    (world / "study.toml").write_text((world / "study.toml").read_text().replace('"wijken"', '"Sûd 👍"', 1), "utf-8")
    done = said(world, encoding, *CHECK, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout.decode(encoding.partition(":")[0]))["study"] == "Sûd 👍"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_complaint_is_printed_in_every_encoding(world, encoding):
    write_world(world, table=with_cell(2, "jeugdhulp", "👍 ő"))
    done = said(world, encoding, *CHECK)
    assert done.returncode == 2
    assert b"WK034002" in done.stderr
    assert b"Traceback" not in done.stderr
