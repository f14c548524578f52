"""The adapted proposal: on densities of many hyperparameters that are known, weighted draws have the known moments."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from bayesmodel.laplace.adapted_proposal import MANY, adapted_proposal
from bayesmodel.laplace.hyperparameters import sds_at_mode

EXACT = [
    *[stats.gamma(shape, scale=0.2 / shape) for shape in (4, 9, 25, 100)],
    *[stats.halfnorm(scale=scale) for scale in (0.1, 0.2, 0.4)],
    *[stats.norm(20, sd) for sd in (0.5, 1.0, 2.0, 3.0)],
]


def evidence(many):
    """Independent ones; the mode of a field of two is the root of the first, and one."""
    return [
        (sum(d.logpdf(x) for d, x in zip(EXACT, values, strict=True)), np.array([np.sqrt(values[0]), 1.0]))
        for values in many
    ]


@pytest.fixture(scope="module", name="proposal")
def proposal_fixture():
    """Adapted from a start away from the mode."""
    unit = np.array([0.15] * 7 + [16.0] * 4)
    return adapted_proposal(evidence, *sds_at_mode(evidence, unit), np.random.default_rng(1))


def test_weighted_draws_have_the_moments(proposal):
    assert len(EXACT) > MANY
    values, log_density = proposal.draw(4000, np.random.default_rng(2))
    log_weights = np.array([value for value, _ in evidence(values)]) - log_density
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    effective = 1 / (weights**2).sum()
    assert len(values) == 4000
    assert effective > 3600
    for column, density in enumerate(EXACT):
        slack = 4 * density.std() / np.sqrt(effective)
        assert weights @ values[:, column] == pytest.approx(density.mean(), abs=slack)
        assert np.sqrt(weights @ (values[:, column] - density.mean()) ** 2) == pytest.approx(density.std(), rel=0.12)


def test_without_the_polynomial_draws_weigh_as_much(proposal):
    """What the bounds cut off, and the polynomial errs, is in the density: moments do not depend on either."""
    narrow = replace(proposal, bounds=(proposal.bounds[0], proposal.bounds[1] - 2.0))
    for other in (narrow, replace(proposal, polynomial=None)):
        values, log_density = other.draw(4000, np.random.default_rng(4))
        log_weights = np.array([value for value, _ in evidence(values)]) - log_density
        weights = np.exp(log_weights - log_weights.max())
        weights /= weights.sum()
        slack = 4 * np.sqrt((weights**2).sum())
        means = [(weights @ values[:, i] - d.mean()) / d.std() for i, d in enumerate(EXACT)]
        assert np.abs(means).max() < slack


def test_a_point_without_a_mode_is_left_out(proposal):
    values, _log_density = proposal.draw(600, np.random.default_rng(5))
    found = np.array([value for value, _ in evidence(values)])
    found[::7] = -np.inf
    again = proposal.with_polynomial(values, found, np.random.default_rng(6))
    assert np.isfinite(again.polynomial).all()
    assert len(again.draw(100, np.random.default_rng(7))[0]) == 100


def test_modes_of_the_field_are_followed(proposal):
    """A root is linear in the coordinates of searches."""
    values, _log_density = proposal.draw(50, np.random.default_rng(3))
    assert np.allclose(proposal.field_modes(values)[:, 0], np.sqrt(values[:, 0]), atol=1e-6)
    assert np.allclose(proposal.nodes[0], proposal.best)


def test_correlated_hyperparameters_are_drawn_along_their_ridge():
    covariance = np.full((8, 8), 0.95) + 0.05 * np.eye(8)
    exact = stats.multivariate_normal(np.full(8, 20.0), covariance)

    def ridge(many):
        return [(exact.logpdf(values), np.ones(1)) for values in many]

    proposal = adapted_proposal(ridge, *sds_at_mode(ridge, np.full(8, 18.0)), np.random.default_rng(1))
    values, log_density = proposal.draw(4000, np.random.default_rng(2))
    log_weights = exact.logpdf(values) - log_density
    weights = np.exp(log_weights - log_weights.max())
    assert weights.sum() ** 2 / (weights**2).sum() > 3600
