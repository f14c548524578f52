"""Trying one fault on the program: what it says, how it leaves, and what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.case import Case

PROGRAM = "from bayesmodel.cli import main; main()"
Run = Callable[[Sequence[str]], tuple[int, str]]
"""Runs the program in the current folder: exit code, and all it says."""


@dataclass(frozen=True)
class Outcome:
    """How the program took a fault.

    Parameters
    ----------
    code : int
        Exit code.
    message : str
        What it said.
    left_behind : tuple of str
        Files that are there now and were not before.
    """

    code: int
    message: str
    left_behind: tuple[str, ...]

    @property
    def is_traceback(self) -> bool:
        """Whether a traceback was shown."""
        return "Traceback (most recent call last)" in self.message

    def helps(self, case: Case) -> bool:
        """Whether it left as it should, said what it should, and left nothing half."""
        said = all(phrase in self.message for phrase in case.says)
        return self.code == case.code and said and not self.is_traceback and not self.left_behind


def attempt(case: Case, folder: Path, run: Run | None = None) -> Outcome:
    """Make a fault in an empty folder and run the program on it.

    Parameters
    ----------
    case : Case
        The fault.
    folder : Path
        An empty folder.
    run : callable, optional
        How the program is run; in a process of its own when left out.

    Returns
    -------
    Outcome
        What happened.
    """
    case.make(folder)
    before = _files(folder)
    with chdir(folder):
        code, message = (run or in_a_process)(case.arguments)
    return Outcome(code, message.replace(f"{folder}{os.sep}", ""), tuple(sorted(_files(folder) - before)))


def in_a_process(arguments: Sequence[str]) -> tuple[int, str]:
    """Run the program as a user does."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--language", "en", *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def in_this_process(arguments: Sequence[str]) -> tuple[int, str]:
    """Run the program here, which is quicker."""
    from typer.testing import CliRunner

    from bayesmodel.cli.program import app

    done = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(app, ["--language", "en", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def _files(folder: Path) -> set[str]:
    """Return everything in a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
