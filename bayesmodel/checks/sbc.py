"""Simulation-based calibration: whether the true value behind simulated counts looks like a draw of their posterior.

If the model, the engine and the interpretation of counts are right, the rank of the true value among draws is uniform.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from bayesmodel.batch import FitCollection, Variation, fit_many
from bayesmodel.batch.fit_store import Outcome
from bayesmodel.checks.simulated_counts import (
    built_like,
    doubled_counts,
    doubled_design,
    posterior_replicates,
    values_of,
    with_published,
    with_replicate,
)
from bayesmodel.data import Counts, Status, interpret_counts, publish
from bayesmodel.errors import BayesModelError, ComparisonError, UnknownNameError
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.sampling import Engine, draw_prior
from bayesmodel.io import read_areas
from bayesmodel.laplace import warm_start_of
from bayesmodel.messages import LANGUAGES, _, number
from bayesmodel.model.build import build_model
from bayesmodel.study import Label, Study

Floats = NDArray[np.float64]
Progress = Callable[[int, int, Outcome], None]

REPLICATES = 100
"""With this many, a 90 % interval that covers the truth only 80 % of the time is detected nine times in ten."""
DRAWS = 100
"""Draws of each refit among which the truth is ranked."""
CHAINS = 2
ENGINES = ("laplace", "nuts")
LEAST = 50
"""Fewest draws per chain."""
CHAIN = {"inference.tune": 500, "inference.draws": 500, "inference.chains": CHAINS}
"""Settings of a refit by NUTS: its draws are dependent, so more are made than the truth is ranked among."""
RARE = 0.01
"""Probability over all variables together below which ranks are called non-uniform."""
FAR = 4.0
"""Standard errors beyond which a coverage is off."""
PARETO_K = 0.7
TITLES = {
    "posterior": Label(
        nl="simulatie-gebaseerde kalibratie rond de posterior van deze gegevens: {replicates} keer nagebootst",
        en="simulation-based calibration around the posterior of these data: {replicates} replicates",
    ),
    "prior": Label(
        nl="simulatie-gebaseerde kalibratie rond de prior: {replicates} keer nagebootst",
        en="simulation-based calibration around the prior: {replicates} replicates",
    ),
}


@dataclass(frozen=True, eq=False, repr=False)
class SimulationCalibration(Result):
    """Ranks of true values among the draws of the posteriors of simulated counts.

    Parameters
    ----------
    study : Study
    around : {"posterior", "prior"}
        The distribution that the true values were drawn from.
    ranks : DataFrame of int (replicate, quantity)
        Draws below the true value, 0 to `draws`; columns are variable and label.
    draws : int
        Draws among which each true value was ranked.
    refits : DataFrame
        One row per replicate: ``state``, ``pareto_k`` (NaN for NUTS), ``seconds``, ``error``.
    seed : int
        For placing ranks at random within their step, in tests of uniformity.
    """

    shown_rows: ClassVar[int] = 30

    study: Study
    around: Literal["posterior", "prior"]
    ranks: pd.DataFrame
    draws: int
    refits: pd.DataFrame
    seed: int

    @property
    def uniforms(self) -> pd.DataFrame:
        """Ranks as numbers between 0 and 1, uniform at random within their step (replicate, quantity)."""
        spread = np.random.default_rng(self.seed).random(self.ranks.shape)
        return (self.ranks + spread) / (self.draws + 1)

    def summary(self) -> pd.DataFrame:
        """Summarise the ranks per variable.

        Returns
        -------
        DataFrame
            One row per variable: ``quantities`` (their number: one per determinant, group or area), ``mean_rank`` (0.5
            if calibrated) and ``cover_50``, ``cover_90`` (shares of true values in the central intervals), each with
            ``_error``, the standard error over replicates; ``p``, the probability of ranks this far from uniform
            (Kolmogorov-Smirnov for the worst quantity, multiplied by the number of quantities).
        """
        rows = {}
        for variable, part in self.uniforms.T.groupby(level="variable", sort=False):
            u = part.to_numpy().T
            p = min(1.0, u.shape[1] * float(np.min(stats.kstest(u, "uniform", axis=0).pvalue)))
            row: dict[str, float] = {"quantities": u.shape[1]}
            covered = {name: np.abs(u - 0.5) <= share / 2 for name, share in (("cover_50", 0.5), ("cover_90", 0.9))}
            for name, values in {"mean_rank": u, **covered}.items():
                means = values.mean(axis=1)
                row |= {name: means.mean(), f"{name}_error": means.std(ddof=1) / np.sqrt(len(means))}
            rows[str(variable)] = {**row, "p": p}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("variable")
        return table.astype({"quantities": int})

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences on the variables whose ranks are not uniform; empty if calibrated."""
        table, problems = self.summary(), list[str]()
        for variable, row in table.iterrows():
            if row["p"] * len(table) < RARE:
                text = _("{variable}: ranks are not uniform (p = {p})")
                problems.append(text.format(variable=variable, p=number(row["p"], ".1g")))
            elif abs(row["cover_90"] - 0.9) > FAR * max(
                row["cover_90_error"], 0.01, self._least_error(row["quantities"])
            ):
                text = _("{variable}: intervals of 90% hold {share} of the true values")
                problems.append(text.format(variable=variable, share=number(row["cover_90"], ".0%")))
        return tuple(problems)

    def _least_error(self, quantities: float) -> float:
        """Return the standard error of a coverage of 0.9, were its quantities independent.

        The error found is too small where nearly all of few true values happen to be covered.
        """
        return float(np.sqrt(0.9 * 0.1 / (len(self.ranks) * quantities)))

    @property
    def calibrated(self) -> bool:
        """Whether nothing is off, as far as this number of replicates can show."""
        return not self.problems

    def notes(self) -> tuple[str, ...]:
        """Return the problems, and how many refits failed or were poor."""
        failed = int((self.refits["state"] == "failed").sum())
        poor = int((self.refits["pareto_k"] > PARETO_K).sum())
        message = _("{failed} of {count} refits failed; {poor} have a Pareto k above 0.7.")
        counted = message.format(failed=number(failed), count=number(len(self.refits)), poor=number(poor))
        return (*(self.problems or (_("Nothing is off."),)), counted)

    @property
    def title(self) -> str:
        """What was calibrated around, and the number of replicates."""
        replicates = {reader: number(len(self.ranks), ",", reader) for reader in LANGUAGES}
        reader = self.study.report.language
        return TITLES[self.around][reader].format(replicates=replicates[reader])


