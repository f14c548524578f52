"""Hidden counts under the model: the probability is that of the family, and what cannot be small is said everywhere."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bayesmodel.data import Status
from bayesmodel.data.remark import RemarkKind
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.hidden_check import doubtful_hidden, fit_remarks, hidden_probability
from bayesmodel.estimates.linear_predictor import coefficients, flat, group_of
from bayesmodel.tables.per_area import area_table
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def hidden_large():
    """An area of 1,500 young people whose count, of about 170, is hidden."""
    fit = invented_fit(areas=12)
    large = int(np.argmax(fit.counts.population))
    there = np.arange(len(fit.counts)) == large
    counts = replace(
        fit.counts,
        lower=np.where(there, 0, fit.counts.lower),
        upper=np.where(there, 9, fit.counts.upper),
        status=np.where(there, str(Status.SUPPRESSED), fit.counts.status),
    )
    return replace(fit, counts=counts), fit.counts.areas.codes[large]


def test_the_probability_is_that_of_the_family_with_an_own_effect_drawn_anew():
    fit = invented_fit("binomial", draws=1000)
    chances = hidden_probability(fit)
    row = int(np.flatnonzero(fit.counts.areas.codes == chances.index[0])[0])
    rows = np.array([row])
    eta = flat(fit, "intercept") + (coefficients(fit) @ fit.design.x[rows].T)[:, 0]
    for level in fit.study.effect_names:
        eta = eta + flat(fit, f"effect_{level}")[:, group_of(fit, level, rows)[0]]
    own = flat(fit, "sd_wijk") * np.random.default_rng(2).standard_normal(len(eta))
    people = fit.counts.population[row]
    expected = stats.binom.cdf(9, people, 1 / (1 + np.exp(-eta - own))).mean()
    assert chances.iloc[0] == pytest.approx(expected, abs=0.03)


def test_a_count_that_cannot_be_small_is_remarked_flagged_and_said_with_the_verdict(hidden_large):
    fit, code = hidden_large
    assert code in doubtful_hidden(fit)
    (said,) = fit_remarks(fit)
    assert (said.kind, code in said.areas) == (RemarkKind.HIDDEN_UNLIKELY, True)
    assert "hidden_unlikely" in area_table(fit).loc[code, "flags"]
    texts = explain(fit, [code, "WK000100"])
    assert "this verdict cannot be relied on" in texts.loc[code, "en"]
    assert "this verdict cannot be relied on" not in texts.loc["WK000100", "en"]


def test_small_areas_are_left_alone(any_fit):
    chances = hidden_probability(any_fit)
    assert chances.between(0, 1).all()
    assert doubtful_hidden(any_fit).empty
    assert isinstance(chances, pd.Series)
