"""Multiverse: the share of defensible models in which the verdict on each area holds."""

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
from bayesmodel.errors import BayesModelError, ComparisonError, StudyError, raise_faults
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.format import percent
from bayesmodel.inference.fit import Fit
from bayesmodel.io import read_areas
from bayesmodel.messages import LANGUAGES, Language, _, number
from bayesmodel.study import Label, Study

MODELS = 40
"""Number of models to fit: a share of them then has a standard error of at most 8 points."""
OWN = "own"
"""Name of the study's own model."""
MOSTLY = 0.9
"""Share of the models in which a verdict must hold to be called firm."""
ENGINE: Changes = {"inference.engine": "laplace", "inference.chains": 4, "inference.draws": 250}
DIRECTION = {
    VerdictClass.CLEARLY_HIGHER: 1.0,
    VerdictClass.PROBABLY_HIGHER: 1.0,
    VerdictClass.PROBABLY_LOWER: -1.0,
    VerdictClass.CLEARLY_LOWER: -1.0,
}
"""Direction of a verdict; verdicts not listed have none."""
TITLE = Label(
    nl="multiversum: in welk deel van {models} verdedigbare modellen het oordeel van de studie standhoudt "
    "(verwachting: {expectation})",
    en="multiverse: the share of {models} defensible models in which the verdict of the study holds (expectation: "
    "{expectation})",
)


STANDS = Label(
    nl="Van {conclusions} conclusies houden er {firm} stand in ten minste {mostly} van {models} verdedigbare "
    "modellen; in geen enkel model aan de andere kant: {never} (verwachting: {expectation}).",
    en="Of {conclusions} conclusions, {firm} hold in at least {mostly} of {models} defensible models; {never} are "
    "reversed in none (expectation: {expectation}).",
)
NO_CONCLUSIONS = Label(
    nl="De studie zelf trekt geen conclusie ({expectation}): van geen gebied is iets te zeggen, zodat er in {models} "
    "verdedigbare modellen niets stand kan houden.",
    en="The study itself draws no conclusion ({expectation}): every area is inconclusive, so that nothing can hold in "
    "{models} defensible models.",
)


