"""The interval likelihood: log P(lower <= Y <= upper), the one expression every row has."""

from __future__ import annotations

import numpy as np

from bayesmodel.model.families.family import Family, Integers
from bayesmodel.model.maths import Array, Maths

NARROW = 12
"""Windows up to this width are summed by ratios at once; wider ones are cut in two, so that no product overflows."""


def log_interval(
    maths: Maths, family: Family, window: tuple[Integers, Integers], n: Integers, eta: Array, dispersion: Array
) -> Array:
    """Return log sum_{k=lower..upper} f(k | n, eta, dispersion), per row.

    Parameters
    ----------
    maths : Maths
        Of numpy or of PyTensor.
    family : Family
    window : (lower, upper), each ndarray of int64 (row,)
        Inclusive, within 0..n.
    n : ndarray of int64 (row,)
        People, at least 1.
    eta : array or tensor (row,)
        Linear predictor.
    dispersion : array or tensor (row,)
        Ignored by families with an area effect.

    Returns
    -------
    array or tensor (row,)

    Examples
    --------
    >>> import numpy as np
    >>> from bayesmodel.model.families import family_named
    >>> from bayesmodel.model.maths import Numpy
    >>> rows = np.array([0, 10]), np.array([9, 10])
    >>> log_interval(Numpy(), family_named("binomial"), rows, np.array([50, 50]), np.full(2, -2.2), np.ones(2)).round(4)
    array([-0.0245, -4.2015])
    """
    lower, upper = window
    total = family.log_pmf(maths, lower, n, eta, dispersion)
    wide = np.flatnonzero(upper > lower)
    if not wide.size:
        return total
    eta, dispersion, rows = _rows(maths, eta, wide), _rows(maths, dispersion, wide), n[wide]
    lower, upper = lower[wide], upper[wide]
    middle = np.minimum(upper, lower + NARROW - 1)
    part = maths.take(total, wide) + family.log_sum(maths, (lower, middle), rows, eta, dispersion)
    rest = np.flatnonzero(upper > middle)
    if rest.size:
        window = middle[rest] + 1, upper[rest]
        tail = log_interval(maths, family, window, rows[rest], _rows(maths, eta, rest), _rows(maths, dispersion, rest))
        part = maths.replace(part, rest, maths.logaddexp(maths.take(part, rest), tail))
    return maths.replace(total, wide, part)


def _rows(maths: Maths, x: Array, rows: Integers) -> Array:
    """Return some rows of `x`, or `x` itself where it is one number for all."""
    return maths.take(x, rows) if getattr(x, "ndim", 0) else x
