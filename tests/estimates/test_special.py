"""Special areas: far from what the rest leads to expect, by the odds of two normal distributions."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from bayesmodel import explain, special_probability, waterfall
from bayesmodel.estimates.linear_predictor import group_of
from bayesmodel.estimates.special import FEW, special_areas
from bayesmodel.model.priors import SPECIAL_RATIO
from bayesmodel.testing import invented_fit

FAR, NEAR = "WK000101", "WK000100"


@pytest.fixture(scope="module")
def with_one(fit):
    """The invented wijken, one of them with 1.5 more on the scale of the link, and 2 % special."""
    posterior = fit.posterior
    more = (posterior["wijk"] == FAR) * 1.5
    changed = posterior.assign(
        linear_predictor=posterior["linear_predictor"] + more,
        special_share=xr.full_like(posterior["special_share"], 0.02),
    )
    return replace(fit, tree=xr.DataTree.from_dict({"posterior": changed}))


def test_the_probability_is_that_of_bayes(with_one):
    draws = with_one.posterior.stack(sample=("chain", "draw"))
    row = list(with_one.counts.areas.codes).index(NEAR)
    own = draws["linear_predictor"].sel(wijk=NEAR) - draws["intercept"]
    own = own - np.asarray(draws["beta"].transpose("sample", ...)) @ with_one.design.x[row]
    for level in with_one.study.effect_names:
        own = own - draws[f"effect_{level}"].isel({level: int(group_of(with_one, level, np.array([row]))[0])})
    sd = np.asarray(draws["sd_wijk"])
    wide = 0.02 * stats.norm.pdf(own, scale=SPECIAL_RATIO * sd)
    expected = (wide / (wide + 0.98 * stats.norm.pdf(own, scale=sd))).mean()
    assert np.isclose(special_probability(with_one, NEAR).item(), expected)


def test_only_the_far_area_is_special(with_one, fit):
    assert list(special_areas(with_one).index) == [FAR]
    assert special_areas(with_one)[FAR] > 0.99
    assert special_areas(fit).empty


def test_of_a_few_areas_it_is_what_it_is_of_all():
    fit = invented_fit(areas=FEW + 30)
    fit.posterior["special_share"][:] = 0.05
    few = special_probability(fit, list(fit.counts.areas.codes[60:63]))
    assert (few > 0).all()
    assert np.allclose(few, special_probability(fit).iloc[60:63])


def test_missing_determinants_make_an_area_less_special(with_one):
    incomplete = with_one.counts.areas.codes[with_one.design.incomplete][0]
    assert special_probability(with_one, incomplete).item() < 0.5


def test_the_waterfall_calls_its_own_part_its_own(with_one):
    names = waterfall(with_one, [FAR, NEAR]).summary()["name"]
    assert names[FAR, "wijk"] == "wijk: iets eigens"
    assert names[NEAR, "wijk"] == "wijk"
    assert waterfall(with_one, "GM0001").summary()["name"]["GM0001", "wijk"] == "wijk"


def test_a_sentence_says_that_an_area_is_special(with_one):
    said = explain(with_one, [FAR, NEAR])
    assert "This wijk is probably special" in said.loc[FAR, "en"]
    assert "special" not in said.loc[NEAR, "en"]
