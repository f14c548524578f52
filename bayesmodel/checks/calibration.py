"""Calibration: whether intervals have their stated coverage by population, and as many counts are hidden as expected.

Each area is left out and its published count compared with its prediction from all others. A shown count is compared
with counts that would have been shown: small areas are shown only if their count reached the publisher's limit, so
their shown counts are selectively high, and correct intervals would otherwise seem to fail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.checks.classes import Classes, all_label, size_classes, trait_classes
from bayesmodel.checks.left_out import LIMIT, LeftOut, coverage_of, left_out, share_between
from bayesmodel.data import Status
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.linear_predictor import Floats
from bayesmodel.estimates.result import CheckResult
from bayesmodel.format import percent
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, number
from bayesmodel.study import Label, Study

BARS = 10
"""Bars of the histogram of transforms."""
Z_LIMIT = 2.6
"""Standard errors from nominal coverage beyond which a class is off: one in a hundred classes by chance."""
MATERIAL = 0.03
"""Distance from nominal coverage below which it does not matter."""
FEWEST_SHOWN = 10
"""Fewest shown counts for a statement about a class."""

TITLE = Label(
    nl="Houden de {interval}-intervallen hun belofte? Elke {area} weggelaten en voorspeld uit de andere",
    en="Do {interval} intervals keep their promise? Each {area} left out and predicted from the others",
)
TRANSFORMS = Label(
    nl="Liggen de aantallen gelijk verdeeld over wat voorspeld was?",
    en="Are counts spread evenly over their predictions?",
)
SENTENCE = Label(
    nl="{areas}: intervallen hielden {held} van de 100 keer (beloofd: {promised}; {number} aantallen){more}",
    en="{areas}: intervals contained the count {held} of 100 times (promised: {promised}; {number} counts){more}",
)
OFF = Label(nl="; te {what}", en="; too {what}")
NARROW, WIDE = Label(nl="smal", en="narrow"), Label(nl="breed", en="wide")
HIGH = Label(
    nl=" ({high} keer lag het aantal erboven, {low} keer eronder)",
    en=" ({high} times the count was above, {low} below)",
)
DOUBTFUL = Label(
    nl="Van {number} {areas} schiet het weglaten zonder opnieuw schatten tekort (Pareto k boven {limit}); "
    "`--full` schat waar dat kan zonder die {areas} opnieuw.",
    en="For {number} {areas} leaving out without refitting is unreliable (Pareto k above {limit}); `--full` refits "
    "without them where it can.",
)
HARDLY = Label(
    nl="Van {number} {areas} is het aantal getoond terwijl het volgens het model vrijwel altijd verborgen zou zijn; "
    "ze tellen niet mee.",
    en="In {number} {areas} the count is shown although under the model it would nearly always be hidden; they are not "
    "included.",
)


@dataclass(frozen=True, eq=False, repr=False)
class Calibration(CheckResult):
    """How often intervals contain the published count, by class of areas.

    Parameters
    ----------
    pit : LeftOut
        The probability integral transform of each published count.
    study : Study
    classes : tuple of (Label, ndarray of bool)
        Each class, and whether each of those areas belongs to it; all areas first.
    hidden : ndarray of bool (area,)
        Which of those counts are hidden.
    """

    pit: LeftOut
    study: Study
    classes: tuple[tuple[Label, NDArray[np.bool_]], ...]
    hidden: NDArray[np.bool_]

    def title_in(self, language: Language) -> str:
        """Return the question in a language."""
        return TITLE[language].format(interval=percent(self.promised, language), area=self.study.area)

    @property
    def promised(self) -> float:
        """The nominal coverage: the probability of the study's interval."""
        return self.study.report.interval

    @property
    def known(self) -> NDArray[np.bool_]:
        """Areas whose count is shown and has a transform (area,)."""
        return ~self.hidden & np.isfinite(self.pit.low)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per class, as `summary`."""
        return self.summary()

    def summary(self, prob: float | None = None) -> pd.DataFrame:
        """Summarise by class of areas, all areas first.

        Parameters
        ----------
        prob : float, optional
            Probability of the interval; defaults to the study's.

        Returns
        -------
        DataFrame
            ``shown``: number of shown counts; ``coverage``: share of them inside the interval, a count on its edge in
            part; ``error``: its standard error if the model is right; ``below, above``: shares outside, on
            either side; ``hidden``: number of hidden counts, ``hidden_expected`` how many are expected from the other
            areas, with standard error ``hidden_error``; ``off``: narrow, wide, or empty.
        """
        prob = self.promised if prob is None else prob
        if not 0 < prob < 1:
            raise ComparisonError(_("prob is above 0 and below 1; found {prob:g}.").format(prob=prob))
        tail = (1 - prob) / 2
        low, high, p_hidden = self.pit.low, self.pit.high, self.pit.p_hidden
        rows = {}
        for label, chosen in self.classes:
            shown = chosen & self.known
            size = int(shown.sum())
            inside = coverage_of(low[shown], high[shown], prob)
            coverage = float(inside.mean()) if size else np.nan
            error = float(np.sqrt(prob * (1 - prob) / size)) if size else np.nan
            rows[label[self.study.report.language]] = {
                "shown": size,
                "coverage": coverage,
                "error": error,
                "below": float(share_between(low[shown], high[shown], 0, tail).mean()) if size else np.nan,
                "above": float(share_between(low[shown], high[shown], 1 - tail, 1).mean()) if size else np.nan,
                "hidden": int((chosen & self.hidden).sum()),
                "hidden_expected": float(p_hidden[chosen].sum()),
                "hidden_error": float(np.sqrt((p_hidden * (1 - p_hidden))[chosen].sum())),
                "off": _off(coverage - prob, error, size),
            }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("areas")

    @property
    def transforms(self) -> Transforms:
        """Where shown counts lie in their predictive distributions."""
        return Transforms(self.pit.low[self.known], self.pit.high[self.known], self.study)

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return a sentence per class on how often intervals contain the count, for readers without statistics."""
        reader = language or self.study.report.language
        table = self.summary()
        message = []
        for (label, _chosen), (_name, row) in zip(self.classes, table.iterrows(), strict=True):
            if row["shown"] < FEWEST_SHOWN:
                continue
            more = ""
            if row["off"]:
                more = OFF[reader].format(what=(NARROW if row["off"] == "narrow" else WIDE)[reader])
                tails = {side: number(100 * float(row[side]), ".0f", reader) for side in ("below", "above")}
                more += HIGH[reader].format(high=tails["above"], low=tails["below"])
            text = SENTENCE[reader].format(
                areas=label[reader],
                held=number(100 * float(row["coverage"]), ".0f", reader),
                promised=number(100 * self.promised, "g", reader),
                number=number(int(row["shown"]), ",", reader),
                more=more,
            )
            message.append(text[:1].upper() + text[1:])
        return tuple(message)

    def notes(self) -> tuple[str, ...]:
        """Return the sentences and their limitations."""
        reader = self.study.report.language
        return (*self.sentences(reader), *self.limits(reader))

    def limits(self, language: Language) -> tuple[str, ...]:
        """Return sentences on the areas for which the check is unreliable, and why; empty if there are none."""
        doubtful, hardly = int(self.pit.doubtful.sum()), int((~self.hidden & ~np.isfinite(self.pit.low)).sum())
        reasons = ((DOUBTFUL, doubtful), (HARDLY, hardly))
        areas, limit = self.study.areas_label[language], number(LIMIT, ".2f", language)
        return tuple(
            form[language].format(number=number(count, ",", language), areas=areas, limit=limit)
            for form, count in reasons
            if count
        )


