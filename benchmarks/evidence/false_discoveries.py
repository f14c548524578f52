"""Lists of verdicts in invented countries whose wijken differ in ways the model knows or does not know.

What each list claims, its false-discovery rate, is held against the share of it that is false; and intervals of the
difference against the truth. The wijk effect is normal, as ordinary wijken of the model have it; Student's t with three
degrees of freedom; of one wijk in a hundred six times as large, as the model's special ones; the same over 5 km, which
the model does not know; or larger in small wijken.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel import Fit, VerdictClass, build_model, difference, example_study, fit_model, interpret_counts, verdicts
from bayesmodel.example import ExampleTruth, draw_counts, draw_effects, example_truth, published_areas
from bayesmodel.example.geography import make_geography
from bayesmodel.example.polygons import NATIONAL, UNIT
from bayesmodel.example.truth import SDS, example_of
from bayesmodel.study import study_from
from benchmarks.evidence.true_fit import covered, true_fit

Floats = NDArray[np.float64]

COUNTRY = {"areas": 1000, "gemeenten": 130, "regions": 14}
SEEDS = tuple(range(1, 13))
LAPLACE = {"engine": "laplace", "chains": 4, "draws": 250, "fallback": "none"}
SD = SDS["wijk"]
EXPECTATIONS = ("determinants", "gemeente", "gemeente_others")
FIELDS = ("spatial 5 km",)
"""Shapes whose effects are a field of space, so that its mean over a gemeente belongs to the gemeente."""
SIZES = (0, 100, 200, 500, 1_000, 2_000, 5_000, 10**9)
"""People at which coverage is told apart."""
REACH = 5.0
"""Kilometres over which the correlation of the effects of two wijken falls to 1/e."""


@dataclass(frozen=True)
class Place:
    """Where the wijken of a country lie, and how many young people they have, each (wijk,)."""

    points: Floats  # (wijk, 2) km
    population: Floats


def _normal(place: Place, rng: Generator) -> Floats:
    return rng.normal(0, SD, len(place.population))


def _heavy_tailed(place: Place, rng: Generator) -> Floats:
    return SD * rng.standard_t(3, len(place.population))


def _some_special(place: Place, rng: Generator) -> Floats:
    return _normal(place, rng) * np.where(rng.random(len(place.population)) < 0.01, 6.0, 1.0)


def _spatial(place: Place, rng: Generator) -> Floats:
    away = np.linalg.norm(place.points[:, None] - place.points[None], axis=2)
    covariance = np.exp(-away / REACH) + 1e-9 * np.eye(len(away))
    return np.asarray(SD * np.linalg.cholesky(covariance) @ rng.standard_normal(len(away)))


def _by_size(place: Place, rng: Generator) -> Floats:
    widths = (place.population / np.median(place.population)) ** -0.25
    return _normal(place, rng) * np.clip(widths, 0.5, 2.0)


SHAPES: dict[str, Callable[[Place, Generator], Floats]] = {
    "normal": _normal,
    "t3": _heavy_tailed,
    "1% special": _some_special,
    "spatial 5 km": _spatial,
    "by size": _by_size,
}


def figures(seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Return claimed and realised false discoveries of each list, and coverage of 90 % intervals, per shape."""
    return {"fdr": {shape: figures_of(shape, seeds) for shape in SHAPES}}


def figures_of(shape: str, seeds: Sequence[int] = SEEDS, **model: Any) -> dict[str, Any]:
    """Return the figures of the countries of one shape, by the model with some settings."""
    study = example_study(**COUNTRY).model_dump()
    study["inference"] |= LAPLACE
    study["model"] |= model
    return _of_shape(example_truth(study_from(study)), shape, seeds)


def _of_shape(base: ExampleTruth, shape: str, seeds: Sequence[int]) -> dict[str, Any]:
    """Return the figures of the countries of one shape together."""
    lists: list[pd.DataFrame] = []
    inside: list[pd.DataFrame] = []
    refused = 0
    for seed in seeds:
        truth = drawn(base, shape, seed)
        fit = fit_model(build_model(interpret_counts(published_areas(truth))))
        refused += not fit.diagnostics.converged
        real = true_fit(fit, truth, field=shape in FIELDS)
        lists += [listed(fit, real, to).assign(expectation=to) for to in EXPECTATIONS]
        if shape in FIELDS:
            apart = true_fit(fit, truth)
            lists += [listed(fit, apart, "gemeente").assign(expectation="gemeente without the field")]
        held = pd.DataFrame({to: _covered(fit, real, to) for to in EXPECTATIONS})
        inside.append(held.assign(size=pd.cut(fit.counts.population, SIZES, right=False, labels=SIZES[:-1])))
        print(f"{shape}, country {seed}", file=sys.stderr, flush=True)
    covers = pd.concat(inside)
    by_size = covers.groupby("size", observed=True)["determinants"].agg(["size", "mean"])
    total = pd.concat(lists).groupby(["expectation", "verdict"], sort=False)[["listed", "claimed", "false"]].sum()
    per_list = {
        f"{to}, {verdict}": {
            "listed": int(row["listed"]),
            "claimed": round(row["claimed"] / max(row["listed"], 1), 4),
            "realised": round(row["false"] / max(row["listed"], 1), 4),
        }
        for (to, verdict), row in total.iterrows()
    }
    return {
        "countries": len(seeds),
        "refused": refused,
        "cover90_difference": round(float(covers[[*EXPECTATIONS]].mean().mean()), 4),
        "cover90_by_size": {
            f"from {size}": {"wijken": int(row["size"]), "coverage": round(float(row["mean"]), 3)}
            for size, row in by_size.iterrows()
        },
        **per_list,
    }


def drawn(base: ExampleTruth, shape: str, seed: int) -> ExampleTruth:
    """Return the country with fresh effects, those of wijken of a shape, and fresh counts."""
    truth = draw_effects(base, seed)
    example, codes = example_of(base.study), truth.country.population.index
    kilometres = UNIT / 1000 * np.sqrt(example.areas / NATIONAL) * make_geography(example).points
    place = Place(kilometres, truth.country.population.to_numpy(float))
    effects = SHAPES[shape](place, np.random.default_rng([seed, list(SHAPES).index(shape)]))
    return draw_counts(replace(truth, effects={**truth.effects, "wijk": pd.Series(effects, codes)}), seed)


def listed(fit: Fit, real: Fit, to: str) -> pd.DataFrame:
    """Return, for each list, how many it holds, how many of them it says are false, and how many are."""
    found = verdicts(fit, to)
    true = difference(real, expectation=to, scale="ratio").samples[0]
    margin = found.rule.margin or 0.0
    wrong = {"higher": true <= 1 + margin, "expected": np.abs(true - 1) > margin, "lower": true >= 1 - margin}
    rows = []
    for verdict in VerdictClass:
        side = verdict.split()[-1]
        if side not in wrong:  # inconclusive claims nothing
            continue
        chosen = (found.classes == verdict).to_numpy()
        claimed = found.false_discovery_rate(verdict) * chosen.sum()
        rows.append([str(verdict), chosen.sum(), claimed, (chosen & wrong[side]).sum()])
    return pd.DataFrame(rows, columns=["verdict", "listed", "claimed", "false"])


def _covered(fit: Fit, real: Fit, to: str) -> NDArray[np.bool_]:
    """Return whether the 90 % interval of each difference holds the truth (wijk,)."""
    return covered(
        difference(fit, expectation=to, scale="points").samples,
        difference(real, expectation=to, scale="points").samples[0],
    )
