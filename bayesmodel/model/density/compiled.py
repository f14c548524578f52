"""The one way functions are compiled here: kept on disk, free of the interpreter's lock, sums in any order."""

from __future__ import annotations

from collections.abc import Callable

from numba import njit

REORDER = {"reassoc", "contract", "nsz", "arcp"}
"""Lets sums be added in any order (vector instructions); infinities and NaN keep their meaning."""


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, with the types it is called with."""
    machine: Callable[P, R] = njit(cache=True, nogil=True, fastmath=REORDER, error_model="numpy")(function)
    return machine
