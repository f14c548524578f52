"""Regions with determinants of their own, in countries whose truth is known: coverage, and what gains say.

In each country every region has a determinant that moves the own effects of its wijken, by as much as what is left of
them, and one that is noise; half of the variance of both lies between gemeenten. The national model knows neither. The
same is done with the effects of gemeenten and regions fixed as the national model has them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel import Fit, build_model, example_study, explain_locally, fit_model, interpret_counts
from bayesmodel.errors import ApproximationError
from bayesmodel.estimates import local_rows
from bayesmodel.estimates.linear_predictor import Floats, thinned
from bayesmodel.estimates.local_determinants import local_determinants
from bayesmodel.estimates.local_posterior import local_posterior
from bayesmodel.example import ExampleTruth, draw_counts, draw_effects, example_truth, published_areas
from bayesmodel.study import study_from
from benchmarks.evidence.true_fit import covered

COUNTRY = {"areas": 400, "gemeenten": 60, "regions": 5}
LAPLACE = {"engine": "laplace", "chains": 4, "draws": 250, "fallback": "none"}
SEEDS = (1, 2, 3, 4, 5, 6)
DRAWS = 160
"""Draws of the national fit that are used: a quarter of them would not be certified."""
EFFECT, LEFT = 0.1, 0.1
"""Effect of a standard deviation of the determinant that tells, and sd of what is left, on the logit scale."""
NAMES = {"tells": EFFECT, "noise": 0.0}


def figures(seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Return coverage of 90 % intervals, bias, and what gains say, over all regions of some countries."""
    return summarised(pd.DataFrame([row for seed in seeds for row in country(seed)]))


def summarised(table: pd.DataFrame) -> dict[str, Any]:
    """Return the figures of a table with a row per region."""
    kept = table.dropna()
    return {
        "local_cover90": {name: _rounded(kept[f"{name}_covered"].mean()) for name in NAMES},
        "local_cover90_fixed_groups": {name: _rounded(kept[f"{name}_fixed_covered"].mean()) for name in NAMES},
        "local_mean_over_truth": _rounded(kept["tells_mean"].mean() / EFFECT),
        "local_mean_over_truth_fixed_groups": _rounded(kept["tells_fixed_mean"].mean() / EFFECT),
        "local_gain": {name: _rounded(kept[f"{name}_gain"].mean()) for name in NAMES},
        "local_adds": {name: _rounded((kept[f"{name}_verdict"] == "adds").mean()) for name in NAMES},
        "local_worse": {name: _rounded((kept[f"{name}_verdict"] == "worse").mean()) for name in NAMES},
        "local_share": _rounded(kept["share"].mean()),
        "local_share_true": _rounded(kept["share_true"].mean()),
        "local_share_cover90": _rounded(kept["share_covered"].mean()),
        "local_regions": len(table),
        "local_refused": int(table["share"].isna().sum()),
        "local_wijken_per_region": _rounded(kept["wijken"].mean()),
        "local_pareto_k": _rounded(kept["pareto_k"].max()),
    }


def _rounded(value: float) -> float:
    return round(float(value), 3)


def country(seed: int) -> Iterator[dict[str, Any]]:
    """Yield what is found in each region of one country."""
    study = example_study(**COUNTRY).model_dump()
    study["inference"] |= LAPLACE
    study["model"] |= {"family": "binomial"}  # as the truth, so that coefficients are on its scale
    truth, table = _told(draw_effects(example_truth(study_from(study)), seed), seed)
    fit = thinned(fit_model(build_model(interpret_counts(published_areas(truth)))), DRAWS)
    for region, rows in table.groupby("region"):
        try:
            yield _region(fit, rows.drop(columns="region"))
        except ApproximationError as refused:
            print(f"region {region}: {refused}", file=sys.stderr, flush=True)
            yield {"share": np.nan}
    print(f"country {seed}", file=sys.stderr, flush=True)


def _told(truth: ExampleTruth, seed: int) -> tuple[ExampleTruth, pd.DataFrame]:
    """Return the country with determinants that move the effects of its wijken, and these determinants."""
    places, rng = truth.country.places, np.random.default_rng([seed, 17])
    codes, people = truth.country.population.index, truth.country.population.to_numpy(float)
    gemeente, region = (places[f"{level}_code"].to_numpy() for level in ("gemeente", "jeugdzorgregio"))
    table = pd.DataFrame({"wijk": codes, "region": region})
    for name in NAMES:
        values = rng.standard_normal(len(codes)) + pd.Series(gemeente).map(
            dict(zip(pd.unique(gemeente), rng.standard_normal(len(pd.unique(gemeente))), strict=True))
        )
        table[name] = _standardised(values.to_numpy(), region, people)
    effects = pd.Series(EFFECT * table["tells"].to_numpy() + rng.normal(0, LEFT, len(codes)), codes)
    table = table.assign(own=effects.to_numpy(), people=people)
    return draw_counts(replace(truth, effects={**truth.effects, "wijk": effects}), seed), table


def _standardised(values: Floats, region: NDArray[Any], people: Floats) -> Floats:
    """Return values with mean 0 and variance 1 in every region, weighted by people."""
    result = values.copy()
    for code in pd.unique(region):
        inside = region == code
        result[inside] -= np.average(result[inside], weights=people[inside])
        result[inside] /= np.sqrt(np.average(result[inside] ** 2, weights=people[inside]))
    return result


def _region(fit: Fit, rows: pd.DataFrame) -> dict[str, Any]:
    """Return what is found in one region."""
    found = explain_locally(fit, rows, list(NAMES))
    truth = np.array(list(NAMES.values()))
    inside = covered(found.coefficients.samples, truth)
    fixed = _with_fixed_groups(fit, rows)
    inside_fixed = covered(fixed, truth)
    share, true = found.share.samples, _true_share(rows)
    row: dict[str, Any] = {
        "share": share.mean(),
        "share_true": true,
        "share_covered": bool(covered(share, np.array(true))),
    }
    for column, name in enumerate(NAMES):
        row |= {
            f"{name}_covered": inside[column],
            f"{name}_mean": found.coefficients.samples[:, column].mean(),
            f"{name}_fixed_covered": inside_fixed[column],
            f"{name}_fixed_mean": fixed[:, column].mean(),
            f"{name}_gain": found.gains.loc[name, "gain"],
            f"{name}_verdict": found.gains.loc[name, "verdict"],
        }
    return row | {"wijken": len(rows), "pareto_k": found.certificate.pareto_k}


def _true_share(rows: pd.DataFrame) -> float:
    """Return the share of the variance of the true own effects that goes with the determinant that tells."""
    covariance = np.cov(EFFECT * rows["tells"], rows["own"], aweights=rows["people"])
    return float(covariance[0, 1] / covariance[1, 1])


def _with_fixed_groups(fit: Fit, rows: pd.DataFrame) -> Floats:
    """Return draws of the coefficients with effects of groups as the national model has them (sample, determinant)."""
    local, share = local_determinants(fit, rows, list(NAMES)), local_rows.LOCAL
    try:
        local_rows.LOCAL = 2.0  # no group has so many
        return local_posterior(local_rows.local_rows(fit, local.rows), local.z, fit.study.inference.seed).coefficients
    finally:
        local_rows.LOCAL = share
