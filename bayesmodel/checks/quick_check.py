"""A quick check of a fit against its own data, with sentences for readers without statistics."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bayesmodel.checks.calibration import Calibration, calibration
from bayesmodel.checks.left_out import Progress
from bayesmodel.checks.page import Section
from bayesmodel.checks.predictive import PredictiveCheck, predictive_check
from bayesmodel.estimates.result import CheckResult
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.study import Label

TITLE = Label(nl="Controle van {study}", en="Check of {study}")
CONVERGED = Label(nl="De trekkingen zijn geconvergeerd.", en="The draws converged.")
NOT_CONVERGED = Label(
    nl="De trekkingen zijn NIET geconvergeerd: {problems}", en="The draws did NOT converge: {problems}"
)
IN_SHORT = Label(nl="In het kort", en="In short")
FINE = Label(nl="Niets in de gegevens spreekt het model tegen.", en="Nothing in the data contradicts the model.")
CONCERNS = Label(
    nl="Hier klopt iets niet; aantal controles dat afwijkt: {number}.",
    en="Something does not fit; number of checks that are off: {number}.",
)
PREDICTED = Label(nl="Lijkt het gepubliceerde land op het model?", en="Does the published country look like the model?")
HELD = Label(nl="Houden intervallen hun belofte?", en="Do intervals keep their promise?")
INTERVALS = Label(nl="Waar liggen aantallen in hun voorspelling?", en="Where do counts lie in their prediction?")


@dataclass(frozen=True, eq=False, repr=False)
class QuickCheck(CheckResult):
    """Calibration and predictive checks of a fit.

    Parameters
    ----------
    fit : Fit
    calibration : Calibration
    predictive : PredictiveCheck
    """

    fit: Fit
    calibration: Calibration
    predictive: PredictiveCheck

    @property
    def title(self) -> str:
        """What was checked, in the language of the study."""
        return self.title_in(self.fit.study.report.language)

    def title_in(self, language: Language) -> str:
        """Return what was checked, in a language."""
        return TITLE[language].format(study=self.fit.study.name)

    @property
    def frame(self) -> pd.DataFrame:
        """Coverage by class of areas; see `Calibration.summary`."""
        return self.calibration.frame

    def summary(self) -> pd.DataFrame:
        """Return coverage by class of areas; see `Calibration.summary`."""
        return self.frame

    @property
    def concerns(self) -> int:
        """How many checks are off: convergence, classes of areas, unusual quantities."""
        classes = int((self.frame["off"] != "").sum())
        return int(not self.fit.diagnostics.converged) + classes + len(self.predictive.unusual)

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return the results in sentences, the conclusion first."""
        reader = language or self.fit.study.report.language
        diagnostics = self.fit.diagnostics
        concerns = self.concerns
        first = CONCERNS[reader].format(number=concerns) if concerns else FINE[reader]
        drawn = NOT_CONVERGED[reader].format(problems="; ".join(diagnostics.problems))
        return (
            first,
            CONVERGED[reader] if diagnostics.converged else drawn,
            *self.calibration.sentences(reader),
            *self.predictive.sentences(reader),
            *self.calibration.limits(reader),
        )

    def sections(self, language: Language) -> list[Section]:
        """Return the sections of the page: conclusion, calibration and predictive checks, with their pictures."""
        calibrated, predicted = self.calibration, self.predictive
        return [
            Section(IN_SHORT[language], self.sentences(language)),
            Section(HELD[language], (), [calibrated.frame.round(3)], [calibrated.plot(language=language)]),
            Section(INTERVALS[language], (), (), [calibrated.transforms.plot(language=language)]),
            Section(PREDICTED[language], (), [predicted.frame.round(3)], [predicted.plot(language=language)]),
        ]


def check(
    fit: Fit,
    by: str | pd.Series | None = None,
    *,
    refit: bool = False,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> QuickCheck:
    """Check a fit against its own data: calibration by population, hidden counts and predictive checks.

    Parameters
    ----------
    fit : Fit
        The posterior.
    by : str or Series, optional
        A determinant, or values by area code such as urbanity, to classify by instead of population.
    refit, folder, progress
        As in `calibration`.

    Returns
    -------
    QuickCheck
        ``sentences()`` gives the results in words, ``sections()`` the sections of a page.

    Raises
    ------
    ComparisonError
        No area has an informative count.
    UnknownNameError
        The study has no such determinant.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> check(invented_fit(areas=40)).sentences("en")[1]
    'The draws converged.'
    """
    calibrated = calibration(fit, by, refit=refit, folder=folder, progress=progress)
    return QuickCheck(fit, calibrated, predictive_check(fit, by))
