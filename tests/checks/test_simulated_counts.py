"""Replicates: hidden as the data are, missing where these are, and with the truth that they were drawn from."""

import numpy as np
import pytest

from bayesmodel.checks.simulated_counts import (
    built_like,
    doubled_counts,
    doubled_design,
    posterior_replicates,
    values_of,
    with_replicate,
)
from bayesmodel.data import Status
from bayesmodel.model.build import build_model
from bayesmodel.testing import invented_fit

FAMILIES = ("binomial", "poisson", "negative-binomial", "beta-binomial", "normal-share")


@pytest.fixture(scope="module", params=FAMILIES)
def fit(request):
    """Sixteen wijken of every status."""
    return invented_fit(request.param, areas=16)


@pytest.fixture(scope="module")
def replicates(fit):
    return list(posterior_replicates(fit, 300, seed=4))


def test_what_is_hidden_is_what_the_rule_hides(fit, replicates):
    rule = fit.study.publication
    for replicate in replicates[:20]:
        hidden = replicate.status == Status.SUPPRESSED
        assert (replicate.upper[hidden] < rule.hidden_below).all()
        assert (replicate.lower[replicate.status == Status.EXACT] >= rule.hidden_below).all()


def test_what_was_not_delivered_is_not_delivered_again(fit, replicates):
    kept = np.isin(fit.counts.status, [Status.MISSING, Status.ZERO])
    for replicate in replicates[:20]:
        assert (replicate.status[kept] == fit.counts.status[kept]).all()
        assert (replicate.upper[kept] == fit.counts.upper[kept]).all()


def test_each_comes_from_another_draw(replicates):
    assert len({replicate.truth[0] for replicate in replicates}) == len(replicates)


def test_the_truth_is_a_draw_in_the_order_of_the_values(fit, replicates):
    values, labels = values_of(fit.posterior, np.arange(len(fit.counts)), fit.study.area)
    parameters = labels.get_level_values("variable") != "linear_predictor"
    drawn = {tuple(row) for row in values[:, parameters]}
    assert tuple(replicates[0].truth[parameters]) in drawn
    assert labels[parameters].get_loc(("beta", "divorce")) == 1


def test_the_effect_of_a_copy_is_its_own(fit, replicates):
    """Over replicates the predictor of a copy varies as the model says, whatever the area's own count."""
    labels = values_of(fit.posterior, np.arange(len(fit.counts)), fit.study.area)[1]
    area = labels.get_loc(("linear_predictor", "WK000101"))
    copies = np.array([replicate.truth[area] for replicate in replicates])
    unit = 0.1 if fit.family.gaussian else 1.0
    # coefficients, gemeente and region make up .2 at this area; own effects .14 where there are any
    expected = unit * np.hypot(0.2, 0.14 if fit.family.area_effect else 0.0)
    assert copies.std() == pytest.approx(expected, rel=0.25)


def test_counts_follow_the_predictor(fit, replicates):
    """In a large area the share that is published lies around the mean at the predictor."""
    large = int(np.argmax(fit.counts.population))
    labels = values_of(fit.posterior, np.arange(len(fit.counts)), fit.study.area)[1]
    place = labels.get_loc(("linear_predictor", fit.counts.areas.codes[large]))
    shown = np.array([replicate.lower[large] for replicate in replicates]) / fit.counts.population[large]
    share = fit.family.mean(np.array([replicate.truth[place] for replicate in replicates]))
    # a beta-binomial varies by .05: the standard error over 300 replicates is .003
    assert abs((shown - share).mean()) < 0.01
    assert np.corrcoef(shown, share)[0, 1] > 0.25


def test_copies_stand_beside_their_areas(fit, replicates):
    doubled = with_replicate(doubled_counts(fit.counts), replicates[0])
    half = len(fit.counts)
    assert (doubled.lower[:half] == fit.counts.lower).all()
    assert (doubled.lower[half:] == replicates[0].lower).all()
    assert doubled.areas.codes.is_unique
    assert (doubled.areas.levels.to_numpy()[:half] == doubled.areas.levels.to_numpy()[half:]).all()


def test_priors_do_not_follow_the_replicate(fit, replicates):
    built = build_model(fit.counts, fit.design)
    counts = with_replicate(doubled_counts(fit.counts), replicates[0])
    twice = built_like(counts, doubled_design(fit.design), built.priors)
    assert twice.priors == built.priors != build_model(counts, doubled_design(fit.design)).priors
    assert len(twice.design.x) == len(counts)
