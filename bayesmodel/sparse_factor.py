"""A sparse symmetric matrix and its factor: order of elimination, pattern and supernodes once, numbers many times.

The precision of the scores has the same pattern at all sds, so that each factorisation only fills in numbers. Groups of
the largest level come first, as they are independent given the rest; the others follow by minimum degree. Columns of
the factor with about the same rows are worked out together, as a dense panel (a *supernode*): of effects of space over
years, nearly all are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, eye_array, tril
from scipy.sparse.linalg import splu

from bayesmodel.compiled import compiled, inner

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

NONE = -1
"""No column, or no supernode."""
ZEROS = 0.2
"""Largest share of zeros in a supernode: larger ones are factorised faster, until zeros take the time."""


class Elimination(NamedTuple):
    """Pattern of a symmetric sparse matrix (S, S) and of its factor ``L D L'``, L with a unit diagonal.

    Entries of the matrix stand by column, the diagonal and then those below it; entries of L stand by column, below the
    diagonal. The columns of a supernode follow each other, and each has an entry in all the rows of the next.
    """

    column_start: Indices  # (S + 1,) of the matrix
    row: Indices  # (entry,)
    lower_start: Indices  # (S + 1,) of L
    lower_row: Indices  # (entry of L,)
    supernode: Indices  # (S,) of each column
    first: Indices  # (supernode + 1,) first column of each

    @property
    def leaves(self) -> NDArray[np.bool_]:
        """Which columns no earlier one changes: they are independent given all later ones (S,)."""
        return np.asarray(np.bincount(self.lower_row, minlength=len(self.supernode)) == 0)


def order_of(pattern: csc_array, first: Indices, alike: Indices | None = None) -> Indices:
    """Return the columns of a symmetric matrix in the order of their elimination (S,).

    Parameters
    ----------
    pattern : csc_array (S, S)
    first : ndarray of int
        Columns that come first: no two of them have an entry in common.
    alike : ndarray of int (S,), optional
        Columns with the same number have nearly the same rows: they are kept together.
    """
    rest = np.setdiff1d(np.arange(pattern.shape[0]), first)
    if len(rest) < 2:
        return np.concatenate([first, rest])
    ones = pattern.astype(bool).astype(float)
    left = csc_array(ones[rest][:, rest] + ones[rest][:, first] @ ones[first][:, rest])  # eliminating one joins others
    number = np.arange(len(rest)) if alike is None else np.unique(alike[rest], return_inverse=True)[1]
    joined = csc_array((np.ones(len(rest)), (number, np.arange(len(rest)))))
    together = joined @ left @ joined.T
    dominant = csc_array(together + eye_array(together.shape[0]) * (1 + together.sum(axis=0).max()))
    options = {"SymmetricMode": True}
    found = splu(dominant, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    order = np.argsort(found.perm_c[number], kind="stable")
    parent, _count = elimination_tree(*_by_column(csc_array(left[order][:, order])))
    return np.concatenate([first, rest[order[postorder(parent)]]])


def elimination_of(pattern: csc_array) -> Elimination:
    """Return the pattern of a symmetric matrix, whose columns are in the order of their elimination, and of its factor.

    Parameters
    ----------
    pattern : csc_array (S, S)
        The diagonal is taken to be there.
    """
    full = csc_array(coo_array(pattern) + eye_array(pattern.shape[0]))
    below = _by_column(csc_array(tril(full)))
    parent, count = elimination_tree(*_by_column(full))
    first = supernodes(parent, count)
    supernode = np.repeat(np.arange(len(first) - 1), np.diff(first))
    return Elimination(*below, *factor_pattern(*below, supernode, first, count), supernode, first)


def _by_column(matrix: csc_array) -> tuple[Indices, Indices]:
    """Return where the columns of a sparse matrix begin (S + 1,), and the rows of its entries, ascending in each."""
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)


@compiled
def elimination_tree(start: Indices, row: Indices) -> tuple[Indices, Indices]:
    """Return the first row of each column of L, its parent, and how many rows it has (S,), of a symmetric matrix.

    Each column is followed up the tree from the entries above its diagonal (Davis, Direct Methods for Sparse Linear
    Systems, 2006, chapter 4).
    """
    size = len(start) - 1
    parent, count, seen = np.full(size, NONE), np.zeros(size, dtype=np.int64), np.full(size, NONE)
    for k in range(size):
        seen[k] = k
        for p in range(start[k], start[k + 1]):
            i = row[p]
            while i < k and seen[i] != k:
                if parent[i] == NONE:
                    parent[i] = k
                count[i] += 1
                seen[i] = k
                i = parent[i]
    return parent, count


@compiled
def postorder(parent: Indices) -> Indices:
    """Return the nodes of a forest, each after all below it, and right after the last of its children (S,)."""
    size = len(parent)
    child, sibling, order = np.full(size + 1, NONE), np.full(size, NONE), np.empty(size, dtype=np.int64)
    for j in range(size - 1, -1, -1):
        up = parent[j] if parent[j] != NONE else size  # below which all roots hang
        sibling[j], child[up] = child[up], j
    path, depth, done = np.full(size + 1, size), 1, 0
    while done < size:
        node = path[depth - 1]
        if child[node] != NONE:  # down to the next child
            path[depth], child[node] = child[node], sibling[child[node]]
            depth += 1
        else:
            order[done] = node
            done, depth = done + 1, depth - 1
    return order


@compiled
def supernodes(parent: Indices, count: Indices) -> Indices:
    """Return the first column of each supernode, and the number of columns (supernode + 1,).

    A column joins those before it where it is the parent of the last, and few zeros are stored for that.
    """
    size = len(parent)
    begins, first, zeros = np.ones(size + 1, dtype=np.bool_), 0, 0
    for j in range(1, size):
        width = j - first
        more = width * (count[j] + 1 - count[j - 1])
        if parent[j - 1] == j and zeros + more <= ZEROS * width * (count[j] + 1 + (width - 1) / 2):
            begins[j], zeros = False, zeros + more
        else:
            first, zeros = j, 0
    return np.flatnonzero(begins)


def factor_pattern(
    start: Indices, row: Indices, supernode: Indices, first: Indices, count: Indices
) -> tuple[Indices, Indices]:
    """Return where the columns of L begin (S + 1,) and the rows of its entries, given the lower triangle of the matrix.

    Parameters
    ----------
    start, row : ndarray of int (S + 1,), (entry,)
        Of that triangle, by column.
    supernode, first : ndarray of int (S,), (supernode + 1,)
    count : ndarray of int (S,)
        How many rows each column of L has: a supernode has those of its last one.
    """
    size = len(supernode)
    number = count[first[1:] - 1]
    begins = np.concatenate([[0], np.cumsum(number)])
    rows = rows_of_supernodes(start, row, supernode, first, begins)
    rows = np.sort(np.repeat(np.arange(len(number)), number) * size + rows) % size if len(rows) else rows
    inside = first[1:][supernode] - 1 - np.arange(size)
    lower_start = np.concatenate([[0], np.cumsum(inside + number[supernode])])
    return lower_start, rows_of_columns(lower_start, supernode, first, begins, rows)


@compiled
def rows_of_supernodes(start: Indices, row: Indices, supernode: Indices, first: Indices, begins: Indices) -> Indices:
    """Return the rows below each supernode, in any order, from where they begin on (supernode + 1,).

    They are those of its columns, and those of the supernodes whose first row it has.
    """
    nodes, size = len(first) - 1, len(supernode)
    child, sibling, seen = np.full(nodes, NONE), np.full(nodes, NONE), np.full(size, NONE)
    rows = np.empty(begins[nodes], dtype=np.int64)
    for node in range(nodes):
        last, at, lowest = first[node + 1], begins[node], size
        for p in range(start[first[node]], start[last]):
            if row[p] >= last and seen[row[p]] != node:
                seen[row[p]], rows[at], lowest = node, row[p], min(lowest, row[p])
                at += 1
        below = child[node]
        while below != NONE:
            for p in range(begins[below], begins[below + 1]):
                if rows[p] >= last and seen[rows[p]] != node:
                    seen[rows[p]], rows[at], lowest = node, rows[p], min(lowest, rows[p])
                    at += 1
            below = sibling[below]
        if lowest < size:
            up = supernode[lowest]
            sibling[node], child[up] = child[up], node
    return rows


@compiled
def rows_of_columns(
    lower_start: Indices, supernode: Indices, first: Indices, begins: Indices, rows: Indices
) -> Indices:
    """Return the rows of the entries of L: of each column, the later ones of its supernode and the rows below that."""
    lower_row = np.empty(lower_start[len(supernode)], dtype=np.int64)
    for j in range(len(supernode)):
        node, at = supernode[j], lower_start[j]
        for i in range(j + 1, first[node + 1]):
            lower_row[at] = i
            at += 1
        for p in range(begins[node], begins[node + 1]):
            lower_row[at] = rows[p]
            at += 1
    return lower_row


@compiled
def factorise(elimination: Elimination, values: Floats) -> tuple[Floats, Floats]:
    """Return the entries of L and the diagonal of D (S,) of a matrix with these entries (entry,).

    Left-looking by supernodes: a panel begins as the matrix, loses the products of earlier supernodes with a row in it,
    and is factorised as a dense one (Ng and Peyton 1993).
    """
    starts, rows, first = elimination.lower_start, elimination.lower_row, elimination.first
    size, nodes, largest, widest = len(elimination.supernode), len(first) - 1, 0, 0
    for node in range(nodes):
        width = first[node + 1] - first[node]
        largest, widest = max(largest, width * (starts[first[node] + 1] - starts[first[node]] + 1)), max(widest, width)
    lower, diagonal, panel, spare = np.empty(len(rows)), np.empty(size), np.empty(largest), np.empty(2 * size)
    ends, place = np.empty(widest, dtype=np.int64), np.empty(size, dtype=np.int64)
    queue, behind, used = np.full(nodes, NONE), np.full(nodes, NONE), np.zeros(nodes, dtype=np.int64)
    for node in range(nodes):
        begin, end = first[node], first[node + 1]
        height, below = starts[begin + 1] - starts[begin] + 1, starts[end - 1]
        if queue[node] == NONE and end == begin + 1:  # a leaf, with the rows of the matrix
            at = elimination.column_start[begin]
            diagonal[begin] = values[at]
            for p in range(below, starts[end]):
                lower[p] = values[at + 1 + p - below] / values[at]
            used[node] = below
            if below < starts[end]:
                up = elimination.supernode[rows[below]]
                behind[node], queue[up] = queue[up], node
            continue
        for i in range(end - begin):
            place[begin + i], ends[i] = i, (i + 1) * height
        for p in range(below, starts[end]):
            place[rows[p]] = end - begin + p - below
        for i in range((end - begin) * height):
            panel[i] = 0.0
        for j in range(begin, end):
            for p in range(elimination.column_start[j], elimination.column_start[j + 1]):
                panel[(j - begin) * height + place[elimination.row[p]]] = values[p]
        earlier = queue[node]
        while earlier != NONE:
            following, from_, until = behind[earlier], first[earlier], first[earlier + 1]
            stop = used[earlier]
            while stop < starts[until] and rows[stop] < end:
                stop += 1
            if until == from_ + 1:
                for p in range(used[earlier], stop):
                    factor, at = lower[p] * diagonal[from_], place[rows[p]] * height
                    for q in range(p, starts[until]):
                        panel[at + place[rows[q]]] -= factor * lower[q]
            else:
                columns = starts[from_ + 1 : until + 1]
                take_off(columns, rows, lower, diagonal[from_:until], used[earlier], stop, place, panel, height, spare)
            used[earlier] = stop
            if stop < starts[until]:
                up = elimination.supernode[rows[stop]]
                behind[earlier], queue[up] = queue[up], earlier
            earlier = following
        if end == begin + 1:
            diagonal[begin] = panel[0]
            for p in range(below, starts[end]):
                lower[p] = panel[1 + p - below] / panel[0]
        else:
            factorise_panel(panel, height, ends[: end - begin], diagonal[begin:end], spare)
            for j in range(begin, end):
                skipped = ends[j - begin] - starts[j + 1]
                for p in range(starts[j], starts[j + 1]):
                    lower[p] = panel[p + skipped]
        used[node] = below
        if below < starts[end]:
            up = elimination.supernode[rows[below]]
            behind[node], queue[up] = queue[up], node
    return lower, diagonal


@inner
def take_off(
    ends: Indices,
    rows: Indices,
    lower: Floats,
    diagonal: Floats,
    begin: int,
    stop: int,
    place: Indices,
    panel: Floats,
    height: int,
    spare: Floats,
) -> None:
    """Take the products of an earlier supernode off a panel.

    Parameters
    ----------
    ends : ndarray (column,)
        Of its columns among the entries of L; `diagonal` (column,) are theirs of D.
    begin, stop : int
        Entries of its last column that are rows of the panel's columns.
    place : ndarray (S,)
        Of each row of the panel in it.
    spare : ndarray (2 S,)
        May be overwritten.
    """
    for p in range(begin, stop, 2):
        length, apart = ends[-1] - p, min(1, stop - 1 - p)
        one, other = spare[:length], spare[length : 2 * length]
        for i in range(length):
            one[i], other[i] = 0.0, 0.0
        subtract(one, other, lower, ends, diagonal, apart)
        at, beside = place[rows[p]] * height, place[rows[p + apart]] * height
        for i in range(length):
            panel[at + place[rows[p + i]]] += one[i]
        for i in range(apart, apart * length):
            panel[beside + place[rows[p + i]]] += other[i]


@inner
def factorise_panel(panel: Floats, height: int, ends: Indices, diagonal: Floats, spare: Floats) -> None:
    """Overwrite the columns of a panel, each up to `ends`, with those of L from the diagonal on, and write D."""
    width = len(ends)
    for k in range(0, width, 2):
        one = panel[ends[k] - height + k : ends[k]]
        both = k + 1 < width
        other = panel[ends[k + 1] - height + k : ends[k + 1]] if both else spare[: len(one)]
        subtract(one, other, panel, ends[:k], diagonal[:k], int(both))
        diagonal[k] = one[0]
        for i in range(1, len(one)):
            one[i] /= diagonal[k]
        if both:
            factor = one[1] * diagonal[k]
            for i in range(1, len(one)):
                other[i] -= factor * one[i]
            diagonal[k + 1] = other[1]
            for i in range(2, len(one)):
                other[i] /= diagonal[k + 1]


@inner
def subtract(one: Floats, other: Floats, source: Floats, ends: Indices, scale: Floats, apart: int) -> None:
    """Subtract scaled columns times their first number from `one`, times the number `apart` from that from `other`.

    A column is the last numbers of `source` before one of `ends`, as many as `one` has. Four of them at a time, so that
    each result is loaded and stored once for four products.
    """
    size, fours = len(one), len(ends) // 4 * 4
    for j in range(0, fours, 4):
        a, b = source[ends[j] - size : ends[j]], source[ends[j + 1] - size : ends[j + 1]]
        c, d = source[ends[j + 2] - size : ends[j + 2]], source[ends[j + 3] - size : ends[j + 3]]
        a1, b1, c1, d1 = a[0] * scale[j], b[0] * scale[j + 1], c[0] * scale[j + 2], d[0] * scale[j + 3]
        a2, b2, c2, d2 = a[apart] * scale[j], b[apart] * scale[j + 1], c[apart] * scale[j + 2], d[apart] * scale[j + 3]
        for i in range(size):
            one[i] -= a1 * a[i] + b1 * b[i] + c1 * c[i] + d1 * d[i]
            other[i] -= a2 * a[i] + b2 * b[i] + c2 * c[i] + d2 * d[i]
    for j in range(fours, len(ends)):
        a = source[ends[j] - size : ends[j]]
        a1, a2 = a[0] * scale[j], a[apart] * scale[j]
        for i in range(size):
            one[i] -= a1 * a[i]
            other[i] -= a2 * a[i]


@compiled
def forward_solve(elimination: Elimination, lower: Floats, right: Floats) -> None:
    """Overwrite `right` (S, column) with the solution of ``L y = right``; a column costs nothing where it is zero."""
    starts, rows, first = elimination.lower_start, elimination.lower_row, elimination.first
    numbers = np.empty(len(right))
    for node in range(len(first) - 1):
        begin, end = first[node], first[node + 1]
        width, below = end - begin, starts[end - 1]
        height = width + starts[end] - below
        if width == 1:  # as most are of levels alone
            for p in range(below, starts[end] if right[begin].any() else below):
                row, factor = rows[p], lower[p]
                for c in range(right.shape[1]):
                    right[row, c] -= factor * right[begin, c]
            continue
        for c in range(right.shape[1]):
            used = False
            for i in range(width):
                numbers[i] = right[begin + i, c]
                used = used or numbers[i] != 0.0
            if not used:
                continue
            for i in range(width, height):
                numbers[i] = 0.0
            for i in range(width):
                take_multiple(numbers[i + 1 : height], numbers[i], lower[starts[begin + i] : starts[begin + i + 1]])
            for i in range(width):
                right[begin + i, c] = numbers[i]
            for i in range(width, height):
                right[rows[below + i - width], c] += numbers[i]


@inner
def take_multiple(numbers: Floats, factor: float, others: Floats) -> None:
    """Subtract a multiple of other numbers from `numbers`."""
    for i in range(len(numbers)):
        numbers[i] -= factor * others[i]


@compiled
def backward_solve(elimination: Elimination, lower: Floats, right: Floats) -> None:
    """Overwrite `right` (S,) with the solution of ``L' y = right``."""
    starts, rows, first = elimination.lower_start, elimination.lower_row, elimination.first
    numbers = np.empty(len(right))
    for node in range(len(first) - 2, -1, -1):
        begin, end = first[node], first[node + 1]
        width, below = end - begin, starts[end - 1]
        height = width + starts[end] - below
        if width == 1:
            total = right[begin]
            for p in range(below, starts[end]):
                total -= lower[p] * right[rows[p]]
            right[begin] = total
            continue
        for i in range(width, height):
            numbers[i] = right[rows[below + i - width]]
        for i in range(width - 1, -1, -1):
            column = lower[starts[begin + i] : starts[begin + i + 1]]
            numbers[i] = right[begin + i] - np.dot(column, numbers[i + 1 : height])
            right[begin + i] = numbers[i]


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
