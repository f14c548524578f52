"""Publication check: how many areas are hidden or show each small count, compared with what the fit expects.

On every posterior draw the own effect of an area is redrawn from its distribution, and a count given that effect:

    N_k = number of areas with Y_i = k,   Y_i ~ family(eta_i + w_i),   w_i ~ distribution of own effects

so that an area's own count affects its expectation only through coefficients and effects of its gemeente and region.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from bayesmodel.data import Status
from bayesmodel.data.publication_evidence import (
    HIDDEN,
    LARGEST_LIMIT,
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
from bayesmodel.data.remarks.heaps import numbers_of
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.definition import Kind
from bayesmodel.estimates.estimate import summarise
from bayesmodel.estimates.far_counts import far_remarks
from bayesmodel.estimates.hidden_check import fit_remarks
from bayesmodel.estimates.labels import warning
from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    area_sd,
    dispersion,
    flat,
    thinned,
    with_redrawn_effects,
    without_own_effect,
)
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _, number, speaking
from bayesmodel.model.array_backend import Numpy
from bayesmodel.study import Study
from bayesmodel.study.parts import Publication

DRAWS = (50, 400)
"""Fewest and most draws used."""
AREA_DRAWS = 2_000_000
"""Areas times draws to aim for, within the bounds of `DRAWS`."""
AT_ONCE = 1_000_000
"""Areas times draws in memory at the same time."""
SHOWN = 10
"""Numbers above the limit that get a row; three where counts are rounded."""
ODD = 0.01
"""Total tail probability below which a number of areas counts as unexpected."""
FAR = 4.0
"""Areas further than this many sds of the own effect from small counts hardly contribute, and are skipped."""


@dataclass(frozen=True, eq=False, repr=False)
class PublicationCheck(Result):
    """Published and expected numbers of areas, and how well the possible rules fit.

    Parameters
    ----------
    study : Study
        With the rule that the fit used.
    published : PublishedNumbers
        The published numbers of areas.
    smallest : int
        The smallest number shown above the hidden counts, 0 where none is.
    expected : ndarray (count,)
        Expected number of areas at counts 0, 1, ...
    replicates : ndarray (sample, count)
        The same in replicated data.
    rules : tuple of Publication
        Rules under which the numbers shown can begin at `smallest`, that of the study first.
    scores : DataFrame
        Of each rule, as returned by `rule_scores`.
    problems : str
        Why the draws cannot be relied on; empty if they converged.
    """

    shown_rows: ClassVar[int] = 30

    study: Study
    published: PublishedNumbers
    smallest: int
    expected: Floats
    replicates: Floats
    rules: tuple[Publication, ...]
    scores: pd.DataFrame
    problems: str = ""

    @property
    def better(self) -> tuple[Publication, ...]:
        """Rules that fit clearly better than the study's and nearly as well as the best, best first; usually none."""
        return tuple(self.rules[row] for row in better_rules(self.scores))

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Return the numbers of areas that are hidden or show a small count.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            A row for hidden counts and for each small number; ``published``, ``expected`` with ``lower`` and ``upper``
            (of replicated data: posterior and chance), and ``verdict``: ``as expected``, or ``more`` or ``fewer`` where
            the number lies outside 99 % of replicates. Where another rule fits better, ``expected_better`` is the
            expected number under that rule.
        """
        report = self.study.report
        own = self.study.publication
        rows = self._rows(own)
        table = pd.DataFrame(
            {
                "published": [self.published.hidden if cell == HIDDEN else self.published.times(cell) for cell in rows],
                "expected": [self._mass(own, cell) for cell in rows],
            },
            index=pd.Index(["hidden" if cell == HIDDEN else str(cell) for cell in rows], name="shown"),
        )
        chance, rng = published_as(own, len(self.expected) - 1), np.random.default_rng(self.study.inference.seed)
        numbers = self.replicates.astype(np.int64)  # random rounding publishes each in a cell with some chance
        samples = np.column_stack([rng.binomial(numbers, chance.loc[cell]).sum(axis=1) for cell in rows])
        bounds = summarise(samples, prob or report.interval, kind or report.interval_kind)
        table = table.assign(lower=bounds["lower"], upper=bounds["upper"])
        low, high = np.quantile(samples, [ODD / 2, 1 - ODD / 2], axis=0)
        published = table["published"].to_numpy()
        table["verdict"] = np.select([published > high, published < low], ["more", "fewer"], "as expected")
        if self.better:
            table["expected_better"] = [self._mass(self.better[0], cell) for cell in rows]
        return table

    @property
    def rules_table(self) -> pd.DataFrame:
        """The possible rules by log score, best first: what to write in [publication], ``score`` and ``shown``."""
        named = pd.Index([rule_as_toml(rule) for rule in self.rules], name="rule")
        return self.scores.set_axis(named).sort_values("score", ascending=False, kind="stable")

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the numbers of areas, and the rules where several are possible."""
        return (self.summary().round(1), *([self.rules_table.head(5).round(1)] if len(self.rules) > 1 else []))

    def notes(self) -> tuple[str, ...]:
        """Return what the check concludes."""
        with speaking(self.study.report.language):
            return (self.conclusion(),)

    def conclusion(self) -> str:
        """Return which rule the numbers point to, in words and in the language of the user."""
        own = self.study.publication
        if not self.smallest or len(self.rules) < 2:
            return _("Nothing tells the publication rule from others: no count is hidden, or none is shown.")
        if not self.better:
            message = _(
                "The numbers of hidden and small counts point to no other publication rule than that of the study: "
                "{own}."
            )
            return message.format(own=rule_in_words(own, self.smallest))
        best, *others = self.better
        message = _(
            "The numbers of hidden and small counts point to another publication rule: {best} (log score {gain} higher "
            "than that of the study, {own}). {seen} {close}State {rule} in [publication] if the publisher confirms it, "
            "and fit again."
        )
        close = ""
        if others:
            listed = "; ".join(rule_in_words(rule, self.smallest) for rule in others)
            close = _("Hardly worse: {others}.").format(others=listed) + " "
        return message.format(
            best=rule_in_words(best, self.smallest),
            gain=number(float(self.scores["score"].max()), ".0f"),
            own=rule_in_words(own, self.smallest),
            seen=self._seen(),
            close=close,
            rule=rule_as_toml(best),
        )

    @property
    def title(self) -> str:
        """What is compared."""
        with speaking(self.study.report.language):
            return _("Publication check: areas whose count is hidden or small, published and expected")

    def _seen(self) -> str:
        """Return how many areas are hidden and how many show the smallest number, with the expected numbers."""
        own = self.study.publication
        message = _(
            "Hidden are {hidden}, expected {hidden_expected}; {smallest} is shown {times} times, expected {expected}."
        )
        return message.format(
            hidden=number(self.published.hidden),
            hidden_expected=number(self._mass(own, HIDDEN), ",.0f"),
            smallest=self.smallest,
            times=number(self.published.times(self.smallest)),
            expected=number(self._mass(own, self.smallest), ",.0f"),
        )

    def _mass(self, rule: Publication, cell: int) -> float:
        """Return the expected number of areas published in a cell under a rule."""
        chance = published_as(rule, len(self.expected) - 1)
        return float(chance[chance.index == cell].to_numpy().sum(axis=0) @ self.expected)

    def _rows(self, own: Publication) -> list[int]:
        """Return the cells to show: hidden, then numbers in ascending order."""
        cells = published_as(own, len(self.expected) - 1).index
        return [int(cell) for cell in cells if cell <= _highest_shown(own)]


