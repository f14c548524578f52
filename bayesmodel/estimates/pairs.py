"""Pairs: in what share of the draws one place is above another, for all pairs at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.inference.blocks import in_blocks

Floats = NDArray[np.float64]

FEW = 40
"""Places up to which all pairs are compared by numpy: importing what is compiled takes longer."""


def shares_above(samples: NDArray[Any]) -> Floats:
    """Return the share of samples in which the first place is above the second (place, place).

    Parameters
    ----------
    samples : ndarray (sample, place)

    Examples
    --------
    >>> import numpy as np
    >>> shares_above(np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0], [0.0, 1.0]])).tolist()
    [[0.0, 0.25], [0.5, 0.0]]
    """
    columns = np.ascontiguousarray(samples.T, dtype=np.float64)
    if len(columns) <= FEW:
        return np.array([(place > columns).mean(axis=1) for place in columns])
    above = np.empty((len(columns), len(columns)))
    count_above = _compiled()

    def work(part: slice) -> None:
        count_above(columns, part.start, part.stop, above)

    in_blocks(work, len(columns), columns.size)
    return above / len(samples)


@cache
def _compiled() -> Callable[..., None]:
    """Return `_count_above`, compiled."""
    from bayesmodel.model.density.compiled import compiled

    machine: Callable[..., None] = compiled(_count_above)
    return machine


def _count_above(columns: Floats, first: int, last: int, above: Floats) -> None:
    """Count in `above` (place, place) how often places from `first` to `last` are above each place (place, sample)."""
    for place in range(first, last):
        for other in range(len(columns)):
            count = 0
            for sample in range(columns.shape[1]):
                count += columns[place, sample] > columns[other, sample]
            above[place, other] = count
