"""The ways functions are compiled here: kept on disk, free of the interpreter's lock, divisions unchecked."""

from __future__ import annotations

from collections.abc import Callable

from numba import njit

LAX = {"contract", "nsz", "arcp"}
"""What arithmetic may do to the last digit; infinities and NaN keep their meaning."""
OPTIONS = {"nogil": True, "fastmath": LAX, "error_model": "numpy"}


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


def adding[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile an inner function whose loop adds up and writes nothing: in any order, by vector instructions.

    Elsewhere the order is that of the code, or the last digit, and with it the draws of a seed, would depend on where
    the compiler put the function: the one compiled anew is not the one that is read from the disk.
    """
    machine: Callable[P, R] = njit(
        no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS | {"fastmath": LAX | {"reassoc"}}
    )(function)
    return machine
