"""Change between two years that were fitted as one model: of areas and groups, with interval and verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.estimates.areas_over_years import check_one_model, codes_in, in_year
from bayesmodel.estimates.definition import Definition, Kind, titled, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping
from bayesmodel.estimates.labels import mean_label, with_labels
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule, from_high_to_low, judged, numbers_of
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.years_fit import YEARS
from bayesmodel.messages import Language, number
from bayesmodel.study import Label

Floats = NDArray[np.float64]

RISEN: Mapping[VerdictClass, Label] = {
    VerdictClass.CLEARLY_HIGHER: Label(nl="duidelijk gestegen", en="clearly risen"),
    VerdictClass.PROBABLY_HIGHER: Label(nl="waarschijnlijk gestegen", en="probably risen"),
    VerdictClass.AS_EXPECTED: Label(nl="ongeveer gelijk", en="about the same"),
    VerdictClass.INCONCLUSIVE: VerdictClass.INCONCLUSIVE.label,
    VerdictClass.PROBABLY_LOWER: Label(nl="waarschijnlijk gedaald", en="probably fallen"),
    VerdictClass.CLEARLY_LOWER: Label(nl="duidelijk gedaald", en="clearly fallen"),
}
"""What a verdict says of a change."""
RELATIVE: Mapping[VerdictClass, Label] = {
    VerdictClass.CLEARLY_HIGHER: Label(nl="duidelijk meer gestegen", en="clearly risen more"),
    VerdictClass.PROBABLY_HIGHER: Label(nl="waarschijnlijk meer gestegen", en="probably risen more"),
    VerdictClass.AS_EXPECTED: Label(nl="ongeveer evenveel veranderd", en="changed about as much"),
    VerdictClass.INCONCLUSIVE: VerdictClass.INCONCLUSIVE.label,
    VerdictClass.PROBABLY_LOWER: Label(nl="waarschijnlijk minder gestegen", en="probably risen less"),
    VerdictClass.CLEARLY_LOWER: Label(nl="duidelijk minder gestegen", en="clearly risen less"),
}
"""The same of a change relative to that of the country."""
NOTEWORTHY = 0.01
"""Difference between the shares of people in no area beyond which it is said that this looks like a change."""
PLACED = Label(
    nl="Van wie in de totalen is geteld, staat in {year} {first} in geen {area} en in {later} {last}. Alleen daardoor "
    "al verandert wat in een {area} is geteld gemiddeld met {alone}: lees een verandering met dat erbij, of vergelijk "
    "met die van alle gebieden samen (--relative).",
    en="Of those counted in the totals {first} are in no {area} in {year}, and {last} in {later}. That alone changes "
    "what is counted in a {area} by {alone} on average: read a change with this in mind, or beside that of all areas "
    "together (--relative).",
)
"""Says that people were placed in areas more or less often."""


@dataclass(frozen=True, eq=False, repr=False)
class Change(Result):
    """How underlying use per head changed between two years.

    Parameters
    ----------
    before, after : Estimate
        Draws of the share of both years (chain, draw, area), of the same areas under their later codes.
    points, ratio : Estimate
        Draws of the later share minus the earlier one in percentage points, and of their ratio; of a relative change
        beside those of the country.
    probabilities : DataFrame
        ``p_higher``, ``p_within``, ``p_lower`` per area: the ratio above 1 + margin, within it, below 1 - margin.
    classes : Series of VerdictClass
        The verdict per area; `RISEN` and `RELATIVE` say it in words.
    rule : VerdictRule
        Including the margin that was used.
    years : (int, int)
    relative : bool
        Whether it is relative to the change of the country.
    unplaced : (float, float), optional
        Share of those counted in totals of groups who are in none of the areas, in both years.
    """

    before: Estimate
    after: Estimate
    points: Estimate
    ratio: Estimate
    probabilities: pd.DataFrame
    classes: pd.Series
    rule: VerdictRule
    years: tuple[int, int]
    relative: bool
    unplaced: tuple[float, float] | None = None

    def notes(self) -> tuple[str, ...]:
        """Return what may seem a change and is none: that more or fewer people could be placed in an area."""
        return self.notes_in(self.after.report.language)

    def notes_in(self, language: Language) -> tuple[str, ...]:
        """Return the same in a language."""
        if self.unplaced is None or abs(self.unplaced[1] - self.unplaced[0]) < NOTEWORTHY:
            return ()
        first, last = (number(share, ".1%", language) for share in self.unplaced)
        alone = number((1 - self.unplaced[1]) / (1 - self.unplaced[0]) - 1, "+.1%", language)
        years = {"year": self.years[0], "later": self.years[1]}
        return (PLACED[language].format(first=first, last=last, alone=alone, area=self.after.study.area, **years),)

    @property
    def words(self) -> Mapping[VerdictClass, Label]:
        """What each verdict says."""
        return RELATIVE if self.relative else RISEN

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the changes, from those that rose most surely to those that fell most surely.

        Parameters
        ----------
        prob, kind
            Of the intervals, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area or group; columns ``name, verdict, share_before, share_after`` (means, 0 to 1), ``points,
            points_lower, points_upper``, ``ratio, ratio_lower, ratio_upper``, ``p_higher, p_within, p_lower``.
        """
        table = pd.DataFrame({"name": self.after.names})
        table["verdict"] = [self.words[each].en for each in self.classes]
        for name, estimate in {"share_before": self.before, "share_after": self.after}.items():
            table[name] = estimate.samples.mean(axis=0)
        for name, estimate in {"points": self.points, "ratio": self.ratio}.items():
            found = estimate.summary(prob, kind)
            table[[name, f"{name}_lower", f"{name}_upper"]] = found[["mean", "lower", "upper"]]
        table = table.join(self.probabilities)
        return table.loc[from_high_to_low(self.classes, table["p_higher"], table["p_lower"], table["ratio"])]

    @property
    def counts(self) -> pd.DataFrame:
        """How many areas have each verdict."""
        return numbers_of(self.classes, self.words)

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the number of areas with each verdict, and the areas."""
        return self.counts, self.summary()

    @property
    def title(self) -> str:
        """What changed, and the margin within which it counts as the same."""
        return titled(self.points.definition, self.points.report, self.rule.margin_label)


def change(
    before: Fit, after: Fit, areas: Grouping = None, *, relative: bool = False, rule: VerdictRule | None = None
) -> Change:
    """Say how underlying use per head changed between two years of one model.

    The draws of both years belong together, so that what the years share cancels: the interval of a change is narrower
    than two intervals held side by side say. A verdict follows from the ratio of both shares, by the same rule as a
    verdict on use and expectation: clearly risen, probably risen, about the same, inconclusive, and so on.

    Parameters
    ----------
    before, after : Fit
        Two years of `fit_years`.
    areas : str, sequence of str, or mapping, optional
        As in `aggregate`, by the codes of the later year; defaults to every area that can be followed.
    relative : bool
        Whether the ratio of an area is divided by that of all its study: did it change more than the country?
    rule : VerdictRule, optional
        Defaults to the study's margin, 5 % false discovery, 90 % for clearly and 80 % for probably.

    Returns
    -------
    Change

    Raises
    ------
    ComparisonError
        The fits are not of one model of several years; or an area cannot be followed from one year to the other.

    Examples
    --------
    >>> from bayesmodel import change, load_fit
    >>> change(load_fit("results/2022/fit.nc"), load_fit("results/2024/fit.nc"), "gemeente")  # doctest: +SKIP
    """
    check_one_model([before, after])
    first, last = _shares(before, after, areas)
    ratio, apart = last.samples / first.samples, 100 * (last.samples - first.samples)
    if relative:
        country = [aggregate(fit, scale="share").samples for fit in (before, after)]
        ratio, apart = ratio * country[0] / country[1], apart - 100 * (country[1] - country[0])
    chosen_rule = (rule or VerdictRule()).with_margin(after.study)
    dim = str(last.draws.dims[-1])
    codes, names = last.draws.indexes[dim], {f"{dim}_name": last.names.to_numpy(object)}
    probabilities, classes = judged(ratio, codes, chosen_rule)
    years = before.study.outcome.year, after.study.outcome.year
    period = {"period": f"{years[0]}-{years[1]}"}

    def estimate(samples: Floats, scale: Literal["points", "ratio"]) -> Estimate:
        draws = with_labels(after, samples, dim, codes, names).assign_attrs(period)
        return Estimate(draws, definition(after, years, relative, scale), after.study)

    return Change(
        before=first,
        after=last,
        points=estimate(apart, "points"),
        ratio=estimate(ratio, "ratio"),
        probabilities=probabilities,
        classes=classes,
        rule=chosen_rule,
        years=years,
        relative=relative,
        unplaced=_unplaced(after, years),
    )


def definition(fit: Fit, years: tuple[int, int], relative: bool, scale: Literal["points", "ratio"]) -> Definition:
    """Return the definition of a change."""
    period, mean = f"{years[0]}-{years[1]}", mean_label(fit.counts)
    label = Label(nl=f"verandering van het gebruik, {period}", en=f"change of use, {period}")
    answers = Label(
        nl=f"Hoeveel veranderde het onderliggend gebruik tussen {years[0]} en {years[1]}?",
        en=f"How much did underlying use change between {years[0]} and {years[1]}?",
    )
    if relative:
        label = Label(nl=f"{label.nl}, naast: {mean.nl}", en=f"{label.en}, beside: {mean.en}")
        answers = Label(
            nl=f"Veranderde het onderliggend gebruik tussen {years[0]} en {years[1]} meer dan overal samen?",
            en=f"Did underlying use change more between {years[0]} and {years[1]} than everywhere together?",
        )
    formula = {"points": "100 (p_after - p_before)", "ratio": "p_after / p_before"}[scale]
    return Definition("difference.years", label, answers, formula, unit_of(fit.study, scale))


def _unplaced(fit: Fit, years: tuple[int, int]) -> tuple[float, float] | None:
    """Return the share of those counted in totals who are in no area, of two years; None where one is not known."""
    known = dict(zip(fit.provenance[YEARS]["all"], fit.provenance[YEARS]["unplaced"], strict=True))
    first, last = (known[year] for year in years)
    return None if first is None or last is None else (first, last)


def _shares(before: Fit, after: Fit, areas: Grouping) -> tuple[Estimate, Estimate]:
    """Return the shares of both years, of the same areas or groups in the same order, by their later codes."""
    if areas is None or areas == after.study.area:
        codes = codes_in(before, after)
        lived = [fit.counts.areas.population.reindex(of) > 0 for fit, of in ((before, codes), (after, codes.index))]
        areas = list(codes.index[lived[0].to_numpy() & lived[1].to_numpy()])
    last = aggregate(after, areas, scale="share")
    first = aggregate(before, in_year(before, after, areas), scale="share")
    dim = str(last.draws.dims[-1])
    if isinstance(areas, str) and areas in after.study.level_names:
        both = [code for code in last.draws.indexes[dim] if code in first.draws.indexes[dim]]
        first, last = (Estimate(each.draws.sel({dim: both}), each.definition, each.study) for each in (first, last))
    return first, last
