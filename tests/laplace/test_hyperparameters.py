"""The surface over the sds: on densities that are known, weighted draws have the known moments."""

import numpy as np
import pytest
from scipy import stats

from bayesmodel.laplace.hyperparameters import draw_sds, sds_at_mode, sds_proposal, surface_of
from bayesmodel.laplace.importance import effective_draws

DENSITIES = {
    "well known": [stats.lognorm(0.1, scale=0.2), stats.gamma(40, scale=0.005)],
    "skewed": [stats.lognorm(0.5, scale=0.1), stats.gamma(4, scale=0.05)],
    "piled up at zero": [stats.halfnorm(scale=0.1), stats.gamma(30, scale=0.01)],
    "falling from zero": [stats.expon(scale=0.15)],
}


def test_as_many_sds_are_drawn_as_are_asked():
    """Few candidates are accepted where the surface is far from its tail: once that gave few draws."""
    exact = [stats.lognorm(0.9, scale=0.05), stats.halfnorm(scale=0.01), stats.lognorm(1.0, scale=0.3)]

    def evidence(many):
        return [(sum(d.logpdf(sd) for d, sd in zip(exact, sds, strict=True)), np.append(sds, 1.0)) for sds in many]

    surface, rng = surface_of(evidence, *sds_at_mode(evidence, np.full(3, 0.15))), np.random.default_rng(2)
    proposal = sds_proposal(surface, rng)
    assert [len(draw_sds(proposal, count, rng)[0]) for count in (100, 1100)] == [100, 1100]


def test_an_sd_of_which_nothing_is_known_is_no_difference_over_zero():
    """A coordinate as wide as its mode: once a difference reached an sd of zero, whose log is none."""

    def evidence(many):
        return [(stats.expon(scale=0.2).logpdf(sds[0]), np.append(sds, 1.0)) for sds in many]

    surface = surface_of(evidence, np.array([0.05]), np.array([1.0]))
    assert np.isfinite(surface.axes).all()


def test_the_search_is_followed():
    """Each step is told, so that what the evidence rests on can move with it."""
    places = []

    def evidence(many):
        return [(stats.lognorm(0.1, scale=3.0).logpdf(sds[0]), np.ones(1)) for sds in many]

    best, _ = sds_at_mode(evidence, np.array([0.15]), places.append)
    assert len(places) > 2
    assert places[-1] == pytest.approx(best)


@pytest.mark.parametrize("name", DENSITIES)
def test_weighted_draws_have_the_moments(name):
    exact = DENSITIES[name]

    def evidence(many):
        return [(sum(d.logpdf(sd) for d, sd in zip(exact, sds, strict=True)), np.append(sds, 1.0)) for sds in many]

    surface = surface_of(evidence, *sds_at_mode(evidence, np.full(len(exact), 0.15)))
    rng = np.random.default_rng(1)
    sds, log_density = draw_sds(sds_proposal(surface, rng), 4000, rng)
    log_weights = np.array([value for value, _ in evidence(sds)]) - log_density
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    assert len(sds) == 4000
    assert effective_draws(weights, sds).min() > 2800
    for column, density in enumerate(exact):
        slack = 5 * density.std() / np.sqrt(2800)
        assert weights @ sds[:, column] == pytest.approx(density.mean(), abs=slack)
        assert np.sqrt(weights @ (sds[:, column] - density.mean()) ** 2) == pytest.approx(density.std(), rel=0.1)


def test_modes_are_interpolated():
    def evidence(many):
        return [(stats.lognorm(0.2, scale=0.2).logpdf(sds[0]), np.array([np.sqrt(sds[0]), 1.0])) for sds in many]

    surface = surface_of(evidence, *sds_at_mode(evidence, np.array([0.15])))
    sds = np.linspace(0.15, 0.3, 7)[:, None]
    assert np.allclose(surface.field_modes(sds), np.column_stack([np.sqrt(sds[:, 0]), np.ones(7)]), atol=1e-6)
