"""Spoilt files through every reader: how many, and how many ended in a traceback, a crash or a hang."""

from __future__ import annotations

from typing import Any

from benchmarks.faults.fuzz import INPUTS, SEED
from benchmarks.faults.fuzz import figures as fuzz_figures


def figures(inputs: int = INPUTS, seed: int = SEED) -> dict[str, Any]:
    """Return ``fuzz_inputs``, ``fuzz_tracebacks``, ``fuzz_hangs`` and how many of each reader were tried.

    Parameters
    ----------
    inputs, seed : int
        As for `benchmarks.faults.fuzz.fuzz`.
    """
    return fuzz_figures(inputs, seed)
