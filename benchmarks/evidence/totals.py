"""Totals of gemeenten: a year the model has not seen, hidden counts with and without, exactness, cost.

One function a part, so that each can run alone: ``python -m benchmarks.evidence.totals wmo``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from bayesmodel import Counts, Fit, Status, build_model, example_study, fit_model, interpret_counts
from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.totals import interpret_totals
from bayesmodel.estimates.use import actual_count
from bayesmodel.example.published import published_areas
from bayesmodel.example.truth import example_truth
from bayesmodel.logp.group_sums import evidence_of_sums
from bayesmodel.model.unplaced_share import unplaced_share
from benchmarks.evidence.national_2021 import WMO, read_national

FOLDS, SEED = 5, 2021
COUNTRIES = 8
"""Simulated countries."""
Parts = dict[str, Any]


def figures() -> Parts:
    """Return the figures of all parts."""
    found: Parts = {}
    for part in (national, wmo, exactness, simulated):
        found |= part()
    return found


def without_totals(counts: Counts) -> Counts:
    """Return the counts of a study that makes no use of totals."""
    study = counts.study
    return counts.with_study(study.model_copy(update={"totals": study.totals.model_copy(update={"use": False})}))


def national() -> Parts:
    """Fit 2021 with and without totals; hold totals out by fifths of gemeenten; compare hidden counts."""
    with tempfile.TemporaryDirectory() as folder:
        counts = read_national(Path(folder))
    fit_model(build_model(simulated_counts(0)[0]))  # compiles what is not compiled yet
    begun = perf_counter()
    bare = fit_model(build_model(without_totals(counts)))
    between = perf_counter()
    fit = fit_model(build_model(counts))
    alone, seconds = between - begun, perf_counter() - between
    hidden = np.flatnonzero((fit.counts.status == Status.SUPPRESSED) & (fit.counts.population > 0))
    width, before = (_width(each, hidden) for each in (fit, bare))
    share = unplaced_share(fit.counts)
    return {
        "wijken_2021": len(fit.counts),
        "hidden_2021": int((fit.counts.status == Status.SUPPRESSED).sum()),
        "converged_2021": fit.diagnostics.converged and bare.diagnostics.converged,
        **held_out(bare),
        "hidden_width_ratio_with_totals": round(float(width.mean() / before.mean()), 3),
        "hidden_width_ratio_least": round(float((width / before)[before > 0].min()), 3),
        "unplaced_share_2021": round(_share_of_all(fit.counts), 4),
        "unplaced_typical_2021": round(float(expit(share.typical[0])), 4) if share else None,
        "unplaced_sd_logit_2021": round(share.typical[1], 3) if share else None,
        "totals_cost_ratio": round(seconds / alone, 2),
    }


def _share_of_all(counts: Counts) -> float:
    """Return the part of all totals that is in no wijk, at the middle of its bounds."""
    totals = counts.totals[counts.totals["level"] == "gemeente"]
    unplaced = (totals["unplaced_lower"] + totals["unplaced_upper"]).sum()
    return float(unplaced / (totals["lower"] + totals["upper"]).sum())


def _width(fit: Fit, rows: np.ndarray) -> np.ndarray:
    """Return the sd of the counts of areas, which unlike a width of whole numbers has no steps."""
    return np.asarray(actual_count(fit, rows).std(axis=0))


def held_out(bare: Fit) -> Parts:
    """Predict the published total of each gemeente from its wijken and from the totals of the other four fifths."""
    counts = bare.counts
    study = counts.study.model_copy(update={"totals": counts.study.totals.model_copy(update={"use": True})})
    rows = counts.totals[counts.totals["level"] == "gemeente"].set_index("group")
    names = np.array(sorted(rows.index))
    fold = np.random.default_rng(SEED).permutation(len(names)) % FOLDS
    drawn = actual_count(bare, np.arange(len(counts)))
    inside, ranks = [], []
    for number in range(FOLDS):
        unseen = set(names[fold == number])
        seen = counts.totals[~counts.totals["group"].isin(unseen)]
        share = unplaced_share(replace(counts.with_study(study), totals=seen))
        assert share is not None
        for index, group in enumerate(share.groups):
            if group.group not in unseen:
                continue
            rng = np.random.default_rng([SEED, index])
            placed = drawn[:, group.rows].sum(axis=1)
            total = placed + share.draw(index, placed, rng)[0]
            published = (rows["lower"] + rows["upper"])[group.group] / 2
            low, high = np.quantile(total, [0.05, 0.95], method="inverted_cdf")
            inside.append(low <= published <= high)
            rounded = np.round(total / 5) * 5
            ranks.append((rounded < published).mean() + rng.random() * (rounded == published).mean())
    rank = np.array(ranks)
    return {
        "gemeente_totals_cover90_2021": round(float(np.mean(inside)), 4),
        "gemeente_totals_pit_within_90_2021": round(float(((rank > 0.05) & (rank < 0.95)).mean()), 4),
        "gemeente_totals_2021": len(inside),
    }


def wmo() -> Parts:
    """Fit the Wmo of the same file, with the gemeenten that delivered nothing predicted, and read as they stand."""
    with tempfile.TemporaryDirectory() as folder:
        counts = read_national(Path(folder), WMO)
        as_it_stands = read_national(
            Path(folder), WMO, delivery={}, inference={"engine": "laplace", "fallback": "none"}
        )
    fit = fit_model(build_model(counts))
    bare = fit_model(build_model(without_totals(as_it_stands)))
    share = unplaced_share(fit.counts)
    return {
        "wmo_wijken": len(fit.counts),
        "wmo_converged": fit.diagnostics.converged,
        "wmo_not_delivered": len(counts.study.delivery.none),
        "wmo_not_delivered_wijken": int((fit.counts.status == Status.MISSING).sum()),
        "wmo_unplaced_typical": round(float(expit(share.typical[0])), 4) if share else None,
        "wmo_pareto_k": _pareto_k(fit),
        "wmo_read_as_hidden_converged": bare.diagnostics.converged,
        "wmo_read_as_hidden_pareto_k": _pareto_k(bare),
    }


def _pareto_k(fit: Fit) -> float | None:
    """Return the Pareto k of a fit by Laplace."""
    certificate = fit.diagnostics.certificate
    return None if certificate is None else round(certificate.pareto_k, 2)


def exactness() -> Parts:
    """Compare the evidence of totals with brute-force enumeration of all outcomes."""
    rng, worst = np.random.default_rng(SEED), 0.0
    for _ in range(200):
        cells = [rng.dirichlet(np.ones(rng.integers(1, 7))) for _ in range(rng.integers(1, 6))]
        sizes = np.array([len(each) for each in cells])
        weight = rng.random(1 + int((sizes - 1).sum())) ** 4
        outcomes = np.array(list(product(*(range(size) for size in sizes))))
        chances = np.prod([each[outcomes[:, j]] for j, each in enumerate(cells)], axis=0)
        expected = np.log((chances * weight[outcomes.sum(axis=1)]).sum())
        found = evidence_of_sums(
            np.log(np.concatenate(cells)),
            np.concatenate([[0], np.cumsum(sizes)]),
            np.array([0, len(cells)]),
            weight,
            np.array([0, len(weight)]),
            np.zeros(1),
        )
        worst = max(worst, abs(found - expected))
    return {"totals_exact_max_error": float(f"{worst:.1e}")}


def simulated() -> Parts:
    """Cover hidden counts of simulated countries, with totals of gemeenten in which some are unplaced."""
    hits: list[float] = []
    for seed in range(COUNTRIES):
        counts, truth = simulated_counts(seed)
        fit = fit_model(build_model(counts))
        hidden = np.flatnonzero((counts.status == Status.SUPPRESSED) & (counts.population > 0))
        drawn, known = actual_count(fit, hidden), truth[hidden]
        below, same = (drawn < known).mean(axis=0), (drawn == known).mean(axis=0)
        # randomised, as an interval of few whole numbers covers more than it says
        hits += [_overlap(low, low + mass) for low, mass in zip(below, same, strict=True)]
    return {"totals_cover90_hidden": round(float(np.mean(hits)), 4), "totals_cover90_hidden_counts": len(hits)}


def simulated_counts(seed: int) -> tuple[Counts, np.ndarray]:
    """Return the counts of a simulated country with totals, and its true counts."""
    study = example_study(areas=200, gemeenten=40, regions=5, seed=SEED + seed)
    engine = study.inference.model_copy(update={"engine": "laplace"})
    truth = example_truth(study.model_copy(update={"inference": engine}))
    known = truth.counts.to_numpy()
    return with_simulated_totals(interpret_counts(published_areas(truth)), known, seed), known


def _overlap(low: float, high: float) -> float:
    """Return the probability that a number between two ranks is within the middle 90 %."""
    if high <= low:
        return float(0.05 < low < 0.95)
    return float(max(min(high, 0.95) - max(low, 0.05), 0.0) / (high - low))


def with_simulated_totals(counts: Counts, truth: np.ndarray, seed: int) -> Counts:
    """Return counts with a total of each gemeente: its true counts, and unplaced people."""
    rng, codes = np.random.default_rng([SEED, seed]), counts.areas.levels["gemeente"].to_numpy()
    placed = pd.Series(truth).groupby(codes).sum()
    share = expit(rng.normal(-2.1, 0.7, len(placed)))
    totals = placed + rng.negative_binomial(placed + 1, 1 - share)
    rows = [["gemeente", code, code, str(total), np.nan, 0.0, 0.0, 0.0] for code, total in totals.items()]
    areas = replace(counts.areas, totals=pd.DataFrame(rows, columns=COLUMNS))
    return replace(counts, areas=areas, totals=interpret_totals(areas, counts.lower, counts.upper))


PARTS: dict[str, Callable[[], Parts]] = {
    "national": national,
    "wmo": wmo,
    "exactness": exactness,
    "simulated": simulated,
}
"""By name, for running one of them."""


if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](), indent=2))
