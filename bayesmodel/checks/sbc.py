"""Simulation-based calibration: whether the truth behind simulated counts is as any draw of the posterior of these.

Where the model, its engine and the reading of counts are right, the rank of the true value among the draws is uniform.
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
from bayesmodel.errors import BayesModelError, ComparisonError
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.sampling import Engine, draw_prior
from bayesmodel.io import read_areas
from bayesmodel.messages import LANGUAGES, _, number
from bayesmodel.model.build import build_model
from bayesmodel.study import Label, Study

Floats = NDArray[np.float64]
Progress = Callable[[int, int, Outcome], None]

REPLICATES = 100
"""With so many, an interval of 90 % that holds the truth in 80 % is seen nine times in ten."""
DRAWS = 100
"""Draws of each refit that the truth is ranked among."""
CHAINS = 2
LEAST = 50
"""Draws of a chain at the least."""
CHAIN = {"inference.tune": 500, "inference.draws": 500, "inference.chains": CHAINS}
"""Of a refit by NUTS: its draws depend on each other, so more are drawn than the truth is ranked among."""
RARE = 0.01
"""Probability, over all variables together, below which ranks are not uniform."""
FAR = 4.0
"""Standard errors from which a coverage is off."""
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
        Where the true values came from.
    ranks : DataFrame of int (replicate, quantity)
        Draws below the true value, 0 to `draws`; columns are variable and label.
    draws : int
        Draws that each true value was ranked among.
    refits : DataFrame
        One row per replicate: ``state``, ``pareto_k`` (NaN for NUTS), ``seconds``, ``error``.
    seed : int
        Of the spread of ranks within their step, for tests of uniformity.
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
        """Ranks as numbers between 0 and 1, spread evenly within their step (replicate, quantity)."""
        spread = np.random.default_rng(self.seed).random(self.ranks.shape)
        return (self.ranks + spread) / (self.draws + 1)

    def summary(self) -> pd.DataFrame:
        """Summarise the ranks per variable.

        Returns
        -------
        DataFrame
            One row per variable: ``quantities`` (how many: one per determinant, group or area), ``mean_rank`` (.5 is
            right) and ``cover_50``, ``cover_90`` (shares of true values in the central intervals), each with
            ``_error``, the standard error over replicates; ``p``, the probability of ranks this far from uniform
            (Kolmogorov-Smirnov, the worst quantity, times the number of quantities).
        """
        rows = {}
        for variable, part in self.uniforms.T.groupby(level="variable", sort=False):
            u = part.to_numpy().T
            p = min(1.0, u.shape[1] * float(np.min(stats.kstest(u, "uniform", axis=0).pvalue)))
            row: dict[str, float] = {"quantities": u.shape[1]}
            held = {name: np.abs(u - 0.5) <= share / 2 for name, share in (("cover_50", 0.5), ("cover_90", 0.9))}
            for name, values in {"mean_rank": u, **held}.items():
                each = values.mean(axis=1)
                row |= {name: each.mean(), f"{name}_error": each.std(ddof=1) / np.sqrt(len(each))}
            rows[str(variable)] = {**row, "p": p}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("variable")
        return table.astype({"quantities": int})

    @property
    def problems(self) -> tuple[str, ...]:
        """Variables whose ranks are not uniform, in words; none where calibration holds."""
        table, said = self.summary(), list[str]()
        for variable, row in table.iterrows():
            if row["p"] * len(table) < RARE:
                text = _("{variable}: ranks are not uniform (p = {p})")
                said.append(text.format(variable=variable, p=number(row["p"], ".1g")))
            elif abs(row["cover_90"] - 0.9) > FAR * max(row["cover_90_error"], 0.01):
                text = _("{variable}: intervals of 90% hold {share} of the true values")
                said.append(text.format(variable=variable, share=number(row["cover_90"], ".0%")))
        return tuple(said)

    @property
    def calibrated(self) -> bool:
        """Whether nothing is off, as far as so many replicates can show."""
        return not self.problems

    def notes(self) -> tuple[str, ...]:
        """Return what is off, and how many refits failed or were poor."""
        failed = int((self.refits["state"] == "failed").sum())
        poor = int((self.refits["pareto_k"] > PARETO_K).sum())
        said = _("{failed} of {count} refits failed; {poor} have a Pareto k above 0.7.")
        counted = said.format(failed=number(failed), count=number(len(self.refits)), poor=number(poor))
        return (*(self.problems or (_("Nothing is off."),)), counted)

    @property
    def title(self) -> str:
        """Around what, with how many replicates."""
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
    """Calibrate a fit around its own posterior: whether, for data like these, the engine finds what is there.

    For each of some draws of the posterior, counts are drawn for a copy of every area (the same groups, determinants
    and people, an effect of its own that is drawn anew), hidden by the rule of the study, and fitted *together with the
    counts of the study itself*. Given both, the draw that the counts came from is as any draw of the new posterior, so
    that its rank is uniform.

    Parameters
    ----------
    fit : Fit
        The posterior. With the Laplace engine its draws are independent; of chains they must have mixed.
    replicates : int
        Refits, each of twice as many areas.
    draws : int
        Draws of each refit, at least 100.
    engine : {"laplace", "nuts"}
        Of the refits.
    seed : int, optional
        The study's when left out.
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
        There are fewer draws than replicates, or fewer than two replicates.
    BayesModelError
        No refit succeeded.

    Notes
    -----
    A fit of the replicate alone would not do: its prior is that of the study, not the posterior that the draw came
    from. Säilynoja, Schmitt, Bürkner and Vehtari (2025), Posterior SBC: simulation-based calibration checking
    conditional on data; Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference algorithms
    with simulation-based calibration. Call this under ``if __name__ == "__main__":``.

    Examples
    --------
    >>> from bayesmodel import load_fit
    >>> posterior_sbc(load_fit("results/fit.nc")).summary()  # doctest: +SKIP
    """
    available = fit.posterior.sizes["chain"] * fit.posterior.sizes["draw"]
    _check(replicates, draws, available, seed)
    seed = fit.study.inference.seed if seed is None else seed
    counts, built = doubled_counts(fit.counts), build_model(fit.counts, fit.design)
    drawn = list(posterior_replicates(fit, replicates, seed))
    build = partial(built_like, design=doubled_design(fit.design), priors=built.priors)
    changes = _changes(engine, draws)
    variations = [
        Variation(
            str(order),
            counts,
            {**changes, "inference.seed": order},
            partial(with_replicate, replicate=replicate),
            build,
        )
        for order, replicate in enumerate(drawn)
    ]
    truth = np.stack([replicate.truth for replicate in drawn])
    # ranks of the copies: the areas themselves were seen by the fit that the truth came from
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
    """Calibrate the whole chain around the prior of a study: draw, publish, read, fit, rank.

    Parameters
    ----------
    study : Study or Counts
        Its areas, determinants, rule and priors are used; of its counts only which are missing. The prior must be
        narrow enough for counts to be drawn that a model can be built of.
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
    _check(replicates, draws, replicates, seed)
    counts = study if isinstance(study, Counts) else interpret_counts(read_areas(study))
    seed = counts.study.inference.seed if seed is None else seed
    built = build_model(counts)
    tree = draw_prior(built, draws=replicates, seed=seed)
    people = counts.population
    known = np.clip(tree["prior_predictive"]["count"].to_numpy()[0].astype(np.int64), 0, people)
    cells = publish(known, counts.study.publication, seed).astype(object)
    kept = np.isin(counts.status, [Status.MISSING, Status.ZERO, Status.SECONDARY])
    cells[:, kept] = counts.areas.published.to_numpy()[kept]
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


