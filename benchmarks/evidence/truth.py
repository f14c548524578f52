"""How far the model can be believed, on the file of 2017 and in countries whose truth is known.

``python -m benchmarks.evidence.truth NAME ...`` computes some parts only and writes them among the others.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from scipy import stats

from bayesmodel import (
    Counts,
    Fit,
    HideAndSeek,
    Status,
    Variation,
    VerdictClass,
    build_model,
    check,
    expected,
    fit_model,
    hide_and_seek,
    interpret_counts,
    multiverse,
    posterior_sbc,
    publication_check,
    read_areas,
    read_study,
    special_probability,
    study_from,
    use,
)
from bayesmodel import cross_validate as leave_units_out
from bayesmodel.estimates.linear_predictor import overdispersion_of
from benchmarks.evidence import certified, false_discoveries, kwb_2021, simulation_calibration
from benchmarks.evidence.crossvalidation import cross_validate
from benchmarks.evidence.record import PROJECT, Parts, all_parts, write_parts
from benchmarks.evidence.study_2017 import STUDY

LAPLACE = {"engine": "laplace", "draws": 250, "fallback": "none"}
FACTORS = (1.0, 1.2, 1.3, 1.4, "estimated")
"""Of overdispersion."""
LIKELY = (0.5, 0.9)
"""Probabilities from which special areas are counted."""


def figures() -> dict[str, Any]:
    """Return every figure of this subject; all parts together take hours."""
    return all_parts(PARTS)


@cache
def counts_2017() -> Counts:
    """Return the counts of the file of 2017."""
    return interpret_counts(read_areas(read_study(STUDY)))


@cache
def fit_2017() -> Fit:
    """Return the fit of the study as it stands, by Laplace."""
    return fit_model(build_model(_with_inference(counts_2017())))


def _with_inference(counts: Counts, **model: Any) -> Counts:
    """Return the counts of a study that Laplace fits, with other settings of its model."""
    study = counts.study.model_dump()
    study["model"], study["inference"] = study["model"] | model, study["inference"] | LAPLACE
    return counts.with_study(study_from(study))


def gain_of_the_tail() -> dict[str, Any]:
    """Return the gain in log score of a two-part effect over a normal one, per left-out wijk, with its error."""
    one, two = (cross_validate(counts_2017(), {"area_effect": form}, LAPLACE) for form in ("normal", "two-part"))
    gain = two.log_score - one.log_score
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return {
        "logscore_normal": round(float(one.log_score.mean()), 4),
        "logscore_two_part": round(float(two.log_score.mean()), 4),
        "logscore_gain_tail": {"mean": round(float(gain.mean()), 4), "error": round(float(error), 4)},
        "gain_without_the_best_twenty": round(float(np.sort(gain)[:-20].mean()), 4),
    }


def whole_fits() -> dict[str, Any]:
    """Return, per form of the effect, what the whole file says."""
    found: dict[str, Any] = {}
    for form in ("normal", "two-part"):
        fit = fit_model(build_model(_with_inference(counts_2017(), area_effect=form)))
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
            "wijken_whose_own_interval_lies_outside": _outside(counts_2017(), share),
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


def checks() -> dict[str, Any]:
    """Return what `bayesmodel check` finds of the file: coverage by size, and what was published and expected."""
    fit = fit_2017()
    start = perf_counter()
    found = check(fit)
    seconds = perf_counter() - start
    published = publication_check(fit).summary()
    return {
        "check_seconds": round(seconds, 1),
        "cover90_by_size": {
            str(name): {"shown": int(row["shown"]), "coverage": round(float(row["coverage"]), 3)}
            for name, row in found.calibration.summary(0.9).iterrows()
        },
        "publication_expected_observed": json.loads(published.round(1).to_json(orient="index")),
    }


def overdispersed() -> dict[str, Any]:
    """Return what overdispersion does: on the file of 2017, and where small wijken differ more than large ones.

    On the file also with the squares of the determinants that differ between the wijken of a gemeente.
    """
    found: dict[str, Any] = {}
    base = None
    of_file = {f"{factor}": _with_inference(counts_2017(), overdispersion=factor) for factor in FACTORS}
    of_file["estimated, curved"] = _curved(of_file["estimated"])
    for name, counts in of_file.items():
        fit = fit_model(build_model(counts))
        held, score = check(fit).calibration.summary(0.9), leave_units_out(fit, refits=0).points["elpd"]
        base = score if base is None else base
        gain = score - base
        found[name] = {
            "converged": fit.diagnostics.converged,
            "elpd_gain": {"sum": round(float(gain.sum()), 1), "error": round(float(gain.std() * len(gain) ** 0.5), 1)},
            "sd_wijk": round(float(fit.posterior["sd_wijk"].mean()), 4),
            "overdispersion": [round(float(each), 3) for each in _summary(overdispersion_of(fit))],
            "cover90_by_size": {str(name): round(float(row["coverage"]), 3) for name, row in held.iterrows()},
        }
    shape, seeds = "by size", range(1, 7)
    by_size = {f"{factor}": false_discoveries.figures_of(shape, seeds, overdispersion=factor) for factor in FACTORS}
    return {"overdispersion_2017": found, "overdispersion_by_size": by_size}


def _curved(counts: Counts) -> Counts:
    """Return the counts of a study with the squares of determinants that differ between the wijken of a gemeente."""
    study, raw = counts.study.model_dump(), counts.areas.determinants
    for item in study["determinants"]:
        item["curved"] = item["level"] is None and raw[item["column"]].nunique() > 2
    return counts.with_study(study_from(study))


def hidden_and_sought() -> dict[str, Any]:
    """Return how well counts that are shown are found back when hidden, by each way to treat them.

    Of 2021 the counts are rounded to fives: read as what they may be, and as if they were exact.
    """
    with TemporaryDirectory() as folder:
        rounded = kwb_2021.read_counts(Path(folder))
        exact = interpret_counts(read_areas(Variation("exact", rounded.study, {"publication.rounded_to": 1}).study))
    found = hide_and_seek(fit_model(build_model(_with_inference(rounded))))
    as_exact = hide_and_seek(fit_model(build_model(_with_inference(exact))), found.window[1] + 1)
    return {
        "hide_and_seek": _by_treatment(hide_and_seek(fit_2017())),
        "hide_and_seek_2021": {"window": found.window, "cells": len(found.areas), **_by_treatment(found)},
        "hide_and_seek_2021_rounded_as_exact": {"cells": len(as_exact.areas), **_by_treatment(as_exact)},
    }


def _by_treatment(found: HideAndSeek) -> dict[str, Any]:
    """Return coverage, bias and score of each treatment, and the largest shift of a coefficient."""
    table = found.summary()[["coverage", "bias", "score", "shift"]].rename(columns={"coverage": "cover90"})
    return dict(json.loads(table.round(3).to_json(orient="index")))


def calibrated_around_the_fit() -> dict[str, Any]:
    """Return whether refits of a hundred replicates of the file recover what they were drawn from, and how soon."""
    fit = fit_2017()
    start = perf_counter()
    found = posterior_sbc(fit)
    seconds = perf_counter() - start
    table = found.summary()
    return {
        "posterior_sbc": {
            "replicates": len(found.ranks),
            "seconds": round(seconds, 1),
            "failed": int((found.refits["state"] == "failed").sum()),
            "smallest_p": round(float(min(1.0, table["p"].min() * len(table))), 4),
            "cover_90": round(float((table["cover_90"] * table["quantities"]).sum() / table["quantities"].sum()), 3),
            "calibrated": found.calibrated,
        }
    }


def defensible_models() -> dict[str, Any]:
    """Return in which share of the defensible models the verdicts of the study stand."""
    found = multiverse(counts_2017(), workers=1)
    concluded = found.stands[found.own != VerdictClass.INCONCLUSIVE].mean(axis=1)
    return {
        "multiverse_variants": int(found.verdicts.shape[1]),
        "multiverse_failed": int((found.models["state"] != "converged").sum()),
        "multiverse_stable_share": round(float(concluded.mean()), 3),
        "multiverse_by_verdict": json.loads(found.by_verdict.round(3).to_json(orient="index")),
    }


def left_out_groups() -> dict[str, Any]:
    """Return the log score of whole gemeenten and regions that are left out, with its error over units."""
    found: dict[str, Any] = {}
    for level in ("gemeente", "jeugdzorgregio"):
        score = leave_units_out(fit_2017(), level, workers=1)
        refitted = int(score.points["refitted"].sum())
        found[level] = {
            "elpd": round(score.elpd, 1),
            "error": round(score.error, 1),
            "refitted": refitted,
            "poor": len(score.poor),
        }
    return {"logo_elpd": found}


def oracles() -> dict[str, Any]:
    """Return how far means and sds of other libraries are from those of long NUTS, over what each of them can fit.

    They are those of the last comparison (`python -m benchmarks.compare`), on an invented country as large as the
    Netherlands; differences are in sds of the posterior. glmmTMB, lme4 and GPBoost have no priors and give no draws:
    what is compared is where their likelihood is highest.
    """
    rows = json.loads((PROJECT / "docs" / "benchmarks.json").read_text(encoding="utf-8"))["rows"]
    compared = [row for row in rows if row.get("mean_difference") is not None]
    found: dict[str, Any] = {}
    for name in dict.fromkeys(row["entrant"] for row in compared):
        own = [row for row in compared if row["entrant"] == name]
        sds = [row[end] for row in own for end in ("sd_ratio_min", "sd_ratio_max") if row[end] is not None]
        mean = max(row["mean_difference"] for row in own)
        found[name] = {"cases": len(own), "mean": mean, "sds": [min(sds), max(sds)] if sds else None}
    return {"oracle_max_sd": found}


PARTS: Parts = {
    "oracles": oracles,
    "tail": gain_of_the_tail,
    "fits": whole_fits,
    "checks": checks,
    "overdispersion": overdispersed,
    "hide-and-seek": hidden_and_sought,
    "multiverse": defensible_models,
    "left-out-groups": left_out_groups,
    "fdr": false_discoveries.figures,
    "sbc": simulation_calibration.figures,
    "posterior-sbc": calibrated_around_the_fit,
    "from-prior": certified.figures,
}


if __name__ == "__main__":
    sys.exit(write_parts("truth", PARTS, sys.argv[1:]))