def publication_check(fit: Fit) -> PublicationCheck:
    """Compare how many areas are hidden or show each small count with what the fit expects, rule by rule.

    Parameters
    ----------
    fit : Fit
        The posterior.

    Returns
    -------
    PublicationCheck
        ``summary()`` has a row for hidden counts and for each number up to ten above the limit; ``better`` lists the
        rules that fit clearly better than that of the study.

    Raises
    ------
    ComparisonError
        The limit is so high that counts near it are not small.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> publication_check(invented_fit()).summary().loc["hidden", "verdict"]
    'as expected'

    Notes
    -----
    Redrawing own effects makes this close to a cross-validated check (Marshall and Spiegelhalter, 2003, Approximate
    cross-validatory predictive checks in disease mapping models). What remains of the double use of the data favours
    the rule that the fit used, so that evidence for another rule is, if anything, understated. In a gemeente of one
    wijk the gemeente effect follows that wijk: a fit with many such gemeenten can show less.
    """
    own = fit.study.publication
    if own.hidden_below > LARGEST_LIMIT:
        message = _("The publication check looks at small counts; hidden_below is {below}, more than {limit}.")
        raise ComparisonError(message.format(below=own.hidden_below, limit=LARGEST_LIMIT))
    published = numbers_of(fit.counts)
    smallest = published.smallest(own)
    rules = candidate_rules(own, smallest)
    smallest = smallest if smallest <= LARGEST_LIMIT else 0
    top = highest_looked_at(own, smallest)
    highest = max(top, _highest_shown(own)) + own.rounded_to
    expected, replicates = _numbers(fit, highest)
    scores = rule_scores(expected, published, rules, top)
    return PublicationCheck(fit.study, published, smallest, expected, replicates, rules, scores, **warning(fit))


