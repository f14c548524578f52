"""The way from a spreadsheet to tables for a report: how many commands, how many questions, did it work."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.attempt import Run, in_a_process

QUICK = ("--draws", "50", "--tune", "50", "--accept-unconverged")
"""Enough draws to see the way to the end; too few to report."""


@dataclass(frozen=True)
class Journey:
    """How it went.

    Parameters
    ----------
    commands : int
        Commands typed.
    questions : tuple of str
        Keys of the study that were left to the user; the year is given with the first command.
    tables : tuple of str
        Tables in the results; none where it did not work.
    said : str
        What the last command said.
    """

    commands: int
    questions: tuple[str, ...]
    tables: tuple[str, ...]
    said: str


def journey(
    make: Callable[[Path], Path], folder: Path, run: Run | None = None, extra: Sequence[str] = QUICK
) -> Journey:
    """Go from a spreadsheet to results, with no code.

    Parameters
    ----------
    make : callable
        Writes the spreadsheet in a folder.
    folder : Path
        An empty folder.
    run : callable, optional
        How the program is run; in a process of its own when left out.
    extra : sequence of str
        More for the last command.

    Returns
    -------
    Journey
        It stops at the first command that fails, and before the second where questions are left.
    """
    run = run or in_a_process
    table = make(folder)
    commands = [("study", "init", table.name, "--year", "2021", "--json"), ("check-data", "study.toml")]
    commands.append(("run", "study.toml", *extra))
    questions: tuple[str, ...] = ()
    with chdir(folder):
        for number, command in enumerate(commands, 1):
            code, said = run(command)
            if number == 1 and code == 0:
                questions = tuple(json.loads(said.splitlines()[0])["questions"])
            if code != 0 or questions:
                return Journey(number, questions, (), said)
        tables = tuple(sorted(path.name for path in Path("results").glob("wijken*")))
    return Journey(len(commands), questions, tables, said)
