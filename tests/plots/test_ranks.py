"""Rank plot: intervals of the ranks, and the chance of the top beside each."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.estimates.rank import rank
from bayesmodel.plots.interval_plots import ranks


def test_the_highest_stand_on_top_with_their_interval(fit, look_at):
    found = rank(fit)
    seen, table = look_at(ranks(found, shown=5, highest=3)), rank(fit).summary(highest=3).head(5)
    assert seen.names == table["name"].tolist()
    assert np.allclose(np.sort(seen.segments()[:, 1, 0]), np.sort(table["upper"]))
    beside = [text.get_text() for text in seen.axes.texts]
    assert beside == ["kans op\ntop 3", *(f"{100 * p:.0f}%" for p in table["p_among_3"])]


def test_it_says_what_is_left_out(fit, look_at):
    assert "Getoond: de 5 hoogste van 14." in look_at(ranks(rank(fit), shown=5)).caption
    assert "Shown" not in look_at(ranks(rank(fit), language="en")).caption
    assert look_at(ranks(rank(fit))).axes.get_xlabel() == "plaats (1 is de hoogste van 14)"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_legend_does_not_run_over_what_stands_beside_it(fit, language):
    names = fit.counts.areas.names + " met een naam zo lang als hij past"
    named = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, names=names)))
    figure = ranks(rank(named), language=language)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    heading = axes.texts[0].get_window_extent()
    assert heading.x0 > axes.get_window_extent().x1
    assert not axes.get_legend().get_window_extent().overlaps(heading)


def test_fewer_places_than_the_top(fit, look_at):
    seen = look_at(ranks(rank(fit, ["WK000100", "WK000101"]), highest=10))
    assert seen.axes.texts[0].get_text() == "kans op\ntop 2"
