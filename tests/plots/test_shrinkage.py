"""Shrinkage: published percentages and estimates, and windows where a count is hidden."""

import numpy as np

from bayesmodel.estimates.use import use
from bayesmodel.plots.axes import published_rows
from bayesmodel.plots.scatter import shrinkage


def test_what_was_published_is_an_open_mark_and_the_estimate_a_filled_one(fit, look_at):
    seen, table = look_at(shrinkage(fit)), 100 * use(fit, scale="share").summary()["mean"]
    known = ["WK000100", "WK000101", "WK000200", "WK000201"]
    people, raw = seen.marks("gepubliceerd")
    assert people[:4].tolist() == [400, 800, 300, 1500]
    assert np.allclose(raw[:4], [11.5, 11.5, 34 / 3, 172 / 15])
    assert np.allclose(seen.marks("geschat")[1][:4], table[known])
    assert seen.mark("gepubliceerd").get_markerfacecolor() == "none"


def test_a_hidden_count_has_a_window_and_no_published_percentage(fit, look_at):
    seen = look_at(shrinkage(fit, areas=["WK000100", "WK000102"]))
    assert seen.marks("gepubliceerd")[0].tolist() == [400]
    assert seen.segments()[1].tolist() == [[60, 0], [60, 15]]
    assert "verborgen: wat mogelijk is, en geschat" in seen.legend


def test_axes_in_both_languages(fit, look_at):
    assert look_at(shrinkage(fit)).axes.get_xlabel() == "jongeren per wijk (logaritmische schaal)"
    assert look_at(shrinkage(fit, language="en")).axes.get_xlabel() == "young people per wijk (logarithmic scale)"
    assert "90% kans" in look_at(shrinkage(fit)).caption


def test_nothing_published_stands_for_a_hidden_or_missing_count(fit):
    rows = published_rows(fit)
    assert rows.loc[["WK000102", "WK000202", "WK000301"], "share"].isna().all()
    assert rows.loc["WK000301", ["lowest", "highest"]].tolist() == [0, 100]
    assert np.isnan(rows.loc["WK000300", "people"])
