"""Variance bars: shares of the levels with intervals, in per cent."""

import numpy as np

from bayesmodel.estimates.variance import variance as by_level
from bayesmodel.plots.decompositions import variance


def test_bars_are_the_shares(fit, look_at):
    found = by_level(fit)
    seen, table = look_at(variance(found)), 100 * found.shares.summary()
    assert np.allclose([bar.get_width() for bar in seen.axes.patches], table["mean"])
    assert np.allclose(seen.segments()[:, :, 0], table[["lower", "upper"]])
    assert seen.names == ["jeugdzorgregio", "gemeente", "wijk"]
    spreads = [f"{value:.1f}".replace(".", ",") for value in found.sds.summary()["mean"]]
    assert [text.get_text() for text in seen.axes.texts] == ["spreiding", *spreads]


def test_chance_takes_part_when_asked(fit, look_at):
    seen = look_at(variance(by_level(fit, mean=0.1, people=400), language="en"))
    assert seen.names == ["youth-care region", "gemeente", "wijk", "chance"]
    assert "where use is 10.0%" in seen.caption
    assert "90%" in seen.caption
