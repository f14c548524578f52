"""Several outcomes as one model, in countries whose truth is known: cost, coverage, what each gains by the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import (
    Counts,
    Fit,
    OutcomesFit,
    accumulation,
    build_model,
    correlations,
    fit_model,
    fit_outcomes,
    interpret_counts,
    publish,
    read_areas,
    read_study,
    study_from,
)
from benchmarks.evidence.national_2021 import CARE, WMO, read_national
from benchmarks.evidence.study_2017 import STUDY

Floats = np.ndarray

LAPLACE = {"engine": "laplace", "draws": 250, "fallback": "none"}
COUNTRIES = 3
SHARES = {"youth care": 0.10, "social assistance": 0.05, "home care": 0.07}
"""What the outcomes are called, and the share of people of each."""
EFFECTS = {
    "wijk": ((0.15, 0.25, 0.2), 0.5),
    "gemeente": ((0.12, 0.2, 0.1), 0.6),
    "jeugdzorgregio": ((0.06, 0.1, 0.08), 0.0),
}
"""Sds of the effects of each level, on the log scale, and the correlation of any two."""


def invented_outcomes(seed: int, number: int = 2) -> tuple[dict[str, Counts], Floats]:
    """Return counts of outcomes of the wijken of 2017, and the linear predictors they are of (outcome, area)."""
    shares = dict(list(SHARES.items())[:number])
    study = read_study(STUDY)
    values = study.model_dump(mode="json", exclude_none=True)
    values["model"] |= {"area_effect": "normal", "family": "poisson"}
    values["inference"] |= LAPLACE
    table = read_areas(study_from(values).model_copy(update={"folder": study.folder}))
    x, rng = build_model(interpret_counts(table)).design.x, np.random.default_rng([seed, number])
    eta = np.array([np.log(share) + x @ rng.normal(0, 0.05, x.shape[1]) for share in shares.values()])
    for level, (sds, correlation) in EFFECTS.items():
        group = np.arange(len(table)) if level == "wijk" else np.unique(table.levels[level], return_inverse=True)[1]
        covariance = np.outer(sds[:number], sds[:number]) * np.where(np.eye(number) == 1, 1.0, correlation)
        eta += rng.multivariate_normal(np.zeros(number), covariance, size=group.max() + 1).T[:, group]
    counts, people = {}, table.population.to_numpy()
    for name, own in zip(shares, eta, strict=True):
        drawn = np.minimum(rng.poisson(people * np.exp(own)), people)
        cells = pd.Series(publish(drawn, table.study.publication), table.codes)
        counts[name] = interpret_counts(replace(table, published=cells, without_count=frozenset()))
    return counts, eta


def figures() -> dict[str, Any]:
    """Return coverage of intervals, correlations, and errors and scores relative to those of the outcomes apart."""
    fit_outcomes(invented_outcomes(0)[0])  # compiles
    held, errors, gains, between, took = [], [], [], [], []
    for seed in range(1, COUNTRIES + 1):
        counts, eta = invented_outcomes(seed)
        begin, wall = process_time(), perf_counter()
        fitted = fit_outcomes(counts)
        took.append((process_time() - begin, perf_counter() - wall, *_certified(fitted)))
        between.append(_correlations(fitted))
        for name, true in zip(counts, eta, strict=True):
            alone = fit_model(build_model(counts[name]))
            hidden = counts[name].upper > counts[name].lower
            both, one = _draws(fitted[name]), _draws(alone)
            held.append(_held(both, true))
            errors.append([_error(both, true, rows) / _error(one, true, rows) for rows in (hidden, ~hidden)])
            gains.append(_score(both, true) - _score(one, true))
    cpu, seconds, pareto_k, effective = zip(*took, strict=True)
    return {
        "joint_countries": COUNTRIES,
        "joint_cover90": round(float(np.mean(held)), 3),
        "joint_error_over_alone_hidden": round(float(np.mean([pair[0] for pair in errors])), 3),
        "joint_error_over_alone_shown": round(float(np.mean([pair[1] for pair in errors])), 3),
        "joint_logscore_gain": round(float(np.mean(gains)), 4),
        "joint_correlations": {
            level: {
                "true": EFFECTS[level][1],
                "found": [round(value, 2) for value in (each[level] for each in between)],
            }
            for level in EFFECTS
        },
        "joint_seconds": round(max(seconds), 1),
        "joint_cpu_seconds": round(max(cpu), 1),
        "joint_pareto_k": round(max(pareto_k), 2),
        "joint_effective": round(min(effective)),
    }


def three() -> dict[str, Any]:
    """Return whether three outcomes of the wijken of 2017 are certified, at what cost, and their correlations."""
    counts, eta = invented_outcomes(1, 3)
    begin, wall = process_time(), perf_counter()
    fitted = fit_outcomes(counts)
    cpu, seconds = process_time() - begin, perf_counter() - wall
    pareto_k, effective = _certified(fitted)
    draws = fitted.joint.posterior
    held = [_held(_draws(fitted[name]), true) for name, true in zip(counts, eta, strict=True)]
    return {
        "three_outcomes": {
            "rows": eta.size,
            "converged": fitted.diagnostics.converged,
            "pareto_k": round(pareto_k, 2),
            "effective": round(effective),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
            "cover90": round(float(np.mean(held)), 3),
            "correlations": {
                level: [
                    round(float(draws[f"correlation_{level}"][..., i, j].mean()), 2)
                    for i, j in ((0, 1), (0, 2), (1, 2))
                ]
                for level in EFFECTS
            },
        }
    }


def _certified(fitted: OutcomesFit) -> tuple[float, float]:
    """Return Pareto k and the effective draws."""
    certificate = fitted.diagnostics.certificate
    assert certificate is not None
    return certificate.pareto_k, certificate.effective


def _correlations(fitted: OutcomesFit) -> dict[str, float]:
    """Return the posterior mean of the correlation of the two outcomes, of each level."""
    draws = fitted.joint.posterior
    return {level: float(draws[f"correlation_{level}"][..., 0, 1].mean()) for level in EFFECTS}


def _draws(fit: Fit) -> Floats:
    """Return linear predictors (draw, area)."""
    eta = fit.posterior["linear_predictor"].to_numpy()
    return eta.reshape(-1, eta.shape[-1])


def _held(eta: Floats, true: Floats) -> float:
    """Return the share of 90 % intervals that hold the truth."""
    low, high = np.quantile(eta, [0.05, 0.95], axis=0)
    return float(np.mean((low <= true) & (true <= high)))


def _error(eta: Floats, true: Floats, rows: Floats) -> float:
    """Return the root of the mean squared error of posterior means."""
    return float(np.sqrt(np.mean((eta.mean(axis=0) - true)[rows] ** 2)))


def _score(eta: Floats, true: Floats) -> float:
    """Return the mean log density of the truth under a normal distribution with the posterior's moments."""
    mean, sd = eta.mean(axis=0), eta.std(axis=0)
    return float(np.mean(-np.log(sd) - 0.5 * ((true - mean) / sd) ** 2))


