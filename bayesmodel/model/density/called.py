"""The density as functions in C: a sampler's threads call them by address, without Python and its lock."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numba import carray, cfunc, types

from bayesmodel.model.density.address import FIELDS
from bayesmodel.model.density.compiled import OPTIONS
from bayesmodel.model.density.kernel import log_density

NUMBERS, DATA = types.CPointer(types.double), types.CPointer(types.int64)
NOT_FINITE = 3
"""What is answered where the density or its gradient is no number: a divergence."""


@cache
def gradient_called() -> Any:
    """Return ``int64 (size, position, gradient, density, table)``: 0, or `NOT_FINITE`."""
    return _called(types.int64(types.uint64, NUMBERS, NUMBERS, NUMBERS, DATA), _gradient)


@cache
def variables_called() -> Any:
    """Return ``int64 (size, number of values, position, values, table)``: 0."""
    return _called(types.int64(types.uint64, types.uint64, NUMBERS, NUMBERS, DATA), _variables)


def _called(signature: Any, function: Any) -> Any:
    """Compile a function to be called from C; kept on disk."""
    return cfunc(signature, cache=True, **OPTIONS)(function)


def _gradient(size: int, position: Any, gradient: Any, density: Any, data: Any) -> int:
    """Write the log-density and its gradient."""
    table, slope = carray(data, (FIELDS, 3)), carray(gradient, (size,))
    density[0] = log_density(table, carray(position, (size,)), slope, np.empty(0))
    total = density[0]
    for i in range(len(slope)):
        total += abs(slope[i])  # one that is not finite makes the sum so
    return 0 if np.isfinite(total) else NOT_FINITE


def _variables(size: int, number: int, position: Any, values: Any, data: Any) -> int:
    """Write the variables of the model."""
    table, variables = carray(data, (FIELDS, 3)), carray(values, (number,))
    log_density(table, carray(position, (size,)), np.empty(size), variables)
    return 0
