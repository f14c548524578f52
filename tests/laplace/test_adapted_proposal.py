"""The adapted proposal: on densities of many hyperparameters that are known, weighted draws have the known moments."""

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
    assert effective > 1200
    for column, density in enumerate(EXACT):
        slack = 4 * density.std() / np.sqrt(effective)
        assert weights @ values[:, column] == pytest.approx(density.mean(), abs=slack)
        assert np.sqrt(weights @ (values[:, column] - density.mean()) ** 2) == pytest.approx(density.std(), rel=0.12)


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
    assert weights.sum() ** 2 / (weights**2).sum() > 1200
