"""How far the model can be believed on the file of 2017: its tail, its sum, and the wijken that are special."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from bayesmodel import (
    Counts,
    Status,
    build_model,
    expected,
    fit_model,
    interpret_counts,
    read_areas,
    read_study,
    special_probability,
    study_from,
    use,
)
from benchmarks.evidence import certified
from benchmarks.evidence.crossvalidation import cross_validate
from benchmarks.evidence.study_2017 import STUDY

LAPLACE = {"engine": "laplace", "draws": 250, "fallback": "none"}
LIKELY = (0.5, 0.9)
"""Probabilities from which special areas are counted."""


def figures() -> dict[str, Any]:
    """Return every figure of this subject: fits of nine tenths, of each form of the effect, of invented studies."""
    counts = interpret_counts(read_areas(read_study(STUDY)))
    return {**gain_of_the_tail(counts), **whole_fits(counts), **certified.figures()}


def gain_of_the_tail(counts: Counts) -> dict[str, Any]:
    """Return the gain in log score of a two-part effect over a normal one, per left-out wijk, with its error."""
    one, two = (cross_validate(counts, {"area_effect": form}, LAPLACE) for form in ("normal", "two-part"))
    gain = two.log_score - one.log_score
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return {
        "logscore_normal": round(float(one.log_score.mean()), 4),
        "logscore_two_part": round(float(two.log_score.mean()), 4),
        "logscore_gain_tail": {"mean": round(float(gain.mean()), 4), "error": round(float(error), 4)},
        "gain_without_the_best_twenty": round(float(np.sort(gain)[:-20].mean()), 4),
    }


def whole_fits(counts: Counts) -> dict[str, Any]:
    """Return, per form of the effect, what the whole file says."""
    found: dict[str, Any] = {}
    for form in ("normal", "two-part"):
        study = counts.study.model_dump()
        study["model"]["area_effect"], study["inference"] = form, study["inference"] | LAPLACE
        fit = fit_model(build_model(counts.with_study(study_from(study))))
        total = expected(fit, "determinants").samples.sum(axis=1)
        actual = use(fit, "actual").samples.sum(axis=1)
        share = use(fit, "underlying", "share").summary()
        special = special_probability(fit)
        certificate = fit.diagnostics.certificate
        assert certificate is not None
        found[form] = {
            "converged": fit.diagnostics.converged,
            "pareto_k": round(certificate.pareto_k, 2),
            "proposals": certificate.proposals,
            "effective": round(certificate.effective),
            "sum_expected_over_actual": [round(float(each), 5) for each in _summary(total / actual.mean())],
            "special_wijken": {f"above {limit}": int((special > limit).sum()) for limit in LIKELY},
            "special_expected": round(float(special.sum()), 1),
            "wijken_whose_own_interval_lies_outside": _outside(counts, share),
        }
    return found


def _summary(draws: np.ndarray) -> list[float]:
    """Return mean and 90 % interval."""
    return [float(draws.mean()), *map(float, np.quantile(draws, [0.05, 0.95]))]


def _outside(counts: Counts, share: Any) -> int:
    """Return how many visible wijken have an exact 90 % interval of their own wholly outside that of the model."""
    seen, n, y = counts.status == Status.EXACT, counts.population, counts.lower
    low = stats.beta.ppf(0.05, np.maximum(y, 0.5), n - y + 1)
    high = stats.beta.ppf(0.95, y + 1, np.maximum(n - y, 0.5))
    return int((seen & ((low > share["upper"].to_numpy()) | (high < share["lower"].to_numpy()))).sum())