def publication_remarks(fit: Fit) -> tuple[Remark, ...]:
    """Return a remark if the fit points to another publication rule.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> publication_remarks(invented_fit())
    ()
    """
    if fit.study.publication.hidden_below > LARGEST_LIMIT:
        return ()
    check = publication_check(fit)
    return (remark(RemarkKind.HEAP, fit.study.columns.count, check.conclusion),) if check.better else ()


def remarks_of(fit: Fit) -> tuple[Remark, ...]:
    """Return all remarks on the data: those from the data alone, and those that the fit shows.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> remarks_of(invented_fit())
    ()
    """
    return fit.counts.remarks + fit_remarks(fit) + far_remarks(fit) + publication_remarks(fit)


def _highest_shown(publication: Publication) -> int:
    """Return the largest number that gets a row."""
    to = publication.rounded_to
    return publication.hidden_below + (SHOWN if to == 1 else 3 * to)


def _numbers(fit: Fit, highest: int) -> tuple[Floats, Floats]:
    """Return how many areas are expected to have each count (count,), and how many do in replicates (sample, count)."""
    counts, key = fit.counts, f"numbers of small counts up to {highest}"
    if f"{key}: expected" not in fit.memo:
        known = (counts.population > 0) & ~np.isin(counts.status, [Status.MISSING, Status.SECONDARY])
        rows = _near(fit, np.flatnonzero(known), highest)
        most = int(np.clip(AREA_DRAWS // max(len(rows), 1), *DRAWS))
        fewer, rng = thinned(fit, most), np.random.default_rng(fit.study.inference.seed)
        samples = len(flat(fewer, "intercept"))
        expected, replicates = np.zeros(highest + 1), np.zeros((samples, highest + 1))
        step = max(1, AT_ONCE // samples)
        for start in range(0, len(rows), step):
            eta, part = _redrawn(fewer, rows[start : start + step], rng), rows[start : start + step]
            below, chance = np.zeros(eta.shape), rng.random(eta.shape)
            for count in range(highest + 1):
                probability = _probability(fewer, part, eta, count)
                expected[count] += probability.mean(axis=0).sum()
                up_to = below + probability
                replicates[:, count] += ((chance >= below) & (chance < up_to)).sum(axis=1)
                below = up_to
        fit.memo[f"{key}: expected"], fit.memo[f"{key}: replicates"] = expected, replicates
    return fit.memo[f"{key}: expected"], fit.memo[f"{key}: replicates"]


def _near(fit: Fit, rows: Indices, highest: int) -> Indices:
    """Return the areas that may have a small count; all areas in families without an area effect."""
    if not fit.family.area_effect:
        return rows
    posterior = fit.tree["posterior"].dataset
    mean = fit.family.mean(posterior["linear_predictor"].mean(("chain", "draw")).to_numpy()[rows])
    reach = np.exp(FAR * area_sd(fit).mean())
    # an area that itself shows a small count is always included
    own = fit.counts.lower[rows] <= highest
    return np.asarray(rows[own | (fit.counts.population[rows] * mean <= (highest + 10) * reach)])


def _redrawn(fit: Fit, rows: Indices, rng: np.random.Generator) -> Floats:
    """Return the linear predictor with redrawn own effects, ordinary or special (sample, area)."""
    return with_redrawn_effects(fit, rows, without_own_effect(fit, rows), rng)


def _probability(fit: Fit, rows: Indices, eta: Floats, count: int) -> Floats:
    """Return the probability of a count (sample, area)."""
    people = fit.counts.population[rows]
    n = np.maximum(people, count)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # draws that did not converge can be extreme
        logs = fit.family.log_pmf(Numpy(), np.asarray(count), n, eta, dispersion(fit, rows))
        return np.where(people >= count, np.exp(np.minimum(np.nan_to_num(logs, nan=-np.inf), 0.0)), 0.0)
