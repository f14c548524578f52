"""A quick check of a fit against its own data, with sentences for readers without statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bayesmodel.checks.calibration import FEWEST_SHOWN, Calibration, calibration
from bayesmodel.checks.left_out import Progress
from bayesmodel.checks.page import Section
from bayesmodel.checks.predictive import PredictiveCheck, predictive_check
from bayesmodel.estimates.result import CheckResult
from bayesmodel.format import interval_name
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, number, speaking
from bayesmodel.study import Label

TITLE = Label(nl="Controle van {study}", en="Check of {study}")
CONVERGED = Label(nl="De trekkingen zijn geconvergeerd.", en="The draws converged.")
NOT_CONVERGED = Label(
    nl="De trekkingen zijn NIET geconvergeerd: {problems}", en="The draws did NOT converge: {problems}"
)
IN_SHORT = Label(nl="In het kort", en="In short")
FINE = Label(nl="Niets in de gegevens spreekt het model tegen.", en="Nothing in the data contradicts the model.")
FEW = Label(
    nl="Het aantal getoonde aantallen is {shown}: te weinig om te zien of het model bij de gegevens past.",
    en="The number of counts shown is {shown}: too few to see whether the model fits the data.",
)
CONCERNS = Label(
    nl="Hier klopt iets niet; aantal controles dat afwijkt: {number}.",
    en="Something does not fit; number of checks that are off: {number}.",
)
PREDICTED = Label(nl="Lijkt het gepubliceerde land op het model?", en="Does the published country look like the model?")
HELD = Label(nl="Houden intervallen hun belofte?", en="Do intervals keep their promise?")
OF_CLASSES = {
    "shown": (Label(nl="getoonde aantallen", en="counts shown"), ","),
    "coverage": (Label(nl="in het interval", en="inside the interval"), ".1%"),
    "error": (Label(nl="± standaardfout", en="± standard error"), ".1%"),
    "below": (Label(nl="eronder", en="below it"), ".1%"),
    "above": (Label(nl="erboven", en="above it"), ".1%"),
    "hidden": (Label(nl="verborgen", en="hidden"), ","),
    "hidden_expected": (Label(nl="verborgen volgens het model", en="hidden by the model"), ",.1f"),
    "hidden_error": (Label(nl="± standaardfout", en="± standard error"), ",.1f"),
    "off": (Label(nl="wijkt af", en="off"), ""),
}
OF_QUANTITIES = {
    "areas": (Label(nl="gebieden", en="areas"), ""),
    "observed": (Label(nl="gepubliceerd", en="published"), ",.6g"),
    "mean": (Label(nl="volgens het model", en="by the model"), ",.6g"),
    "lower": (Label(nl="van ({interval})", en="from ({interval})"), ",.6g"),
    "upper": (Label(nl="tot", en="to"), ",.6g"),
    "p": (Label(nl="deel van de nagebootste landen eronder", en="share of replicated countries below"), ".0%"),
}
"""Headings of the tables of the page, and how their numbers are written; {interval} is that of the study."""
ROWS = {
    "areas": Label(nl="gebieden", en="areas"),
    "what": Label(nl="wat", en="what"),
    "treatment": Label(nl="behandeling", en="treatment"),
}
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
        shown = int(self.frame["shown"].iloc[0])
        fine = FINE[reader] if shown >= FEWEST_SHOWN else FEW[reader].format(shown=shown)
        first = CONCERNS[reader].format(number=concerns) if concerns else fine
        with speaking(reader):
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
        prob = self.fit.study.report.interval
        classes = readable(calibrated.frame, OF_CLASSES, language, prob)
        quantities = readable(predicted.frame.set_index("what"), OF_QUANTITIES, language, prob)
        return [
            Section(IN_SHORT[language], self.sentences(language)),
            Section(HELD[language], (), [classes], [calibrated.plot(language=language)]),
            Section(INTERVALS[language], (), (), [calibrated.transforms.plot(language=language)]),
            Section(PREDICTED[language], (), [quantities], [predicted.plot(language=language)]),
        ]


def readable(
    table: pd.DataFrame, columns: Mapping[str, tuple[Label, str]], language: Language, prob: float
) -> pd.DataFrame:
    """Return a table with headings and numbers as a reader of a language writes them; what is NaN is empty.

    Parameters
    ----------
    table : DataFrame
    columns : mapping
        The columns to keep, each with its heading and the form of its numbers; none for text.
    language : {"nl", "en"}
    prob : float
        Of the intervals in the table.
    """
    cells = [
        ["" if pd.isna(value) else number(value, form, language) if form else str(value) for value in table[name]]
        for name, (_heading, form) in columns.items()
    ]
    interval = interval_name(prob, language)
    headings = [heading[language].format(interval=interval) for heading, _form in columns.values()]
    index = table.index.rename(ROWS[str(table.index.name)][language])
    return pd.DataFrame(dict(enumerate(cells)), index).set_axis(headings, axis=1)


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