@dataclass(frozen=True, eq=False, repr=False)
class Multiverse(Result):
    """Verdicts under many defensible models.

    Parameters
    ----------
    study : Study
        The study itself.
    expectation : str
        The expectation that use is compared with.
    names : Series of str
        Name of each area, by code.
    own : Series of str
        The verdict of the study's own model, by code of the area.
    verdicts : DataFrame of str (area, model)
        The verdict of each model that converged; missing where the model leaves the area out.
    models : DataFrame
        One row per model, including those that failed: its option of each choice, then ``state`` and ``error``.
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
        """Whether a model gives an area the study's verdict (area, model): 1 or 0, NaN where it leaves the area out."""
        same = self.verdicts.eq(self.own, axis=0).astype(float)
        return same.where(self.verdicts.notna())

    def summary(self) -> pd.DataFrame:
        """Summarise per area, from the firmest to the weakest within each verdict.

        Returns
        -------
        DataFrame
            One row per area: ``name``, the ``verdict`` of the study, ``stands`` (share of the models, 0 to 1, that
            give the same one), ``same_direction`` (the share on the same side: higher, lower, or neither),
            ``opposite`` (the share on the other side), ``models`` (how many include the area).
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
        order = table["verdict"].map({str(verdict): position for position, verdict in enumerate(VerdictClass)})
        return (
            table.assign(order=order)
            .sort_values(["order", "stands"], ascending=[True, False], kind="stable")
            .drop(columns="order")
        )

    @property
    def by_verdict(self) -> pd.DataFrame:
        """Per verdict of the study: areas, mean share of models in which it holds, and areas where it mostly does.

        Columns ``areas``, ``stands``, ``same_direction``, ``in_all``, ``in_most`` (at least 90 % of the models) and
        ``opposite_in_any``.
        """
        table = self.summary()
        groups = table.assign(
            in_all=table["stands"] == 1, in_most=table["stands"] >= MOSTLY, opposite_in_any=table["opposite"] > 0
        ).groupby("verdict", sort=False)
        judged = groups[["in_all", "in_most", "opposite_in_any"]].sum()
        means = groups[["stands", "same_direction"]].mean()
        return pd.concat([groups.size().rename("areas"), means, judged], axis=1)

    @property
    def by_option(self) -> pd.DataFrame:
        """Per option of each choice: number of models with it, and the mean share of conclusions that hold in them.

        A conclusion is a verdict of the study other than *inconclusive*. With few models per option, differences
        between options also reflect the other choices of those models.
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
        """Return the tables by verdict, by option and by area."""
        return self.by_verdict, self.by_option, self.summary()

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return a sentence on how many conclusions hold, and in how many models."""
        reader = language or self.study.report.language
        table = self.summary()
        conclusions = table[table["verdict"] != VerdictClass.INCONCLUSIVE]
        counted = {
            "conclusions": len(conclusions),
            "firm": int((conclusions["stands"] >= MOSTLY).sum()),
            "never": int((conclusions["opposite"] == 0).sum()),
            "models": self.verdicts.shape[1],
        }
        figures = {name: number(count, ",", reader) for name, count in counted.items()}
        if not len(conclusions):
            return (NO_CONCLUSIONS[reader].format(expectation=self.expectation, models=figures["models"]),)
        return (STANDS[reader].format(mostly=percent(MOSTLY, reader), expectation=self.expectation, **figures),)

    def notes(self) -> tuple[str, ...]:
        """Return a sentence on how many models are left out."""
        lost = len(self.models) - self.verdicts.shape[1]
        message = _("Left out as they did not converge or failed: {count} of {all} models.")
        sentences = [message.format(count=number(lost), all=number(len(self.models)))]
        if lost:
            sentences.append(_("The first of these: {why}").format(why=_first_reason(self.models)))
        return tuple(sentences)

    @property
    def title(self) -> str:
        """The number of models and the expectation."""
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
    """Fit the models that other analysts could defend, and return the share in which the verdict on each area holds.

    The models are combinations of the options of each choice: all of them, or a random subset in which every option
    occurs equally often. All models have equal weight. The verdicts at stake are those of the study's own model.

    Parameters
    ----------
    study : Study or Counts
        A study reads its tables.
    choices : mapping of str to mapping of str to mapping, optional
        The options of each choice, and the changes to the study of each option by dotted key, such as
        ``{"family": {"poisson": {"model.family": "poisson"}, "binomial": {"model.family": "binomial"}}}``. Keys are of
        ``levels``, ``determinants``, ``publication``, ``exclusions`` (by the population), ``model`` and ``report``.
        Defaults to `default_choices` of the counts.
    models : int
        Models to fit in addition to the study's own; fewer if the choices have fewer combinations.
    expectation : str
        The expectation, named as in `expected`.
    folder : str or Path, optional
        Where verdicts are stored, so that an interrupted call can be resumed.
    workers : int or str, optional
        As in `fit_many`.
    seed : int, optional
        Seed for choosing combinations; defaults to the study's.
    progress : callable, optional
        ``progress(done, total, outcome)``.

    Returns
    -------
    Multiverse

    Raises
    ------
    ComparisonError
        There is nothing to vary, or fewer than one model to fit.
    StudyError
        A choice is impossible; all faults are reported at once.
    BayesModelError
        The study's own model could not be fitted, or none of the others.

    Notes
    -----
    Models are fitted by the Laplace engine; those it does not certify are left out and counted. Call this under
    ``if __name__ == "__main__":``, as the fits run in new processes.

    Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Increasing transparency through a multiverse analysis.

    Examples
    --------
    >>> from bayesmodel import example_study, multiverse
    >>> multiverse(example_study(areas=100, gemeenten=14, regions=3), models=10).by_verdict  # doctest: +SKIP
    """
    counts = study if isinstance(study, Counts) else interpret_counts(read_areas(study))
    options = default_choices(counts) if choices is None else choices
    if not options or models < 1:
        message = _("A multiverse has at least one choice and one model; found {choices} choices and {models} models.")
        raise ComparisonError(message.format(choices=number(len(options)), models=number(models)))
    raise_faults(StudyError, _("The list of choices"), faults_of(counts.study, options))
    chosen = models_of(options, models, counts.study.inference.seed if seed is None else seed)
    chosen.index = pd.Index([str(position + 1) for position in range(len(chosen))], name="model")
    variations = [Variation(OWN, counts, ENGINE)]
    variations += [
        Variation(name, counts, ENGINE, partial(counts_under, changes=changes_of(options, dict(row))))
        for name, (_row, row) in zip(chosen.index, chosen.iterrows(), strict=True)
    ]
    summary = partial(verdict_of_each, expectation=expectation)
    with TemporaryDirectory(ignore_cleanup_errors=True) if folder is None else nullcontext(str(folder)) as store:
        made = fit_many(variations, store, workers=workers, summary=summary, progress=progress)
        states = {outcome.name: outcome for outcome in made}
        if states[OWN].failed:
            message = _("The model of the study itself has no fit: {why}")
            raise BayesModelError(message.format(why=states[OWN].error))
        own = made.summary(OWN)["verdict"]
        good = [name for name in chosen.index if states[name].state == "converged"]
        columns = {name: made.summary(name)["verdict"].reindex(own.index) for name in good}
    outcomes = pd.DataFrame(
        [{"state": states[name].state, "error": states[name].error} for name in chosen.index], index=chosen.index
    )
    if not good:
        message = _("None of the other models ({count}) converged. The first of these: {why}")
        raise BayesModelError(message.format(count=number(len(chosen)), why=_first_reason(outcomes)))
    verdict_table = pd.DataFrame(columns, index=own.index)
    return Multiverse(counts.study, expectation, counts.areas.names, own, verdict_table, chosen.join(outcomes))


def verdict_of_each(fit: Fit, expectation: str) -> pd.DataFrame:
    """Return the verdict on each area, and its probabilities.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> verdict_of_each(invented_fit(), "gemeente")["verdict"].iloc[0]
    'inconclusive'
    """
    judged = verdicts(fit, expectation)
    return judged.probabilities.assign(verdict=judged.classes.astype(str))


def _first_reason(models: pd.DataFrame) -> str:
    """Return why the first model that is left out failed or did not converge."""
    lost = models[models["state"] != "converged"].iloc[0]
    return str(lost["error"] or lost["state"])


def _directions(verdict: pd.DataFrame) -> pd.DataFrame:
    """Return 1 for higher, -1 for lower, 0 for neither, NaN where there is no verdict."""
    known = {str(name): DIRECTION.get(name, 0.0) for name in VerdictClass}
    return pd.DataFrame({name: column.map(known).astype(float) for name, column in verdict.items()})
