"""Windows whose counts weigh by the probability that they are published so: every sum is that over single counts."""

import numpy as np
import pytest
from numba import njit

from bayesmodel.compiled import OPTIONS
from bayesmodel.logp.arrays import FAMILY_CODES, log_constants
from bayesmodel.logp.batch_loglik import IntervalCounts, binomial_loglik, family_loglik, out_in, poisson_loglik
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.families.family import log_interval

LOWER = np.array([0, 1, 6, 4, 5, 0, 90])
UPPER = np.array([2, 5, 14, 4, 5, 20, 98])
PEOPLE = np.array([30, 50, 90, 7, 60, 200, 400])
ETAS = {"logit": [-30, -9, -2.2, 0.4, 20], "log": [-30, -9, -2.2, -0.3], "identity": [-0.1, 0.05, 0.3]}


def some_weights(width=21):
    """Weights of the windows, zero above them."""
    inside = np.arange(width) <= (UPPER - LOWER)[:, None]
    return np.random.default_rng(4).uniform(0.05, 1, inside.shape) * inside


def one_by_one(family, row, eta, dispersion, weights):
    """The log of the weighted sum of single probabilities."""
    each = [
        family.log_pmf(Numpy(), np.array(k), PEOPLE[row], np.array(eta), np.array(dispersion))
        + np.log(weights[row, k - LOWER[row]])
        for k in range(LOWER[row], UPPER[row] + 1)
    ]
    return np.logaddexp.reduce(each)


def test_numpy_is_the_sum_over_counts(family):
    weights, dispersion = some_weights(), 0.04 if family.gaussian else 0.3
    for eta in map(float, ETAS[family.link.name]):
        spread, etas = np.full(len(LOWER), dispersion), np.full(len(LOWER), eta)
        found = log_interval(Numpy(), family, (LOWER, UPPER), PEOPLE, etas, spread, weights)
        expected = [one_by_one(family, row, eta, dispersion, weights) for row in range(len(LOWER))]
        # the normal share as a product of ratios loses digits far out in a tail
        assert np.allclose(found, expected, rtol=1e-8 if family.gaussian else 1e-11)


def test_compiled_rows_are_the_sum_over_counts_with_its_derivatives(family):
    weights, code, dispersion = some_weights(), FAMILY_CODES[family.name], 0.04 if family.gaussian else 0.3
    step = 1e-6
    for eta in map(float, ETAS[family.link.name]):
        for row in range(len(LOWER)):

            def value(eta, dispersion, row=row):
                return one_by_one(family, row, eta, dispersion, weights)

            window = float(LOWER[row]), float(UPPER[row]), float(PEOPLE[row])
            found, slope, by_dispersion = family_loglik(code, *window, eta, dispersion, weights[row])
            found += log_constants(family.name, LOWER[[row]], PEOPLE[[row]])[0]
            assert found == pytest.approx(value(eta, dispersion), rel=1e-9, abs=1e-9)
            slack = 1e-5 + 1e-15 * abs(found) / step  # a difference of two values of that size
            by_eta = (value(eta + step, dispersion) - value(eta - step, dispersion)) / (2 * step)
            assert slope == pytest.approx(by_eta, rel=1e-5, abs=slack)
            if not family.area_effect:
                change = (value(eta, dispersion + step) - value(eta, dispersion - step)) / (2 * step)
                assert by_dispersion == pytest.approx(change, rel=1e-5, abs=slack)


@njit(**OPTIONS)
def evaluated(poisson, lower, upper, people, weights, eta):
    """Return value and slope (node, row)."""
    counts = IntervalCounts(np.ones(len(lower)), lower, upper, people, np.log(people), np.arange(len(lower)), weights)
    out = out_in(np.empty(4 * eta.size), len(eta), len(lower))
    if poisson:
        poisson_loglik(counts, eta, out, weights)
    else:
        binomial_loglik(counts, eta, out, weights)
    return out.value, out.slope


@pytest.mark.parametrize("name", ["binomial", "poisson"])
def test_rows_together_are_rows_alone(name):
    """Narrow ones, which are summed together, wide ones and single counts."""
    weights, code = some_weights(), FAMILY_CODES[name]
    eta = np.add.outer([-30.0, -4.0, -0.7, 0.3, 6.0], np.linspace(-0.5, 0.5, len(LOWER)))
    bounds = LOWER.astype(float), UPPER.astype(float), PEOPLE.astype(float)
    value, slope = evaluated(name == "poisson", *bounds, weights, eta)
    for place in np.ndindex(eta.shape):
        row = place[1]
        alone = family_loglik(code, *(bound[row] for bound in bounds), eta[place], 0.3, weights[row])
        assert (value[place], slope[place]) == pytest.approx(alone[:2], rel=1e-11, abs=1e-11), place


def test_weights_of_one_are_no_weights(family):
    ones = (np.arange(21) <= (UPPER - LOWER)[:, None]).astype(float)
    dispersion, eta = 0.04 if family.gaussian else 0.3, 0.05 if family.gaussian else -2.2
    for row in range(len(LOWER)):
        window = FAMILY_CODES[family.name], float(LOWER[row]), float(UPPER[row]), float(PEOPLE[row]), eta, dispersion
        assert family_loglik(*window, ones[row]) == pytest.approx(family_loglik(*window), rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("name", ["poisson", "binomial", "negative-binomial", "normal-share"])
def test_triangles_keep_the_likelihood_concave(name):
    """On which the exact draws of areas' own effects rest: second differences on a grid, to the rounding of values."""
    from bayesmodel.model.families import family_named

    family = family_named(name)
    for base in (2, 3, 5, 10):
        for number in (0, base, 4 * base):
            k = np.arange(max(0, number - base + 1), number + base)
            shown = 1 - np.abs(k - number) / base
            hidden_up_to = np.arange(number + base), np.minimum(1, (number + base - np.arange(number + base)) / base)
            for counts, weights in ((k, shown), hidden_up_to, (k[k >= number - 1], shown[k >= number - 1])):
                eta = np.linspace(-0.3, 1.3, 801) if family.gaussian else np.linspace(-9, 2, 801)
                rows, people = np.ones(len(eta), dtype=np.int64), 3 * number + 50
                window, table = (rows * counts[0], rows * counts[-1]), np.tile(weights, (len(eta), 1))
                spread = np.full(len(eta), 0.05 if family.gaussian else 0.5)
                values = log_interval(Numpy(), family, window, rows * people, eta, spread, table)
                bend = np.diff(values, 2)
                assert bend.max() < 1e-10 * max(1, np.abs(values).max())


def test_beyond_its_table_a_window_is_plain(family):
    """A count that a check hides, or that is hidden to protect another: wider than any that is rounded."""
    code, dispersion, eta = (
        FAMILY_CODES[family.name],
        0.04 if family.gaussian else 0.3,
        0.05 if family.gaussian else -2.2,
    )
    window = np.array([3]), np.array([40]), np.array([90])
    rest = np.full(1, eta), np.full(1, dispersion)
    plain = log_interval(Numpy(), family, window[:2], window[2], *rest)
    for width in (1, 5, 13):
        found = log_interval(Numpy(), family, window[:2], window[2], *rest, np.ones((1, width)))
        assert found == pytest.approx(plain, rel=1e-10)
        bounds = (float(bound[0]) for bound in window)
        value = family_loglik(code, *bounds, eta, dispersion, np.ones(width))[0]
        assert value + log_constants(family.name, window[0], window[2])[0] == pytest.approx(plain[0], rel=1e-9)
