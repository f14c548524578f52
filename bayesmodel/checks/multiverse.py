"""Multiverse: the share of defensible models in which the verdict on each area stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import numpy as np
import pandas as pd

from bayesmodel.batch import Variation, fit_many
from bayesmodel.batch.fit_store import Outcome
from bayesmodel.checks.model_choices import (
    Changes,
    Choices,
    changes_of,
    counts_under,
    default_choices,
    faults_of,
    models_of,
)
from bayesmodel.data import Counts, interpret_counts
from bayesmodel.errors import BayesModelError, StudyError, raise_faults
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.format import percent
from bayesmodel.inference.fit import Fit
from bayesmodel.io import read_areas
from bayesmodel.messages import LANGUAGES, Language, _, number
from bayesmodel.study import Label, Study

MODELS = 40
"""Models that are fitted: a share of them has a standard error of at most 8 points."""
OWN = "own"
"""Name of the model of the study itself."""
MOSTLY = 0.9
"""Share of the models in which a verdict that mostly stands does so."""
ENGINE: Changes = {"inference.engine": "laplace", "inference.chains": 4, "inference.draws": 250}
DIRECTION = {
    VerdictClass.CLEARLY_HIGHER: 1.0,
    VerdictClass.PROBABLY_HIGHER: 1.0,
    VerdictClass.PROBABLY_LOWER: -1.0,
    VerdictClass.CLEARLY_LOWER: -1.0,
}
"""Of a verdict; those that are not here have none."""
TITLE = Label(
    nl="multiversum: in welk deel van {models} verdedigbare modellen het oordeel van de studie standhoudt "
    "(verwachting: {expectation})",
    en="multiverse: the share of {models} defensible models in which the verdict of the study stands (expectation: "
    "{expectation})",
)


STANDS = Label(
    nl="Van {conclusions} conclusies houden er {firm} stand in ten minste {mostly} van {models} verdedigbare "
    "modellen; in geen enkel model aan de andere kant: {never} (verwachting: {expectation}).",
    en="Of {conclusions} conclusions {firm} stand in at least {mostly} of {models} defensible models; on the other "
    "side in no model: {never} (expectation: {expectation}).",
)


@dataclass(frozen=True, eq=False, repr=False)
class Multiverse(Result):
    """Verdicts under many defensible models.

    Parameters
    ----------
    study : Study
        The study itself.
    expectation : str
        What use is held against.
    names : Series of str
        Name of each area, by code.
    own : Series of str
        The verdict of the study's own model, by code of the area.
    verdicts : DataFrame of str (area, model)
        The verdict of each model that converged; missing where the model leaves the area out.
    models : DataFrame
        One row per model, also those that failed: the option it takes of each choice, then ``state`` and ``error``.
    """

    shown_rows: ClassVar[int] = 30

    study: Study
    expectation: str
    names: pd.Series
    own: pd.Series
    verdicts: pd.DataFrame
    models: pd.DataFrame

    @property
    def choices(self) -> tuple[str, ...]:
        """What the models differ in."""
        return tuple(str(name) for name in self.models.columns if name not in ("state", "error"))

    @property
    def stands(self) -> pd.DataFrame:
        """Whether a model says of an area what the study does (area, model): 1 or 0, NaN where it leaves it out."""
        same = self.verdicts.eq(self.own, axis=0).astype(float)
        return same.where(self.verdicts.notna())

    def summary(self) -> pd.DataFrame:
        """Summarise per area, within a verdict from the firmest to the weakest.

        Returns
        -------
        DataFrame
            One row per area: ``name``, the ``verdict`` of the study, ``stands`` (share of the models, 0 to 1, that
            give the same one), ``same_direction`` (the share on the same side: higher, lower, or neither),
            ``opposite`` (the share on the other side), ``models`` (how many judge the area).
        """
        directions = _directions(self.verdicts)
        own = _directions(self.own.to_frame())[self.own.name]
        seen = self.verdicts.notna()
        number_of = seen.sum(axis=1)

        def share(which: pd.DataFrame) -> pd.Series:
            return (which & seen).sum(axis=1) / number_of.where(number_of > 0)

        table = pd.DataFrame(
            {
                "name": self.names,
                "verdict": self.own.astype(str),
                "stands": self.stands.mean(axis=1),
                "same_direction": share(directions.eq(own, axis=0)),
                "opposite": share(directions.eq(-own, axis=0) & directions.ne(0)),
                "models": number_of,
            }
        )
        order = table["verdict"].map({str(verdict): place for place, verdict in enumerate(VerdictClass)})
        return (
            table.assign(order=order)
            .sort_values(["order", "stands"], ascending=[True, False], kind="stable")
            .drop(columns="order")
        )

    @property
    def by_verdict(self) -> pd.DataFrame:
        """Per verdict of the study: areas, mean share of models in which it stands, and where it always or mostly does.

        Columns ``areas``, ``stands``, ``same_direction``, ``in_all``, ``in_most`` (at least 90 % of the models) and
        ``opposite_in_any``.
        """
        table = self.summary()
        groups = table.assign(
            in_all=table["stands"] == 1, in_most=table["stands"] >= MOSTLY, opposite_in_any=table["opposite"] > 0
        ).groupby("verdict", sort=False)
        found = groups[["in_all", "in_most", "opposite_in_any"]].sum()
        means = groups[["stands", "same_direction"]].mean()
        return pd.concat([groups.size().rename("areas"), means, found], axis=1)

    @property
    def by_option(self) -> pd.DataFrame:
        """Per option of each choice: models with it, and the mean share of conclusions that stand in these.

        A conclusion is a verdict of the study other than *inconclusive*. Options differ by more than what else their
        models have only where these are many.
        """
        conclusions = self.stands[self.own != VerdictClass.INCONCLUSIVE]
        rows = {}
        for choice in self.choices:
            for option in dict.fromkeys(self.models[choice]):
                within = self.verdicts.columns[self.models.loc[self.verdicts.columns, choice] == option]
                values = conclusions[within].to_numpy()
                share = float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
                rows[choice, option] = {"models": len(within), "stands": share}
        index = pd.MultiIndex.from_tuples(list(rows), names=["choice", "option"])
        return pd.DataFrame(list(rows.values()), index=index)

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return what becomes of each verdict, what each option does, and the areas."""
        return self.by_verdict, self.by_option, self.summary()

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Say how many conclusions stand, and in how many models."""
        reader = language or self.study.report.language
        table = self.summary()
        conclusions = table[table["verdict"] != VerdictClass.INCONCLUSIVE]
        counted = {
            "conclusions": len(conclusions),
            "firm": int((conclusions["stands"] >= MOSTLY).sum()),
            "never": int((conclusions["opposite"] == 0).sum()),
            "models": self.verdicts.shape[1],
        }
        told = {name: number(count, ",", reader) for name, count in counted.items()}
        return (STANDS[reader].format(mostly=percent(MOSTLY, reader), expectation=self.expectation, **told),)

    def notes(self) -> tuple[str, ...]:
        """Say how many models are left out."""
        lost = len(self.models) - self.verdicts.shape[1]
        said = _("Left out as they did not converge or failed: {count} of {all} models.")
        return (said.format(count=number(lost), all=number(len(self.models))),)

    @property
    def title(self) -> str:
        """Of how many models, against which expectation."""
        models = {reader: number(self.verdicts.shape[1], ",", reader) for reader in LANGUAGES}
        reader = self.study.report.language
        return TITLE[reader].format(models=models[reader], expectation=self.expectation)


def multiverse(
    study: Study | Counts,
    choices: Choices | None = None,
    *,
    models: int = MODELS,
    expectation: str = "determinants",
    folder: str | Path | None = None,
    workers: int | str | None = None,
    seed: int | None = None,
    progress: Callable[[int, int, Outcome], None] | None = None,
) -> Multiverse:
    """Fit the models that other analysts could defend, and say for each area in which share its verdict stands.

    The models are combinations of the options of each choice: all of them, or a random part in which every option
    occurs equally often. Each counts the same. The verdict that may stand or fall is that of the study's own model.

    Parameters
    ----------
    study : Study or Counts
        A study reads its tables.
    choices : mapping of str to mapping of str to mapping, optional
        Per choice its options, and per option its changes of the study by dotted key, such as
        ``{"family": {"poisson": {"model.family": "poisson"}, "binomial": {"model.family": "binomial"}}}``. Keys are of
        ``levels``, ``determinants``, ``publication``, ``exclusions`` (by the population), ``model`` and ``report``.
        `default_choices` of the counts when left out.
    models : int
        Models to fit, beside the study's own; fewer where the choices have fewer combinations.
    expectation : str
        The expectation, named as in `expected`.
    folder : str or Path, optional
        Where the verdicts are kept, so that a call that was cut short goes on where it stopped.
    workers : int or str, optional
        As in `fit_many`.
    seed : int, optional
        Of the choice of combinations; the study's when left out.
    progress : callable, optional
        ``progress(done, total, outcome)``.

    Returns
    -------
    Multiverse

    Raises
    ------
    StudyError
        A choice is impossible; all faults at once.
    BayesModelError
        The study's own model has no fit.

    Notes
    -----
    Fitted by the Laplace engine; models that it does not certify are left out and counted. Call this under
    ``if __name__ == "__main__":``, as the fits are made in new processes.

    Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Increasing transparency through a multiverse analysis.

    Examples
    --------
    >>> from bayesmodel import example_study, multiverse
    >>> multiverse(example_study(areas=100, gemeenten=14, regions=3), models=10).by_verdict  # doctest: +SKIP
    """
    counts = study if isinstance(study, Counts) else interpret_counts(read_areas(study))
    options = default_choices(counts) if choices is None else choices
    raise_faults(StudyError, _("The choices"), faults_of(counts.study, options))
    chosen = models_of(options, models, counts.study.inference.seed if seed is None else seed)
    chosen.index = pd.Index([str(place + 1) for place in range(len(chosen))], name="model")
    variations = [Variation(OWN, counts, ENGINE)]
    variations += [
        Variation(name, counts, ENGINE, partial(counts_under, changes=changes_of(options, dict(row))))
        for name, (_row, row) in zip(chosen.index, chosen.iterrows(), strict=True)
    ]
    summary = partial(verdict_of_each, expectation=expectation)
    with TemporaryDirectory(ignore_cleanup_errors=True) if folder is None else nullcontext(str(folder)) as place:
        made = fit_many(variations, place, workers=workers, summary=summary, progress=progress)
        states = {outcome.name: outcome for outcome in made}
        if states[OWN].failed:
            said = _("The model of the study itself has no fit: {why}")
            raise BayesModelError(said.format(why=states[OWN].error))
        own = made.summary(OWN)["verdict"]
        good = [name for name in chosen.index if states[name].state == "converged"]
        columns = {name: made.summary(name)["verdict"].reindex(own.index) for name in good}
    outcomes = pd.DataFrame(
        [{"state": states[name].state, "error": states[name].error} for name in chosen.index], index=chosen.index
    )
    said_of = pd.DataFrame(columns, index=own.index)
    return Multiverse(counts.study, expectation, counts.areas.names, own, said_of, chosen.join(outcomes))


def verdict_of_each(fit: Fit, expectation: str) -> pd.DataFrame:
    """Return the verdict on each area, and its probabilities.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> verdict_of_each(invented_fit(), "gemeente")["verdict"].iloc[0]
    'inconclusive'
    """
    found = verdicts(fit, expectation)
    return found.probabilities.assign(verdict=found.classes.astype(str))


def _directions(verdict: pd.DataFrame) -> pd.DataFrame:
    """Return 1 for higher, -1 for lower, 0 for neither, NaN where there is no verdict."""
    known = {str(name): DIRECTION.get(name, 0.0) for name in VerdictClass}
    return pd.DataFrame({name: column.map(known).astype(float) for name, column in verdict.items()})
