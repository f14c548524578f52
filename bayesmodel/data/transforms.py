"""Transforms of determinants: the scale on which they enter the model, the inverse, and the domain of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.errors import Fault
from bayesmodel.messages import _, number
from bayesmodel.study.parts import Determinant

Floats = NDArray[np.float64]

DOMAINS: dict[str, Callable[[Floats], NDArray[np.bool_]]] = {
    "log": lambda x: x > 0,
    "sqrt": lambda x: x >= 0,
    "logit": lambda x: (x >= 0) & (x <= 100),
}


def transformed(values: Floats, transform: str) -> Floats:
    """Return raw values on the scale on which they enter the model.

    ``log(x)``, ``sqrt(x)``, or for percentages 0 to 100 ``log((x + 0.5) / (100.5 - x))``.

    Examples
    --------
    >>> transformed(np.array([0.0, 50.0]), "logit").round(2).tolist()
    [-5.3, 0.0]
    """
    from scipy import special

    match transform:
        case "log":
            return np.log(values)
        case "sqrt":
            return np.sqrt(values)
        case "logit":
            return np.asarray(special.logit((values + 0.5) / 101.0))
        case _:
            return values


def natural(values: Floats, transform: str) -> Floats:
    """Return transformed values in the units of the table: the inverse of `transformed`, within its domain."""
    from scipy import special

    match transform:
        case "log":
            return np.exp(values)
        case "sqrt":
            return np.maximum(values, 0) ** 2
        case "logit":
            return np.clip(101.0 * special.expit(values) - 0.5, 0.0, 100.0)
        case _:
            return values


def domain_faults(values: pd.Series, determinant: Determinant) -> list[Fault]:
    """Find values outside the domain of a transform.

    Parameters
    ----------
    values : Series of float (area,)
        Indexed by code; NaN where not known.
    determinant : Determinant
    """
    if determinant.transform not in DOMAINS:
        return []
    known = values.dropna()
    outside = known[~DOMAINS[determinant.transform](known.to_numpy())]
    if outside.empty:
        return []
    expected = {
        "log": _('numbers above 0, for transform = "log"'),
        "sqrt": _('numbers of at least 0, for transform = "sqrt"'),
        "logit": _('percentages from 0 to 100, for transform = "logit"'),
    }
    rows = [f"{code} ({number(value, 'g')})" for code, value in outside.items()]
    advice = _("Choose another transform, or read these values as not known with missing_symbols.")
    found = _("values outside that range")
    return [Fault(determinant.column, found, expected[determinant.transform], advice, rows)]
