"""Rows of the compiled density: the interval likelihood and both its derivatives."""

import numpy as np
import pytest
from scipy import special

from bayesmodel.logp import interval_loglik
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.families.binomial import log_choose
from bayesmodel.model.families.family import log_interval

WINDOWS = [
    *((0, 9, 60), (10, 12, 60), (3, 40, 60), (0, 0, 60), (30, 60, 60), (60, 60, 60)),
    *((7, 7, 300), (0, 500, 900), (300, 500, 900)),
]
ETAS = {
    "logit": [-30, -10, -2.2, 0, 5, 10, 30],
    "log": [-30, -10, -2.2, 0, 5, 10, 30],
    "identity": [-0.2, 0.01, 0.5, 1.2],
}


def left_out(family, lower, people):
    """The part of the log-likelihood that the caller of a row adds."""
    if "binomial" in family.name and family.link.name == "logit":
        return log_choose(Numpy(), people, lower)
    return -special.gammaln(lower + 1) if family.link.name == "log" else 0.0


def reference(family, window, eta, dispersion):
    """The same by numpy."""
    lower, upper, people = (np.array([bound]) for bound in window)
    return log_interval(Numpy(), family, (lower, upper), people, np.array([eta]), np.array([dispersion]))[0]


@pytest.mark.parametrize("window", WINDOWS)
def test_rows_are_the_interval_likelihood_with_its_derivatives(family, window):
    row, dispersion = getattr(interval_loglik, family.name.replace("-", "_")), 0.04 if family.gaussian else 0.2
    step = 1e-7 if family.gaussian else 1e-5
    for eta in map(float, ETAS[family.link.name]):
        value, by_eta, by_dispersion = row(*map(float, window), eta, dispersion)
        value += left_out(family, *window[::2])
        assert value == pytest.approx(reference(family, window, eta, dispersion), rel=1e-9, abs=1e-8)
        up, down = (reference(family, window, eta + move, dispersion) for move in (step, -step))
        # a difference of two values of size v is known to v * 1e-16 / step
        slack = 1e-5 + 1e-15 * abs(value) / step
        assert by_eta == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=slack)
        up, down = (reference(family, window, eta, dispersion + move) for move in (step, -step))
        assert by_dispersion == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=slack)
