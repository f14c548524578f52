"""Missing determinants: the conditional normal of those that are known."""

import numpy as np
import pytest

from bayesmodel.model.missing import complete

COVARIANCE = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 1.0]])


def normal(rows, seed=0):
    """Rows of a known normal distribution."""
    return np.random.default_rng(seed).multivariate_normal(np.zeros(3), COVARIANCE, rows)


def holes(x, seed=1):
    """The same with a fifth of the values taken out, never a whole row."""
    gone = np.random.default_rng(seed).random(x.shape) < 0.2
    gone[gone.all(axis=1), 0] = False
    return np.where(gone, np.nan, x)


def test_complete_rows_are_left_alone():
    x = normal(50)
    completed = complete(x)
    assert np.allclose(completed.x, x, atol=1e-12)
    assert not completed.covariances.any()
    assert (completed.pattern == 0).all()


def test_known_values_are_kept():
    x = holes(normal(200))
    completed = complete(x)
    known = ~np.isnan(x)
    assert np.allclose(completed.x[known], x[known], atol=1e-12)
    assert np.isfinite(completed.x).all()


def test_covariances_are_of_what_is_missing_only():
    x = holes(normal(200))
    completed = complete(x)
    assert np.allclose(completed.covariances, completed.covariances.transpose(0, 2, 1))
    assert (np.linalg.eigvalsh(completed.covariances) > -1e-10).all()
    for row, pattern in zip(x, completed.pattern, strict=True):
        known = ~np.isnan(row)
        covariance = completed.covariances[pattern]
        assert not covariance[known].any()
        assert not covariance[:, known].any()
        assert (np.diag(covariance)[~known] > 0).all()


@pytest.mark.parametrize("missing", [[2], [0, 1]])
def test_a_known_normal_is_recovered(missing):
    """Of 20,000 rows the conditional mean and covariance are those of the distribution itself."""
    x = holes(normal(20_000))
    known = [j for j in range(3) if j not in missing]
    rows = np.flatnonzero((np.isnan(x) == np.isin(np.arange(3), missing)).all(axis=1))
    completed = complete(x)
    weights = COVARIANCE[np.ix_(missing, known)] @ np.linalg.inv(COVARIANCE[np.ix_(known, known)])
    left = COVARIANCE[np.ix_(missing, missing)] - weights @ COVARIANCE[np.ix_(known, missing)]
    # moments of 16,000 known values have a standard error of about 0.01
    assert np.allclose(completed.x[np.ix_(rows, missing)], x[np.ix_(rows, known)] @ weights.T, atol=0.1)
    error = completed.x[np.ix_(rows, missing)] - x[np.ix_(rows, known)] @ weights.T
    assert np.sqrt(np.mean(error**2)) < 0.03
    found = completed.covariances[completed.pattern[rows[0]]][np.ix_(missing, missing)]
    assert np.allclose(found, left, atol=0.04)


def test_a_row_of_which_nothing_is_known_has_the_mean():
    x = normal(500)
    x[7] = np.nan
    completed = complete(x)
    others = np.delete(x, 7, axis=0)
    assert np.allclose(completed.x[7], others.mean(axis=0), atol=1e-3)
    assert np.allclose(completed.covariances[completed.pattern[7]], np.cov(others.T, bias=True), atol=1e-3)


def test_the_order_of_rows_and_columns_does_not_matter():
    x = holes(normal(300))
    order, columns = np.random.default_rng(3).permutation(300), [2, 0, 1]
    assert np.allclose(complete(x[order][:, columns]).x, complete(x).x[order][:, columns], atol=1e-6)


def test_columns_that_add_up_to_a_constant_do_no_harm():
    x = normal(100)
    x[:, 2] = -x[:, 0] - x[:, 1]
    x[::7, 2] = np.nan
    completed = complete(x)
    assert np.allclose(completed.x.sum(axis=1), 0, atol=0.01)


def test_the_same_rows_are_completed_once():
    x = np.random.default_rng(1).normal(size=(40, 3))
    x[::4, 1] = np.nan
    first = complete(x)
    assert complete(x.copy()) is first
    assert not first.x.flags.writeable
    x[0, 0] += 1
    assert complete(x).x[0, 0] == x[0, 0]
