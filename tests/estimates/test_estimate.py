"""Estimates: summaries, selection, and what a reader sees."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.definition import interval_of, quantile_of
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.estimate import summarise
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.use import use

NORMAL = np.sort(np.random.default_rng(3).normal(size=(4, 20_000)), axis=1)


@pytest.mark.parametrize("kind", ["equal-tailed", "highest-density"])
def test_wider_intervals_hold_narrower_ones(kind):
    bounds = [interval_of(NORMAL, probability, kind) for probability in (0.5, 0.8, 0.9, 0.99)]
    for (lower, upper), (wider_lower, wider_upper) in pairwise(bounds):
        assert (wider_lower < lower).all()
        assert (wider_upper > upper).all()


@pytest.mark.parametrize("kind", ["equal-tailed", "highest-density"])
@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_an_interval_holds_its_probability(kind, probability):
    lower, upper = interval_of(NORMAL, probability, kind)
    inside = ((lower[:, None] <= NORMAL) & (upper[:, None] >= NORMAL)).mean(axis=1)
    assert np.allclose(inside, probability, atol=2e-4)


def test_the_highest_density_interval_is_the_shortest():
    skewed = np.exp(NORMAL)
    shortest, equal = (
        np.subtract(*interval_of(skewed, 0.9, kind)[::-1]) for kind in ("highest-density", "equal-tailed")
    )
    assert (shortest < equal).all()


def test_bounds_of_whole_numbers_are_whole_numbers():
    counts = np.sort(np.random.default_rng(1).poisson(6, size=(3, 999)), axis=1)
    lower, upper = interval_of(counts, 0.9, "equal-tailed")
    assert np.isin(lower, counts).all()
    assert (((lower[:, None] <= counts) & (upper[:, None] >= counts)).mean(axis=1) >= 0.9).all()


@pytest.mark.parametrize("probability", [0, 0.05, 0.5, 0.731, 1])
def test_a_quantile_is_that_of_numpy(probability):
    draws = np.vstack([NORMAL[:, :101], np.append(NORMAL[0, :100], np.nan)])
    assert np.allclose(quantile_of(draws, probability), np.quantile(draws, probability, axis=1), equal_nan=True)
    assert quantile_of(np.array([[3.0]]), probability).tolist() == [3.0]


def test_a_summary_is_that_of_numpy():
    samples = np.exp(NORMAL[:, :500].T)
    table = summarise(samples, 0.8, "equal-tailed")
    assert np.allclose(table["mean"], samples.mean(axis=0))
    assert np.allclose(table["sd"], samples.std(axis=0, ddof=1))
    assert np.allclose(table["median"], np.median(samples, axis=0))
    assert np.allclose(table["lower"], np.quantile(samples, 0.1, axis=0))
    assert np.allclose(table["upper"], np.quantile(samples, 0.9, axis=0))


def test_the_study_chooses_the_interval_unless_asked(fit):
    estimate = expected(fit)
    table = estimate.summary()
    assert table.attrs["interval"] == 0.9
    assert table.attrs["unit"] == "aantal jongeren"
    assert (estimate.summary(prob=0.5)["upper"] <= table["upper"]).all()
    assert estimate.summary(kind="highest-density").attrs["interval_kind"] == "highest-density"
    assert table.index.equals(fit.counts.areas.codes)


def test_nan_stays_nan(fit):
    table = use(fit, "underlying", "share").summary()
    assert table.loc["WK000300"].isna().all()
    assert use(fit, "underlying", "share").summary(kind="highest-density").loc["WK000300"].isna().all()
    assert table.drop("WK000300").notna().all(axis=None)


def test_areas_are_found_by_code(fit):
    estimate = expected(fit)
    assert estimate.select(["WK000200", "WK000100"]).index.tolist() == ["WK000200", "WK000100"]
    pd.testing.assert_frame_equal(estimate.select("WK000101").summary(), estimate.summary().loc[["WK000101"]])


def test_a_misspelt_code_gets_help(fit):
    with pytest.raises(UnknownNameError, match="Did you mean WK000201"):
        expected(fit).select("WK00201")


def test_a_reader_sees_what_it_is(fit):
    for text in (repr(expected(fit)), expected(fit)._repr_html_()):
        assert "expected.determinants" in text
        assert "90%-interval (gelijke staarten)" in text
        assert "WK000100" in text


def test_draws_of_areas_know_their_names_and_what_was_published(fit):
    """In the order asked, through a difference too: who draws a hidden wijk must see that it is hidden."""
    chosen = difference(fit, areas=["WK000102", "WK000100"]).draws
    assert chosen["wijk_name"].to_numpy().tolist() == ["Wijk 000102", "Wijk 000100"]
    assert chosen["status"].to_numpy().tolist() == ["suppressed", "exact"]
