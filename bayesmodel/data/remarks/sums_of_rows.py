"""Rows that are the sum of a run of others of their gemeente, such as a stadsdeel among its wijken: those count twice.

A row may have as many people and users as a run by chance. How often that happens is seen from rows with a few people
more or less: where there are clearly more of them with just as many, or the name says it, it is no chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.count_validation import BASE
from bayesmodel.data.counts import Counts
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.messages import _, language, number

Integers = NDArray[np.int64]

NAMES = r"\b(?:stadsde(?:el|len)|deelgemeenten?|districts?|boroughs?|subtota(?:al|l))\b"
"""Words in the name of a row that holds several areas."""
SHIFTS = np.array([step for step in range(-12, 13) if abs(step) > 2])
"""By how many people, or fives, rows are changed to see how often chance alone gives a sum."""
FEWEST, TIMES = 3, 8
"""Rows from which it may be no chance, and how many times what chance gives."""


class _Runs(NamedTuple):
    """All runs of two or more rows of one group, without the whole of it: first row, row after the last, their sums."""

    start: Integers
    stop: Integers
    people: Integers
    lower: Integers
    upper: Integers


def sums_of_rows_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield the areas that hold as many people and users as a run of others of their group, in the order of codes."""
    if not counts.study.level_names:
        return
    people, order = counts.population, np.argsort(counts.areas.codes.astype(str), kind="stable")
    unit = BASE if (people % BASE == 0).all() else 1
    groups = counts.areas.levels[counts.study.level_names[0]].to_numpy(dtype=str)[order]
    exact, by_chance = dict[int, tuple[int, int]](), 0
    for group in np.unique(groups):
        rows = order[groups == group]
        runs = _runs(people[rows], counts.lower[rows], counts.upper[rows])
        for place, row in enumerate(rows):
            others = (runs.stop <= place) | (place < runs.start)
            others &= (runs.lower <= counts.upper[row]) & (runs.upper >= counts.lower[row]) & (runs.people > 0)
            more = runs.people[others] - people[row]
            by_chance += len(set(more // unit) & set(SHIFTS)) if unit == 1 or not (more % unit).any() else 0
            found = np.flatnonzero(others)[more == 0]
            if found.size:
                exact[int(row)] = int(rows[runs.start[found[0]]]), int(rows[runs.stop[found[0]] - 1])
    named = counts.areas.names.str.contains(NAMES, case=False, regex=True).to_numpy(dtype=bool)
    many = len(exact) >= FEWEST and len(exact) > TIMES * by_chance / len(SHIFTS)
    kept = [row for row in sorted(exact) if many or named[row]]
    if kept:
        yield _remark(counts, kept, exact)


def _runs(people: Integers, lower: Integers, upper: Integers) -> _Runs:
    """Return the runs of a group."""
    start, stop = (index.astype(np.int64) for index in np.triu_indices(len(people) + 1, k=2))
    sums = [np.concatenate([[0], np.cumsum(part)]) for part in (people, lower, upper)]
    return _Runs(start, stop, *(total[stop] - total[start] for total in sums))


def _remark(counts: Counts, rows: list[int], of: dict[int, tuple[int, int]]) -> Remark:
    """Return the remark on rows, each with the first and last row that it is the sum of."""
    codes, level = counts.areas.codes, counts.study.level_names[0]
    first, last = (str(codes[place]) for place in of[rows[0]])

    def say() -> str:
        message = _(
            "A row with as many people and users as a run of others of its {level} ({row}: {first} to {last}) is "
            "probably one of several {areas} together, such as a stadsdeel. Leave such rows out, or their people count "
            "twice (number of rows: {count})."
        )
        return message.format(
            level=level,
            row=codes[rows[0]],
            first=first,
            last=last,
            areas=counts.study.areas_label[language()],
            count=number(len(rows)),
        )

    return remark(RemarkKind.SUM_OF_OTHERS, counts.study.columns.area, say, pd.Index(codes[rows]))
