"""The design: determinants transformed, standardised, and the missing ones as a normal distribution given the known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """Determinants as they enter the linear predictor.

    A missing determinant is integrated out: its place in `x` holds its conditional mean given the known ones of that
    area, and the variance it leaves in the predictor is ``beta' S beta`` with S the conditional covariance, which
    depends on the area only through *which* determinants are missing (its pattern).

    Parameters
    ----------
    names : tuple of str
        The determinants, in the order of the columns of `x`.
    x : ndarray (area, determinant)
        Transformed and standardised; conditional means where missing.
    centre, spread : ndarray (determinant,)
        What was subtracted and divided by, on the transformed scale.
    pattern : ndarray of int (area,)
        Index into `covariances`; 0 is the complete pattern.
    covariances : ndarray (pattern, determinant, determinant)
        Conditional covariance of the missing determinants, zero elsewhere.
    """

    names: tuple[str, ...]
    x: Floats
    centre: Floats
    spread: Floats
    pattern: NDArray[np.int64]
    covariances: Floats
