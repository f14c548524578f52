"""Sparse elimination equals dense linear algebra."""

import numpy as np
import pytest

from bayesmodel.laplace.factor import eliminate, sample_field
from bayesmodel.laplace.field import predictor


def dense(model, sds):
    """The linear predictor as a matrix of the scores, and where the scores are zero."""
    size = len(model.field.level) + len(model.field.width)
    zero = predictor(model.field, sds, np.zeros(size))
    columns = [predictor(model.field, sds, unit) - zero for unit in np.eye(size)]
    return np.array(columns).T, zero


@pytest.fixture(params=["none", "few", "many", "crossed"])
def solved(request, world):
    """A Gaussian over the field, eliminated, and its dense precision and mean."""
    model, sds = world("binomial", request.param).model, world("binomial", request.param).sds
    rng = np.random.default_rng(4)
    field = model.field
    weight, response = rng.uniform(0, 50, len(field.x)), rng.normal(0, 50, len(field.x))
    weight[::7] = 0.0
    size, groups = len(field.width), len(field.level)
    half, shift = rng.normal(0, 3, (size, size)), rng.normal(0, 3, size)
    gaussian = eliminate(field, sds, weight, response, half @ half.T, shift)
    a, zero = dense(model, sds)
    widths = np.concatenate([np.zeros(groups), field.width])
    block, right = np.zeros((a.shape[1],) * 2), np.zeros(a.shape[1])
    block[groups:, groups:], right[groups:] = half @ half.T, shift
    precision = np.eye(a.shape[1]) + (a.T * weight) @ a + widths[:, None] * block * widths
    mean = np.linalg.solve(precision, a.T @ (response - weight * zero) + widths * right)
    return field, gaussian, precision, mean


def test_the_determinant_is_the_dense_one(solved):
    _, gaussian, precision, _ = solved
    assert gaussian.log_determinant == pytest.approx(np.linalg.slogdet(precision)[1], rel=1e-10)


def test_the_mean_is_the_dense_one(solved):
    field, gaussian, precision, mean = solved
    assert np.allclose(sample_field(field, gaussian, np.zeros(len(precision)))[0], mean, atol=1e-9)


def test_draws_have_the_dense_covariance(solved):
    """A draw is a matrix times noise: the matrix times its transpose is the covariance, no sampling needed."""
    field, gaussian, precision, mean = solved
    root = np.array([sample_field(field, gaussian, unit)[0] - mean for unit in np.eye(len(precision))]).T
    assert np.allclose(root @ root.T, np.linalg.inv(precision), atol=1e-9)


def test_an_sd_of_zero_pools_its_groups(world):
    here = world("binomial", "many")
    field, sds = here.model.field, here.sds * [0, 1, *np.ones(len(here.sds) - 2)]
    weight = np.full(len(field.x), 20.0)
    nothing = np.zeros((len(field.width),) * 2)
    gaussian = eliminate(field, sds, weight, weight * 0.3, nothing, nothing[0])
    position = sample_field(field, gaussian, np.random.default_rng(1).normal(size=len(here.position)))[0]
    effects = sds[field.level] * position[: len(field.level)]
    assert np.isfinite(gaussian.log_determinant)
    assert np.array_equal(effects[field.level == 0], np.zeros((field.level == 0).sum()))


def test_effects_of_neighbours_are_those_of_a_dense_gaussian_given_their_sums(world):
    """Mean, determinant and every draw, with the intrinsic precision and the condition that components sum to zero."""
    here = world("binomial", "few", space={"neighbours": "pairs.csv"})
    field, sds, rng = here.model.field, here.sds, np.random.default_rng(4)
    assert field.components == 2
    weight, response = rng.uniform(0, 50, len(field.x)), rng.normal(0, 50, len(field.x))
    nothing = np.zeros((len(field.width),) * 2)
    gaussian = eliminate(field, sds, weight, response, nothing, nothing[0])
    a, zero = dense(here.model, sds)
    groups, size = len(field.level), a.shape[1]
    prior, elimination = np.eye(size), field.elimination
    column = np.repeat(np.arange(groups), np.diff(elimination.column_start))
    prior[elimination.row, column] = prior[column, elimination.row] = field.prior
    covariance = np.linalg.inv(prior + (a.T * weight) @ a)
    condition = np.zeros((2, size))
    condition[field.component[field.component >= 0], np.flatnonzero(field.component >= 0)] = 1.0
    of_sums = condition @ covariance @ condition.T
    pull = covariance @ condition.T @ np.linalg.inv(of_sums)
    mean = covariance @ (a.T @ (response - weight * zero))
    mean -= pull @ (condition @ mean)
    given = covariance - pull @ condition @ covariance
    determinant = -np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(of_sums)[1]
    assert gaussian.log_determinant == pytest.approx(determinant, rel=1e-9)
    assert np.allclose(sample_field(field, gaussian, np.zeros(size))[0], mean, atol=1e-7)
    root = np.array([sample_field(field, gaussian, unit)[0] - mean for unit in np.eye(size)]).T
    assert np.allclose(root @ root.T, given, atol=1e-7)
    assert np.allclose(condition @ root, 0, atol=1e-9)
    noise = rng.normal(size=size)
    position, distance = sample_field(field, gaussian, noise)
    assert distance == pytest.approx(
        (position - mean) @ np.linalg.pinv(given, rcond=1e-9) @ (position - mean), rel=1e-5
    )
