"""Recovery: of a country whose truth is known, intervals hold the truth about as often as they say."""

import numpy as np
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.example import example_areas, example_study, example_truth
from bayesmodel.inference.sampling import fit_model
from bayesmodel.model.build import build_model

SEEDS = range(1, 9)
LONGER = {"tune": 1000, "draws": 2000}


def fitted(seed):
    """The truth of a country of 300 wijken, and the fit of what is published of it."""
    study = example_study(areas=300, gemeenten=60, regions=15, seed=seed)
    study = study.model_copy(update={"inference": study.inference.model_copy(update={**LONGER, "seed": seed})})
    return example_truth(study), fit_model(build_model(interpret_counts(example_areas(study))))


def held(draws, truth):
    """Whether the 90 % interval of draws (chain, draw, ...) holds the truth."""
    lower, upper = np.quantile(draws, [0.05, 0.95], axis=(0, 1))
    return np.atleast_1d((lower <= truth) & (truth <= upper))


@pytest.fixture(scope="module")
def coverage():
    """Per kind of parameter: whether each interval of each country holds its truth."""
    found = {"coefficients": [], "sds": [], "rates": [], "converged": []}
    for seed in SEEDS:
        truth, fit = fitted(seed)
        found["converged"].append([fit.diagnostics.converged])
        names = list(fit.study.determinant_names)
        slopes = (truth.coefficients[names] / truth.spread[names]).to_numpy() * fit.design.scale
        found["coefficients"].append(held(fit.posterior["beta"], slopes))
        found["sds"] += [held(fit.posterior[f"sd_{name}"], sd) for name, sd in truth.sds.items()]
        rate = truth.rate.loc[fit.counts.areas.codes].to_numpy()
        found["rates"].append(held(fit.family.mean(fit.posterior["linear_predictor"].to_numpy()), rate))
    return {name: np.concatenate(parts) for name, parts in found.items()}


@pytest.mark.slow
# 168 coefficients, correlated within a country, and 24 sds: standard errors of about 3 and 6 points; 2,400 rates: 1
@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [("coefficients", 0.8, 0.97), ("sds", 0.7, 1.0), ("rates", 0.86, 0.94), ("converged", 0.85, 1.0)],
)
def test_intervals_hold_the_truth(coverage, kind, least, most):
    assert least <= coverage[kind].mean() <= most
