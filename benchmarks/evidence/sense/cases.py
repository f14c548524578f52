"""Inputs that make no sense: how many of our own, and of those after bug reports, end as they must."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.sense.inputs import INPUTS
from benchmarks.sense.judge import judge
from benchmarks.sense.shared_cases import CASES_FOLDER, EXPECTED, as_expected


def figures() -> dict[str, Any]:
    """Try every input on the real program, each in a process of its own.

    Returns
    -------
    dict
        ``cases_tried``, ``cases_as_expected``, the same of the reported cases alone, and the names of those that do
        not.
    """
    wrong, reported = list[str](), 0
    for made in INPUTS:
        with TemporaryDirectory() as folder:
            if not judge(made, Path(folder)).right:
                wrong.append(str(made))
    names = list(EXPECTED) if CASES_FOLDER.is_dir() else []
    for name in names:
        with TemporaryDirectory() as folder:
            good = as_expected(name, Path(folder))
            reported += good
            wrong += [] if good else [name]
    tried = len(INPUTS) + len(names)
    return {
        "cases_tried": tried,
        "cases_as_expected": tried - len(wrong),
        "reported_cases_tried": len(names),
        "reported_cases_as_expected": reported,
        "cases_otherwise": wrong,
    }
