"""Model arrays and quadrature passed by address, so that C code can call compiled functions without the interpreter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from bayesmodel.compiled import inner
from bayesmodel.logp.arrays import ModelArrays
from bayesmodel.logp.quadrature import LaplaceApprox, QuadratureRule

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Table = NDArray[np.int64]
"""Address, rows and columns of each field of arrays, approximation and rule; last, of the output (field + 1, 3)."""
ARRAY_FIELDS = len(ModelArrays._fields)
FIELDS = ARRAY_FIELDS + len(LaplaceApprox._fields) + len(QuadratureRule._fields)


def fields_of(arrays: ModelArrays, approx: LaplaceApprox, rule: QuadratureRule) -> list[NDArray[Any]]:
    """Return each field as an array of two axes, scalars too; keep them alive while their table is in use."""
    fields = (*arrays, *approx, *rule)
    kinds = [np.float64 if np.asarray(field).dtype.kind == "f" else np.int64 for field in fields]
    return [np.atleast_2d(np.ascontiguousarray(field, kind)) for field, kind in zip(fields, kinds, strict=True)]


def table_of(fields: list[NDArray[Any]]) -> Table:
    """Return the addresses and shapes of fields; the last entry says that no variables are to be written."""
    return np.array([*((field.ctypes.data, *field.shape) for field in fields), (0, 1, 0)], dtype=np.int64)


@intrinsic  # type: ignore[untyped-decorator]
def pointer(context: Any, address: Any) -> Any:
    """Cast an integer to a pointer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), generate


@inner
def floats(entry: Table) -> Floats:
    """Return a field of floats (row, column)."""
    field: Floats = carray(pointer(entry[0]), (entry[1], entry[2]), np.float64)
    return field


@inner
def integers(entry: Table) -> Indices:
    """Return a field of integers (row, column)."""
    field: Indices = carray(pointer(entry[0]), (entry[1], entry[2]), np.int64)
    return field


@inner
def arrays_at(table: Table) -> ModelArrays:
    """Return the model arrays of a table, in the order of their fields."""
    return ModelArrays(
        integers(table[0])[0, 0],
        integers(table[1])[0, 0] != 0,
        integers(table[2])[0, 0] != 0,
        floats(table[3])[0, 0],
        floats(table[4])[0, 0],
        floats(table[5]),
        floats(table[6])[0],
        integers(table[7])[0],
        integers(table[8])[0],
        floats(table[9]),
        floats(table[10])[0],
        integers(table[11])[0, 0],
        integers(table[12]),
        floats(table[13]),
        floats(table[14])[0],
        floats(table[15])[0, 0],
        integers(table[16])[0],
        integers(table[17])[0],
        integers(table[18])[0],
        floats(table[19]),
        floats(table[20])[0],
        floats(table[21])[0],
        floats(table[22])[0],
        floats(table[23])[0],
        floats(table[24])[0, 0],
        floats(table[25])[0],
        integers(table[26])[0, 0],
        integers(table[27])[0, 0] != 0,
        floats(table[28]),
        floats(table[29])[0],
        floats(table[30])[0],
        integers(table[31])[0],
        integers(table[32])[0, 0],
    )


@inner
def approx_at(table: Table) -> LaplaceApprox:
    """Return the Laplace approximation of a table."""
    return LaplaceApprox(floats(table[ARRAY_FIELDS]), floats(table[ARRAY_FIELDS + 1]))


@inner
def rule_at(table: Table) -> QuadratureRule:
    """Return the quadrature rule of a table."""
    return QuadratureRule(floats(table[FIELDS - 2])[0], floats(table[FIELDS - 1])[0])
