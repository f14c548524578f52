"""How fast: the Laplace engine and NUTS on the file of 2017, and how far their answers are apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel import (
    BuiltModel,
    Counts,
    Fit,
    Status,
    build_model,
    difference,
    expected,
    fit_model,
    interpret_counts,
    load_fit,
    publish,
    read_areas,
    read_study,
    study_from,
    use,
)
from benchmarks.evidence import many, scale
from benchmarks.evidence.record import FOLDER
from benchmarks.evidence.study_2017 import PROGRAM, STUDY

DRAWS = {"chains": 4, "draws": 250, "engine": "laplace"}
MANY: dict[str, Any] = {"chains": 4, "draws": 8000}
REFERENCE = {"chains": 4, "tune": 500, "draws": 12000, "engine": "nuts", "density": "graph", "seed": 1}
"""On PyMC's own graph, with an effect of each wijk: nothing of it is shared with the Laplace engine."""
SHORT = {"chains": 2, "tune": 200, "draws": 200, "engine": "nuts"}
ENOUGH = 600
REPEATS = 3

Floats = NDArray[np.float64]


def figures() -> dict[str, Any]:
    """Return what is measured here, and from docs/benchmarks.json what `benchmarks.compare` measured of others."""
    counts = interpret_counts(read_areas(read_study(STUDY)))
    parts = (
        lambda: warm(counts),
        lambda: command(counts),
        lambda: rounding(counts),
        peers,
        lambda: many.figures(counts),
        lambda: agreement(counts),
        scale.figures,
    )
    found: dict[str, Any] = {}
    for part in parts:
        found |= (made := part())
        print(made, file=sys.stderr, flush=True)
    return found


def peers() -> dict[str, float]:
    """Return how many times faster than others: processor time of whole commands, and seconds of the fits themselves.

    Library: our NUTS against PyMC's own censored distribution on hidden counts, from nothing compiled; where that did
    not end within the limit, at least so many times. lme4 and glmmTMB: the Laplace engine on exact counts, which all
    can do.
    """
    page = json.loads((FOLDER.parent / "benchmarks.json").read_text(encoding="utf-8"))
    rows = {(row["case"], row["entrant"]): row for row in page["rows"]}
    library = rows["binomial, hidden", "PyMC, library"]
    least = {key: library.get(key, library["limit"]) for key in ("cold_cpu_seconds", "cold_seconds")}
    ours, sampled = rows["binomial, exact", "bayesmodel, laplace"], rows["binomial, hidden", "bayesmodel, nuts"]
    return {
        "nuts_speedup_library": _ratio(least, sampled, "cold_cpu_seconds"),
        "nuts_speedup_library_by_clock": _ratio(least, sampled, "cold_seconds"),
        "nuts_speedup_library_ess_per_cpu_second": _ratio(
            rows["binomial, exact", "bayesmodel, nuts"], rows["binomial, exact", "PyMC, library"], "ess_per_cpu_second"
        ),
        "speedup_lme4": _ratio(rows["binomial, exact", "lme4, nAGQ = 0"], ours, "fit_seconds"),
        "speedup_glmmtmb": _ratio(rows["binomial, exact", "glmmTMB"], ours, "fit_seconds"),
        "speedup_glmmtmb_whole_command": _ratio(rows["binomial, exact", "glmmTMB"], ours, "warm_cpu_seconds"),
    }


def with_inference(counts: Counts, settings: dict[str, Any]) -> Counts:
    """Return the counts with other settings of inference."""
    study = counts.study.model_dump()
    study["inference"] |= settings
    return counts.with_study(study_from(study))


def warm(counts: Counts) -> dict[str, Any]:
    """Time a thousand certified draws and the estimates of all wijken, building included; the least of three."""
    chosen, seconds = with_inference(counts, DRAWS), []
    for _ in range(REPEATS + 1):  # the first compiles
        begun = perf_counter()
        fit = fit_model(build_model(chosen))
        use(fit), expected(fit, "gemeente"), difference(fit, expectation="gemeente", scale="ratio").summary()
        seconds.append(perf_counter() - begun)
    certificate = fit.diagnostics.certificate
    assert certificate is not None
    return {
        "family": fit.family.name,
        "laplace_seconds_warm": round(min(seconds[1:]), 2),
        "laplace_pareto_k": round(certificate.pareto_k, 2),
        "laplace_effective_share": round(certificate.effective_share, 3),
        "laplace_effective_least": round(certificate.effective),
    }


def agreement(counts: Counts) -> dict[str, Any]:
    """Hold many draws of both engines against a long run of NUTS on the graph, and the two halves of that run too."""
    reference = fit_model(build_model(with_inference(counts, REFERENCE)))
    hidden = counts.status == Status.SUPPRESSED
    half = _ends(_part(reference, 0)) - _ends(_part(reference, 1))
    figures: dict[str, Any] = {
        "reference_ess_min": round(reference.diagnostics.ess_min),
        "draws_compared": MANY["chains"] * MANY["draws"],
        "nuts_halves_interval_end_pp_q99": _q99(half[:, ~hidden]),
    }
    theirs = _parameters(reference)
    spread = theirs.std(axis=0)
    for engine in ("laplace", "nuts"):
        found = fit_model(build_model(with_inference(counts, MANY | {"engine": engine})))
        ours, ends = _parameters(found), _ends(found) - _ends(reference)
        ratio = ours.std(axis=0) / spread
        figures |= {
            f"{engine}_fixed_max_sd": round(float(np.max(np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) / spread)), 3),
            f"{engine}_sd_ratio_min": round(float(ratio.min()), 3),
            f"{engine}_sd_ratio_max": round(float(ratio.max()), 3),
            f"{engine}_interval_end_pp_q99": _q99(ends[:, ~hidden]),
            f"{engine}_interval_end_pp_q99_hidden": _q99(ends[:, hidden]),
        }
    return figures


def rounding(counts: Counts) -> dict[str, float]:
    """Time both engines on the same counts rounded to fives, over the time on the counts themselves."""
    study = counts.study.model_dump()
    study["publication"] |= {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": ["."]}
    known = np.where(counts.status == Status.SUPPRESSED, 4, counts.upper)
    areas = replace(counts.areas, study=study_from(study))
    cells = pd.Series(publish(known, areas.study.publication), areas.codes, name=areas.published.name)
    rounded = interpret_counts(replace(areas, published=cells))
    ratios = {}
    for name, settings in {"rounded_cost_ratio": DRAWS, "rounded_cost_ratio_nuts": SHORT}.items():
        times = [_least(build_model(with_inference(each, settings))) for each in (rounded, counts)]
        ratios[name] = round(times[0] / times[1], 2)
    return ratios


def command(counts: Counts) -> dict[str, Any]:
    """Time the command from a cold and a warm start to a saved posterior of NUTS, with draws for an ESS of 1,000."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ) | {"NUMBA_CACHE_DIR": f"{folder}/compiled"}
        found = {}
        for start, draws in (
            ("cold", ENOUGH),
            ("warm", ENOUGH),
            ("warm_default", counts.study.inference.draws_per_chain),
        ):
            call = [sys.executable, *PROGRAM, "fit", str(STUDY), "--out", f"{folder}/{start}.nc", "--quiet"]
            begun = perf_counter()
            subprocess.run([*call, "--draws", str(draws), "--accept-unconverged"], env=environment, check=True)
            found[f"nuts_{start}_seconds"] = round(perf_counter() - begun, 1)
        verdicts = {start: load_fit(Path(folder, f"{start}.nc")).diagnostics for start in ("warm", "warm_default")}
    return found | {
        "nuts_draws_each_chain": ENOUGH,
        "nuts_min_ess": round(verdicts["warm"].ess_min),
        "nuts_min_ess_default": round(verdicts["warm_default"].ess_min),
        "nuts_rhat_max_default": round(verdicts["warm_default"].rhat_max or np.nan, 4),
        "nuts_quadrature_error": float(f"{verdicts['warm_default'].quadrature_error:.1e}"),
    }


def _least(built: BuiltModel) -> float:
    """Return how long a fit takes, the least of a few."""
    times = []
    for _ in range(REPEATS):
        begun = perf_counter()
        fit_model(built)
        times.append(perf_counter() - begun)
    return min(times)


def _ratio(above: dict[str, Any], below: dict[str, Any], key: str) -> float:
    """Return one figure of two rows over the other."""
    return round(above[key] / below[key], 1)


def _parameters(fit: Fit) -> Floats:
    """Return the draws of intercept, coefficients and sds (sample, parameter)."""
    names = ("intercept", "beta", *(f"sd_{name}" for name in (*fit.study.level_names, fit.study.area)))
    draws = (fit.posterior[name].to_numpy() for name in names)
    return np.concatenate([values.reshape(values.shape[0] * values.shape[1], -1) for values in draws], axis=1)


def _part(fit: Fit, number: int) -> Fit:
    """Return the fit with every second chain."""
    tree = fit.tree.isel(chain=slice(number, None, 2))
    return replace(fit, tree=tree)


def _ends(fit: Fit) -> Floats:
    """Return the ends of the interval of the difference of each wijk, in percentage points (end, area)."""
    summary = difference(fit, expectation="gemeente", scale="points").summary()
    return summary[["lower", "upper"]].to_numpy().T


def _q99(ends: Floats) -> float:
    """Return what 99 of 100 wijken keep within, at their worse end."""
    return round(float(np.quantile(np.abs(ends).max(axis=0), 0.99)), 3)
