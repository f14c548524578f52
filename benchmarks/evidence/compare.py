"""Wijken compared: verdicts on the fit of 2017 beside the study's own residuals, and countries whose truth is known."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import (
    Fit,
    Status,
    VerdictClass,
    aggregate,
    build_model,
    compare,
    difference,
    effects,
    exceedance,
    expected,
    explain,
    fit_model,
    funnel,
    interpret_counts,
    peers,
    rank,
    read_areas,
    read_study,
    use,
    variance,
    variance_explained,
    variance_parts,
    verdicts,
    waterfall,
    what_if,
    without_determinants,
)
from benchmarks.evidence.simulated import simulated
from benchmarks.evidence.study_2017 import STUDY, published_expectation

LARGEST = 50
"""Of the study's differences between actual and expected, as a reader would sort them."""
CALLS = 3
"""Each call is timed so often, and the shortest time counts: the machine is shared."""


def figures() -> dict[str, Any]:
    """Return every figure of this subject: two fits of the file of 2017, and those of the invented countries."""
    counts = interpret_counts(read_areas(read_study(STUDY)))
    fit = fit_model(build_model(counts))
    null = fit_model(build_model(without_determinants(counts)))
    return {**of_the_study(fit), **variances(fit, null), **additivity(fit), **times(fit), **simulated()}


def of_the_study(fit: Fit) -> dict[str, Any]:
    """Return how many wijken are clearly higher or lower, and what that says of the study's largest differences."""
    result: dict[str, Any] = {"converged": fit.diagnostics.converged}
    for to in ("gemeente", "determinants"):
        found = verdicts(fit, to)
        for verdict in (VerdictClass.CLEARLY_HIGHER, VerdictClass.CLEARLY_LOWER):
            result[f"{str(verdict).replace(' ', '_')}_{to}"] = len(found.listed(verdict))
        result[f"verdicts_{to}"] = found.counts["areas"].to_dict()
        largest = residuals(fit).abs().sort_values(ascending=False, kind="stable").index[:LARGEST]
        kinds = found.classes[largest].value_counts()
        result[f"study_top{LARGEST}_by_verdict_{to}"] = {str(name): int(size) for name, size in kinds.items()}
    inconclusive = result[f"study_top{LARGEST}_by_verdict_gemeente"].get(str(VerdictClass.INCONCLUSIVE), 0)
    return result | {f"study_top{LARGEST}_inconclusive": inconclusive}


def residuals(fit: Fit) -> pd.Series:
    """Return the study's own differences in percentage points: published percentage minus its expectation."""
    seen = fit.counts.status == Status.EXACT
    share = 100 * fit.counts.lower[seen] / fit.counts.population[seen]
    return pd.Series(share - published_expectation(fit.counts)[seen], fit.counts.areas.codes[seen])


def variances(fit: Fit, null: Fit) -> dict[str, Any]:
    """Return the shares of the levels, what determinants explain, and the share of each part, all with intervals."""
    table = variance(fit).summary()
    names = {"jeugdzorgregio": "regio"}
    result: dict[str, Any] = {
        f"vpc_{names.get(str(level), level)}": _three(row["share"], row["share_lower"], row["share_upper"])
        for level, row in table.iterrows()
    }
    ratio = next(str(name) for name in table if str(name).endswith("_ratio"))  # of odds or of rates, as the family has
    result[ratio] = {
        str(level): _three(row[ratio], row[f"{ratio}_lower"], row[f"{ratio}_upper"]) for level, row in table.iterrows()
    }
    for name, estimate in (
        ("variance_parts", variance_parts(fit)),
        ("explained_by_determinants", variance_explained(null, fit)),
    ):
        summary = estimate.summary()
        result[name] = {str(part): _three(*row[["mean", "lower", "upper"]]) for part, row in summary.iterrows()}
    return result


def additivity(fit: Fit) -> dict[str, float]:
    """Return the largest error of a waterfall on any draw, in percentage points: wijken, gemeenten and the country."""
    largest = 0.0
    for places in (fit.counts.areas.codes[::20].tolist(), "gemeente", None):
        actual = 100 * aggregate(fit, places, "use.actual", "share").samples
        largest = max(largest, float(np.abs(waterfall(fit, places).total.samples - actual).max()))
    return {"waterfall_max_abs_error": largest}


def times(fit: Fit) -> dict[str, Any]:
    """Return how long each call takes, warm, from all wijken and draws; on a shared machine believe the processor."""
    wijken = fit.counts.areas.codes[:2].tolist()
    calls: dict[str, Callable[[], object]] = {
        "use": lambda: use(fit, "actual"),
        "expected": lambda: expected(fit, "gemeente"),
        "difference": lambda: difference(fit, scale="ratio"),
        "summary": use(fit).summary,
        "aggregate": lambda: aggregate(fit, "gemeente", "difference.actual.gemeente"),
        "compare": lambda: compare(fit, wijken, "difference.underlying.gemeente").summary(),
        "compare_gemeenten": lambda: compare(fit, "gemeente").p_higher,
        "rank": lambda: rank(fit),
        "verdicts": lambda: verdicts(fit, "gemeente"),
        "explain": lambda: explain(fit, wijken),
        "exceedance": lambda: exceedance(fit, 0.15).p_above,
        "funnel": lambda: funnel(fit),
        "waterfall": lambda: waterfall(fit, wijken),
        "variance": lambda: variance(fit),
        "variance_parts": lambda: variance_parts(fit),
        "effects": lambda: effects(fit),
        "what_if": lambda: what_if(fit, by={"perc_1ouder": 1.0}),
        "peers": lambda: peers(fit, wijken[0]),
    }
    clock = {name: round(min(_seconds(call, perf_counter) for _ in range(CALLS)), 3) for name, call in calls.items()}
    spent = {name: round(min(_seconds(call, process_time) for _ in range(CALLS)), 3) for name, call in calls.items()}
    return {
        "load_average": round(os.getloadavg()[0], 1),
        "slowest_call_seconds": max(clock.values()),
        "slowest_call_cpu_seconds": max(spent.values()),
        "call_seconds": clock,
        "call_cpu_seconds": spent,
    }


def _seconds(call: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return how long a call takes, by the clock on the wall or that of the processor."""
    begun = clock()
    call()
    return clock() - begun


def _three(mean: float, lower: float, upper: float) -> dict[str, float]:
    """Return a mean and its interval, rounded."""
    return {"mean": round(float(mean), 4), "lower": round(float(lower), 4), "upper": round(float(upper), 4)}
