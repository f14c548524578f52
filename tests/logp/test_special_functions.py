"""Compiled special functions: those of scipy, from tail to tail."""

import numpy as np
import pytest
from scipy import special as scipy_special

from bayesmodel.logp import vecmath

CASES = {
    "softplus": (lambda x: np.logaddexp(0.0, x), np.linspace(-700, 700, 57)),
    "expit": (scipy_special.expit, np.linspace(-700, 700, 57)),
    "digamma": (scipy_special.digamma, np.geomspace(1e-4, 1e6, 60)),
    "log_normal_cdf": (scipy_special.log_ndtr, np.linspace(-400, 8, 103)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_compiled_function_is_that_of_scipy(name):
    exact, points = CASES[name]
    found = [getattr(vecmath, name)(float(x)) for x in points]
    # the asymptotic series keep nine digits where they begin
    assert np.allclose(found, exact(points), rtol=1e-8, atol=1e-14)
