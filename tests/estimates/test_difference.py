"""Differences: the very draws of use and expectation, on three scales."""

import numpy as np
import pytest

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.use import use


@pytest.mark.parametrize("of", ["underlying", "actual"])
@pytest.mark.parametrize("to", ["determinants", "gemeente"])
def test_a_difference_is_use_minus_expected_on_every_draw(any_fit, of, to):
    gap = difference(any_fit, of, to).samples
    assert np.allclose(gap, use(any_fit, of).samples - expected(any_fit, to).samples, atol=1e-9)


@pytest.mark.parametrize("of", ["underlying", "actual"])
def test_ratio_times_expected_is_use(any_fit, of):
    people = any_fit.counts.population > 0
    ratio = difference(any_fit, of, "gemeente", "ratio").samples
    product = ratio * expected(any_fit, "gemeente").samples
    assert np.allclose(product[:, people], use(any_fit, of).samples[:, people])


def test_points_are_a_hundred_times_the_difference_in_share(any_fit):
    gap = use(any_fit, "underlying", "share").samples - expected(any_fit, "regio", "share").samples
    points = difference(any_fit, expectation="regio", scale="points").samples
    assert np.allclose(points, 100 * gap, equal_nan=True)


def test_of_nobody_there_is_a_count_and_no_ratio(fit):
    nobody = fit.counts.population == 0
    assert (difference(fit).samples[:, nobody] == 0).all()
    for scale in ("points", "ratio"):
        assert np.isnan(difference(fit, scale=scale).samples[:, nobody]).all()


def test_the_definition_says_what_was_compared(fit):
    definition = difference(fit, "actual", "gemeente", "points").definition
    assert definition.name == "difference.actual.gemeente"
    assert definition.formula == "100 (Y - E[Y | x, u_gemeente, u_regio]) / n"
    assert definition.unit.nl == "procentpunt"


def test_an_unknown_scale_gets_help(fit):
    with pytest.raises(UnknownNameError, match="Did you mean ratio"):
        difference(fit, scale="ratios")
