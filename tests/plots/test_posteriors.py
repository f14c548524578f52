"""Posteriors: hills of the draws themselves, above the interval."""

import numpy as np

from bayesmodel.estimates.use import use
from bayesmodel.plots.posteriors import posteriors

PAIR = ["WK000100", "WK000102"]


def hills(seen):
    return [patch.get_data() for patch in seen.axes.patches]


def test_a_hill_has_the_shape_of_its_draws(fit, look_at):
    estimate = use(fit, scale="share", areas=PAIR)
    first, second = hills(look_at(posteriors(estimate)))
    assert np.array_equal(first.edges, second.edges)
    counted = np.histogram(100 * estimate.samples[:, 1], second.edges)[0]
    height = second.values - second.baseline
    assert np.allclose(height / height.max(), counted / counted.max())


def test_counts_have_a_bar_for_each_number(fit, look_at):
    estimate = use(fit, "actual", "count", "WK000102")
    (hill,) = hills(look_at(posteriors(estimate)))
    assert hill.edges.tolist() == (np.arange(estimate.samples.min(), estimate.samples.max() + 2) - 0.5).tolist()


def test_names_intervals_and_note(fit, look_at):
    estimate = use(fit, scale="share", areas=PAIR)
    seen = look_at(posteriors(estimate, note="De kans dat A hoger is, is 61%."))
    assert sorted(seen.names) == ["Wijk 000100", "Wijk 000102"]
    assert seen.legend == ["gepubliceerd", "schatting (aantal gepubliceerd)", "schatting (aantal verborgen)"]
    assert seen.caption.startswith("De kans dat A hoger is, is 61%.")
    assert np.allclose(np.sort(seen.segments()[:, 0, 0]), np.sort(100 * estimate.summary()["lower"]))
