"""Blocks: draws are worked through in pieces that fit the processor's cache, on all its cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bayesmodel.inference.cores import cores

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
