"""Many numbers at once: the exponential and logarithm of numpy, from end to end."""

import numpy as np
import pytest

from bayesmodel.compiled import compiled
from bayesmodel.logp.predictor import PARTIAL_SUMS, scatter_add, sum_parts
from bayesmodel.logp.vecmath import exponential, log_one_plus, logarithm


@pytest.mark.parametrize(("reach", "tolerance"), [(20.0, 1e-15), (700.0, 5e-14)])
def test_exponential(reach, tolerance):
    x = np.linspace(-reach, reach, 40_001)
    assert np.allclose(exponential(x), np.exp(x), rtol=tolerance, atol=0)


def test_exponential_beyond_its_reach():
    assert np.isfinite(exponential(np.array([1e4, -1e4]))).all()
    assert exponential(np.array([0.0]))[0] == 1.0


def test_log_one_plus():
    x = np.concatenate([np.geomspace(1e-300, 1, 20_000), [0.0]])
    assert np.allclose(log_one_plus(x), np.log1p(x), rtol=1e-15, atol=0)


@compiled
def summed_by_place(values, places, parts):
    """What is called by compiled code only, called."""
    scatter_add(values, places, parts)
    return sum_parts(parts)


def test_summed_by_place():
    rng = np.random.default_rng(4)
    values, places = rng.normal(size=1003), rng.integers(0, 7, 1003)
    assert np.allclose(summed_by_place(values, places, np.zeros((PARTIAL_SUMS, 9))), np.bincount(places, values, 9))


def test_logarithm():
    x = np.concatenate([np.geomspace(1e-300, 1e300, 20_001), np.linspace(0.5, 2, 10_001)])
    assert np.allclose(logarithm(x), np.log(x), rtol=1e-15, atol=1e-16)
