"""The prior of hyperparameters, and the sds that they give: each is one, or several outcomes have theirs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Hyperprior(Protocol):
    """Hyperparameters, all above zero, as the inference of a model takes them."""

    @property
    def unit(self) -> Floats:
        """Typical values, where a search starts (P,)."""

    @property
    def signed(self) -> int:
        """How many of them, the first, may take either sign as well, which changes nothing."""

    @property
    def of_field(self) -> int:
        """How many of them, the first, the latent field depends on."""

    def sds(self, values: Floats) -> Floats:
        """Return the sds of all terms and then the parameters of the areas (..., sd), from values (..., P)."""

    def log_density(self, values: Floats) -> Floats:
        """Return the log density (...,) at values (..., P)."""

    def slope(self, values: Floats) -> Floats:
        """Return the gradient of the log density at values (P,)."""


@dataclass(frozen=True)
class ExponentialPriors:
    """Independent exponential priors of one sd for each term, and then of the parameters of the areas.

    Parameters
    ----------
    rates, unit : ndarray (P,)
        Rates of the priors, and typical values.
    signed, of_field : int
        As `Hyperprior` says.

    Examples
    --------
    >>> prior = ExponentialPriors(np.array([2.0]), np.array([0.1]), 1, 0)
    >>> float(prior.log_density(np.array([1.0])).round(3)), prior.slope(np.array([1.0])).tolist()
    (-1.307, [-2.0])
    """

    rates: Floats
    unit: Floats
    signed: int
    of_field: int

    def sds(self, values: Floats) -> Floats:
        """Return the values themselves."""
        return values

    def log_density(self, values: Floats) -> Floats:
        """Return the log density (...,) at values (..., P)."""
        return np.asarray((np.log(self.rates) - self.rates * np.abs(values)).sum(axis=-1))

    def slope(self, values: Floats) -> Floats:
        """Return the gradient of the log density at values (P,)."""
        return np.asarray(-self.rates * np.sign(values))
