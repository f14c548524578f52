"""Complementary suppression: which other counts, and which totals, must be hidden so that no small count follows.

A total that is known, less what is shown of it, is the sum of the counts that are hidden in it. Those are *loose*
together: one of them can be anything that the others leave it. Levels that nest make a tree of such sums, and no
count is in two of them, so that what follows from all totals together is known exactly, by arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
LIKELY_ENOUGH = 3
"""Times the limit that a count is expected to be, by its people alone, before it is chosen to protect others."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Counts that somebody may want to know.

    Parameters
    ----------
    value, people : ndarray of int64 (area,)
        The counts, and over whom is counted.
    known : ndarray of bool (area,)
        Which counts the holder of the data knows; the others are in no sum here.
    limit : int
        Counts below it are small, and hidden.
    least : int
        The smallest count that is hidden: 1 where zeros are shown.
    insiders : bool
        Whether somebody may know one of the other hidden counts of a sum.
    """

    value: Integers
    people: Integers
    known: Booleans
    limit: int
    least: int = 0
    insiders: bool = True

    @property
    def small(self) -> Booleans:
        """Which counts are small (area,); a count of nobody is none."""
        return self.known & (self.value < self.limit) & (self.people > 0)

    @property
    def lower(self) -> Integers:
        """The least that a hidden count can be (area,): the limit, of one that is not small."""
        return np.where(self.small, np.minimum(self.least, self.people), np.minimum(self.limit, self.people))

    @property
    def upper(self) -> Integers:
        """The most that a hidden count can be (area,)."""
        return np.where(self.small, np.minimum(self.limit - 1, self.people), self.people)


@dataclass(frozen=True, eq=False)
class Complementary:
    """What is hidden beside small counts.

    Parameters
    ----------
    protects : mapping of int to (str, str)
        Of each other count that is hidden the level and the group of the total by which a small one would follow.
    totals : tuple of (str, str)
        Level and group of the totals that must stay unknown.
    """

    protects: Mapping[int, tuple[str, str]]
    totals: tuple[tuple[str, str], ...]


@dataclass(eq=False)
class _Total:
    """A group whose total is known: the areas whose counts are loose in it, and the groups in it with a known total."""

    level: str
    group: str
    loose: list[int]
    inner: list[_Total] = field(default_factory=list)


def complementary(cells: Cells, nested: pd.DataFrame, crossing: pd.DataFrame | None = None) -> Complementary:
    """Choose the counts and totals to hide beside small counts, so that each of these can still be anything it could.

    From the finest level up: with small counts in a known total one other count is hidden, two where there are
    insiders, and more where that leaves a small one less than its whole range; where there are none, the total itself,
    and its counts are loose in the next level's. Of the counts that can be chosen it is the one of the fewest people
    among those of which three times the limit may be expected, by people alone: a choice that does not look at the
    count tells the model and the reader as little of it as can be.

    Parameters
    ----------
    cells : Cells
    nested : DataFrame of str
        A column per level, each nested in the next, the finest first: the group of each area.
    crossing : DataFrame of str, optional
        Other levels. A total of theirs is hidden where the hidden counts in it are not those of known totals.

    Returns
    -------
    Complementary

    Examples
    --------
    >>> value, people = np.array([4, 30, 60, 25]), np.array([50, 300, 500, 200])
    >>> cells = Cells(value, people, np.ones(4, bool), limit=10, insiders=False)
    >>> found = complementary(cells, pd.DataFrame({"gemeente": ["A", "A", "A", "B"]}))
    >>> found.protects, found.totals
    ({1: ('gemeente', 'A')}, ())
    """
    search = _Search(cells)
    totals, loose = list[_Total](), set(np.flatnonzero(cells.known).tolist())
    for level in map(str, nested):
        groups, totals = _by_group(nested[level], loose, totals), list[_Total]()
        for group, (inside, inner) in groups.items():
            total = _Total(level, group, inside, inner)
            if search.secured(total):
                totals.append(total)
                loose -= set(total.loose)
            else:
                totals += total.inner
                loose |= set(total.loose)
    hidden = [*search.totals, *(_crossing_totals(crossing, search.hidden, totals) if crossing is not None else ())]
    return Complementary(search.protects, tuple(hidden))


class _Search:
    """What is hidden so far."""

    def __init__(self, cells: Cells) -> None:
        self.cells, self.hidden = cells, cells.small.copy()
        self.protects: dict[int, tuple[str, str]] = {}
        self.totals: list[tuple[str, str]] = []
        # how far each count could be higher and lower: small ones must keep all of it
        self.above, self.below = cells.upper - cells.value, cells.value - cells.lower
        shown = cells.known & ~cells.small
        everybody = cells.people[shown].sum()
        self.expected = cells.people * (cells.value[shown].sum() / everybody if everybody else 0.0)

    def secured(self, total: _Total) -> bool:
        """Hide what it takes for a total to be known; false where it may not be, which is kept."""
        rows = np.array(self._members(total), dtype=np.int64)
        if not self.hidden[rows].any():
            return True
        if self.cells.value[rows].sum() >= self.cells.limit:
            while self._few(total) or self._narrowed(total):
                chosen = self._choice(total)
                if chosen is not None:
                    self.hidden[chosen] = True
                    self.protects[chosen] = total.level, total.group
                elif total.inner:
                    self._open(total)
                else:
                    break
            else:
                return True
        self.totals.append((total.level, total.group))
        return False

    def _members(self, total: _Total) -> list[int]:
        """Return the rows of everything in a total."""
        return [*total.loose, *(row for inner in total.inner for row in self._members(inner))]

    def _few(self, total: _Total) -> bool:
        """Whether another count can be hidden in a total, and fewer are than are hidden whatever the counts are.

        What is hidden because of a count tells of that count; most totals are secured by this alone.
        """
        rows = [row for row in total.loose if self.hidden[row]]
        large = sum(not self.cells.small[row] for row in rows)
        return large < len(rows) and large < 1 + self.cells.insiders and self._choice(total) is not None

    def _narrowed(self, total: _Total) -> bool:
        """Whether a small count in a total can no longer be all it could."""
        rows = np.array([row for row in total.loose if self.hidden[row]], dtype=np.int64)
        small = self.cells.small[rows]
        if not small.any():
            return False
        # a small count can rise by what the others can fall, and fall by what they can rise
        falls, rises = (self._of_others(room[rows]) for room in (self.below, self.above))
        return bool(((falls < self.above[rows]) | (rises < self.below[rows]))[small].any())

    def _of_others(self, room: Integers) -> Integers:
        """Return the room of all others together, of each; where somebody knows one of them, without the largest."""
        others = room.sum() - room
        if not self.cells.insiders or len(room) < 2:
            return others
        first, second = np.sort(room)[-1], np.sort(room)[-2]
        place = int(np.argmax(room))
        largest: Integers = np.where(np.arange(len(room)) == place, second, first)
        return others - largest

    def _choice(self, total: _Total) -> int | None:
        """Return the next count to hide in a total; None where all of them are."""
        shown = [row for row in total.loose if not self.hidden[row] and self.cells.people[row] > 0]
        if not shown:
            return None
        enough = [row for row in shown if self.expected[row] >= LIKELY_ENOUGH * self.cells.limit]
        return min(enough, key=lambda row: self.cells.people[row]) if enough else max(shown, key=self._people)

    def _open(self, total: _Total) -> None:
        """Make the smallest total inside another unknown too, which makes its counts loose in the other."""
        inner = min(total.inner, key=lambda each: self.cells.people[self._members(each)].sum())
        total.inner.remove(inner)
        total.inner += inner.inner
        total.loose += inner.loose
        self.totals.append((inner.level, inner.group))

    def _people(self, row: int) -> int:
        return int(self.cells.people[row])


def _by_group(groups: pd.Series, loose: set[int], totals: list[_Total]) -> dict[str, tuple[list[int], list[_Total]]]:
    """Return the loose counts and the known totals in each group."""
    labels = groups.astype(str).to_numpy()
    found: dict[str, tuple[list[int], list[_Total]]] = {}
    for row in sorted(loose):
        found.setdefault(labels[row], ([], []))[0].append(row)
    for total in totals:
        found.setdefault(labels[_first(total)], ([], []))[1].append(total)
    return found


def _first(total: _Total) -> int:
    """Return a row of a total."""
    return total.loose[0] if total.loose else _first(total.inner[0])


def _pools(totals: list[_Total]) -> Iterator[list[int]]:
    """Yield the rows that are loose together."""
    for total in totals:
        yield total.loose
        yield from _pools(total.inner)


def _crossing_totals(crossing: pd.DataFrame, hidden: Booleans, totals: list[_Total]) -> Iterator[tuple[str, str]]:
    """Yield the groups of other levels whose total would tell more than those that are known."""
    pool = np.full(len(hidden), -1)
    for nth, rows in enumerate(_pools(totals)):
        pool[rows] = nth
    whole = pd.Series(pool[hidden]).value_counts()
    for level in crossing:
        for group, part in pd.DataFrame({"group": crossing[level].to_numpy(), "pool": pool})[hidden].groupby("group"):
            here = part["pool"].value_counts()
            if -1 in here.index or (here < whole[here.index]).any():
                yield str(level), str(group)
