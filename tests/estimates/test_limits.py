"""Exceedance and funnel: areas against a limit, and limits by number of people."""

import numpy as np
import pytest
from scipy import stats

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.exceedance import exceedance
from bayesmodel.estimates.funnel import funnel
from bayesmodel.estimates.use import use


def test_exceedance_is_the_share_of_draws_above(any_fit):
    found = exceedance(any_fit, 0.12)
    share = use(any_fit, "underlying", "share").samples
    lived = any_fit.counts.population > 0
    assert np.allclose(found.p_above[lived], (share[:, lived] > 0.12).mean(axis=0))
    assert found.p_above[~lived].isna().all()


def test_exceedance_falls_with_the_limit(fit):
    low, high = (exceedance(fit, limit, areas="gemeente").p_above for limit in (0.08, 0.12))
    assert (low >= high).all()


def test_the_most_probable_comes_first(fit):
    table = exceedance(fit, 0.12).summary()
    assert table["p_above"].dropna().is_monotonic_decreasing
    assert table.attrs["limit"] == 0.12


def test_limits_of_chance_alone_are_those_of_the_binomial(fit):
    found = funnel(fit, "typical", limits=(0.9,))
    people = np.array([400.0, 1500.0])
    lower, upper = (np.interp(people, found.limits.index, found.limits[name]) for name in ("lower_0.9", "upper_0.9"))
    exact = stats.binom.ppf([[0.05], [0.95]], people.astype(int), found.share) / (people * found.share)
    # between sizes limits are interpolated, and counts are whole
    assert np.allclose([lower, upper], exact, rtol=0.04)


def test_limits_narrow_with_people_and_widen_with_probability(any_fit):
    limits = funnel(any_fit).limits
    width = limits["upper_0.95"] - limits["lower_0.95"]
    if not any_fit.family.gaussian:  # a normal share knows no chance
        assert width.iloc[-1] < width.iloc[len(width) // 2] < width.iloc[0]
    assert (limits["upper_0.998"] >= limits["upper_0.95"]).all()


def test_what_averages_over_more_has_wider_limits(fit):
    wide, narrow = (funnel(fit, to).limits.iloc[-1] for to in ("determinants", "gemeente"))
    assert wide["upper_0.95"] > narrow["upper_0.95"]


def test_a_hidden_count_is_an_interval_and_no_point(fit):
    points = funnel(fit).points
    assert np.isnan(points.loc["WK000102", "ratio"])
    assert points.loc["WK000102", "lower"] < points.loc["WK000102", "upper"]


def test_outside_lies_wholly_beyond_the_limits(fit):
    found = funnel(fit, "typical", limits=(0.2,))
    out = found.outside(0.2)
    assert 0 < len(out) < 8
    for code, row in out.iterrows():
        lower, upper = (
            np.interp(row["people"], found.limits.index, found.limits[f"{side}_0.2"]) for side in ("lower", "upper")
        )
        assert row["lower"] > upper or row["upper"] < lower, code


def test_limits_that_are_no_probability_are_refused(fit):
    with pytest.raises(ComparisonError, match=r"Write 95% as 0\.95"):
        funnel(fit, limits=(95,))
    with pytest.raises(ComparisonError, match=r"known: 0\.95, 0\.998"):
        funnel(fit).outside(0.9)
