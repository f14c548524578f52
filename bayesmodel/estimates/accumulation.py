"""Accumulation: areas in which use of several outcomes of one model is above what is expected, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.estimates.correlation import PERSONS
from bayesmodel.estimates.definition import Definition, Kind, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping
from bayesmodel.estimates.outcomes_together import check_outcomes, draws_together, in_both, shared_areas, study_together
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule, classify, from_high_to_low, numbers_of
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.study import Label

IN_ALL: Mapping[VerdictClass, Label] = {
    VerdictClass.CLEARLY_HIGHER: Label(nl="duidelijk hoger bij alle", en="clearly higher in all"),
    VerdictClass.PROBABLY_HIGHER: Label(nl="waarschijnlijk hoger bij alle", en="probably higher in all"),
    VerdictClass.AS_EXPECTED: Label(nl="bij alle ongeveer zoals verwacht", en="about as expected in all"),
    VerdictClass.INCONCLUSIVE: Label(nl="verschillend, of niet te zeggen", en="not the same in all, or inconclusive"),
    VerdictClass.PROBABLY_LOWER: Label(nl="waarschijnlijk lager bij alle", en="probably lower in all"),
    VerdictClass.CLEARLY_LOWER: Label(nl="duidelijk lager bij alle", en="clearly lower in all"),
}
"""What a verdict says of all outcomes."""
JOINT = Label(
    nl="De kans op alle tegelijk is het aandeel trekkingen waarin elke uitkomst meer dan de marge van verwacht "
    "afwijkt: geen product van kansen, want de trekkingen komen uit één model.",
    en="The probability of all at once is the share of draws in which every outcome is beyond the margin: no product "
    "of probabilities, as the draws are of one model.",
)


@dataclass(frozen=True, eq=False, repr=False)
class Accumulation(Result):
    """In how many outcomes use of each area or group is above, and below, what is expected.

    Parameters
    ----------
    ratios : mapping of str to Estimate
        By outcome: draws of underlying use over expected use (chain, draw, area), of the same areas.
    higher, lower : Estimate
        Draws of the number of outcomes above 1 + margin, and below 1 - margin (chain, draw, area).
    probabilities : DataFrame
        Per area ``p_all_higher``, ``p_two_higher`` (in at least two), ``p_all_within`` the margin, ``p_all_lower``.
    classes : Series of VerdictClass
        The verdict on all outcomes; `IN_ALL` says it in words.
    rule : VerdictRule
        Including the margin that was used.
    withheld : Series of str
        Why a verdict is withheld, as in `Verdicts`, for any of the outcomes; else "".
    """

    ratios: Mapping[str, Estimate]
    higher: Estimate
    lower: Estimate
    probabilities: pd.DataFrame
    classes: pd.Series
    rule: VerdictRule
    withheld: pd.Series

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise, from the areas that are most surely higher in all to those most surely lower in all.

        Parameters
        ----------
        prob, kind
            Of the intervals, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area or group; columns ``name, verdict``; for each outcome ``ratio_<outcome>`` with ``_lower``
            and ``_upper``; the mean number of outcomes ``higher`` and ``lower`` than expected by more than the margin;
            ``p_all_higher, p_two_higher, p_all_within, p_all_lower``; ``predicted``, the outcomes of which nothing was
            counted there; and ``flags``, why a verdict is withheld.
        """
        table = pd.DataFrame({"name": self.higher.names})
        table["verdict"] = [IN_ALL[each].en for each in self.classes]
        for name, ratio in self.ratios.items():
            found = ratio.summary(prob, kind)[["mean", "lower", "upper"]]
            table[[f"ratio_{name}", f"ratio_{name}_lower", f"ratio_{name}_upper"]] = found.to_numpy()
        table["higher"] = self.higher.samples.mean(axis=0)
        table["lower"] = self.lower.samples.mean(axis=0)
        table = table.join(self.probabilities)
        nothing = {name: ratio.predicted.to_numpy() for name, ratio in self.ratios.items()}
        table["predicted"] = [
            ", ".join(name for name, there in nothing.items() if there[row]) for row in range(len(table))
        ]
        table["flags"] = self.withheld
        mean = table[[f"ratio_{name}" for name in self.ratios]].mean(axis=1)
        return table.loc[from_high_to_low(self.classes, table["p_all_higher"], table["p_all_lower"], mean)]

    @property
    def counts(self) -> pd.DataFrame:
        """How many areas have each verdict."""
        return numbers_of(self.classes, IN_ALL)

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the number of areas with each verdict, and the areas."""
        return self.counts, self.summary()

    def notes(self) -> tuple[str, ...]:
        """Return what it says, and what it does not."""
        return self.notes_in(self.higher.report.language)

    def notes_in(self, language: Language) -> tuple[str, ...]:
        """Return the same in a language."""
        return (JOINT[language], PERSONS[language])

    @property
    def title(self) -> str:
        """What is counted, and the margin within which use counts as expected."""
        return titled(self.higher.definition, self.higher.report, self.rule.margin_label, interval=False)


def accumulation(
    fits: Mapping[str, Fit], areas: Grouping = None, expectation: str = "determinants", rule: VerdictRule | None = None
) -> Accumulation:
    """Say where use of several outcomes is above, or below, what is expected, all at once.

    P(all higher) is the share of draws in which ``use / expected > 1 + margin`` holds for every outcome. The draws are
    of one model, so that what outcomes have in common is in it. A verdict follows from this probability, and those of
    all lower and all within the margin, by the same rule as a verdict on one outcome, its false-discovery rate
    included.

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
    Accumulation

    Raises
    ------
    ComparisonError
        The fits are not of different outcomes of one model.
    UnknownNameError
        There is no such expectation, area or group for one of the outcomes.

    Examples
    --------
    >>> from bayesmodel import accumulation, load_fit
    >>> fits = {name: load_fit(f"together/{name}/fit.nc") for name in ("youth", "wmo")}  # doctest: +SKIP
    >>> accumulation(fits, "gemeente")  # doctest: +SKIP

    Notes
    -----
    Areas are counted, not persons: that use of two provisions is high in one area does not say that the same people use
    both.
    """
    check_outcomes(fits)
    study = study_together(fits)
    used = (rule or VerdictRule()).with_margin(study)
    each = {name: verdicts(fit, expectation, shared_areas(fits, areas), rule=used) for name, fit in fits.items()}
    codes = in_both([found.ratio.index for found in each.values()])
    ratios, margin = {name: found.ratio.select(list(codes)) for name, found in each.items()}, used.margin or 0.0
    above = np.sum([ratio.samples > 1 + margin for ratio in ratios.values()], axis=0)
    below = np.sum([ratio.samples < 1 - margin for ratio in ratios.values()], axis=0)
    last = ratios[next(reversed(ratios))]
    size = len(ratios)
    chances = pd.DataFrame(
        {
            "p_all_higher": (above == size).mean(axis=0),
            "p_two_higher": (above >= 2).mean(axis=0),
            "p_all_within": ((above == 0) & (below == 0)).mean(axis=0),
            "p_all_lower": (below == size).mean(axis=0),
        },
        index=codes,
    )
    withheld = reduce(_known_first, [found.withheld[codes] for found in each.values()])
    sides = [chances[f"p_all_{side}"].to_numpy() for side in ("higher", "within", "lower")]
    classes = classify(sides[0], sides[1], sides[2], used)
    final = [VerdictClass.INCONCLUSIVE if reason else one for one, reason in zip(classes, withheld, strict=True)]

    def number(samples: NDArray[np.int64], side: Label) -> Estimate:
        return Estimate(draws_together(last.draws, samples, fits), _definition(last, side), study)

    return Accumulation(
        ratios=ratios,
        higher=number(above, Label(nl="hoger", en="higher")),
        lower=number(below, Label(nl="lager", en="lower")),
        probabilities=chances,
        classes=pd.Series(final, codes, name="verdict", dtype=object),
        rule=used,
        withheld=withheld,
    )


def _known_first(reasons: pd.Series, others: pd.Series) -> pd.Series:
    """Return reasons, and others where there is none."""
    return reasons.where(reasons != "", others)


def _definition(ratio: Estimate, side: Label) -> Definition:
    """Return the definition of the number of outcomes that are higher or lower than expected."""
    expected = ratio.definition.name.removeprefix("difference.underlying.")
    return Definition(
        f"accumulation.{side.en}.{expected}",
        Label(nl=f"uitkomsten die {side.nl} zijn dan verwacht", en=f"outcomes that are {side.en} than expected"),
        Label(
            nl=f"Bij hoeveel uitkomsten is het gebruik meer dan de marge {side.nl} dan verwacht?",
            en=f"For how many outcomes is use {side.en} than expected by more than the margin?",
        ),
        f"sum_p [{ratio.definition.formula} {'> 1 + margin' if side.en == 'higher' else '< 1 - margin'}]",
        Label(nl="aantal uitkomsten", en="number of outcomes"),
    )
