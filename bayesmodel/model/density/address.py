"""A forest by its address: what code that no interpreter runs can be given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import inner
from bayesmodel.model.density.forest import Forest

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Table = NDArray[np.int64]
"""Address, rows and columns of each field of a forest, and of what is to be written (field + 1, 3)."""
FIELDS = len(Forest._fields)


def fields_of(forest: Forest) -> list[NDArray[Any]]:
    """Return each field as an array of two axes, numbers too: what must be kept while a table of it is in use."""
    kinds = [np.float64 if np.asarray(field).dtype.kind == "f" else np.int64 for field in forest]
    return [np.atleast_2d(np.ascontiguousarray(field, kind)) for field, kind in zip(forest, kinds, strict=True)]


def table_of(fields: list[NDArray[Any]], values: tuple[int, int] = (0, 0)) -> Table:
    """Return where the fields are, and last where the variables are to be written: address and number, or none."""
    address, number = values
    return np.array([*((field.ctypes.data, *field.shape) for field in fields), (address, 1, number)], dtype=np.int64)


@intrinsic  # type: ignore[untyped-decorator]
def pointer(context: Any, address: Any) -> Any:
    """Return the pointer that a whole number is."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), generate


@inner
def floats(entry: Table) -> Floats:
    """Return a field of numbers with a fraction (row, column)."""
    field: Floats = carray(pointer(entry[0]), (entry[1], entry[2]), np.float64)
    return field


@inner
def whole(entry: Table) -> Indices:
    """Return a field of whole numbers (row, column)."""
    field: Indices = carray(pointer(entry[0]), (entry[1], entry[2]), np.int64)
    return field


@inner
def forest_at(table: Table) -> Forest:
    """Return the forest of a table, in the order of its fields."""
    return Forest(
        whole(table[0])[0, 0],
        whole(table[1])[0, 0] != 0,
        whole(table[2])[0, 0] != 0,
        floats(table[3])[0, 0],
        floats(table[4])[0, 0],
        floats(table[5]),
        floats(table[6])[0],
        whole(table[7])[0],
        whole(table[8])[0],
        floats(table[9]),
        floats(table[10])[0],
        whole(table[11])[0, 0],
        whole(table[12]),
        floats(table[13]),
        floats(table[14])[0],
        floats(table[15])[0, 0],
        whole(table[16])[0],
        floats(table[17])[0],
        whole(table[18])[0],
        whole(table[19])[0],
        floats(table[20]),
        whole(table[21])[0],
        floats(table[22])[0],
        floats(table[23])[0],
        floats(table[24])[0],
        floats(table[25])[0],
        floats(table[26])[0],
        floats(table[27])[0],
    )
