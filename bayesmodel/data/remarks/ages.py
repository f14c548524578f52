"""Ages in the names of columns: counts of other ages than the population are shares of nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bayesmodel.data.counts import Counts
from bayesmodel.data.named_ages import ages_of
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.errors import listed
from bayesmodel.messages import _

YOUNG = re.compile(r"jeugd|jong|kind|youth|young|child")
"""Names of what is counted among the young."""
ADULT = 25
"""An age at which nobody is young."""
APART = 2
"""Years by which ends of spans differ: up to 18 is to 17 or to 18."""


def other_ages(count: str, parts: Sequence[str]) -> str:
    """Say that a population is of other ages than a count, by the names of the columns; nothing where none is seen.

    Parameters
    ----------
    count : str
        The column of counts.
    parts : sequence of str
        The columns whose sum is the population.

    Examples
    --------
    >>> other_ages("jeugdhulp_0_23", ["inwoners_0_17"])
    'jeugdhulp_0_23 is of ages 0 to 23 and inwoners_0_17 of ages 0 to 17'
    >>> other_ages("jeugdhulp_0_23", ["k_0_15", "k_15_23"])
    ''
    """
    spans = [span for span in map(ages_of, parts) if span is not None]
    if not spans or len(spans) < len(parts):
        return ""
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    own = ages_of(count)
    people = {"people": listed(list(parts)), "first": first, "last": last}
    if own is not None and max(abs(own[0] - first), abs(own[1] - last)) >= APART:
        text = _("{count} is of ages {young} to {old} and {people} of ages {first} to {last}")
        return text.format(count=count, young=own[0], old=own[1], **people)
    if own is None and YOUNG.search(count.lower()) and first >= ADULT:
        return _("{count} counts the young and {people} is of ages {first} to {last}").format(count=count, **people)
    return ""


def age_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield that the population is of other ages than the counts."""
    columns = counts.study.columns
    parts = [columns.population] if isinstance(columns.population, str) else list(columns.population)

    def say() -> str:
        message = _(
            "By their names {why}. A share of other people than were counted means nothing: look whether both are of "
            "the same ages."
        )
        return message.format(why=other_ages(columns.count, parts))

    if other_ages(columns.count, parts):
        yield remark(RemarkKind.AGES, parts[0], say)
