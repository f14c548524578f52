"""A sparse symmetric matrix and its factor: the product is the matrix, whatever the order of elimination."""

import numpy as np
import pytest
from scipy.sparse import csc_array, eye_array, random_array

from bayesmodel.sparse_factor import backward_solve, elimination_of, factorise, forward_solve, order_of


def positive(size, seed):
    """A sparse positive definite matrix."""
    half = random_array((size, size), density=min(1.0, 3 / size), rng=np.random.default_rng(seed))
    joined = half + half.T
    return csc_array(joined + eye_array(size) * (1 + abs(joined).sum(axis=0).max()))


@pytest.fixture(name="solved", params=[1, 2, 5, 40, 120])
def solved_fixture(request):
    """A matrix in the order of its elimination, its pattern, and L and D."""
    matrix = positive(request.param, request.param)
    order = order_of(matrix, np.arange(0))
    dense = matrix[order][:, order].toarray()
    elimination = elimination_of(csc_array(dense))
    columns = np.repeat(np.arange(len(dense)), np.diff(elimination.column_start))
    lower, diagonal = factorise(elimination, dense[elimination.row, columns])
    unit = np.eye(len(dense))
    of_entry = np.repeat(np.arange(len(dense)), np.diff(elimination.lower_start))
    unit[elimination.lower_row, of_entry] = lower
    return dense, elimination, lower, unit, diagonal


def test_the_factor_is_that_of_the_matrix(solved):
    dense, _, _, unit, diagonal = solved
    assert np.allclose(unit * diagonal @ unit.T, dense, rtol=0, atol=1e-12)


def test_solving_forward_and_backward_inverts_the_factor(solved):
    _, elimination, lower, unit, _ = solved
    right = np.random.default_rng(1).normal(size=(len(unit), 3))
    forward, backward = right.copy(), right[:, 0].copy()
    forward_solve(elimination, lower, forward)
    backward_solve(elimination, lower, backward)
    assert np.allclose(unit @ forward, right)
    assert np.allclose(unit.T @ backward, right[:, 0])


def test_every_column_is_eliminated_once_and_those_asked_for_first():
    matrix = positive(30, 2)
    first = np.array([7, 3])
    order = order_of(matrix, first)
    assert sorted(order) == list(range(30))
    assert order[:2].tolist() == [7, 3]


def test_a_star_has_no_fill():
    """Groups below one parent: eliminating them in any order before it joins none of them."""
    size = 50
    star = np.eye(size)
    star[-1] = star[:, -1] = 1.0
    order = order_of(csc_array(star), np.arange(0))
    elimination = elimination_of(csc_array(star[order][:, order]))
    assert len(elimination.lower_row) == size - 1
