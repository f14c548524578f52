"""Faults in the study and in where things are."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.faults.case import INIT, RUN, Case
from benchmarks.faults.world import with_text, write_sheets, write_world


def _study(name: str, old: str, new: str, *says: str) -> Case:
    """Return a fault in the study."""
    return Case(name, partial(write_world, study=with_text(old, new)), says)


def _with_results(folder: Path) -> None:
    """Write the study beside a folder of results."""
    write_world(folder)
    (folder / "results").mkdir()


def _with_file(folder: Path) -> None:
    """Write the study beside a file."""
    write_world(folder)
    (folder / "file").write_text("")


def _without_areas(folder: Path) -> None:
    """Write a table in which nothing is an area."""
    write_sheets(folder / "wijken.xlsx", {"Blad1": [["a", "b"], [1.5, 2], [3.5, 4]]})


STUDIES = (
    _study(
        "a study that names columns that are not there",
        'column = "huur"',
        'column = "huren"',
        "determinants[0].column: found huren, which is in no table",
        "Did you mean huur?",
    ),
    _study(
        "a study with an unknown key",
        "hidden_below",
        "hiden_below",
        "publication.hiden_below: found a key the study does not know",
        "Did you mean hidden_below",
    ),
    _study(
        "a study with a question left open",
        "year = 2021\nvintage",
        'year = "?"\nvintage',
        'outcome.year: found "?", a question that is still open',
    ),
    _study("a study that is no TOML", "[outcome]", "[outcome", "expected a TOML file"),
)
PLACES = (
    _study(
        "a table that is not there",
        "wijken.csv",
        "wijkn.csv",
        "no such file",
        "relative to the folder of the study",
    ),
    Case(
        "a study that is not there",
        lambda _: None,
        ("study.toml: found no such file", "bayesmodel study init TABLE"),
    ),
    Case(
        "a table without areas, for a new study",
        _without_areas,
        ("no column of wijken or buurten (columns: a, b)",),
        INIT,
    ),
    Case("a results folder that is there already", _with_results, ("results exists", "--force"), RUN, 4),
    Case(
        "a results folder that cannot be written",
        _with_file,
        ("could not be written", "Choose another folder with --out"),
        (*RUN, "--out", "file/results"),
        4,
    ),
)