def posterior_sbc(
    fit: Fit,
    replicates: int = REPLICATES,
    *,
    draws: int = DRAWS,
    engine: Engine = "laplace",
    seed: int | None = None,
    workers: int | str | None = None,
    progress: Progress | None = None,
) -> SimulationCalibration:
    """Check calibration around a fit's own posterior: whether, for data like these, the engine recovers the truth.

    For each of a number of posterior draws, counts are drawn for a copy of every area (with the same groups,
    determinants and people, and a redrawn own effect), hidden by the study's rule, and fitted *together with the counts
    of the study itself*. Given both, the draw behind the counts is distributed like any draw of the new posterior, so
    its rank is uniform.

    Parameters
    ----------
    fit : Fit
        The posterior. Draws of the Laplace engine are independent; chains must have mixed.
    replicates : int
        Number of refits, each of twice as many areas.
    draws : int
        Draws of each refit, at least 100.
    engine : {"laplace", "nuts"}
        Of the refits.
    seed : int, optional
        Defaults to the study's.
    workers : int or str, optional
        As in `fit_many`.
    progress : callable, optional
        ``progress(done, total, outcome)``.

    Returns
    -------
    SimulationCalibration
        Ranks of the intercept, coefficients, sds, effects of groups, and the linear predictors of the copies.

    Raises
    ------
    ComparisonError
        There are fewer draws than replicates, or fewer than two replicates; or the study has effects of space, which
        copies of its areas would share.
    BayesModelError
        No refit succeeded.

    Notes
    -----
    Fitting the replicate alone would not work: its prior would be the study's, not the posterior that the draw came
    from. Refits by Laplace begin where that of the first replicate ended; their weights are exact all the same.
    Säilynoja, Schmitt, Bürkner and Vehtari (2025), Posterior SBC: simulation-based calibration checking conditional on
    data; Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference algorithms with
    simulation-based calibration. Call this under ``if __name__ == "__main__":``.

    Examples
    --------
    >>> from bayesmodel import load_fit
    >>> posterior_sbc(load_fit("results/fit.nc")).summary()  # doctest: +SKIP
    """
    if fit.study.model.space is not None:
        raise ComparisonError(_("With model.space there is no posterior calibration yet: use `prior_sbc`."))
    available = fit.posterior.sizes["chain"] * fit.posterior.sizes["draw"]
    _check(replicates, draws, available, seed, engine)
    seed = fit.study.inference.seed if seed is None else seed
    counts, built = doubled_counts(fit.counts), build_model(fit.counts, fit.design)
    drawn = list(posterior_replicates(fit, replicates, seed))
    build = partial(built_like, design=doubled_design(fit.design), priors=built.priors)
    changes = _changes(engine, draws)
    start = warm_start_of(build(with_replicate(counts, drawn[0]))) if engine == "laplace" else None
    variations = [
        Variation(
            str(order),
            counts,
            {**changes, "inference.seed": order},
            partial(with_replicate, replicate=replicate),
            build,
            start,
        )
        for order, replicate in enumerate(drawn)
    ]
    truth = np.stack([replicate.truth for replicate in drawn])
    # only the copies are ranked: the fit that supplied the truth has seen the areas themselves
    return _ranked(fit.study, "posterior", variations, truth, len(fit.counts), draws, seed, workers, progress)


