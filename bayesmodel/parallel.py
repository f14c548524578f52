"""Cores: how many of them the work at hand may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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