def national_2021() -> dict[str, Any]:
    """Return how youth care and Wmo of the wijken of 2021 go together, and in how many both are high."""
    counts = {}
    with TemporaryDirectory() as folder:
        for name, outcome in {"youth care": CARE, "wmo": WMO}.items():
            (Path(folder) / outcome).mkdir()
            own = {"model": {"area_effect": "normal"}, "inference": LAPLACE}
            counts[name] = read_national(Path(folder) / outcome, outcome, **own)
    begin = process_time()
    fitted = fit_outcomes(counts)
    pareto_k, effective = _certified(fitted)
    found = correlations(fitted).summary()
    numbers = accumulation(fitted).counts["areas"]
    return {
        "outcomes_2021": {
            "rows": len(fitted.joined.counts),
            "hidden": {name: int((each.upper > each.lower + 5).sum()) for name, each in counts.items()},
            "converged": fitted.diagnostics.converged,
            "pareto_k": round(pareto_k, 2),
            "effective": round(effective),
            "cpu_seconds": round(process_time() - begin, 1),
            "correlations": {
                str(level): [round(float(row[name]), 2) for name in ("mean", "lower", "upper")]
                for level, row in found.iterrows()
            },
            "accumulation": {str(verdict): int(number) for verdict, number in numbers.items()},
        }
    }
