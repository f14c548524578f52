"""Replicated countries: hidden and rounded like the data; what does not fit is found, and what fits is not."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.checks.predictive import _row, predictive_check
from bayesmodel.checks.replicates import replicates
from bayesmodel.data import Status
from bayesmodel.data.interpret import mask
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def fit():
    return invented_fit(areas=320)


def publishing(fit, counts):
    """Return the fit with other counts, as they would be published."""
    lower, upper, status = mask(counts, fit.counts.population, fit.study.publication)
    return replace(fit, counts=replace(fit.counts, lower=lower, upper=upper, status=status))


def drawn(fit, seed, levels=()):
    return replicates(fit, np.arange(len(fit.counts)), levels, seed=seed).counts[17]


def test_replicates_are_published_by_the_rule(fit):
    found = replicates(fit, np.flatnonzero(fit.counts.population))
    assert (found.hidden == (found.counts < 10)).all()
    assert np.isnan(found.published[found.hidden]).all()
    assert (found.published[~found.hidden] == found.counts[~found.hidden]).all()


def test_own_effects_are_new(fit):
    """What the posterior holds for these areas themselves does not matter."""
    flat = fit.posterior.assign(linear_predictor=0 * fit.posterior["linear_predictor"])
    same = replicates(fit, np.arange(8)).counts
    tree = fit.tree.copy()
    tree["posterior"] = flat
    np.testing.assert_array_equal(same, replicates(replace(fit, tree=tree), np.arange(8)).counts)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_country_of_the_model_itself_fits(fit, seed):
    assert len(predictive_check(publishing(fit, drawn(fit, seed))).unusual) <= 1


@pytest.mark.parametrize(
    ("change", "quantity"),
    [
        (lambda counts, people: np.where(people < 100, 0, counts), "hidden"),
        (lambda counts, people: np.where(people > 500, counts * 13 // 10, counts), "total"),
        (lambda counts, people: np.where(np.arange(320) % 2, counts * 3 // 2, counts // 2), "within"),
        (lambda counts, people: np.where(np.arange(320) // 3 % 2, counts * 3 // 2, counts // 2), "between"),
    ],
)
def test_what_does_not_fit_is_found(fit, change, quantity):
    counts = change(drawn(fit, 3), fit.counts.population)
    found = predictive_check(publishing(fit, np.minimum(counts, fit.counts.population)))
    assert quantity in set(found.unusual["quantity"])
    assert any("than fits the model" in said for said in found.sentences("en"))
    assert any("dan bij het model past" in said for said in found.sentences("nl"))


def test_only_delivered_counts_take_part(fit):
    row = predictive_check(fit).frame.iloc[0]
    assert row["observed"] == (fit.counts.status == Status.SUPPRESSED).sum()
    assert row["upper"] <= fit.counts.observed.sum()


def test_replicates_equal_to_what_was_published_count_for_half():
    row = _row("total", 3.0, np.array([1.0, 3.0, 3.0, 3.0]), invented_fit().study)
    assert row["p"] == 0.25 + 0.375