def prior_sbc(
    study: Study | Counts,
    replicates: int = REPLICATES,
    *,
    draws: int = DRAWS,
    engine: Engine = "laplace",
    seed: int | None = None,
    workers: int | str | None = None,
    progress: Progress | None = None,
) -> SimulationCalibration:
    """Check calibration of the whole process around a study's prior: draw, publish, read, fit, rank.

    Parameters
    ----------
    study : Study or Counts
        Its areas, determinants, rule and priors are used, and of its counts only which ones are missing. The prior must
        be narrow enough to produce counts for which a model can be built.
    replicates, draws, engine, seed, workers, progress
        As in `posterior_sbc`; each refit has the areas of the study.

    Returns
    -------
    SimulationCalibration

    Raises
    ------
    ComparisonError
        There are fewer than two replicates.
    StudyError
        The rule hides counts and the study has no symbol for these.
    BayesModelError
        No refit succeeded.

    Examples
    --------
    >>> from bayesmodel import example_study, prior_sbc
    >>> prior_sbc(example_study(areas=60, gemeenten=8, regions=2)).calibrated  # doctest: +SKIP
    """
    _check(replicates, draws, replicates, seed, engine)
    counts = study if isinstance(study, Counts) else interpret_counts(read_areas(study))
    seed = counts.study.inference.seed if seed is None else seed
    built = build_model(counts)
    tree = draw_prior(built, draws=replicates, seed=seed)
    people = counts.population
    known = np.clip(tree["prior_predictive"]["count"].to_numpy()[0].astype(np.int64), 0, people)
    cells = publish(known, counts.study.publication, seed).astype(object)
    columns = np.isin(counts.status, [Status.MISSING, Status.ZERO, Status.SECONDARY])
    cells[:, columns] = counts.areas.published.to_numpy()[columns]
    build = partial(built_like, design=built.design, priors=built.priors)
    changes = _changes(engine, draws)
    variations = [
        Variation(
            str(order),
            counts,
            {**changes, "inference.seed": order},
            partial(with_published, cells=row.astype(str)),
            build,
        )
        for order, row in enumerate(cells)
    ]
    truth, _labels = values_of(tree["prior"].to_dataset(), np.arange(len(counts)), counts.study.area)
    return _ranked(counts.study, "prior", variations, truth, 0, draws, seed, workers, progress)


