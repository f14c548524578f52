"""Caterpillar: every area in the order of its mean, and some by name."""

import numpy as np
import pytest

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.use import use
from bayesmodel.plots.interval_plots import caterpillar


def test_means_rise_from_left_to_right(fit, look_at):
    estimate = use(fit, scale="share")
    seen = look_at(caterpillar(estimate))
    means = np.full(14, np.nan)
    for label in seen.legend:
        positions, values = seen.marks(label)
        means[positions.astype(int)] = values
    assert np.allclose(means, np.sort(100 * estimate.summary()["mean"].dropna()))
    lines = seen.segments()
    assert np.allclose(np.sort(lines[:, 0, 1]), np.sort(100 * estimate.summary()["lower"].dropna()))


def test_names_stand_at_their_area(fit, look_at):
    estimate = difference(fit, scale="points")
    seen = look_at(caterpillar(estimate, highlight=["WK000102", "WK000500"]))
    order = estimate.summary()["mean"].dropna().sort_values().index
    named = {text.get_text(): text.xy[0] for text in seen.axes.texts}
    assert named == {f"Wijk {code[2:]}": order.get_loc(code) for code in ("WK000102", "WK000500")}


def test_an_unknown_area_is_helped(fit):
    with pytest.raises(UnknownNameError, match="Did you mean WK000102"):
        caterpillar(use(fit), highlight="WK00102")


def test_the_axis_says_what_the_order_is(fit, look_at):
    estimate = use(fit, scale="share")
    assert look_at(caterpillar(estimate)).axes.get_xlabel() == "wijk, van laag naar hoog"
    assert look_at(caterpillar(estimate, language="en")).axes.get_xlabel() == "wijk, from low to high"
    assert "De volgorde is niet zeker" in look_at(caterpillar(estimate)).caption


def test_the_text_alternative_counts(fit):
    assert "14 rijen" in caterpillar(use(fit, scale="share")).get_label()
    assert "4 verborgen" in caterpillar(use(fit, scale="share")).get_label()
