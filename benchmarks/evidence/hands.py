"""In a researcher's hands: faults, spreadsheets, notebooks and documentation, and how long a fresh clone takes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.evidence.record import PROJECT, SHARED
from benchmarks.faults.figures import figures as fault_figures
from benchmarks.spreadsheets.journey import journey
from benchmarks.spreadsheets.make import SPREADSHEETS


def figures() -> dict[str, Any]:
    """Return every figure of this subject; the two fresh clones take longest."""
    return {**fault_figures(), **spreadsheets(), **documentation(), **clones()}


def spreadsheets() -> dict[str, Any]:
    """Take each spreadsheet from file to tables; count the commands and the questions left to the user."""
    trips = []
    for make in SPREADSHEETS.values():
        with tempfile.TemporaryDirectory() as folder:
            trips.append(journey(make, Path(folder)))
    return {
        "spreadsheets_ok": sum(bool(trip.tables) for trip in trips),
        "commands_to_table": max(trip.commands for trip in trips),
        "questions_to_table": max(len(trip.questions) for trip in trips),
    }


def documentation() -> dict[str, Any]:
    """Build the site with its notebooks executed; an error in a notebook ends the build."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sphinx", "--keep-going", "--quiet", "docs", folder]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        pages = list(Path(folder, "notebooks").glob("0*.html"))
    return {
        "notebooks_run": len(pages),
        "docs_warnings": done.stderr.count("WARNING: "),
    }  # kernels have lines of their own


def clones() -> dict[str, Any]:
    """Time a fresh clone to the finished example, and another to passed tests, which is what CI runs."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "shared").symlink_to(SHARED.parent)
        example = _timed_clone(Path(folder, "example"), ("make", "run"))
        tests = _timed_clone(Path(folder, "tests"), ("bash", ".ci/run"))
    return {"seconds_clone_to_example": example, "seconds_clone_to_tests": tests, "ci_seconds": tests}


def _timed_clone(folder: Path, command: Sequence[str]) -> float:
    """Clone what is committed and run a command in it; return the seconds of both, with nothing compiled before."""
    environment = dict(os.environ) | {"NUMBA_CACHE_DIR": f"{folder}-compiled", "CI": "true"}
    begun = perf_counter()
    subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(folder)], check=True)
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=sys.stderr)
    return round(perf_counter() - begun, 1)