def _check(replicates: int, draws: int, available: int, seed: int | None) -> None:
    """Refuse numbers that give no ranks."""
    if seed is not None and seed < 0:
        raise ComparisonError(_("A seed is a whole number from 0; found {seed}.").format(seed=seed))
    if not 2 <= replicates <= available:
        said = _("Replicates are at least 2 and at most the {draws} draws there are; found {replicates}.")
        raise ComparisonError(said.format(draws=number(available), replicates=replicates))
    if draws < CHAINS * LEAST or draws % CHAINS:
        said = _("The draws of a refit are an even number of at least {least}; found {draws}.")
        raise ComparisonError(said.format(least=CHAINS * LEAST, draws=draws))


def _changes(engine: Engine, draws: int) -> dict[str, object]:
    """Return how a refit is made."""
    few = {"inference.chains": CHAINS, "inference.draws": draws // CHAINS}
    return {"inference.engine": engine, **(few if engine == "laplace" else CHAIN)}


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
        made = fit_many(variations, Path(folder) / "fits", summary=ranked, workers=workers, progress=progress)
        ranks = _collected(made, np.random.default_rng(seed))
    return SimulationCalibration(study, around, ranks, draws, _refits(made), seed)


def ranks_of(fit: Fit, path: str, first: int, draws: int) -> pd.DataFrame:
    """Return how many draws lie below the truth, and how many at it (quantity).

    Parameters
    ----------
    fit : Fit
        Of a replicate, whose number is its seed.
    path : str
        Of the truths (replicate, quantity).
    first : int
        First area whose linear predictor is ranked.
    draws : int
        Draws that are used, evenly spaced.
    """
    rows = np.arange(first, len(fit.counts))
    values, labels = values_of(fit.tree["posterior"].to_dataset(), rows, fit.study.area)
    values = values[np.linspace(0, len(values) - 1, draws).round().astype(int)]
    truth = np.load(path, mmap_mode="r")[fit.study.inference.seed]
    return pd.DataFrame({"below": (values < truth).sum(axis=0), "equal": (values == truth).sum(axis=0)}, index=labels)


def _collected(made: FitCollection, rng: np.random.Generator) -> pd.DataFrame:
    """Return the ranks (replicate, quantity); draws equal to the truth are put below or above it at random."""
    rows = {}
    for outcome in made:
        if not outcome.failed:
            table = made.summary(outcome.name)
            rows[outcome.name] = table["below"] + rng.integers(0, table["equal"] + 1)
    if not rows:
        said = _("No replicate could be fitted; the first: {why}")
        raise BayesModelError(said.format(why=made.failed[0].error))
    return pd.DataFrame(rows).T.rename_axis("replicate")


def _refits(made: FitCollection) -> pd.DataFrame:
    """Return what became of each refit."""
    certificates = [outcome.diagnostics.certificate if outcome.diagnostics else None for outcome in made]
    kept = made.frame[["state", "seconds", "error"]]
    return kept.assign(pareto_k=[each.pareto_k if each else np.nan for each in certificates])
