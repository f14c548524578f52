"""Extremes: each is certified, or not with the reason; what is certified is what NUTS finds (`make verify`)."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.data import Status, interpret_counts
from bayesmodel.example import example_areas, example_study
from bayesmodel.inference.sampling import fit_model
from bayesmodel.laplace import proposals
from bayesmodel.model.build import build_model

from .test_engine import fitted


def changed(counts, **parts):
    """The same counts with other areas: whole columns by name."""
    return replace(counts, areas=replace(counts.areas, **parts))


def exactly(counts, known):
    """The same areas with all counts known."""
    return replace(counts, lower=known, upper=known, status=np.full(len(counts), str(Status.EXACT)))


def hidden_gemeente(counts):
    """All counts of the first gemeente hidden."""
    inside = (counts.areas.levels["gemeente"] == counts.areas.levels["gemeente"].iloc[0]).to_numpy()
    lower = np.where(inside, 0, counts.lower)
    upper = np.where(inside, np.minimum(9, counts.population), counts.upper)
    return replace(counts, lower=lower, upper=upper, status=np.where(inside, str(Status.SUPPRESSED), counts.status))


def lonely_region(counts):
    """A region of one gemeente: nothing tells the effect of the one from that of the other."""
    levels = counts.areas.levels.copy()
    first = levels["gemeente"] == levels["gemeente"].iloc[0]
    levels["jeugdzorgregio"] = np.where(first, "JZ98", levels["jeugdzorgregio"])
    return changed(counts, levels=levels)


def flat_gemeenten(counts):
    """Counts that are just what one share gives, without regions: both sds are near zero."""
    study = counts.study
    study = study.model_copy(update={"levels": (study.levels[0].model_copy(update={"within": None}),)})
    flat = exactly(counts, np.rint(counts.population * 0.1).astype(np.int64))
    return changed(flat, levels=flat.areas.levels[["gemeente"]], study=study)


def one_person_each(counts):
    """A population of one: a count is 0 or 1, and says next to nothing."""
    known = (np.random.default_rng(2).random(len(counts)) < 0.3).astype(np.int64)
    return changed(exactly(counts, known), population=counts.areas.population * 0 + 1)


def twelve_areas(counts):
    """Twelve areas in all, in four gemeenten."""
    study = example_study(areas=12, gemeenten=4, regions=2)
    few = study.model_copy(update={"determinants": counts.study.determinants[:1]})
    return interpret_counts(example_areas(few))


EXTREMES = [hidden_gemeente, lonely_region, flat_gemeenten, one_person_each, twelve_areas]


@pytest.fixture(scope="module")
def counts(small_study):
    """Counts of a hundred wijken in 14 gemeenten in 3 regions."""
    return interpret_counts(example_areas(small_study()))


@pytest.fixture(params=EXTREMES, ids=lambda make: make.__name__)
def extreme(request, counts):
    """Each extreme in turn."""
    return request.param(counts)


def test_extremes_are_certified(extreme):
    fit = fitted(extreme)
    assert fit.diagnostics.converged, fit.diagnostics.problems
    assert np.isfinite(fit.posterior["linear_predictor"]).all()


@pytest.mark.slow
def test_what_is_certified_is_what_nuts_finds(extreme):
    """Means within a quarter of an sd: a thousand draws against a few hundred effective ones.

    One person each leaves the sd of the areas so open that NUTS on the compiled density says itself that its quadrature
    is off, with two chains elsewhere; it runs on PyMC's own graph there, and longer, as its draws hang together.
    """
    fit = fitted(extreme)
    graph = {"density": "graph", "draws": 3000} if extreme.population.max() == 1 else {}
    other = fitted(extreme, **{"engine": "nuts", "draws": 1000, "tune": 1000, "target_accept": 0.98, "seed": 1} | graph)
    for name, values in other.posterior.items():
        known = values.to_numpy().reshape(4 * other.posterior.sizes["draw"], -1)
        found = fit.posterior[name].to_numpy().reshape(1000, -1)
        assert np.abs((found.mean(axis=0) - known.mean(axis=0)) / known.std(axis=0)).max() < 0.25, name


def test_a_gemeente_of_hidden_counts_is_less_sure(counts):
    fit = fitted(hidden_gemeente(counts))
    effects = fit.posterior["effect_gemeente"].std(("chain", "draw"))
    assert effects.sel(gemeente=counts.areas.levels["gemeente"].iloc[0]) > effects.median()


def test_sds_near_zero_stay_above_it(counts):
    fit = fitted(flat_gemeenten(counts))
    for level in ("wijk", "gemeente"):
        assert fit.posterior[f"sd_{level}"].min() > 0
        assert fit.posterior[f"sd_{level}"].median() < 0.1


def test_a_determinant_that_separates_keeps_its_sign(counts):
    """Where it is 1 nobody is in care, elsewhere some are: its prior alone keeps the coefficient finite."""
    apart = np.arange(len(counts)) % 5 == 0
    values = counts.areas.determinants.copy()
    values.iloc[:, 0] = np.where(apart, 1.0, 0.0) + np.random.default_rng(1).normal(0, 1e-3, len(counts))
    study = counts.study
    plain = study.determinants[0].model_copy(update={"transform": "none", "bounds": None})
    study = study.model_copy(update={"determinants": (plain, *study.determinants[1:])})
    known = np.where(apart, 0, np.maximum(counts.lower, 1))
    fit = fitted(changed(exactly(counts, known), determinants=values, study=study))
    assert fit.diagnostics.certificate.effective > 400
    first = fit.posterior["beta"][..., 0]
    assert first.max() < 0
    assert first.min() > -5


def test_a_fit_that_fails_says_so_and_names_the_other_engine(counts, monkeypatch):
    """Proposals that are far too narrow: the certificate notices, and the verdict says what to do."""

    def narrow(model, rough, bend, sds, near, noise, *tries):
        found = right(model, rough, bend, sds, near, noise / 3, *tries)
        return found._replace(log_weight=found.log_weight - noise @ noise / 18 + noise @ noise / 2)

    right = proposals.propose
    monkeypatch.setattr(proposals, "propose", narrow)
    fit = fit_model(build_model(fitted(counts).counts))
    assert not fit.diagnostics.converged
    assert all("inference.engine = 'nuts'" in problem for problem in fit.diagnostics.problems)
