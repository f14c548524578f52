"""How many cores the work may use, and draws processed over them in blocks that fit the processor's cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Protocol

from threadpoolctl import ThreadpoolController


class Map(Protocol):
    """`map`, or that of a pool of threads."""

    def __call__[T, R](self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]:
        """Apply a function to each item."""
        ...


_limit: ContextVar[int | None] = ContextVar("cores", default=None)


def cores() -> int:
    """Return how many cores may be used: all that this process may run on, unless `at_most` says fewer.

    Examples
    --------
    >>> with at_most(1):
    ...     cores()
    1
    """
    affinity = getattr(os, "sched_getaffinity", None)
    there = len(affinity(0)) if affinity else os.cpu_count() or 1
    limit = _limit.get()
    return there if limit is None else max(1, min(limit, there))


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """Let the work inside use no more than some cores, in this thread only.

    Parameters
    ----------
    number : int
        At least 1.
    """
    token = _limit.set(number)
    try:
        yield
    finally:
        _limit.reset(token)


@contextmanager
def one_thread_of_blas() -> Iterator[None]:
    """Let each call of linear algebra inside use one thread: for work that is spread over the cores already.

    The matrices of a model are small; threads that wait for each other over them took twice the time of the fit.
    """
    with _blas().limit(limits=1, user_api="blas"):
        yield


@cache
def _blas() -> ThreadpoolController:
    """Return what sets the threads of the libraries of linear algebra; looking for them takes milliseconds."""
    return ThreadpoolController()


BLOCK = 65_536
"""Numbers in one block, 512 kB of them: a block and its temporaries stay in the cache, and memory stays small."""


def in_blocks(work: Callable[[slice], None], length: int, width: int) -> None:
    """Call `work` for consecutive slices of a long axis, on the cores there are.

    Parameters
    ----------
    work : callable
        Gets a slice and writes its own part of the result.
    length : int
        Length of the axis that is cut.
    width : int
        Numbers for each step along that axis.

    Examples
    --------
    >>> squares = [0] * 5
    >>> def work(part):
    ...     squares[part] = [number**2 for number in range(part.start, part.stop)]
    >>> in_blocks(work, 5, 1)
    >>> squares
    [0, 1, 4, 9, 16]
    """
    step = max(1, BLOCK // max(width, 1))
    slices = [slice(start, min(start + step, length)) for start in range(0, length, step)]
    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(work, slices):
            pass
