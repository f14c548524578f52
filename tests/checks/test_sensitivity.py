"""Power-scaling: weights give what is known in closed form; verdicts are those of the weighted draws."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import sensitivity, verdicts
from bayesmodel.checks.sensitivity import NEARER, Sensitivity, _by_chance, _scaled, _verdicts_under
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.linear_predictor import thinned
from bayesmodel.study import study_from
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def fit():
    return invented_fit("poisson", areas=40)


@pytest.fixture(scope="module")
def found(fit) -> Sensitivity:
    return sensitivity(fit, "gemeente")


@pytest.mark.parametrize("power", [0.8, 1.25])
def test_a_scaled_prior_gives_the_posterior_in_closed_form(power):
    """y = 1 ~ Normal(theta, 1), theta ~ Normal(0, 1): to a power a the prior has precision a."""
    theta = np.random.default_rng(1).normal(0.5, np.sqrt(0.5), 20_000)
    [(_power, weights, shape)] = _scaled(-0.5 * theta**2, [power])
    assert shape < 0.7
    assert weights @ theta == pytest.approx(1 / (1 + power), abs=0.02)
    assert weights @ (theta - weights @ theta) ** 2 == pytest.approx(1 / (1 + power), abs=0.02)


def test_a_power_of_one_changes_nothing(fit):
    same = sensitivity(fit, "gemeente", prior=[1.0], likelihood=[1.0])
    assert same.scalings["changed"].tolist() == [0, 0]
    assert same.scalings["by_chance"].tolist() == [0, 0]
    assert np.nanmax(same.shifts) == 0


def test_powers_whose_weights_fail_are_brought_nearer():
    logs = 60 * np.random.default_rng(2).normal(size=1000)
    tried = list(_scaled(logs, [0.5]))
    assert len(tried) == 1 + NEARER
    assert [power for power, _weights, _shape in tried] == pytest.approx(0.5 ** (0.5 ** np.arange(4)), abs=1e-4)
    assert len(list(_scaled(logs / 1000, [0.5]))) == 1


@pytest.mark.parametrize("expectation", ["gemeente", "gemeente_others", "determinants"])
def test_verdicts_under_weights_are_those_of_the_draws_that_count(fit, expectation):
    """Weights on every other draw give the verdicts of a fit that has only those."""
    half = thinned(fit, 500)
    weights = np.zeros((4, 250))
    weights[:, ::2] = 1 / 500
    chances, said = _verdicts_under(verdicts(fit, expectation), weights.ravel())
    alone = verdicts(half, expectation)
    np.testing.assert_allclose(chances, alone.probabilities, atol=1e-9)
    assert said.tolist() == alone.classes.astype(str).tolist()


def test_equal_weights_give_the_verdicts_themselves(fit):
    for expectation in ("gemeente", "gemeente_others"):
        given = verdicts(fit, expectation)
        assert _verdicts_under(given, np.full(1000, 1e-3))[1].tolist() == given.classes.astype(str).tolist()


def test_chance_alone_changes_more_with_fewer_draws(fit):
    given, rng = verdicts(fit, "determinants"), np.random.default_rng(1)
    assert _by_chance(given, 1000, rng) == 0
    assert _by_chance(given, 20, rng) >= _by_chance(given, 500, rng)


def test_a_tight_prior_far_away_is_found(caplog):
    """A prior of coefficients much tighter than the draws: the posterior would move with it."""
    fit = invented_fit("poisson", areas=40)
    study = fit.study.model_dump()
    study["model"]["priors"]["coefficient"]["sd"] = 0.02
    tight = sensitivity(replace(fit, counts=fit.counts.with_study(study_from(study))), "gemeente", likelihood=[1.0])
    wide = sensitivity(fit, "gemeente", likelihood=[1.0])
    assert tight.parameters.loc["beta[poverty]", "prior"] > 10 * wide.parameters.loc["beta[poverty]", "prior"]
    assert tight.parameters.loc["beta[poverty]", "diagnosis"] != ""
    assert "beta[poverty]" in tight.sentences("en")[-1]
    assert not caplog.records  # ArviZ refers to a diagnosis of its own


def test_each_area_is_summarised(found, fit):
    table = found.summary()
    assert len(table) == len(fit.counts)
    assert table["prior_shift"].dropna().is_monotonic_decreasing
    assert table["prior_stands"].dtype == bool


def test_sentences_say_the_same_in_both_languages(found):
    for dutch, english, row in zip(
        found.sentences("nl"), found.sentences("en"), found.scalings.itertuples(), strict=False
    ):
        power = f"{row.Index[1]:.2f}"
        assert power in english
        assert power.replace(".", ",") in dutch
        assert ("are unreliable" in english) == (not row.reliable)
    assert found.title_in("en") != found.title_in("nl")


def test_the_picture_has_a_row_for_each_parameter(found):
    figure = found.plot(language="en")
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert names == [str(name) for name in found.parameters.index]


@pytest.mark.parametrize("power", [0, -1, float("nan"), float("inf")])
def test_odd_powers_are_refused(fit, power):
    with pytest.raises(ComparisonError, match="above 0"):
        sensitivity(fit, prior=[power])


def test_what_cannot_be_scaled_is_refused(fit):
    with pytest.raises(UnknownNameError):
        sensitivity(fit, "nosuch")
    study = fit.study.model_dump()
    study["model"]["priors"]["coefficient"]["kind"] = "horseshoe"
    with pytest.raises(ComparisonError, match="horseshoe"):
        sensitivity(replace(fit, counts=fit.counts.with_study(study_from(study))))
