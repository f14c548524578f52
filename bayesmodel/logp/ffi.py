"""A forest and its quadrature by their addresses: what code that no interpreter runs can be given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from bayesmodel.compiled import inner
from bayesmodel.logp.arrays import Forest
from bayesmodel.logp.quadrature import Centres, Rule

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Table = NDArray[np.int64]
"""Address, rows and columns of each field of forest, centres and rule, and of what is to be written (field + 1, 3)."""
FORESTS = len(Forest._fields)
FIELDS = FORESTS + len(Centres._fields) + len(Rule._fields)


def fields_of(forest: Forest, centres: Centres, rule: Rule) -> list[NDArray[Any]]:
    """Return each field as an array of two axes, numbers too: what must be kept while a table of it is in use."""
    fields = (*forest, *centres, *rule)
    kinds = [np.float64 if np.asarray(field).dtype.kind == "f" else np.int64 for field in fields]
    return [np.atleast_2d(np.ascontiguousarray(field, kind)) for field, kind in zip(fields, kinds, strict=True)]


def table_of(fields: list[NDArray[Any]]) -> Table:
    """Return where the fields are, and last that no variables are to be written."""
    return np.array([*((field.ctypes.data, *field.shape) for field in fields), (0, 1, 0)], dtype=np.int64)


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
        floats(table[14])[0, 0],
        whole(table[15])[0],
        whole(table[16])[0],
        whole(table[17])[0],
        floats(table[18]),
        floats(table[19])[0],
        floats(table[20])[0],
        floats(table[21])[0],
        floats(table[22])[0],
        floats(table[23])[0, 0],
        floats(table[24])[0],
        whole(table[25])[0, 0],
    )


@inner
def centres_at(table: Table) -> Centres:
    """Return the centres of a table."""
    return Centres(floats(table[FORESTS])[0], floats(table[FORESTS + 1])[0])


@inner
def rule_at(table: Table) -> Rule:
    """Return the rule of a table."""
    return Rule(floats(table[FIELDS - 2])[0], floats(table[FIELDS - 1])[0])