@dataclass(frozen=True, eq=False, repr=False)
class Transforms(CheckResult):
    """Where shown counts lie in their predictive distributions: the probability integral transform over windows.

    Parameters
    ----------
    low, high : ndarray (area,)
        Ends of the transform of each count; see `LeftOut`.
    study : Study
    """

    low: Floats
    high: Floats
    study: Study

    def title_in(self, language: Language) -> str:
        """Return the question in a language."""
        return TRANSFORMS[language]

    @property
    def frame(self) -> pd.DataFrame:
        """``share`` of the transforms in each of ten equal bins: a tenth each if the model is right."""
        ends = np.linspace(0, 1, BARS + 1)
        shares = [share_between(self.low, self.high, a, b).mean() for a, b in pairwise(ends)]
        return pd.DataFrame({"share": shares}, pd.Index(ends[:-1].round(2), name="from"))

    def summary(self) -> pd.DataFrame:
        """Return the share of the transforms in each of ten equal bins."""
        return self.frame


def calibration(
    fit: Fit,
    by: str | pd.Series | None = None,
    *,
    refit: bool = False,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    pit: LeftOut | None = None,
) -> Calibration:
    """Compare each published count with its prediction from all other areas, by population.

    Parameters
    ----------
    fit : Fit
        The posterior.
    by : str or Series, optional
        A determinant, or values by area code such as urbanity, to classify by instead of population.
    refit : bool
        Whether to refit, in ten folds, for areas where leaving out without refitting is unreliable.
    folder : str or Path, optional
        Where those refits are stored, as in `fit_many`.
    progress : callable, optional
        ``progress(done, total)`` after each refit.
    pit : LeftOut, optional
        An earlier result of `left_out`, to classify the same areas in another way.

    Returns
    -------
    Calibration

    Raises
    ------
    ComparisonError
        No area has an informative count.
    UnknownNameError
        The study has no such determinant.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> calibration(invented_fit(areas=40)).frame[["shown", "hidden"]].iloc[0].tolist()
    [20, 5]
    """
    counts = fit.counts
    if not (counts.observed & ((counts.lower > 0) | (counts.upper < counts.population))).any():
        message = _("No count was delivered that excludes anything: there is nothing to hold the fit against.")
        raise ComparisonError(message)
    pit = pit or left_out(fit, refit=refit, folder=folder, progress=progress)
    hidden = counts.status == Status.SUPPRESSED
    chosen: Classes = size_classes(counts) if by is None else trait_classes(counts, by)
    classes = tuple((label, inside[pit.rows]) for label, inside in chosen.with_all(all_label(counts)))
    return Calibration(pit, fit.study, classes, hidden[pit.rows])


def _off(deviation: float, error: float, size: int) -> str:
    """Return whether intervals are too narrow or too wide, by more than chance and enough to matter."""
    if size < FEWEST_SHOWN or abs(deviation) < max(MATERIAL, Z_LIMIT * error):
        return ""
    return "narrow" if deviation < 0 else "wide"
