"""Comparisons in invented countries, whose truth is known: false discoveries, coverage of differences and ranks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import (
    Fit,
    Status,
    VerdictClass,
    build_model,
    compare,
    difference,
    example_study,
    fit_model,
    interpret_counts,
    rank,
    use,
    verdicts,
    waterfall,
)
from bayesmodel.example import ExampleTruth, draw_counts, draw_effects, example_truth, published_areas
from benchmarks.evidence.true_fit import covered, true_fit

SIZES = {"small": (300, 60, 15, 24), "middle": (1000, 130, 14, 6), "national": (2918, 388, 42, 1)}
"""Wijken, gemeenten, regions, and how many such countries."""
SETTINGS = {"chains": 2, "tune": 500, "draws": 500}
PLACES = 40
"""Wijken and gemeenten of each country whose waterfall is held against the truth; and wijken of which every pair is."""


@dataclass(frozen=True)
class Country:
    """What was found in one country.

    Parameters
    ----------
    size : str
    listed, false : int
        Wijken called clearly higher or lower than expected, and those of them that are not, beyond the margin.
    cover : DataFrame
        One row per wijk: whether it is hidden, and whether its 90 % intervals hold the truth.
    pairs : float
        Share of the pairs of wijken whose difference lies in its interval.
    parts : Series
        Share of places whose part of the waterfall lies in its interval, by part.
    rhat : float
        Largest R-hat: these are short fits.
    """

    size: str
    listed: int
    false: int
    cover: pd.DataFrame
    pairs: float
    parts: pd.Series
    rhat: float


def countries(sizes: dict[str, tuple[int, int, int, int]] = SIZES) -> Iterator[Country]:
    """Yield what is found in each country, each with its own effects and counts."""
    for size, (areas, gemeenten, regions, number) in sizes.items():
        base = example_truth(example_study(areas=areas, gemeenten=gemeenten, regions=regions))
        for seed in range(1, number + 1):
            print(f"{size} country {seed} of {number}", file=sys.stderr, flush=True)
            truth = draw_counts(draw_effects(base, seed), seed)
            yield measured(size, truth, seed)


def measured(size: str, truth: ExampleTruth, seed: int) -> Country:
    """Fit what is published of a country and hold its comparisons against the truth."""
    inference = truth.study.inference.model_copy(update={**SETTINGS, "seed": seed})
    study = truth.study.model_copy(update={"inference": inference})
    counts = interpret_counts(published_areas(ExampleTruth(**(vars(truth) | {"study": study}))))
    fit = fit_model(build_model(counts))
    real = true_fit(fit, truth)
    cover = pd.DataFrame({"hidden": fit.counts.status == Status.SUPPRESSED}, index=fit.counts.areas.codes)
    for to in ("determinants", "gemeente"):
        cover[f"difference_{to}"] = covered(
            difference(fit, expectation=to, scale="points").samples,
            difference(real, expectation=to, scale="points").samples[0],
        )
    cover["use"] = covered(use(fit, scale="share").samples, use(real, scale="share").samples[0])
    cover["rank"] = covered(rank(fit).estimate.samples, rank(real).estimate.samples[0])
    listed, false = discoveries(fit, real)
    chosen = np.random.default_rng(seed).choice(fit.counts.areas.codes, PLACES, replace=False).tolist()
    return Country(
        size, listed, false, cover, _pairs(fit, real, chosen), _parts(fit, real, chosen), fit.diagnostics.rhat_max
    )


def discoveries(fit: Fit, real: Fit) -> tuple[int, int]:
    """Return how many wijken are called clearly higher or lower, against both expectations, and how many wrongly."""
    listed = false = 0
    for to in ("determinants", "gemeente"):
        found, true = verdicts(fit, to), difference(real, expectation=to, scale="ratio").samples[0]
        higher = (found.classes == VerdictClass.CLEARLY_HIGHER).to_numpy()
        lower = (found.classes == VerdictClass.CLEARLY_LOWER).to_numpy()
        listed += int(higher.sum() + lower.sum())
        false += int((higher & (true <= 1 + found.rule.margin)).sum() + (lower & (true >= 1 - found.rule.margin)).sum())
    return listed, false


def _pairs(fit: Fit, real: Fit, codes: list[str]) -> float:
    """Return the share of pairs of wijken whose difference in underlying use lies in its interval."""
    table, rate = compare(fit, codes).summary(0.9), use(real, scale="share", areas=codes).samples[0]
    first, second = np.triu_indices(len(codes), 1)
    true = 100 * (rate[first] - rate[second])
    return float(((table["lower"] <= true) & (true <= table["upper"])).mean())


def _parts(fit: Fit, real: Fit, codes: list[str]) -> pd.Series:
    """Return the share of places whose part lies in its interval, by part; some wijken and as many gemeenten."""
    gemeenten = fit.counts.areas.levels["gemeente"].drop_duplicates().sort_values().head(PLACES).tolist()
    inside = []
    for places in (codes, gemeenten):
        found, true = waterfall(fit, places), waterfall(real, places)
        names = [component.name for component in found.components]
        inside.append(pd.DataFrame(covered(found.parts.samples, true.parts.samples[0]), columns=names))
    return pd.concat(inside).mean()


def simulated() -> dict[str, Any]:
    """Return the figures over all countries."""
    found = list(countries())
    cover = pd.concat([country.cover for country in found])
    hidden = cover["hidden"]
    listed, false = (sum(getattr(country, name) for country in found) for name in ("listed", "false"))
    parts = pd.concat([country.parts for country in found], axis=1)
    wide = ["difference_determinants", "difference_gemeente"]
    return {
        "sim_countries": {size: row[-1] for size, row in SIZES.items()},
        "sim_wijken": len(cover),
        "sim_hidden": int(hidden.sum()),
        "sim_rhat_max": round(max(country.rhat for country in found), 3),
        "sim_fdr": round(false / max(listed, 1), 4),
        "sim_listed": listed,
        "sim_cover90_difference": _share(cover.loc[~hidden, wide]),
        "sim_cover90_difference_hidden": _share(cover.loc[hidden, wide]),
        "sim_cover90_difference_by_expectation": {name.split("_")[1]: _share(cover[[name]]) for name in wide},
        "sim_cover90_pairs": round(float(np.mean([country.pairs for country in found])), 4),
        "sim_cover90_rank": _share(cover[["rank"]]),
        "sim_cover90_rank_hidden": _share(cover.loc[hidden, ["rank"]]),
        "sim_cover90_waterfall": {str(name): round(float(value), 3) for name, value in parts.mean(axis=1).items()},
        "sim_by_size": {size: _by_size([country for country in found if country.size == size]) for size in SIZES},
    }


def _by_size(found: list[Country]) -> dict[str, float]:
    """Return the main figures of countries of one size."""
    cover = pd.concat([country.cover for country in found])
    listed, false = (sum(getattr(country, name) for country in found) for name in ("listed", "false"))
    return {
        "fdr": round(false / max(listed, 1), 4),
        "listed": listed,
        "cover90_difference": _share(cover[["difference_determinants", "difference_gemeente"]]),
        "cover90_rank": _share(cover[["rank"]]),
    }


def _share(table: pd.DataFrame) -> float:
    """Return the share of a table of yes and no that is yes."""
    return round(float(table.to_numpy().mean()), 4)
