"""How many faults were tried, and how many ended in help: on the real program, each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults.attempt import Outcome, attempt
from benchmarks.faults.cases import CASES
from benchmarks.faults.halted import MOMENTS, SIZES, full_disk, stopped


def figures() -> dict[str, object]:
    """Try every fault and count.

    Returns
    -------
    dict
        ``faults_tried``, ``faults_with_help``, ``tracebacks``, ``half_written``, and the names of those without help.
    """
    tried = list(_tried())
    return {
        "faults_tried": len(tried),
        "faults_with_help": sum(helps for _, _, helps in tried),
        "tracebacks": sum(outcome.is_traceback for _, outcome, _ in tried),
        "half_written": sum(bool(outcome.left_behind) for _, outcome, helps in tried if outcome.code != 0),
        "without_help": [name for name, _, helps in tried if not helps],
    }


def _tried() -> Iterator[tuple[str, Outcome, bool]]:
    """Yield the name of each fault, how the program took it, and whether that was help."""
    for case in CASES:
        with TemporaryDirectory() as folder:
            outcome = attempt(case, Path(folder))
            yield case.name, outcome, outcome.helps(case)
    for size in SIZES:
        with TemporaryDirectory() as folder:
            outcome = full_disk(Path(folder), size)
            yield f"a disk that is full after {size:,} bytes", outcome, _halted_well(outcome, 4, "could not be written")
    for moment in MOMENTS:
        with TemporaryDirectory() as folder:
            outcome = stopped(Path(folder), moment)
            yield str(moment), outcome, _halted_well(outcome, 130, "")


def _halted_well(outcome: Outcome, code: int, phrase: str) -> bool:
    """Whether a run ended as it should, without a traceback and with nothing left."""
    return outcome.code == code and phrase in outcome.message and not outcome.is_traceback and not outcome.left_behind
