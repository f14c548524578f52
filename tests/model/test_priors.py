"""Priors: the tail has the probability that was asked, and the scale follows the link."""

import numpy as np
import pymc as pm
import pytest
from scipy import integrate, stats

from bayesmodel.logp.arrays import model_arrays
from bayesmodel.model.build import build_model
from bayesmodel.model.families import FAMILIES
from bayesmodel.model.priors import crude_share, prior_scale, rate
from bayesmodel.study.model_parts import Priors, TailPrior


@pytest.mark.parametrize("prior", [TailPrior(), TailPrior(exceeds=0.3, probability=0.01)])
@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_the_tail_has_its_probability(prior, scale):
    tail, _ = integrate.quad(stats.expon(scale=1 / rate(prior, scale)).pdf, prior.exceeds * scale, np.inf)
    assert tail == pytest.approx(prior.probability, rel=1e-6)


def test_the_crude_share_leaves_out_what_is_missing(invented_counts):
    counts = invented_counts()
    told = counts.observed
    middle = (counts.lower + counts.upper)[told].sum() / 2
    assert crude_share(counts) == pytest.approx(middle / counts.population[told].sum(), rel=0.01)


def test_the_intercept_is_at_the_crude_share(invented_counts, family):
    counts = invented_counts(family.name)
    priors = prior_scale(counts, family)
    assert family.mean(np.array(priors.intercept_mean)) == pytest.approx(crude_share(counts))


def test_the_same_prior_on_every_link_moves_the_share_as_much(invented_counts, family):
    """One prior sd of a coefficient is the same small step in the share, whatever the family."""
    counts = invented_counts(family.name)
    one, logit = prior_scale(counts, family), prior_scale(counts, FAMILIES["binomial"])
    step = family.link.slope(one.share) * one.coefficient_sd
    assert step == pytest.approx(FAMILIES["binomial"].link.slope(logit.share) * logit.coefficient_sd)


def test_a_mean_of_the_study_is_used(invented_counts):
    priors = {"intercept_mean": -3.5}
    counts = invented_counts(priors=priors)
    assert prior_scale(counts, FAMILIES["binomial"]).intercept_mean == -3.5


def test_a_level_of_few_groups_has_a_prior_of_its_own():
    priors = Priors(sd_of={"regio": TailPrior(exceeds=0.2)})
    assert priors.of_level("gemeente", 4) == priors.sd_few
    assert priors.of_level("gemeente", 5) == priors.sd
    assert priors.of_level("regio", 3).exceeds == 0.2
    tight = Priors(sd=TailPrior(exceeds=0.3))
    assert tight.of_level("gemeente", 4) == tight.sd


def test_both_ways_to_the_density_have_the_prior_of_few_groups(invented_counts):
    """The compiled density and the PyMC graph of two regions: the same rate, another than that of 24 gemeenten."""
    built = build_model(invented_counts(levels="few"))
    rates = dict(zip(["regio", "gemeente"], model_arrays(built, family_callback=0).level_rate, strict=True))
    assert rates["regio"] == pytest.approx(rate(TailPrior(exceeds=0.5), built.priors.scale))
    assert rates["gemeente"] == pytest.approx(rate(TailPrior(), built.priors.scale))
    sds = np.array([0.1, 0.3])
    graph = pm.logp(built.pymc["sd_regio"], sds).eval()
    assert np.diff(graph) == pytest.approx(-np.diff(sds) * rates["regio"])
