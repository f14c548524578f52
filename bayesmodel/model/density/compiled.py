"""The two ways functions are compiled here: kept on disk, free of the interpreter's lock, sums in any order."""

from __future__ import annotations

from collections.abc import Callable

from numba import njit

REORDER = {"reassoc", "contract", "nsz", "arcp"}
"""Lets sums be added in any order (vector instructions); infinities and NaN keep their meaning."""
OPTIONS = {"nogil": True, "fastmath": REORDER, "error_model": "numpy"}


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, with the types it is called with."""
    machine: Callable[P, R] = njit(cache=True, **OPTIONS)(function)
    return machine


def inner[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that only compiled code calls; taking apart what Python would give it costs more than itself.

    It is kept on disk with the functions that call it.
    """
    machine: Callable[P, R] = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS)(function)
    return machine
