"""Countries of few regions: the sum of expectations against the country, and its interval, by number of regions.

``python -m benchmarks.evidence.few_groups`` prints the figures of docs/decisions/few-groups.md.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bayesmodel import build_model, example_study, fit_model, interpret_counts
from bayesmodel.estimates.expectation import expectation_named
from bayesmodel.estimates.expected import averaged_share, expected
from bayesmodel.estimates.linear_predictor import flat
from bayesmodel.example import draw_counts, draw_effects, example_truth
from bayesmodel.example.published import published_areas
from bayesmodel.inference.fit import Fit
from bayesmodel.study import study_from

REGIONS, SDS, SEEDS = (1, 2, 3, 4, 5, 8), (0.05, 0.15, 0.4), (1, 2, 3)
PRIORS = {"P(sd > 1)": 1.0, "P(sd > 0.5)": 0.5, "P(sd > 0.3)": 0.3}


def main() -> None:
    """Print one row for each number of regions, their sd and each prior."""
    print("regions, sd, prior | sum less one, % (over own groups; over a normal distribution) | widths | sd, 95 %")
    for regions in REGIONS:
        for sd in SDS:
            for name, exceeds in PRIORS.items():
                rows = [figures(*fitted(regions, sd, exceeds, seed)) for seed in SEEDS]
                worst = [max((row[place] for row in rows), key=abs) for place in (0, 2)]
                wide = [np.mean([row[place] for row in rows]) for place in (1, 3)]
                upper = max(row[4] for row in rows)
                print(
                    f"{regions}, {sd}, {name} | {worst[0]:+.1f}; {worst[1]:+.1f} | {wide[0]:.1f}; {wide[1]:.0f} "
                    f"| {upper:.2f}"
                )


def fitted(regions: int, sd: float, exceeds: float, seed: int) -> tuple[Fit, int]:
    """Return the fit of a country of 240 wijken in 20 gemeenten, and how many people were counted in it."""
    values = example_study(areas=240, gemeenten=20, regions=regions, seed=seed).model_dump()
    values["determinants"] = [part for part in values["determinants"] if part["level"] is None][:5]
    values["model"]["family"] = "poisson"
    values["model"]["priors"]["sd_few"] = {"exceeds": exceeds, "probability": 0.05}
    values["inference"] |= {"engine": "laplace", "draws": 500}
    truth = example_truth(study_from(values))
    truth = replace(truth, sds={**truth.sds, "jeugdzorgregio": sd})
    truth = draw_counts(draw_effects(truth, seed + 1000), seed + 1000)
    return fit_model(build_model(interpret_counts(published_areas(truth)))), int(truth.counts.sum())


def figures(fit: Fit, total: int) -> list[float]:
    """Return the sum of expectations over the count, less one, and the width of its interval; twice; and the sd."""
    found = list[float]()
    every = np.arange(len(fit.counts))
    normal = averaged_share(fit, expectation_named(fit.study, "determinants"), every) @ fit.counts.population
    for sums in (expected(fit, "determinants").samples.sum(axis=1) / total, normal / total):
        low, high = np.quantile(sums, [0.05, 0.95])
        found += [100 * float(sums.mean() - 1), 100 * float(high - low)]
    name = "sd_jeugdzorgregio"
    return [*found, float(np.quantile(flat(fit, name), 0.95)) if name in fit.posterior else 0.0]


if __name__ == "__main__":
    main()
