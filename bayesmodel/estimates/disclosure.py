"""Disclosure: how sharply a hidden count can be guessed, from totals by arithmetic and from the posterior.

Only what is published enters a fit, so that nothing secret leaves it. But a model may guess a hidden count well, and
results that state a guess as good as certain are as bad for those counted as the number itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts, Status
from bayesmodel.data.other_publications import total_sums
from bayesmodel.data.suppression import exposed
from bayesmodel.data.tightening import tighten
from bayesmodel.data.totals import ASIDE
from bayesmodel.estimates.result import CheckResult
from bayesmodel.estimates.use import actual_count, drawn_counts
from bayesmodel.format import probability
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, number, plural, speaking
from bayesmodel.messages import language as current
from bayesmodel.study import Label, Study

Integers = NDArray[np.int64]
SHOWN_SMALL = Label(
    nl="NIET VOOR PUBLICATIE: {number} aantallen onder {limit} staan in de gegevens zoals ze zijn, omdat het onderzoek "
    "ze niet laat beschermen (disclosure.protect = false); ze zijn hieruit af te lezen of te raden.",
    en="NOT FOR PUBLICATION: {number} counts under {limit} are in the data as they are, as the study does not have "
    "them protected (disclosure.protect = false); they can be read or guessed from this.",
)


def disclosure_check(fit: Fit) -> DisclosureCheck:
    """Return how sharply each hidden count can be guessed from all that is published and all that the fit gives.

    By arithmetic: what the count can be given its window, the totals the study has, and every count that is shown. By
    the posterior: the value most likely to be the count, and how likely, before and after the guard has spread it.

    Parameters
    ----------
    fit : Fit
        The posterior.

    Returns
    -------
    DisclosureCheck
        One row per area whose count is hidden as it is small.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> disclosure_check(invented_fit()).summary()[["lower", "upper", "coarsened"]].values.tolist()
    [[0, 6, False], [0, 9, False]]
    """
    if "disclosure" not in fit.memo:
        fit.memo["disclosure"] = _checked(fit)
    found: DisclosureCheck = fit.memo["disclosure"]
    return found


def coarsened_areas(fit: Fit) -> frozenset[str]:
    """Return the areas whose hidden count was spread over more values, as one was more certain than the study allows.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> coarsened_areas(invented_fit())
    frozenset()
    """
    table = disclosure_check(fit).table
    return frozenset(map(str, table.index[table["coarsened"]]))


def _checked(fit: Fit) -> DisclosureCheck:
    """Work out how sharply each hidden count can be guessed."""
    counts = fit.counts
    rows = np.flatnonzero((counts.status == Status.SUPPRESSED) & (counts.population > 0))
    lower, upper = followed(counts)
    model, given = most_likely(drawn_counts(fit, rows)), most_likely(actual_count(fit, rows))
    table = pd.DataFrame(
        {
            "name": counts.areas.names.iloc[rows].to_numpy(),
            "lower": lower[rows],
            "upper": upper[rows],
            "guess": given[0],
            "certainty": given[1],
            "certainty_model": model[1],
            "coarsened": model[1] > given[1],
        },
        index=counts.areas.codes[rows],
    )
    return DisclosureCheck(table, counts)


def not_for_publication(counts: Counts, language: Language) -> tuple[str, ...]:
    """Return the mark of results that hold small counts as they are; nothing of others."""
    limit = counts.study.disclosure.limit_of(counts.study.publication)
    small = exposed(counts)
    said = SHOWN_SMALL[language].format(number=number(small, ",", language), limit=number(limit, ",", language))
    return (said,) if small else ()


def followed(counts: Counts) -> tuple[Integers, Integers]:
    """Return what each count can be at least and at most, by its window and every total that the study has (area,).

    People in no area make a total an upper bound of its areas together, unless the study says that there are none.
    """
    exactly = counts.study.totals.unplaced == "none"
    totals = counts.totals.assign(**{name: counts.totals.get(name, 0.0) for name in ASIDE})
    found = tighten(counts.lower, counts.upper, list(total_sums(counts.areas, totals, exactly=exactly)))
    if found.contradictions:  # totals that contradict the counts tell nothing of them
        return counts.lower, counts.upper
    return found.lower, found.upper


def most_likely(draws: Integers) -> tuple[Integers, NDArray[np.float64]]:
    """Return the value that most draws (sample, area) of each area have, and the share of them.

    Examples
    --------
    >>> most_likely(np.array([[0, 3], [0, 4], [1, 4], [0, 4]]))
    (array([0, 4]), array([0.75, 0.75]))
    """
    times = [np.unique(column, return_counts=True) for column in draws.T]
    values = np.array([value[number.argmax()] for value, number in times], dtype=np.int64)
    return values, np.array([number.max() / len(draws) for _value, number in times], dtype=float)


@dataclass(frozen=True, eq=False, repr=False)
class DisclosureCheck(CheckResult):
    """How sharply hidden counts can be guessed.

    Parameters
    ----------
    table : DataFrame
        By the code of each area whose count is hidden as it is small: ``name``; ``lower, upper``, what the count can be
        by arithmetic; ``guess``, the value that results make most likely; ``certainty``, its probability in results,
        0 to 1; ``certainty_model``, that of the model; ``coarsened``, whether the guard has spread the count.
    counts : Counts
    """

    table: pd.DataFrame
    counts: Counts

    @property
    def study(self) -> Study:  # type: ignore[override]
        """The study of the fit."""
        return self.counts.study

    @cached_property
    def told(self) -> pd.Index:
        """Codes of the areas whose count follows by arithmetic, or is more certain in results than the study allows."""
        sharp = self.table["certainty"] > self.study.disclosure.most_certain
        return self.table.index[(self.table["lower"] == self.table["upper"]) | sharp]

    def summary(self) -> pd.DataFrame:
        """Return the table, the most certain guesses first."""
        return self.table.sort_values("certainty", ascending=False, kind="stable")

    def title_in(self, language: Language) -> str:
        """Return what was checked."""
        with speaking(language):
            return _("Disclosure: how sharply hidden counts can be guessed")

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return what was hidden, what was coarsened, and how certain the best guess is."""
        with speaking(language or self.study.report.language):
            return tuple(self._said())

    def plain(self) -> dict[str, Any]:
        """Return what was hidden and coarsened and why, as plain values without a count, for a file."""
        made, setting = self.counts.areas.suppression, self.study.disclosure
        return {
            "limit": setting.limit_of(self.study.publication),
            "protect": setting.protect,
            "small_counts_shown": exposed(self.counts),
            "hidden": len(self.table),
            "hidden_here": None if made is None else made.plain(),
            "most_certain_allowed": setting.most_certain,
            "most_certain_guess": None if self.table.empty else round(float(self.table["certainty"].max()), 3),
            "coarsened": [str(code) for code in self.table.index[self.table["coarsened"]]],
            "told_by_totals": [str(code) for code in self.told],
        }

    def _said(self) -> Iterator[str]:
        """Yield sentences in the language of the user."""
        yield from not_for_publication(self.counts, current())
        if self.table.empty:
            yield _("No count is hidden.")
            return
        allowed = probability(self.study.disclosure.most_certain)
        best = _("Of {hidden} the best guess has a probability of {best}; {allowed} is allowed.")
        hidden = plural("{count} hidden count", "{count} hidden counts", len(self.table))
        yield best.format(hidden=hidden, best=probability(float(self.table["certainty"].max())), allowed=allowed)
        coarse = self.table.index[self.table["coarsened"]]
        if len(coarse):
            spread = _("Spread over more values, as one was more likely than that: {codes}.")
            yield spread.format(codes=", ".join(map(str, coarse)))
        if len(self.told):
            follows = _("{single} follow from published totals, or nearly, whatever is made of them here: {codes}.")
            yield follows.format(single=number(len(self.told)), codes=", ".join(map(str, self.told)))
