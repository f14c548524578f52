"""What local determinants add: a real one is found, noise is not, and the national fit stays as it is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import build_model, example_study, explain_locally, fit_model, interpret_counts
from bayesmodel.errors import ApproximationError
from bayesmodel.estimates import explain_locally as module
from bayesmodel.estimates.explain_locally import _gain, _refuse_poor
from bayesmodel.example import draw_counts, draw_effects, example_truth, published_areas
from bayesmodel.inference.certificate import Certificate
from bayesmodel.study import study_from
from bayesmodel.testing import invented_fit

EFFECT = 0.15


@pytest.fixture(scope="module")
def region():
    """A national fit, and the table of one of its regions: a determinant that moves own effects, and noise."""
    study = example_study(areas=240, gemeenten=36, regions=3).model_dump()
    study["inference"] |= {"engine": "laplace", "fallback": "none"}
    study["model"] |= {"family": "binomial"}
    truth, rng = draw_effects(example_truth(study_from(study)), 5), np.random.default_rng(5)
    people, codes = truth.country.population.to_numpy(float), truth.country.population.index
    inside = (truth.country.places["jeugdzorgregio_code"] == "JZ02").to_numpy()
    values = rng.normal(size=(len(codes), 2))
    values -= np.average(values[inside], axis=0, weights=people[inside])
    values /= np.sqrt(np.average(values[inside] ** 2, axis=0, weights=people[inside]))
    effects = np.where(inside, EFFECT * values[:, 0], 0.0) + rng.normal(0, 0.06, len(codes))
    truth = draw_counts(replace(truth, effects={**truth.effects, "wijk": pd.Series(effects, codes)}), 5)
    table = pd.DataFrame({"wijk": codes, "school": values[:, 0], "noise": values[:, 1]})[inside]
    fit = fit_model(build_model(interpret_counts(published_areas(truth))))
    return fit, table.reset_index(drop=True), fit.posterior.copy(deep=True)


@pytest.fixture(scope="module")
def found(region):
    return explain_locally(*region[:2], ["school", "noise"])


def test_a_determinant_that_moves_own_effects_is_found(found):
    summary = found.coefficients.summary().loc["school"]
    assert 0 < summary["lower"] < EFFECT < summary["upper"]
    assert found.gains.loc["school", "verdict"] == found.gains.loc["together", "verdict"] == "adds"
    assert found.share.summary()["lower"].item() > 0.3


def test_noise_is_seen_to_be_worthless(found):
    summary = found.coefficients.summary().loc["noise"]
    assert summary["lower"] < 0 < summary["upper"]
    assert found.gains.loc["noise", "verdict"] == "inconclusive"
    assert abs(found.gains.loc["noise", "gain"]) < 4


def test_hidden_counts_take_part(region, found):
    hidden = region[0].counts.areas.codes[region[0].counts.status == "suppressed"]
    assert set(found.points.index) & set(hidden)


def test_own_differences_are_what_is_explained_and_the_rest(found):
    areas = found.areas()
    assert (areas["explained"] + areas["rest"]).to_numpy() == pytest.approx(areas["own"].to_numpy())
    count = areas["explained"] * areas["people"] / 100
    assert areas["explained_count"].to_numpy() == pytest.approx(count.to_numpy())
    assert found.rest.samples + found.explained.samples == pytest.approx(found.own.samples)


def test_what_is_explained_follows_the_determinants(found):
    explained = found.explained.draws.mean(("chain", "draw")).to_numpy()
    assert np.corrcoef(explained, found.determinants.z[:, 0])[0, 1] > 0.9


def test_the_gain_of_all_is_that_of_its_areas(found):
    assert found.points["gain"].sum() == pytest.approx(found.gains.loc["together", "gain"])
    assert set(found.points.index) <= set(found.own.index)


def test_the_national_fit_stays_as_it_is(region, found):
    fit, _table, before = region
    assert found.study is fit.study
    assert fit.posterior.identical(before)


def test_both_languages_say_the_same(found):
    dutch, english = (found.sentences(language) for language in ("nl", "en"))
    assert len(dutch) == len(english)
    assert "voegt iets toe" in dutch[0]
    assert "adds something" in english[0]
    assert "The national model has not changed" in english[1]
    assert "school" in repr(found)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [
        ([1.0] * 3, "inconclusive"),  # less than four nats
        ([1.0] * 5, "adds"),
        ([-1.0] * 5, "worse"),
        ([9.0, -4.0, 1.0], "inconclusive"),  # less than two standard errors
        ([9.0], "inconclusive"),  # of one area no error is known
    ],
)
def test_a_gain_says_something_from_two_errors_and_four_nats(gains, verdict):
    assert _gain(np.array(gains))[2] == verdict


@pytest.mark.parametrize("poor", [{"pareto_k": 0.9, "unseen": 1.0}, {"effective": 300.0}, {"quadrature_error": 0.2}])
def test_poor_draws_are_refused(poor):
    good = {"pareto_k": 0.3, "effective_share": 0.8, "effective": 900.0, "worst": "sd", "quadrature_error": 0.0}
    _refuse_poor(Certificate(**good, proposals=2000, draws=1000, unseen=0.0))
    with pytest.raises(ApproximationError, match="cannot be relied on"):
        _refuse_poor(
            Certificate(**good | poor, proposals=2000, draws=1000, **({} if "unseen" in poor else {"unseen": 0.0}))
        )


def test_a_model_without_a_mode_is_refused(region, monkeypatch):
    def lost(*arguments):
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(module, "local_posterior", lost)
    with pytest.raises(ApproximationError, match="no mode that can be found"):
        explain_locally(*region[:2], ["school"])


@pytest.mark.slow
@pytest.mark.parametrize("family", ["poisson", "negative-binomial", "beta-binomial", "normal-share"])
def test_every_family_has_a_local_explanation(family):
    fit = invented_fit(family, areas=40)
    values = np.random.default_rng(2).normal(size=20)
    found = explain_locally(fit, pd.DataFrame({"wijk": fit.counts.areas.codes[:20], "x": values}), ["x"])
    summary = found.coefficients.summary().loc["x"]
    assert summary["lower"] < 0 < summary["upper"]
    assert found.gains.loc["x", "verdict"] == "inconclusive"
