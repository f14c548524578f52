"""The density as the two functions in C that a sampler calls by their addresses."""

from __future__ import annotations

from ctypes import CFUNCTYPE, c_int64, c_uint64, c_void_p, cast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.kernel import machine

if TYPE_CHECKING:
    from bayesmodel.model.density import Density

DENSITY = CFUNCTYPE(c_int64, c_uint64, c_void_p, c_void_p, c_void_p, c_void_p)
VARIABLES = CFUNCTYPE(c_int64, c_uint64, c_uint64, c_void_p, c_void_p, c_void_p)


@dataclass(frozen=True)
class Called:
    """A function in C; what its address points to lives as long as this."""

    function: Any

    @property
    def address(self) -> int:
        """Where it is."""
        return cast(self.function, c_void_p).value or 0


def density_called() -> Called:
    """Return ``(size, position, gradient, density, table)``, which answers 0 or `kernel.NOT_FINITE`."""
    return Called(DENSITY(machine().address))


def variables_called(density: Density) -> Called:
    """Return ``(size, number of values, position, values, table)``, which answers 0; once a draw, so by Python."""
    function, plain, spare = DENSITY(machine().address), density.table, np.empty(density.size + 1)

    def write(size: int, number: int, position: int, values: int, _: int) -> int:
        table, room = plain.copy(), spare.copy()  # chains write at the same time
        table[-1] = values, 1, number
        address: int = room.ctypes.data
        function(size, position, address, address + room.itemsize * size, table.ctypes.data)
        return 0

    return Called(VARIABLES(write))


def evaluate(density: Density, position: int, gradient: NDArray[np.float64]) -> float:
    """Return the log-density at the address of a position, and write its gradient."""
    value, function = np.empty(1), DENSITY(machine().address)
    function(len(gradient), position, gradient.ctypes.data, value.ctypes.data, density.table.ctypes.data)
    return float(value[0])
