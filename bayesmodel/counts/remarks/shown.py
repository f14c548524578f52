"""Counts of which few are shown, and areas that share a name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayesmodel.areas.remark import Remark, RemarkKind, remark
from bayesmodel.counts.counts import Counts, Status
from bayesmodel.counts.rules import highest_hidden, lowest_hidden
from bayesmodel.messages import _, number


def shown_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield that most counts are not shown, and how many areas share their name with another."""
    study = counts.study
    hidden = np.isin(counts.status, [Status.SUPPRESSED, Status.MISSING])
    if len(counts) and hidden.mean() > 1 / 2:
        yield remark(
            RemarkKind.MOSTLY_HIDDEN,
            study.columns.count,
            lambda: _("In more than half of the areas no count is shown."),
        )
    rule, zeros = study.publication, (counts.upper == 0) & (counts.population > 0)
    suppressed = (counts.status == Status.SUPPRESSED) & (counts.population > 0)
    if zeros.any() and suppressed.any() and lowest_hidden(rule) == 0:

        def from_one() -> str:
            said = _(
                "{zeros} zeros are shown, and a hidden count is still read as 0 to {highest}. "
                "Where every zero is shown, a hidden count is at least 1: say hidden_from = 1 in [publication]; "
                "else levels come out too low."
            )
            return said.format(zeros=number(int(zeros.sum())), highest=highest_hidden(rule))

        yield remark(RemarkKind.ZEROS_SHOWN, study.columns.count, from_one)
    names = counts.areas.names
    twice = names[names.duplicated(keep=False)]
    if len(twice):

        def same() -> str:
            said = _("{number} areas have a name that another has too, such as {name}; codes tell them apart.")
            return said.format(number=number(len(twice)), name=twice.iloc[0])

        yield remark(RemarkKind.SAME_NAME, study.columns.area_name or study.columns.area, same)