def _check(replicates: int, draws: int, available: int, seed: int | None, engine: str) -> None:
    """Raise if the numbers of replicates and draws do not allow ranks, or there is no such engine."""
    if engine not in ENGINES:
        raise UnknownNameError(_("engine"), engine, ENGINES)
    if seed is not None and seed < 0:
        raise ComparisonError(_("A seed is a whole number from 0; found {seed}.").format(seed=seed))
    if not 2 <= replicates <= available:
        message = _("Replicates are at least 2 and at most the {draws} draws there are; found {replicates}.")
        raise ComparisonError(message.format(draws=number(available), replicates=replicates))
    if draws < CHAINS * LEAST or draws % CHAINS:
        message = _("The draws of a refit are an even number of at least {least}; found {draws}.")
        raise ComparisonError(message.format(least=CHAINS * LEAST, draws=draws))


def _changes(engine: Engine, draws: int) -> dict[str, object]:
    """Return the changes to the study for a refit."""
    sizes = {"inference.chains": CHAINS, "inference.draws": draws // CHAINS}
    return {"inference.engine": engine, **(sizes if engine == "laplace" else CHAIN)}


def _ranked(
    study: Study,
    around: Literal["posterior", "prior"],
    variations: Sequence[Variation],
    truth: Floats,
    first: int,
    draws: int,
    seed: int,
    workers: int | str | None,
    progress: Progress | None,
) -> SimulationCalibration:
    """Fit all replicates and rank the truth (replicate, quantity) among their draws."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "truth.npy"
        np.save(path, truth)
        ranked = partial(ranks_of, path=str(path), first=first, draws=draws)
        refits = fit_many(variations, Path(folder) / "fits", summary=ranked, workers=workers, progress=progress)
        ranks = _collected(refits, np.random.default_rng(seed))
    return SimulationCalibration(study, around, ranks, draws, _refits(refits), seed)


def ranks_of(fit: Fit, path: str, first: int, draws: int) -> pd.DataFrame:
    """Return how many draws are below the truth, and how many equal to it (quantity).

    Parameters
    ----------
    fit : Fit
        Of a replicate; its seed is the number of the replicate.
    path : str
        File with the true values (replicate, quantity).
    first : int
        First area whose linear predictor is ranked.
    draws : int
        Number of draws to use, evenly spaced.
    """
    rows = np.arange(first, len(fit.counts))
    values, labels = values_of(fit.tree["posterior"].to_dataset(), rows, fit.study.area)
    values = values[np.linspace(0, len(values) - 1, draws).round().astype(int)]
    truth = np.load(path, mmap_mode="r")[fit.study.inference.seed]
    return pd.DataFrame({"below": (values < truth).sum(axis=0), "equal": (values == truth).sum(axis=0)}, index=labels)


def _collected(refits: FitCollection, rng: np.random.Generator) -> pd.DataFrame:
    """Return the ranks (replicate, quantity); ties with the truth are broken at random."""
    rows = {}
    for outcome in refits:
        if not outcome.failed:
            table = refits.summary(outcome.name)
            rows[outcome.name] = table["below"] + rng.integers(0, table["equal"] + 1)
    if not rows:
        message = _("No replicate could be fitted; the first: {why}")
        raise BayesModelError(message.format(why=refits.failed[0].error))
    return pd.DataFrame(rows).T.rename_axis("replicate")


def _refits(refits: FitCollection) -> pd.DataFrame:
    """Return the outcome of each refit."""
    certificates = [outcome.diagnostics.certificate if outcome.diagnostics else None for outcome in refits]
    columns = refits.frame[["state", "seconds", "error"]]
    return columns.assign(pareto_k=[means.pareto_k if means else np.nan for means in certificates])
