"""A heap at the smallest shown count, or a gap below it: the publication rule differs from the study's.

Before the fit a negative binomial around the crude share of the gemeente (see `hidden`) gives how often each
small count occurs. It may be off for all of them, but hardly for one relative to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bayesmodel.data.counts import Counts, Status
from bayesmodel.data.publication import published_cells
from bayesmodel.data.publication_evidence import (
    LARGEST_LIMIT,
    Floats,
    PublishedNumbers,
    better_rules,
    candidate_rules,
    highest_looked_at,
    published_as,
    rule_as_toml,
    rule_in_words,
    rule_scores,
)
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.remarks.hidden import crude_expectation
from bayesmodel.messages import _, number, plural
from bayesmodel.study.parts import Publication


@dataclass(frozen=True)
class OtherRule:
    """Another publication rule that the numbers point to.

    Parameters
    ----------
    rule : Publication
        The rule that fits best.
    close : tuple of Publication
        Others that fit hardly less well, best first.
    smallest, times : int
        The smallest number shown above the hidden counts, and how many areas show it.
    expected : float
        How many would show it under the rule of the study, by how often the numbers just above it occur.
    first : int
        The smallest number that the rule of the study would show above the hidden counts.
    """

    rule: Publication
    close: tuple[Publication, ...]
    smallest: int
    times: int
    expected: float
    first: int

    def seen(self) -> str:
        """Return the evidence in words, in the language of the user."""
        if self.first < self.smallest:
            message = _(
                "No count from {first} to {last} is shown, where the counts just above lead to expect {expected}."
            )
        else:
            message = _("The count {number} is shown {times}, where the counts just above lead to expect {expected}.")
        return message.format(
            first=self.first,
            last=self.smallest - 1,
            number=self.smallest,
            times=plural("{count} time", "{count} times", self.times),
            expected=number(self.expected, ",.0f"),
        )

    def meant(self) -> str:
        """Return the rule in words, with others that fit almost as well, in the language of the user."""
        message = rule_in_words(self.rule, self.smallest)
        others = "; ".join(rule_in_words(each, self.smallest) for each in self.close)
        return _("{rule} (hardly worse: {others})").format(rule=message, others=others) if others else message


def other_rule(mean: Floats, size: float, found: PublishedNumbers, own: Publication) -> OtherRule | None:
    """Return the publication rule that published numbers point to, where it is not that of the study.

    Parameters
    ----------
    mean : ndarray (area,)
        Expected count of each area whose count is shown or hidden.
    size : float
        Of the negative binomial around it: variance mean + mean^2 / size.
    found : PublishedNumbers
        What is published.
    own : Publication
        The rule of the study.

    Returns
    -------
    OtherRule or None

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> mean = rng.uniform(2, 40, 3000)
    >>> counts = rng.poisson(mean)
    >>> shown = np.where(counts < 10, 10, counts)[counts > 7]
    >>> found = PublishedNumbers.of((counts <= 7).sum(), shown)
    >>> other_rule(mean, 100.0, found, Publication(hidden_below=10)).rule.raised_from
    8
    """
    smallest = found.smallest(own)
    rules = candidate_rules(own, smallest)
    if len(rules) < 2 or own.hidden_below > LARGEST_LIMIT:
        return None
    top = highest_looked_at(own, smallest)
    expected = expected_numbers(mean, size, top + own.rounded_to)
    better = better_rules(rule_scores(expected, found, rules, top))
    if not better:
        return None
    chance = published_as(own, len(expected) - 1)
    cells, mass = chance.index.to_numpy(), chance.to_numpy() @ expected
    above = (cells > smallest) & (cells <= top)
    at_it = (cells > 0) & (cells <= smallest)
    near = sum(found.times(shown) for shown in cells[above])
    first = int(cells[at_it].min()) if at_it.any() else smallest
    of_gap = at_it & (cells < smallest) if first < smallest else at_it
    ratio = float(mass[of_gap].sum() / max(mass[above].sum(), 1e-300))
    best, *others = (rules[row] for row in better)
    return OtherRule(best, tuple(others), smallest, found.times(smallest), near * ratio, first)


def expected_numbers(mean: Floats, size: float, highest: int) -> Floats:
    """Return how many areas are expected at each count (count,), 0 up to and including `highest`."""
    from scipy import special  # imported late: reading a saved fit does not need it

    mean = mean[(mean > 0) & (mean < 20 * (highest + 10))][:, None]
    counts = np.arange(highest + 1)
    logs = special.gammaln(counts + size) - special.gammaln(size) - special.gammaln(counts + 1)
    logs = logs + special.xlogy(counts, mean / (size + mean)) - size * np.log1p(mean / size)
    return np.asarray(np.exp(logs).sum(axis=0))


def numbers_of(counts: Counts) -> PublishedNumbers:
    """Return how often what is published, over the areas with people."""
    cells = published_cells(counts.areas.published, counts.study.publication, counts.areas.without_count)
    lived = counts.population > 0
    return PublishedNumbers.of(int((cells.hidden & lived).sum()), cells.numbers[cells.number & lived])


def heap_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield the publication rule that the numbers point to, where it is another one than the study says."""
    mean, size = crude_expectation(counts)
    known = (counts.population > 0) & ~np.isin(counts.status, [Status.MISSING, Status.SECONDARY])
    found = other_rule(mean[known], size, numbers_of(counts), counts.study.publication)
    if found is None:
        return

    def say() -> str:
        message = _(
            "{seen} It seems that {meant}: look what the publisher says of it, and if so state {rule} in [publication]."
        )
        return message.format(seen=found.seen(), meant=found.meant(), rule=rule_as_toml(found.rule))

    yield remark(RemarkKind.HEAP, counts.study.columns.count, say)
