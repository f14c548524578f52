"""The ways functions are compiled here: kept on disk, free of the interpreter's lock, divisions unchecked.

numba compiles a function again when the file it stands in has changed, but not when only a function that it calls
has, in another file. So what is kept lies in a folder named after all of those files: whoever changes one of them,
by hand or by installing another version, compiles anew and never runs old machine code.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
from numba import cfunc, config, njit

LAX = {"contract", "nsz", "arcp"}
"""What arithmetic may do to the last digit; infinities and NaN keep their meaning."""
OPTIONS = {"nogil": True, "fastmath": LAX, "error_model": "numpy"}

PACKAGE = Path(__file__).parent
SOURCES = (
    "compiled.py",
    "estimates/compare.py",
    "inference/ess.py",
    "laplace/*.py",
    "logp/*.py",
    "model/average_share.py",
    "sparse_factor.py",
)
"""Every file with a function that is compiled, or with something that such a function is compiled against."""


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, with the types it is called with."""
    with _kept_on_disk():
        machine: Callable[P, R] = njit(cache=True, **OPTIONS)(function)
    return machine


def compiled_for_c(signature: Any, function: Callable[..., Any]) -> Any:
    """Compile a function now, as one that is called from C.

    Parameters
    ----------
    signature : numba signature
        Of numbers and pointers.
    function : callable
    """
    with _kept_on_disk():
        return cfunc(signature, cache=True, **OPTIONS)(function)


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


def hash_of_sources(package: Path = PACKAGE) -> str:
    """Return a hash of the files whose functions are compiled (16 hexadecimal digits)."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in package.glob(pattern)):
        digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def machine_code_folder() -> Path:
    """Return where machine code is kept.

    In the folder that NUMBA_CACHE_DIR names, else beside the package, else, where that cannot be written, in the
    user's folder for caches.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    name = f"bayesmodel-{hash_of_sources()}"
    if given:
        return Path(given) / name
    beside = PACKAGE / "__pycache__"
    try:
        beside.mkdir(exist_ok=True)
        writable = os.access(beside, os.W_OK)
    except OSError:
        writable = False
    return (beside if writable else platformdirs.user_cache_path("bayesmodel")) / name


@contextmanager
def _kept_on_disk() -> Iterator[None]:
    """Let numba keep what is declared here in the folder of these sources."""
    before, config.CACHE_DIR = config.CACHE_DIR, str(machine_code_folder())
    try:
        yield
    finally:
        config.CACHE_DIR = before
