"""The study of 2017 redone: converged or not, how close to the published expectation, how good out of sample."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel import (
    Counts,
    Fit,
    Status,
    build_model,
    expected,
    fit_model,
    interpret_counts,
    load_fit,
    read_areas,
    read_study,
    read_workbook,
    study_from,
)
from benchmarks.evidence.crossvalidation import cross_validate, r_squared
from benchmarks.evidence.record import PROJECT, SHARED

STUDY = PROJECT / "data" / "jeugdhulp-2017" / "study.toml"
WORKBOOK = SHARED / "scp_jeugdhulp_wijk_2017" / "Wijkdata_Jeugdhulp_in_de_wijk.ods"
PROGRAM = ("-c", "from bayesmodel.cli import main; main()")
FAMILIES = ("binomial", "beta-binomial", "negative-binomial", "poisson", "normal-share")


def figures() -> dict[str, Any]:
    """Return every figure of this subject; about twenty minutes on two cores."""
    counts = interpret_counts(read_areas(read_study(STUDY)))
    return {
        **whole_run(counts),
        **reproduction(counts),
        **out_of_sample(counts),
        **times(),
    }


def whole_run(counts: Counts) -> dict[str, Any]:
    """Run the command on the real workbook; return what its results folder says."""
    with tempfile.TemporaryDirectory() as folder:
        peak = _peak_of(*PROGRAM, "run", str(STUDY), "--out", f"{folder}/results", "--accept-unconverged")
        fit = load_fit(f"{folder}/results/fit.nc")
        table = next(path for path in Path(folder, "results").glob("*.csv") if path.name != "codebook.csv")
        reported = pd.read_csv(table)["ess_min"].min()
    verdict = fit.verdict
    return {
        "wijken": len(counts),
        "hidden": int((counts.status == Status.SUPPRESSED).sum()),
        "determinants": len(counts.study.determinants),
        "converged": verdict.converged,
        "divergences": verdict.divergences,
        "rhat_max": round(verdict.rhat_max, 4),
        "ess_min": round(min(verdict.ess_min, float(reported))),
        "sd": {
            name: round(float(fit.posterior[name].mean()), 4) for name in fit.posterior if str(name).startswith("sd_")
        },
        "seconds_sampling": fit.provenance["seconds"]["sampling"],
        "peak_mb": round(peak),
        **closeness(fit, "default"),
    }


def closeness(fit: Fit, name: str) -> dict[str, float]:
    """Return the correlation of the expectation with the published one over the visible wijken."""
    published, seen = _published(fit.counts), fit.counts.status == Status.EXACT
    mean = expected(fit, "gemeente", scale="share").draws.mean(("chain", "draw")).to_numpy()
    complete = seen & fit.counts.areas.determinants.notna().all(axis=1).to_numpy()
    return {
        f"corr_study_{name.replace('-', '_')}": _correlation(mean[seen], published[seen]),
        f"corr_study_{name.replace('-', '_')}_complete": _correlation(mean[complete], published[complete]),
    }


def reproduction(counts: Counts) -> dict[str, Any]:
    """Fit the published study's own form; compare, and measure what the published expectation explains in sample."""
    study = counts.study.model_dump()
    study["model"] |= {"family": "normal-share", "standardise": "areas"}
    for determinant in study["determinants"]:
        determinant["transform"] = "none"
    areas = read_areas(study_from(study))
    fit = fit_model(build_model(interpret_counts(areas)))
    seen = counts.status == Status.EXACT
    published, share = _published(counts)[seen] / 100, (counts.lower / counts.population)[seen]
    weights = counts.population[seen]
    residual = np.average((share - published) ** 2, weights=weights)
    total = np.average((share - np.average(share, weights=weights)) ** 2, weights=weights)
    return {
        **closeness(fit, "normal-share"),
        "normal_share_converged": fit.verdict.converged,
        "r2_weighted_study_in_sample": round(float(1 - residual / total), 4),
    }


def out_of_sample(counts: Counts) -> dict[str, Any]:
    """Cross-validate every family on the same folds."""
    result: dict[str, Any] = {"logscore_cv": {}, "r2_weighted_cv": {}, "r2_unweighted_cv": {}}
    for family in FAMILIES:
        predictions = cross_validate(counts, family)
        result["logscore_cv"][family] = round(float(predictions.log_score.mean()), 4)
        result["r2_weighted_cv"][family] = round(r_squared(counts, predictions, weighted=True), 4)
        result["r2_unweighted_cv"][family] = round(r_squared(counts, predictions, weighted=False), 4)
    result["r2_weighted_cv_default"] = result["r2_weighted_cv"]["binomial"]
    result["r2_unweighted_cv_default"] = result["r2_unweighted_cv"]["binomial"]
    result["r2_weighted_cv_normal_share"] = result["r2_weighted_cv"]["normal-share"]
    return result


def times() -> dict[str, float]:
    """Time the built-in example from a cold and a warm start, and the import."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder, "cache")
        first = _seconds(*PROGRAM, "example", "--out", f"{folder}/one", cache=cache)
        second = _seconds(*PROGRAM, "example", "--out", f"{folder}/two", cache=cache)
    bare, loaded = (min(_seconds("-c", code) for _ in range(5)) for code in ("pass", "import bayesmodel"))
    return {
        "seconds_cold_example": round(first, 1),
        "seconds_warm_example": round(second, 1),
        "import_seconds": round(loaded - bare, 3),
    }


def _published(counts: Counts) -> NDArray[np.float64]:
    """Return the study's own expectation in per cent, in the order of the areas."""
    wijken = read_workbook(WORKBOOK).wijken
    return np.asarray(wijken.set_index("wijk")["perc_przv"].loc[counts.areas.codes], dtype=float)


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return the correlation of two series."""
    return round(float(np.corrcoef(x, y)[0, 1]), 4)


def _seconds(*arguments: str, cache: Path | None = None) -> float:
    """Return how long a Python command takes; `cache` is where compiled code is kept, empty at a cold start."""
    begun = perf_counter()
    _run(arguments, cache)
    return perf_counter() - begun


def _peak_of(*arguments: str) -> float:
    """Return the peak memory of a Python command, in MB."""
    code = "import resource; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000)"
    child = f"subprocess.run([sys.executable, *{list(arguments)!r}], check=True, stdout=sys.stderr)"
    script = f"import subprocess, sys; {child}; {code}"
    return float(_run(("-c", script), None))


def _run(arguments: tuple[str, ...], cache: Path | None) -> str:
    """Run Python on arguments in the project; return what it printed."""
    environment = dict(os.environ) | ({"NUMBA_CACHE_DIR": str(cache)} if cache else {})
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout
