"""What effects of space and of years and local determinants cost and give: on real files, and where truth is known.

``python -m benchmarks.evidence.core NAME ...`` computes some parts only and writes them among the others.
"""

from __future__ import annotations

import sys
from functools import cache
from itertools import pairwise
from time import process_time
from typing import Any

import numpy as np

from bayesmodel import (
    Counts,
    Fit,
    build_model,
    fit_model,
    interpret_counts,
    read_areas,
    read_study,
    study_from,
    use,
    variance,
)
from benchmarks.evidence import (
    false_discoveries,
    local_determinants,
    published_space,
    ratios,
    several_outcomes,
    several_years,
)
from benchmarks.evidence.crossvalidation import cross_validate
from benchmarks.evidence.house import PROJECT, passes
from benchmarks.evidence.record import SHARED, Parts, all_parts, write_parts
from benchmarks.evidence.study_2017 import STUDY

BOUNDARIES = SHARED / "cbs_wijkgrenzen" / "wijk_2017_approx.geojson"
LAPLACE = {"engine": "laplace", "draws": 250, "fallback": "none"}
FORM = "normal"
"""Of the area's own effect: one part, as BYM2 has it."""
SIZES = (0, 100, 200, 500, 1000, 4000, np.inf)
"""Young people, between which log scores are averaged."""
SHAPE = "spatial 5 km"
ROUNDS = 3
NUTS = {"engine": "nuts", "chains": 2, "draws": 3000, "tune": 300}
"""Ends of intervals are known to a tenth of a point in 99 of 100 wijken from some 6,000 draws on."""
AS_MANY = {"draws": 1500, "chains": 4, "seed": 2}
MORE = {"draws": 5000, "chains": 4}
"""Of Laplace: as many draws as of NUTS, and more."""
WITHIN = 0.1
"""Percentage points by which ends of intervals may differ."""


def figures() -> dict[str, Any]:
    """Return every figure of this subject."""
    return all_parts(PARTS)


@cache
def counts_2017() -> Counts:
    """Return the counts of the file of 2017, with neighbours."""
    study = read_study(STUDY)
    values = study.model_dump(mode="json", exclude_none=True)
    values["boundaries"] = {"path": str(BOUNDARIES)}
    values["model"] |= {"space": {}, "area_effect": FORM}
    values["inference"] |= LAPLACE
    return interpret_counts(read_areas(study_from(values).model_copy(update={"folder": study.folder})))


def _without_space(counts: Counts) -> Counts:
    """Return the counts of the same study without effects of space."""
    study = counts.study
    return counts.with_study(study.model_copy(update={"model": study.model.model_copy(update={"space": None})}))


def spatial_fit() -> dict[str, Any]:
    """Return what a fit of the whole file takes and says with effects of space, and how much longer it takes."""
    seconds: dict[str, list[float]] = {"with": [], "without": []}
    for _round in range(ROUNDS + 1):  # the first compiles
        for name, counts in (("without", _without_space(counts_2017())), ("with", counts_2017())):
            start = process_time()
            fit = fit_model(build_model(counts))
            seconds[name].append(process_time() - start)
    certificate, shares = fit.diagnostics.certificate, variance(fit).summary()
    pairs = counts_2017().areas.neighbours
    assert certificate is not None
    assert pairs is not None
    least = {name: min(times[1:]) for name, times in seconds.items()}
    return {
        "bym2_seconds": round(least["with"], 2),
        "bym2_over_without": round(least["with"] / least["without"], 2),
        "bym2_pareto_k": round(certificate.pareto_k, 2),
        "bym2_effective_share": round(certificate.effective_share, 3),
        "bym2_areas": len(np.unique(pairs)),
        "bym2_share_of_variance": shares.loc[["space"], ["share", "share_lower", "share_upper"]]
        .to_numpy()[0]
        .round(3)
        .tolist(),
    }


def spatial_nuts() -> dict[str, Any]:
    """Return how far NUTS and Laplace differ in each wijk, and two fits of Laplace with as many draws as NUTS."""
    many = fit_model(build_model(_sampled(**MORE)))
    few = fit_model(build_model(_sampled(**AS_MANY)))
    start = process_time()
    nuts = fit_model(build_model(_sampled(**NUTS)))
    seconds = process_time() - start
    verdict, steps = nuts.diagnostics, nuts.tree["sample_stats"]["n_steps"].to_numpy()
    return {
        "bym2_nuts_sd_ratio": _of_wijken(_sd(nuts) / _sd(many)),
        "bym2_laplace_sd_ratio": _of_wijken(_sd(few) / _sd(many)),
        "bym2_nuts_ends": _ends_apart(nuts, many),
        "bym2_laplace_ends": _ends_apart(few, many),
        "bym2_nuts_sds": {
            name: [[round(float(f(fit.posterior[name])), 4) for f in (np.mean, np.std)] for fit in (nuts, many)]
            for name in nuts.posterior
            if str(name).startswith("sd_")
        },
        "bym2_nuts": {
            "rhat_max": round(verdict.rhat_max or 0.0, 4),
            "ess_min": round(verdict.ess_min),
            "worst": verdict.worst,
            "divergences": verdict.divergences,
            "draws": steps.size,
            "steps_per_draw": round(float(steps.mean()), 1),
            "processor_seconds": round(seconds),
        },
    }


def _sampled(**inference: Any) -> Counts:
    """Return the counts with other settings of inference."""
    counts = counts_2017()
    study = counts.study
    return counts.with_study(study.model_copy(update={"inference": study.inference.model_copy(update=inference)}))


def _sd(fit: Fit) -> np.ndarray:
    """Return the posterior sd of the share that uses care, of each wijk."""
    return np.asarray(use(fit, scale="share").draws.std(("chain", "draw")))


def _of_wijken(ratio: np.ndarray) -> dict[str, float]:
    """Return the median over wijken and where nine of ten of them lie."""
    low, middle, high = np.quantile(ratio, [0.05, 0.5, 0.95])
    return {"median": round(float(middle), 3), "from": round(float(low), 3), "to": round(float(high), 3)}


def _ends_apart(fit: Fit, other: Fit) -> dict[str, float]:
    """Return how far the ends of 90 % intervals of use lie apart, in percentage points, and the share within."""
    ends = [
        use(each, scale="share").draws.quantile([0.05, 0.95], ("chain", "draw")).to_numpy() for each in (fit, other)
    ]
    apart = 100 * np.abs(ends[0] - ends[1]).max(axis=0)
    return {
        "within": round(float((apart <= WITHIN).mean()), 3),
        "median": round(float(np.median(apart)), 3),
        "99 of 100": round(float(np.quantile(apart, 0.99)), 3),
    }


def log_scores() -> dict[str, Any]:
    """Return the gain in log score of effects of space, per left-out wijk, with its error; and by size."""
    counts = counts_2017()
    without, within = (cross_validate(each, {}, LAPLACE) for each in (_without_space(counts), counts))
    gain, people = within.log_score - without.log_score, counts.population[within.rows]
    by_size = {}
    for low, high in pairwise(SIZES):
        inside = (people >= low) & (people < high)
        by_size[f"{low} to {high}"] = {"wijken": int(inside.sum()), **_mean(gain[inside])}
    return {"bym2_logscore_gain": _mean(gain), "bym2_logscore_gain_by_size": by_size}


def _mean(values: np.ndarray) -> dict[str, float]:
    """Return the mean and its standard error."""
    return {"mean": round(float(values.mean()), 4), "error": round(float(values.std(ddof=1) / np.sqrt(len(values))), 4)}


def spatial_discoveries() -> dict[str, Any]:
    """Return the lists of verdicts in countries of spatial dependence, by the model with effects of space."""
    return {"spatial_fdr": false_discoveries.figures_of(SHAPE, range(1, 25), space={}, area_effect=FORM)}


LINES_BEFORE = 8077
"""Of the same folders at commit 9678bad, before there were effects of space, of years and of several outcomes."""


def size() -> dict[str, Any]:
    """Return the lines of model and inference, before and now, and whether imports go in a circle."""
    package = PROJECT / "bayesmodel"
    paths = [package / "sparse_factor.py"]
    for folder in ("model", "inference", "laplace", "logp"):
        paths += sorted((package / folder).rglob("*.py"))
    now = sum(len(path.read_text("utf-8").splitlines()) for path in paths)
    return {"lines_model_inference": [LINES_BEFORE, now], "cycles": passes("test_no_import_goes_in_a_circle")}


PARTS: Parts = {
    "size": size,
    "ratios": ratios.figures,
    "spatial-fit": spatial_fit,
    "spatial-nuts": spatial_nuts,
    "log-scores": log_scores,
    "spatial-discoveries": spatial_discoveries,
    "published-space": published_space.figures,
    "eight-years": several_years.national,
    "changes": several_years.changes_held_against_the_truth,
    "type-iv": several_years.space_by_year,
    "almere": several_years.almere,
    "local": local_determinants.figures,
    "outcomes": several_outcomes.figures,
    "three-outcomes": several_outcomes.three,
    "outcomes-2021": several_outcomes.national_2021,
}


if __name__ == "__main__":
    sys.exit(write_parts("core", PARTS, sys.argv[1:]))
