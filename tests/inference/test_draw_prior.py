"""Draws from the prior: whole numbers of people, the same from the same seed."""

import numpy as np
import pytest

from bayesmodel.inference.sampling import draw_prior
from bayesmodel.logp.density import variables_of
from bayesmodel.model.build import build_model


@pytest.fixture(scope="module")
def built(invented_counts):
    return build_model(invented_counts())


@pytest.fixture(scope="module")
def drawn(built):
    return draw_prior(built, draws=400, seed=5)


def test_counts_are_whole_numbers_of_people(built, drawn):
    counts = drawn["prior_predictive"]["count"]
    assert counts.dims == ("chain", "draw", "wijk")
    assert np.issubdtype(counts.dtype, np.integer)
    assert (counts.to_numpy() >= 0).all()
    assert (counts.to_numpy() <= built.counts.population).all()


def test_all_variables_are_drawn(built, drawn):
    for name, dims in variables_of(built).items():
        assert drawn["prior"][name].dims == ("chain", "draw", *dims)


def test_a_seed_gives_the_same_draws(built):
    first, same, other = (draw_prior(built, 5, seed)["prior_predictive"]["count"] for seed in (3, 3, 4))
    assert first.equals(same)
    assert not first.equals(other)


def test_draws_follow_the_priors(built, drawn):
    prior, scale = drawn["prior"], built.priors
    # 400 draws: means within four standard errors
    assert float(prior["intercept"].mean()) == pytest.approx(scale.intercept_mean, abs=4 * scale.intercept_sd / 20)
    assert float(prior["beta"].std()) == pytest.approx(scale.coefficient_sd, rel=0.15)
    above = float((prior["sd_gemeente"] > 1).mean())
    assert above == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 400))
