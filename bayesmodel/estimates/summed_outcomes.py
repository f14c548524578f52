"""Outcomes that count different people of one whole, such as age groups, added up: use beside what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.data.counted_twice import contained, refuse_overlapping_ages, same_people
from bayesmodel.estimates.definition import Definition, Kind, titled
from bayesmodel.estimates.difference import difference_definition
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import expectation_named
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.groups import Grouping, groups_of
from bayesmodel.estimates.outcomes_together import (
    check_outcomes,
    draws_together,
    in_both,
    shared_areas,
    study_together,
)
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.use import use_definition
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule, from_high_to_low, judged, numbers_of
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.study import Label

Floats = NDArray[np.float64]

STANDARDISED = Label(
    nl="Verwacht is van elke uitkomst het aantal mensen maal wat van hen te verwachten is, en dat opgeteld: "
    "verschillen in samenstelling, zoals leeftijd, zijn er zo uit (indirecte standaardisatie).",
    en="Expected are the people of each outcome times what is expected of them, added up: differences in composition, "
    "such as age, are taken out (indirect standardisation).",
)
SAME_PEOPLE = Label(
    nl="Let op: {names} zijn in alle gebieden over even veel mensen geteld. Zijn dat dezelfde mensen, dan telt een som "
    "wie beide gebruikt dubbel, en is zij geen aantal mensen.",
    en="Note: {names} are counted over as many people in all areas. If these are the same people, a sum counts who "
    "uses both twice, and is no number of people.",
)
CONTAINED = Label(
    nl="Let op: {whole} heeft in (vrijwel) elk gebied minstens zoveel mensen en minstens zoveel gebruikers als {part}. "
    "Horen de mensen van {part} ook bij {whole}, dan telt een som hen dubbel.",
    en="Note: in nearly all areas {whole} has at least as many people, and as many users, as {part}. If the people of "
    "{part} are among those of {whole}, a sum counts them twice.",
)


@dataclass(frozen=True, eq=False, repr=False)
class Summed(Result):
    """Use and expected use of all outcomes together.

    Parameters
    ----------
    use, expected : Estimate
        Draws of use and of expected use of all outcomes, per person of all of them (chain, draw, area).
    ratio : Estimate
        Draws of the first over the second.
    people : Series of int
        The people of all outcomes, per area.
    probabilities : DataFrame
        ``p_higher``, ``p_within``, ``p_lower`` per area: the ratio above 1 + margin, within it, below 1 - margin.
    classes : Series of VerdictClass
    rule : VerdictRule
        Including the margin that was used.
    same_people : tuple of str
        Names of outcomes that are counted over as many people in every area, and so perhaps over the same ones.
    contained : tuple of (str, str)
        Pairs of outcomes of which the second may hold all people of the first.
    """

    use: Estimate
    expected: Estimate
    ratio: Estimate
    people: pd.Series
    probabilities: pd.DataFrame
    classes: pd.Series
    rule: VerdictRule
    same_people: tuple[str, ...]
    contained: tuple[tuple[str, str], ...]

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise, from clearly higher to clearly lower.

        Parameters
        ----------
        prob, kind
            Of the intervals, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area or group; columns ``name, verdict, people``, ``use, expected, ratio`` (means) each with
            ``_lower`` and ``_upper``, ``p_higher, p_within, p_lower``.
        """
        table = pd.DataFrame({"name": self.ratio.names})
        table["verdict"] = [str(each) for each in self.classes]
        table["people"] = self.people
        for name, estimate in {"use": self.use, "expected": self.expected, "ratio": self.ratio}.items():
            found = estimate.summary(prob, kind)
            table[[name, f"{name}_lower", f"{name}_upper"]] = found[["mean", "lower", "upper"]]
        table = table.join(self.probabilities)
        return table.loc[from_high_to_low(self.classes, table["p_higher"], table["p_lower"], table["ratio"])]

    @property
    def counts(self) -> pd.DataFrame:
        """How many areas have each verdict."""
        return numbers_of(self.classes, {verdict: verdict.label for verdict in VerdictClass})

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the number of areas with each verdict, and the areas."""
        return self.counts, self.summary()

    def notes(self) -> tuple[str, ...]:
        """Return what is expected, and whether the outcomes may be of the same people."""
        return self.notes_in(self.ratio.report.language)

    def notes_in(self, language: Language) -> tuple[str, ...]:
        """Return the same in a language."""
        return (STANDARDISED[language], *_twice(self.same_people, self.contained, language))

    @property
    def title(self) -> str:
        """What is compared, and the margin within which use counts as expected."""
        return titled(self.ratio.definition, self.ratio.report, self.rule.margin_label)


def summed(
    fits: Mapping[str, Fit], areas: Grouping = None, expectation: str = "determinants", rule: VerdictRule | None = None
) -> Summed:
    """Compare use of all outcomes together with what is expected of all of them: indirect standardisation.

    ``use = sum_p n_p p_p / sum_p n_p``, and expected likewise from the expected share of each outcome. For outcomes
    that count different people of one whole, such as age groups: what an area has more or less than expected, whatever
    ages live there. Of provisions, which the same people may use, a sum makes no sense.

    Parameters
    ----------
    fits : mapping of str to Fit
        By the name of the outcome: what `fit_outcomes` returns, or fits loaded from its folders.
    areas : str, sequence of str, mapping, or Series, optional
        As in `aggregate`; defaults to every area in which people live for all outcomes.
    expectation : str
        The expectation, named as in `expected`.
    rule : VerdictRule, optional
        Defaults to the margin of the study of the last outcome, 5 % false discovery, 90 % for clearly and 80 % for
        probably.

    Returns
    -------
    Summed

    Raises
    ------
    ComparisonError
        The fits are not of different outcomes of one model.
    StudyError
        Two of them are of ages that overlap, by their names.
    UnknownNameError
        There is no such expectation, area or group for one of the outcomes.

    Examples
    --------
    >>> from bayesmodel import fit_outcomes, summed
    >>> summed(fit_outcomes({"18-65": younger, "65+": older}), "gemeente")  # doctest: +SKIP
    """
    check_outcomes(fits)
    counts = {name: fit.counts for name, fit in fits.items()}
    refuse_overlapping_ages(counts)
    study, asked = study_together(fits), shared_areas(fits, areas)
    used = (rule or VerdictRule()).with_margin(study)
    names = {"use": "use.underlying", "expected": f"expected.{expectation}"}
    parts = {what: [aggregate(fit, asked, name) for fit in fits.values()] for what, name in names.items()}
    codes = in_both([part.index for part in parts["use"]])
    [use, expected] = ([part.select(list(codes)) for part in of] for of in parts.values())
    people = sum((_people(fit, asked, codes) for fit in fits.values()), pd.Series(0, codes))
    [above, below] = (np.sum([part.samples for part in of], axis=0) for of in (use, expected))
    ratio = above / below
    probabilities, classes = judged(ratio, codes, used)
    of_use = use_definition(study, "underlying", "share")
    of_expected = expected_definition(study, expectation_named(study, expectation), "share")

    def estimate(samples: Floats, definition: Definition) -> Estimate:
        return Estimate(draws_together(use[-1].draws, samples, fits), _summed(definition), study)

    return Summed(
        use=estimate(above / people.to_numpy(), of_use),
        expected=estimate(below / people.to_numpy(), of_expected),
        ratio=estimate(ratio, difference_definition(study, of_use, of_expected, "ratio")),
        people=people,
        probabilities=probabilities,
        classes=classes,
        rule=used,
        same_people=same_people(counts),
        contained=contained(counts),
    )


def _people(fit: Fit, areas: Grouping, codes: pd.Index) -> pd.Series:
    """Return the people of an outcome in areas or groups, by code."""
    groups = groups_of(fit.counts, areas)
    return pd.Series(groups.total(fit.counts.population[groups.rows]), groups.codes, dtype=np.int64)[codes]


def _summed(definition: Definition) -> Definition:
    """Return a definition that says that it is of all outcomes together."""
    label = Label(nl=f"{definition.label.nl}, alles samen", en=f"{definition.label.en}, all together")
    return replace(definition, name=f"{definition.name}.summed", label=label)


def summed_notes(of_outcomes: Mapping[str, Counts], language: Language) -> tuple[str, ...]:
    """Return what readers must be told of the sum of outcomes: that it may count people twice."""
    return _twice(same_people(of_outcomes), contained(of_outcomes), language)


def _twice(alike: tuple[str, ...], parts: tuple[tuple[str, str], ...], language: Language) -> tuple[str, ...]:
    """Return which outcomes may be of the same people."""
    same = (SAME_PEOPLE[language].format(names=", ".join(alike)),) if alike else ()
    return (*same, *(CONTAINED[language].format(part=part, whole=whole) for part, whole in parts))
