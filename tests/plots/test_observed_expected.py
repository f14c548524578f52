"""Observed against expected: marks at both estimates, and only an interval where a count is hidden."""

import numpy as np

from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.use import use
from bayesmodel.plots.scatter import observed_expected


def test_a_mark_stands_at_expected_and_actual(fit, look_at):
    seen = look_at(observed_expected(fit, "gemeente"))
    x, y = seen.marks("gepubliceerd")
    known = ["WK000100", "WK000101", "WK000200", "WK000201"]
    assert np.allclose(x[:4], 100 * expected(fit, "gemeente", "share", known).summary()["mean"])
    assert np.allclose(y[:4], 100 * use(fit, "actual", "share", known).summary()["mean"])


def test_a_hidden_count_is_an_interval_without_a_mark(fit, look_at):
    seen = look_at(observed_expected(fit, areas=["WK000100", "WK000102"]))
    marked = [line.get_label() for line in seen.axes.lines if not line.get_label().startswith("_")]
    assert marked == ["gepubliceerd"]
    assert seen.legend == ["gepubliceerd", "verborgen (klein aantal)"]
    actual = 100 * use(fit, "actual", "share", "WK000102").summary().iloc[0]
    ends = seen.segments()[:, :, 1]
    assert np.isclose(ends, [actual["lower"], actual["upper"]]).all(axis=1).any()


def test_the_line_of_equality_and_what_its_sides_mean(fit, look_at):
    seen = look_at(observed_expected(fit))
    assert any(line.get_label().startswith("_") and getattr(line, "_slope", None) == 1 for line in seen.axes.lines)
    assert [text.get_text() for text in seen.axes.texts] == ["meer dan verwacht", "minder dan verwacht"]
    assert seen.axes.get_xlabel() == "verwacht op grond van kenmerken (% van de jongeren)"
    assert look_at(observed_expected(fit, language="en")).axes.get_ylabel() == "actual use (% of young people)"
