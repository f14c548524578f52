"""Importance weights: their tail, their effective number, and draws that all count the same."""

import numpy as np
import pytest

from bayesmodel.laplace.importance import certify, effective_draws, resampled


def test_equal_weights_are_all_effective():
    draws = np.random.default_rng(1).normal(size=(1000, 3))
    certificate, weights = certify(
        np.full(1000, -7.0) + np.random.default_rng(2).normal(0, 1e-6, 1000), {"x": draws}, 1000
    )
    assert certificate.effective_share == pytest.approx(1, abs=1e-6)
    assert certificate.effective == pytest.approx(1000, rel=1e-4)
    assert weights == pytest.approx(1 / 1000, rel=1e-4)


def test_the_share_is_that_of_normal_log_weights():
    """Of log-weights that are normal with variance v the share is exp(-v)."""
    log_weights = np.random.default_rng(3).normal(0, 0.5, 20000)
    certificate, _ = certify(log_weights, {"x": np.random.default_rng(4).normal(size=(20000, 1))}, 20000)
    assert certificate.effective_share == pytest.approx(np.exp(-0.25), rel=0.02)
    assert certificate.pareto_k < 0.4


def test_a_proposal_that_is_too_narrow_shows():
    """A normal with half the sd: the ratio grows without bound, and its tail has no mean square."""
    draws = np.random.default_rng(5).normal(size=4000) * 0.5
    certificate, _ = certify(-(draws**2) / 2 + 2 * draws**2, {"x": draws}, 4000)
    assert certificate.pareto_k > 0.7
    assert any("inference.engine = 'nuts'" in problem for problem in certificate.problems)


def test_a_weight_that_is_no_number_is_no_certificate():
    certificate, _ = certify(np.append(np.zeros(500), np.nan), {"x": np.zeros(501)}, 500)
    assert certificate.problems


def test_the_worst_quantity_is_named():
    """A quantity that lives where the weights are large counts for fewer draws."""
    rng = np.random.default_rng(6)
    log_weights = rng.normal(0, 1, 2000)
    quantities = {"far": np.column_stack([rng.normal(size=2000), log_weights]), "near": rng.normal(size=2000)}
    certificate, weights = certify(log_weights, quantities, 2000)
    assert certificate.worst == "far[1]"
    assert certificate.effective == pytest.approx(effective_draws(weights, quantities["far"])[1])


def test_keeping_few_of_many_adds_their_own_error():
    """A hundred of ten thousand equal weights tell as much as a hundred draws."""
    draws = {"x": np.random.default_rng(8).normal(size=10_000)}
    assert certify(np.zeros(10_000), draws, 100)[0].effective == pytest.approx(100)


def test_resampling_takes_each_as_often_as_its_weight():
    weights = np.random.default_rng(7).dirichlet(np.full(300, 5.0))
    taken = np.bincount(resampled(weights, 250, np.random.default_rng(8)), minlength=300)
    assert taken.sum() == 250
    assert (np.abs(taken - 250 * weights) < 1).all()


def test_weighted_and_resampled_draws_have_the_same_mean():
    rng = np.random.default_rng(9)
    draws, weights = rng.normal(size=5000), rng.dirichlet(np.full(5000, 3.0))
    kept = resampled(weights, 4000, rng)
    assert draws[kept].mean() == pytest.approx(weights @ draws, abs=4 / np.sqrt(4000))


def test_weights_without_a_tail_are_certified_and_weights_that_are_nothing_are_refused():
    """Of the second kind no tail can be fitted: it once ended in a traceback."""
    draws = {"x": np.random.default_rng(1).normal(size=200)}
    equal, weights = certify(np.zeros(200), draws, 200)
    assert (equal.pareto_k, equal.effective_share) == (0.0, pytest.approx(1.0))
    assert np.allclose(weights, 1 / 200)
    assert certify(np.full(200, -1e12), draws, 200)[0].pareto_k == np.inf
    for number in (1, 2, 5):
        log_weights = np.full(200, -5000.0)
        log_weights[:number] = -np.arange(number)
        found, weights = certify(log_weights, draws, 200)
        assert found.problems
        assert np.isfinite(weights).all()


def test_the_effective_number_is_that_of_the_weighted_mean():
    """Of weights that go with the draws the variance is around the weighted mean, not the plain one."""
    rng = np.random.default_rng(8)
    draws = rng.normal(size=(200_000, 1))
    weights = np.exp(draws[:, 0])
    weights /= weights.sum()
    target = draws[:, 0] + 1  # exp(x) times a standard normal is one around 1
    error = weights**2 @ (draws[:, 0] - 1) ** 2
    assert effective_draws(weights, draws)[0] == pytest.approx(target.var() / error, rel=0.02)
