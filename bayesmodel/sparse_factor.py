"""The order in which the groups of a field are eliminated, and where their factor has entries: found once per model.

The precision of the scores has the same pattern at all sds, so that each factorisation only fills in numbers. Groups of
the largest level come first, as they are independent given the rest; the others follow by minimum degree.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, eye_array
from scipy.sparse.linalg import splu

from bayesmodel.compiled import compiled

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class Elimination(NamedTuple):
    """Pattern of a symmetric sparse matrix (S, S) and of its factor ``L D L'``, L with a unit diagonal.

    Entries of the matrix stand by column, those above the diagonal and then the diagonal itself; entries of L stand by
    column, below the diagonal. `row_columns` and `row_entries` list the entries of L by row, in an order in which they
    can be computed.
    """

    column_start: Indices  # (S + 1,) of the matrix
    row: Indices  # (entry,)
    lower_start: Indices  # (S + 1,) of L by column
    lower_row: Indices  # (entry of L,)
    row_start: Indices  # (S + 1,) of L by row
    row_columns: Indices  # (entry of L,)
    row_entries: Indices  # (entry of L,)


def order_of(pattern: csc_array, first: Indices) -> Indices:
    """Return the columns of a symmetric matrix in the order of their elimination (S,).

    Parameters
    ----------
    pattern : csc_array (S, S)
    first : ndarray of int
        Columns that come first: no two of them have an entry in common.
    """
    rest = np.setdiff1d(np.arange(pattern.shape[0]), first)
    if len(rest) < 2:
        return np.concatenate([first, rest])
    ones = pattern.astype(bool).astype(float)
    left = ones[rest][:, rest] + ones[rest][:, first] @ ones[first][:, rest]  # eliminating one joins its neighbours
    dominant = csc_array(left + eye_array(len(rest)) * (1 + left.sum(axis=0).max()))
    options = {"SymmetricMode": True}
    found = splu(dominant, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    return np.concatenate([first, rest[np.argsort(found.perm_c)]])


def elimination_of(pattern: csc_array) -> Elimination:
    """Return the pattern of a symmetric matrix, whose columns are in the order of their elimination, and of its factor.

    Parameters
    ----------
    pattern : csc_array (S, S)
        The diagonal is taken to be there.
    """
    size = pattern.shape[0]
    full = csc_array(coo_array(pattern) + eye_array(size))
    full.sort_indices()
    parent, seen = [-1] * size, [-1] * size
    above, of_rows, counts = list[list[int]](), list[list[int]](), [0] * size
    for k in range(size):
        seen[k] = k
        entries = [int(i) for i in full.indices[full.indptr[k] : full.indptr[k + 1]] if i < k]
        above.append([*entries, k])
        reached = list[list[int]]()
        for start in entries:
            path, i = list[int](), start
            while seen[i] != k:
                if parent[i] < 0:
                    parent[i] = k
                path.append(i)
                seen[i] = k
                i = parent[i]
            reached.append(path)
        of_rows.append([i for path in reversed(reached) for i in path])
        for i in of_rows[-1]:
            counts[i] += 1
    lower_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    filled, lower_row = lower_start[:-1].copy(), np.empty(lower_start[-1], dtype=np.int64)
    row_columns, row_entries = list[int](), list[int]()
    for k, columns in enumerate(of_rows):
        for i in columns:
            lower_row[filled[i]] = k
            row_columns.append(i)
            row_entries.append(int(filled[i]))
            filled[i] += 1
    return Elimination(
        column_start=_starts(above),
        row=_joined(above),
        lower_start=lower_start,
        lower_row=lower_row,
        row_start=_starts(of_rows),
        row_columns=np.array(row_columns, dtype=np.int64),
        row_entries=np.array(row_entries, dtype=np.int64),
    )


def _starts(lists: list[list[int]]) -> Indices:
    """Return where each list begins once they are joined, and where the last one ends."""
    return np.concatenate([[0], np.cumsum([len(each) for each in lists])]).astype(np.int64)


def _joined(lists: list[list[int]]) -> Indices:
    """Return lists as one array."""
    return np.array([number for each in lists for number in each], dtype=np.int64)


@compiled
def factorise(elimination: Elimination, values: Floats) -> tuple[Floats, Floats]:
    """Return the entries of L and the diagonal of D (S,) of a matrix with these entries (entry,).

    Up-looking: row k of L solves a triangular system with the rows above it (Davis, Direct Methods for Sparse Linear
    Systems, 2006, chapter 4).
    """
    size = len(elimination.column_start) - 1
    lower, diagonal, work = np.empty(len(elimination.lower_row)), np.empty(size), np.zeros(size)
    for k in range(size):
        for p in range(elimination.column_start[k], elimination.column_start[k + 1]):
            work[elimination.row[p]] = values[p]
        pivot, work[k] = work[k], 0.0
        for q in range(elimination.row_start[k], elimination.row_start[k + 1]):
            i, entry = elimination.row_columns[q], elimination.row_entries[q]
            value, work[i] = work[i], 0.0
            for p in range(elimination.lower_start[i], entry):
                work[elimination.lower_row[p]] -= lower[p] * value
            lower[entry] = value / diagonal[i]
            pivot -= lower[entry] * value
        diagonal[k] = pivot
    return lower, diagonal


@compiled
def forward_solve(elimination: Elimination, lower: Floats, right: Floats) -> None:
    """Overwrite `right` (S, column) with the solution of ``L y = right``."""
    for j in range(len(right)):
        for p in range(elimination.lower_start[j], elimination.lower_start[j + 1]):
            row, factor = elimination.lower_row[p], lower[p]
            for c in range(right.shape[1]):
                right[row, c] -= factor * right[j, c]


@compiled
def backward_solve(elimination: Elimination, lower: Floats, right: Floats) -> None:
    """Overwrite `right` (S,) with the solution of ``L' y = right``."""
    for j in range(len(right) - 1, -1, -1):
        total = right[j]
        for p in range(elimination.lower_start[j], elimination.lower_start[j + 1]):
            total -= lower[p] * right[elimination.lower_row[p]]
        right[j] = total


