"""Areas that the table of counts has no row for, and groups that lack altogether there."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bayesmodel.areas.remark import Remark, RemarkKind, remark
from bayesmodel.counts.counts import Counts
from bayesmodel.errors import listed
from bayesmodel.messages import _, number


def join_gap_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield the areas without a row in the table of counts, and the groups none of whose areas has one."""
    areas = counts.areas
    if not areas.without_count:
        return
    absent = areas.codes.isin(list(areas.without_count))
    gone = pd.Series(absent, areas.codes)
    whole = {str(name): gone.groupby(groups).all() for name, groups in areas.levels.items()}
    groups = {name: list(map(str, found.index[found])) for name, found in whole.items() if found.any()}

    def say() -> str:
        said = _(
            "{number} areas have no row in the table of counts: their count is taken as missing, and is predicted. "
            "Add the rows if they were lost in a join."
        ).format(number=number(int(absent.sum())))
        parts = [
            _("Without any row: {level} {groups}.").format(level=name, groups=listed(found))
            for name, found in groups.items()
        ]
        return " ".join([said, *parts])

    yield remark(RemarkKind.JOIN_GAP, counts.study.columns.count, say, areas.codes[absent])
