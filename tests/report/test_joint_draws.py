"""Laws of draws at a byte each: close, in order, exact for small whole numbers, and small enough."""

from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bayesmodel.report.joint_draws import draws_that_fit, evenly, few_of, joint_draws

SHARES = arrays(float, (20, 3), elements=st.floats(0, 100, width=32))


@given(SHARES)
def test_no_draw_moves_by_more_than_half_a_step(samples):
    step = (samples.max(axis=0) - samples.min(axis=0)) / 255
    assert np.all(np.abs(joint_draws(samples).values - samples) <= 0.5 * step + 1e-4)


def test_small_whole_numbers_are_kept():
    counts = np.random.default_rng(1).integers(0, 10, (50, 4)).astype(float)
    assert np.array_equal(joint_draws(counts).values, counts)


def test_one_value_stays_one_value():
    assert np.array_equal(joint_draws(np.full((5, 2), 3.5)).values, np.full((5, 2), 3.5))


def test_the_text_is_that_of_the_bytes():
    drawn = joint_draws(np.random.default_rng(2).random((7, 3)))
    packed = drawn.content()
    assert np.array_equal(np.frombuffer(b64decode(packed["bytes"]), np.uint8).reshape(3, 7), drawn.bytes)
    assert np.array_equal(np.frombuffer(b64decode(packed["lowest"]), "<f4"), drawn.lowest)


@pytest.mark.parametrize(("areas", "quantities"), [(100, 3), (2918, 3), (14_000, 3)])
def test_draws_fit_in_their_room(areas, quantities):
    number = draws_that_fit(areas, quantities, 3.0, 256)
    assert number == 256 or number == 50 or number * areas * quantities <= 3e6 < (number + 1) * areas * quantities


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
