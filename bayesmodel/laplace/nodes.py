"""Nodes of the surface over the sds: points spread as a normal distribution is, evenly and the same at every fit.

SciPy has these too, in a module that takes half a second to import; a test holds the two equal.
"""

from __future__ import annotations

from math import ceil, log2

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

SEED = 1
INSIDE = 1 - 1e-10
"""Share of the unit interval in which points are moved, so that none becomes infinite."""


def normal_nodes(count: int, size: int) -> Floats:
    """Return points of a scrambled Halton sequence as standard normal numbers (node, dimension).

    Parameters
    ----------
    count, size : int
        Of points and of dimensions.

    Notes
    -----
    A. B. Owen (2017), A randomized Halton algorithm in R, arXiv:1706.02808.

    Examples
    --------
    >>> normal_nodes(1000, 2).std(axis=0).round(2).tolist()
    [1.0, 1.0]
    """
    [rng] = np.random.default_rng(SEED).spawn(1)  # as SciPy seeds its own
    points = np.column_stack([_scrambled(count, base, rng) for base in _primes(size)])
    return np.asarray(ndtri(0.5 + INSIDE * (points - 0.5)))


def _scrambled(count: int, base: int, rng: Generator) -> Floats:
    """Return the first numbers of a Van der Corput sequence, each of its digits permuted."""
    permutations = np.repeat(np.arange(base)[None], ceil(54 / log2(base)) - 1, axis=0)
    for permutation in permutations:
        rng.shuffle(permutation)
    rest, unit, numbers = np.arange(count), 1.0, np.zeros(count)
    for permutation in permutations:
        unit /= base
        rest, digit = np.divmod(rest, base)
        numbers += permutation[digit] * unit
    return numbers


def _primes(count: int) -> list[int]:
    """Return the first prime numbers."""
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found
