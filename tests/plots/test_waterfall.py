"""Waterfall: each bar starts where the one before ended, and nothing tells a hidden count."""

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.waterfall import waterfall as made_of
from bayesmodel.plots.decompositions import waterfall


def bars(seen):
    return np.array([[bar.get_x(), bar.get_x() + bar.get_width()] for bar in seen.axes.patches])


def test_bars_add_up_from_the_country_to_the_area(fit, look_at):
    found = made_of(fit, ["WK000100", "WK000101"])
    seen, table = look_at(waterfall(found, "WK000101")), found.summary().loc["WK000101"]
    steps = bars(seen)
    assert np.isclose(steps[0, 0], table.loc["country", "mean"])
    assert np.allclose(steps[1:, 0], steps[:-1, 1])
    assert np.isclose(steps[-1, 1], table.loc["total", "mean"])
    ends = [line.get_xdata()[0] for line in seen.axes.lines]
    assert np.allclose(ends, table.loc[["country", "total"], "mean"])


def test_intervals_stand_where_their_step_starts(fit, look_at):
    found = made_of(fit, "WK000100")
    table = found.summary().loc["WK000100"]
    lower = look_at(waterfall(found)).segments()[:, 0, 0]
    start = table["mean"].iloc[:-2].cumsum()
    assert np.isclose(lower, start["country"] + table.loc["means", "lower"]).any()


def test_of_a_hidden_count_only_intervals_are_drawn(fit, look_at):
    seen = look_at(waterfall(made_of(fit, "WK000102")))
    assert len(bars(seen)) == 6, "chance has no bar"
    assert len(seen.axes.lines) == 1, "actual use has no mark"
    assert "Het aantal is verborgen" in seen.caption
    beside = [text.get_text() for text in seen.axes.texts]
    assert "(" not in beside[-1] + beside[-2]


def test_names_and_axis_in_both_languages(fit, look_at):
    found = made_of(fit, "WK000100")
    dutch, english = look_at(waterfall(found)), look_at(waterfall(found, language="en"))
    assert (dutch.names[0], dutch.names[-1]) == ("landelijk gemiddelde", "feitelijk gebruik")
    assert english.names == ["country mean", "means", "family", "determinants that are missing", "youth-care region",
                             "gemeente", "wijk", "chance", "actual use"]  # fmt: skip
    assert dutch.axes.get_xlabel() == "gebruik (% van de jongeren)"
    assert english.title == "What is the use in Wijk 000100 made of?"


def test_one_area_at_a_time(fit):
    found = made_of(fit, ["WK000100", "WK000101"])
    with pytest.raises(ComparisonError, match="2 areas"):
        waterfall(found)
    with pytest.raises(UnknownNameError):
        waterfall(found, "WK000102")
