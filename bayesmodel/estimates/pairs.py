"""Pairs: in what share of the draws one place is above another, for all pairs at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.inference.blocks import in_blocks

Floats = NDArray[np.float64]


def shares_above(samples: NDArray[np.generic]) -> Floats:
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
    columns = np.ascontiguousarray(samples.T)
    above = np.empty((len(columns), len(columns)))

    def work(part: slice) -> None:
        for row in range(part.start, part.stop):
            above[row] = np.count_nonzero(columns[row] > columns, axis=1)

    in_blocks(work, len(columns), columns.size)
    return above / len(samples)
