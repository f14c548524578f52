"""Calibration: do intervals hold as often as they say, by size of the area, and are as many counts hidden as expected.

Each area is left out and its published count held against what all others say of it. A shown count is compared with
counts that would have been shown: small areas are seen only where their count reached the publisher's limit, so that
all that is seen of them is high, and intervals that are right would seem to fail.
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
from bayesmodel.checks.left_out import LeftOut, coverage_of, left_out, share_between
from bayesmodel.data import Status
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.linear_predictor import Floats
from bayesmodel.estimates.result import Result
from bayesmodel.format import percent
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, number
from bayesmodel.study import Label, Study

BARS = 10
"""Bars of the histogram of transforms."""
SURE = 2.6
"""Standard errors from what is promised beyond which a class is off: one in a hundred classes by chance."""
FAR = 0.03
"""Distance from what is promised below which it does not matter."""
TELLING = 10
"""Shown counts below which nothing is said of a class."""

TITLE = Label(
    nl="Houden de {interval}-intervallen hun belofte? Elk gebied weggelaten en voorspeld uit de andere",
    en="Do {interval} intervals keep their promise? Each area left out and predicted from the others",
)
TRANSFORMS = Label(
    nl="Liggen de aantallen gelijk verdeeld over wat voorspeld was?",
    en="Are counts spread evenly over what was predicted?",
)
SENTENCE = Label(
    nl="{areas}: intervallen hielden {held} van de 100 keer (beloofd: {promised}; {number} aantallen){more}",
    en="{areas}: intervals held {held} of 100 times (promised: {promised}; {number} counts){more}",
)
OFF = Label(nl="; te {what}", en="; too {what}")
NARROW, WIDE = Label(nl="smal", en="narrow"), Label(nl="breed", en="wide")
HIGH = Label(
    nl=" ({high} keer lag het aantal erboven, {low} keer eronder)",
    en=" ({high} times the count was above, {low} below)",
)
DOUBTFUL = Label(
    nl="Van {number} gebieden schiet het weglaten zonder opnieuw schatten tekort (Pareto k boven 0,7); `--full` schat "
    "voor die gebieden opnieuw.",
    en="For {number} areas leaving out without refitting falls short (Pareto k above 0.7); `--full` refits for them.",
)
HARDLY = Label(
    nl="Van {number} gebieden is het aantal getoond terwijl het volgens het model vrijwel altijd verborgen zou zijn; "
    "ze tellen niet mee.",
    en="Of {number} areas the count is shown although by the model it would nearly always be hidden; they do not take "
    "part.",
)


@dataclass(frozen=True, eq=False, repr=False)
class Calibration(Result):
    """How often intervals held the count, class by class.

    Parameters
    ----------
    found : LeftOut
        The transform of each published count.
    study : Study
    classes : tuple of (Label, ndarray of bool)
        Each class with whether each of those areas is in it; all areas first.
    hidden : ndarray of bool (area,)
        Which of those counts are hidden.
    """

    found: LeftOut
    study: Study
    classes: tuple[tuple[Label, NDArray[np.bool_]], ...]
    hidden: NDArray[np.bool_]

    @property
    def title(self) -> str:
        """The question, in the language of the study."""
        return self.title_in(self.study.report.language)

    def title_in(self, language: Language) -> str:
        """Return the question in a language."""
        return TITLE[language].format(interval=percent(self.promised, language))

    @property
    def promised(self) -> float:
        """The probability that an interval of the study promises."""
        return self.study.report.interval

    @property
    def known(self) -> NDArray[np.bool_]:
        """Areas whose count is shown and can be judged (area,)."""
        return ~self.hidden & np.isfinite(self.found.low)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per class, as `summary`."""
        return self.summary()

    def summary(self, prob: float | None = None) -> pd.DataFrame:
        """Summarise by class of areas, all of them first.

        Parameters
        ----------
        prob : float, optional
            Of the interval; the study's when left out.

        Returns
        -------
        DataFrame
            ``shown``: counts that are shown; ``coverage``: share of them inside the interval, a count on its edge for
            the part that is inside; ``error``: its standard error where the model is right; ``below, above``: shares of
            them outside, on either side; ``hidden``: counts that are hidden, ``hidden_expected`` how many the others
            lead to expect, with its standard error ``hidden_error``; ``off``: narrow, wide, or nothing.
        """
        prob = self.promised if prob is None else prob
        tail = (1 - prob) / 2
        low, high, p_hidden = self.found.low, self.found.high, self.found.p_hidden
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
        """Where shown counts lie in what was predicted of them."""
        return Transforms(self.found.low[self.known], self.found.high[self.known], self.study)

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Say of each class how often intervals held, for whoever is no statistician."""
        reader = language or self.study.report.language
        table = self.summary()
        said = []
        for (label, _chosen), (_name, row) in zip(self.classes, table.iterrows(), strict=True):
            if row["shown"] < TELLING:
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
            said.append(text[:1].upper() + text[1:])
        return tuple(said)

    def notes(self) -> tuple[str, ...]:
        """Return the sentences, and what limits them."""
        reader = self.study.report.language
        return (*self.sentences(reader), *self.limits(reader))

    def limits(self, language: Language) -> tuple[str, ...]:
        """Say of how many areas little can be said, and why; nothing where there are none."""
        doubtful, hardly = int(self.found.doubtful.sum()), int((~self.hidden & ~np.isfinite(self.found.low)).sum())
        found = ((DOUBTFUL, doubtful), (HARDLY, hardly))
        return tuple(form[language].format(number=number(count, ",", language)) for form, count in found if count)


@dataclass(frozen=True, eq=False, repr=False)
class Transforms(Result):
    """Where shown counts lie in what was predicted of them: the probability integral transform over windows.

    Parameters
    ----------
    low, high : ndarray (area,)
        Ends of the transform of each count; see `LeftOut`.
    study : Study
    """

    low: Floats
    high: Floats
    study: Study

    @property
    def title(self) -> str:
        """The question, in the language of the study."""
        return self.title_in(self.study.report.language)

    def title_in(self, language: Language) -> str:
        """Return the question in a language."""
        return TRANSFORMS[language]

    @property
    def frame(self) -> pd.DataFrame:
        """``share`` of the transforms in each of ten equal parts: a tenth each where the model is right."""
        ends = np.linspace(0, 1, BARS + 1)
        shares = [share_between(self.low, self.high, a, b).mean() for a, b in pairwise(ends)]
        return pd.DataFrame({"share": shares}, pd.Index(ends[:-1].round(2), name="from"))

    def summary(self) -> pd.DataFrame:
        """Return the share of the transforms in each of ten equal parts."""
        return self.frame


def calibration(
    fit: Fit,
    by: str | pd.Series | None = None,
    *,
    refit: bool = False,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    found: LeftOut | None = None,
) -> Calibration:
    """Hold each published count against what all other areas say of it, by size of the area.

    Parameters
    ----------
    fit : Fit
        The posterior.
    by : str or Series, optional
        A determinant, or values by code of area such as urbanity, to divide by instead of size.
    refit : bool
        Whether areas for which leaving out without refitting falls short are refitted, in ten folds.
    folder : str or Path, optional
        Where those refits are kept, as in `fit_many`.
    progress : callable, optional
        ``progress(done, total)`` after each refit.
    found : LeftOut, optional
        What `left_out` gave before, to divide the same areas in another way.

    Returns
    -------
    Calibration

    Raises
    ------
    ComparisonError
        No area has a count that excludes anything.
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
        none = _("No count was delivered that excludes anything: there is nothing to hold the fit against.")
        raise ComparisonError(none)
    found = found or left_out(fit, refit=refit, folder=folder, progress=progress)
    hidden = counts.status == Status.SUPPRESSED
    chosen: Classes = size_classes(counts, counts.observed & ~hidden) if by is None else trait_classes(counts, by)
    classes = tuple((label, inside[found.rows]) for label, inside in chosen.with_all(all_label(counts)))
    return Calibration(found, fit.study, classes, hidden[found.rows])


def _off(away: float, error: float, size: int) -> str:
    """Return whether intervals are too narrow or too wide, beyond chance and far enough to matter."""
    if size < TELLING or abs(away) < max(FAR, SURE * error):
        return ""
    return "narrow" if away < 0 else "wide"
