"""One vocabulary of array functions, so that a formula is written once and runs on numpy and on PyTensor."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = Any
"""An ndarray of float64, or a PyTensor tensor of the same shape."""


class Maths(Protocol):
    """The functions the families need."""

    def exp(self, x: Array) -> Array:
        """Return e to the power x."""

    def log(self, x: Array) -> Array:
        """Return the natural logarithm."""

    def softplus(self, x: Array) -> Array:
        """Return log(1 + exp(x)) without overflow."""

    def expit(self, x: Array) -> Array:
        """Return 1 / (1 + exp(-x))."""

    def log_gamma(self, x: Array) -> Array:
        """Return the logarithm of the gamma function."""

    def log_normal_cdf(self, x: Array) -> Array:
        """Return the logarithm of the standard normal distribution function, stable in both tails."""

    def log1mexp(self, x: Array) -> Array:
        """Return log(1 - exp(x)) for x <= 0, stable near 0."""

    def where(self, condition: Array, yes: Array, no: Array) -> Array:
        """Choose elementwise."""

    def minimum(self, x: Array, y: Array) -> Array:
        """Return the smaller, elementwise."""

    def logaddexp(self, x: Array, y: Array) -> Array:
        """Return log(exp(x) + exp(y)) without overflow."""

    def take(self, x: Array, indices: NDArray[np.int64]) -> Array:
        """Return some indices of the last axis of `x`."""

    def replace(self, x: Array, indices: NDArray[np.int64], values: Array) -> Array:
        """Return `x` with other values at some indices of its last axis."""


class Numpy:
    """The functions on numpy arrays."""

    exp = staticmethod(np.exp)
    log = staticmethod(np.log)
    expit = staticmethod(special.expit)
    log_gamma = staticmethod(special.gammaln)
    log_normal_cdf = staticmethod(special.log_ndtr)
    where = staticmethod(np.where)
    minimum = staticmethod(np.minimum)
    logaddexp = staticmethod(np.logaddexp)

    @staticmethod
    def softplus(x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return log(1 + exp(x)) without overflow."""
        return np.logaddexp(0.0, x)

    @staticmethod
    def log1mexp(x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return log(1 - exp(x)) for x <= 0, stable near 0."""
        near = np.maximum(x, -np.log(2))
        far = np.minimum(x, -np.log(2))
        with np.errstate(divide="ignore"):
            return np.asarray(np.where(x > -np.log(2), np.log(-np.expm1(near)), np.log1p(-np.exp(far))))

    @staticmethod
    def take(x: NDArray[np.float64], indices: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return some indices of the last axis of `x`."""
        return np.asarray(x[..., indices])

    @staticmethod
    def replace(x: Array, indices: NDArray[np.int64], values: Array) -> NDArray[np.float64]:
        """Return `x` with other values at some indices of its last axis."""
        changed = np.array(x, dtype=float)
        changed[..., indices] = values
        return changed


@cache
def tensor_maths() -> Maths:
    """Return the functions on PyTensor tensors; PyTensor is loaded at the first call."""
    import pytensor.tensor as pt

    class Tensor:
        exp = staticmethod(pt.exp)
        log = staticmethod(pt.log)
        softplus = staticmethod(pt.softplus)
        expit = staticmethod(pt.sigmoid)
        log_gamma = staticmethod(pt.gammaln)
        log1mexp = staticmethod(pt.log1mexp)
        where = staticmethod(pt.switch)
        minimum = staticmethod(pt.minimum)
        logaddexp = staticmethod(pt.logaddexp)

        @staticmethod
        def take(x: Array, indices: NDArray[np.int64]) -> Array:
            return x[indices]

        @staticmethod
        def replace(x: Array, indices: NDArray[np.int64], values: Array) -> Array:
            # a gather from both, because setting elements of a tensor takes seconds to compile
            size = x.type.shape[0]
            order = np.arange(size)
            order[indices] = size + np.arange(len(indices))
            return pt.concatenate([x, values])[order]

        @staticmethod
        def log_normal_cdf(x: Array) -> Array:
            # erfcx keeps the lower tail exact; each branch is fed values that are safe for its gradient too
            low, high = pt.minimum(x, -1.0), pt.maximum(x, -1.0)
            lower = pt.log(pt.erfcx(-low / np.sqrt(2.0)) / 2.0) - low**2 / 2.0
            return pt.switch(x < -1.0, lower, pt.log1p(-pt.erfc(high / np.sqrt(2.0)) / 2.0))

    return Tensor()
