"""Funnel: limits as bands, published counts as points, hidden ones as intervals."""

import numpy as np
import pytest

from bayesmodel.estimates.funnel import funnel as limits_of
from bayesmodel.plots.scatter import funnel


@pytest.fixture(scope="module")
def found(fit):
    return limits_of(fit)


def test_points_are_those_of_the_funnel(found, look_at):
    seen = look_at(funnel(found))
    points = found.points[found.points["ratio"].notna() & (found.points["status"] != "missing")]
    people, ratio = seen.marks("gepubliceerd")
    assert np.allclose(np.sort(people), np.sort(points["people"]))
    assert np.allclose(np.sort(ratio), np.sort(points["ratio"]))


def test_bands_are_the_limits(found, look_at):
    seen = look_at(funnel(found))
    assert seen.legend[:2] == [
        "hier ligt 99,8% van de wijken van die grootte",
        "hier ligt 95% van de wijken van die grootte",
    ]
    wide = seen.axes.collections[0].get_paths()[0].vertices
    assert np.isclose(wide[:, 1].max(), found.limits["upper_0.998"].max())


def test_a_hidden_count_is_an_interval(found, look_at):
    seen = look_at(funnel(found))
    hidden = found.points[found.points["status"] == "suppressed"]
    assert np.allclose(np.sort(seen.segments()[:, 1, 1]), np.sort(hidden["upper"]))


def test_who_lies_outside_is_named(fit, look_at):
    narrow = limits_of(fit, limits=[0.02])
    seen = look_at(funnel(narrow, language="en"))
    out = narrow.outside(0.02)
    known = out[out["ratio"].notna() & (out["status"] != "missing")]
    assert "published, outside" in seen.legend
    assert len(seen.marks("published, outside")[0]) == len(known)
    assert {text.get_text() for text in seen.axes.texts} <= set(known["name"])
    assert seen.axes.get_xlabel() == "young people per wijk (logarithmic scale)"
