"""Scales: from natural units to the scale a determinant enters the model on, and back."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from bayesmodel.sources.example.coast import Floats


def transformed(values: Floats, transform: str) -> Floats:
    """Return natural values on the scale of the study's `transform`."""
    match transform:
        case "logit":
            return np.asarray(logit((values + 0.5) / 101))
        case "log":
            return np.log(values)
    return values


def natural(scaled: Floats, transform: str) -> Floats:
    """Return values of the scale of `transform` in natural units; percentages stay within 0 to 100."""
    match transform:
        case "logit":
            return np.clip(101 * expit(scaled) - 0.5, 0, 100)
        case "log":
            return np.exp(scaled)
    return scaled
