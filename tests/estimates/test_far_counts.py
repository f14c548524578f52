"""Counts that a fit does not follow: exact where use is known, none where areas may be special, and what to do."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from bayesmodel import Status, build_model, example_study, fit_model, interpret_counts, read_areas
from bayesmodel.estimates.far_counts import far_counts, far_remarks
from bayesmodel.study import study_from
from bayesmodel.testing import invented_fit

SHOWN = "WK000101"


def with_count(fit, code, count):
    """A fit in which one area has another count: the draws are those of before."""
    row = list(fit.counts.areas.codes).index(code)
    counts = fit.counts.with_bounds((row,), np.array([count]), np.array([count]), Status.EXACT)
    return replace(fit, counts=counts)


def with_known_use(fit, share):
    """A fit that is sure of one share everywhere."""
    eta = xr.full_like(fit.posterior["linear_predictor"], fit.family.link.predictor(share))
    tree = xr.DataTree.from_dict({"posterior": fit.posterior.assign(linear_predictor=eta)})
    return replace(fit, tree=tree)


def test_counts_that_fit_are_not_listed():
    assert far_counts(invented_fit()).empty


@pytest.mark.parametrize("count", [40, 130, 160])
def test_where_use_is_known_the_probability_is_that_of_chance(count):
    fit = with_count(with_known_use(invented_fit("poisson"), 0.1), SHOWN, count)
    chance = stats.poisson(0.1 * 800)
    expected = chance.sf(count - 1) if count > 80 else chance.cdf(count)
    found = far_counts(fit)
    if expected < 1e-3:
        assert found.loc[SHOWN, "probability"] == pytest.approx(expected, rel=1e-3)
        assert found.loc[SHOWN, ["count", "expected"]].tolist() == [count, pytest.approx(80)]
    else:
        assert SHOWN not in found.index


def test_a_use_that_is_not_known_makes_a_count_less_unlikely():
    known, unknown = with_known_use(invented_fit("poisson"), 0.115), invented_fit("poisson")
    found = [far_counts(with_count(fit, SHOWN, 200)).loc[SHOWN, "probability"] for fit in (known, unknown)]
    assert found[0] < found[1]


def test_other_families_have_none():
    assert far_counts(with_count(invented_fit("beta-binomial"), SHOWN, 700)).empty


@pytest.mark.parametrize(
    ("provenance", "form", "said"),
    [
        ({}, "two-part", "count and population are right"),
        ({}, "normal", 'model.area_effect = "two-part"'),
        ({"years": {}}, "normal", "fitted alone"),
        ({"outcomes": {}}, "normal", "fitted alone"),
    ],
)
def test_what_may_be_done_is_said(provenance, form, said):
    fit = with_count(invented_fit(), SHOWN, 400)
    model = fit.study.model.model_copy(update={"area_effect": form})
    counts = fit.counts.with_study(fit.study.model_copy(update={"model": model}))
    [found] = far_remarks(replace(fit, counts=counts, provenance=provenance))
    assert found.areas == (SHOWN,)
    assert f"In {SHOWN} 400 are counted" in found.text.en
    assert "In 1 area the fit" in found.text.en
    assert said in found.text.en


@pytest.mark.parametrize(("form", "listed"), [("normal", True), ("two-part", False)])
def test_an_institution_is_not_followed_unless_areas_may_be_special(form, listed):
    """In a country of one share in which one wijk of 250 has four times as many."""
    values = example_study(areas=300, gemeenten=40, regions=5).model_dump(mode="json", exclude_none=True)
    values["determinants"] = values["determinants"][:3]
    values["model"] |= {"area_effect": form, "overdispersion": 1.0, "family": "poisson"}
    values["inference"] |= {"engine": "laplace", "draws": 250}
    counts = interpret_counts(read_areas(study_from(values)))
    row = int(np.argmin(np.abs(counts.population - 250)))
    drawn = np.minimum(np.random.default_rng(1).poisson(0.1 * counts.population), counts.population)
    drawn[row] = round(0.4 * counts.population[row])
    fit = fit_model(build_model(counts.with_bounds(tuple(range(len(counts))), drawn, drawn, Status.EXACT)))
    assert (counts.areas.codes[row] in far_counts(fit).index) == listed
