"""Laws of draws in steps: close, in order, exact for small whole numbers, and small enough."""

from base64 import b64decode
from zlib import Z_HUFFMAN_ONLY

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bayesmodel.report.joint_draws import (
    BYTES,
    FINEST,
    WIDTH,
    draws_that_fit,
    evenly,
    few_of,
    finer_that_fits,
    joint_draws,
)
from bayesmodel.report.map_page import _packed

SHARES = arrays(float, (20, 3), elements=st.floats(0, 100, width=32))


@given(SHARES)
def test_every_area_keeps_its_mean_and_standard_deviation(samples):
    kept = joint_draws(samples).values
    assert np.allclose(kept.mean(axis=0), samples.mean(axis=0), rtol=1e-4, atol=1e-4)
    assert np.allclose(kept.std(axis=0), samples.std(axis=0), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("widest", "finer"), [(np.inf, 1), (0.05, 1), (0.05, 4)])
def test_a_draw_moves_by_hardly_more_than_half_a_step(widest, finer):
    samples = np.random.default_rng(4).gamma(9, 0.1, (1000, 5))
    step = np.minimum(WIDTH * samples.std(axis=0), widest) / finer
    assert np.all(np.abs(joint_draws(samples, widest, finer).values - samples) < 0.7 * step)


def test_rounding_moves_the_interval_of_a_set_less_than_leaving_draws_out():
    """Against the interval of all draws, for sets of 2 to 12 of 200 areas with half of their variance in common."""
    rng = np.random.default_rng(6)
    samples = np.exp(2 + 0.2 * rng.normal(size=(1000, 1)) + 0.2 * rng.normal(size=(1000, 200)))
    sets = [rng.choice(200, size, replace=False) for size in (2, 3, 5, 8, 12) for _ in range(20)]

    def ends(draws):
        return np.array([np.quantile(draws[:, areas].mean(axis=1), [0.05, 0.95]) for areas in sets])

    rounded, fewer = (
        np.abs(ends(each) - ends(samples)) for each in (joint_draws(samples).values, few_of(samples, 256))
    )
    assert rounded.mean() < 0.6 * fewer.mean()
    assert np.quantile(rounded, 0.9) < 0.6 * np.quantile(fewer, 0.9)


def test_small_whole_numbers_are_kept():
    counts = np.random.default_rng(1).integers(0, 10, (50, 4)).astype(float)
    assert np.array_equal(joint_draws(counts).values, counts)


def test_one_value_stays_one_value():
    assert np.array_equal(joint_draws(np.full((5, 2), 3.5)).values, np.full((5, 2), 3.5))


def test_the_text_is_that_of_the_steps():
    drawn = joint_draws(np.random.default_rng(2).random((7, 3)))
    packed = drawn.content()
    assert [ord(letter) - 48 for letter in packed["steps"]] == drawn.steps.ravel().tolist()
    assert np.array_equal(np.frombuffer(b64decode(packed["lowest"]), "<f4"), drawn.lowest)
    assert np.array_equal(np.frombuffer(b64decode(packed["width"]), "<f4"), drawn.width)


@pytest.mark.parametrize(("areas", "quantities"), [(100, 3), (2918, 3), (14_000, 3)])
def test_draws_fit_in_their_room(areas, quantities):
    number = draws_that_fit(areas, quantities, 3.0, 1000)
    taken = BYTES * areas * quantities
    assert number in {50, 1000} or number * taken <= 3e6 < (number + 1) * taken


def test_steps_are_finer_where_there_is_room_and_then_take_it():
    assert finer_that_fits(2918, 3, 4.6, draws_that_fit(2918, 3, 4.6, 1000)) < 1.1
    assert finer_that_fits(2918, 3, 3.0, draws_that_fit(2918, 3, 3.0, 1000)) < 1.1
    assert finer_that_fits(10, 3, 5.0, 1000) == finer_that_fits(1000, 3, 5.0, 1000) == FINEST


def test_a_page_takes_no_more_than_the_room_that_was_counted():
    """Of draws as areas have them: normal, with standard deviations that differ by a factor of three."""
    rng = np.random.default_rng(7)
    sd = rng.uniform(0.5, 1.5, 400)
    level = 10 + sd * rng.normal(size=(1000, 400))
    text = joint_draws(level, 0.5 * float(np.median(sd))).content()["steps"]
    given = joint_draws(10 + 0.3 * rng.normal(size=(1000, 400)), 0.5 * float(np.median(sd))).content()["steps"]
    assert len(_packed({"underlying": text, "expected": [given, given]}, Z_HUFFMAN_ONLY)) < BYTES * 3 * level.size


def test_draws_are_taken_evenly():
    taken = evenly(1000, 256)
    assert len(taken) == len(set(taken.tolist())) == 256
    assert set(np.diff(taken).tolist()) == {3, 4}


def test_few_draws_keep_the_intervals_of_each_area_and_the_dependence_between_them():
    rng = np.random.default_rng(5)
    shared = rng.normal(size=(4000, 1))
    samples = np.exp(0.4 * shared + 0.3 * rng.normal(size=(4000, 6)))
    few = few_of(samples, 256)
    for probability in (0.05, 0.5, 0.95):
        assert np.allclose(np.quantile(few, probability, axis=0), np.quantile(samples, probability, axis=0), rtol=0.01)
    assert np.allclose(np.corrcoef(few.T), np.corrcoef(samples.T), atol=0.2)  # of 256 draws
    sums = [np.quantile(each.sum(axis=1), [0.05, 0.95]) for each in (few, samples)]
    assert np.allclose(*sums, rtol=0.08)


def test_all_draws_are_kept_where_they_fit():
    samples = np.arange(6.0).reshape(3, 2)
    assert few_of(samples, 3) is samples