def solve(elimination: Elimination, lower: Floats, diagonal: Floats, right: Floats) -> Floats:
    """Return the solution of a factorised system (S,)."""
    result = right[:, None].copy()
    forward_solve(elimination, lower, result)
    solved = result[:, 0] / diagonal
    backward_solve(elimination, lower, solved)
    return solved


@compiled
def inverse_diagonal(elimination: Elimination, lower: Floats, diagonal: Floats) -> Floats:
    """Return the diagonal of the inverse of a factorised matrix (S,).

    The inverse at the places where L has entries, from the last column to the first (Takahashi, Fagan and Chen 1973).
    """
    size = len(diagonal)
    inverse, of_diagonal = np.empty(len(lower)), np.empty(size)
    entry_of, sums = np.full(size, -1), np.zeros(size)
    for j in range(size - 1, -1, -1):
        first, last = elimination.lower_start[j], elimination.lower_start[j + 1]
        for p in range(first, last):
            entry_of[elimination.lower_row[p]] = p
        for p in range(first, last):
            k = elimination.lower_row[p]
            sums[k] += lower[p] * of_diagonal[k]
            for q in range(elimination.lower_start[k], elimination.lower_start[k + 1]):
                row = elimination.lower_row[q]
                if entry_of[row] >= 0:
                    sums[row] += lower[p] * inverse[q]
                    sums[k] += lower[entry_of[row]] * inverse[q]
        total = 1.0 / diagonal[j]
        for p in range(first, last):
            k = elimination.lower_row[p]
            inverse[p] = -sums[k]
            total += lower[p] * sums[k]
            sums[k], entry_of[k] = 0.0, -1
        of_diagonal[j] = total
    return of_diagonal
