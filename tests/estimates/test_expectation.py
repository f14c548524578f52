"""Expectations of a country of few groups add up to its use on every draw; a level without an effect has none."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.decomposition import components_of
from bayesmodel.estimates.expectation import expectation_named, expectation_names, lineage, main_names
from bayesmodel.estimates.expected import averaged_share, expected
from bayesmodel.estimates.quantities import quantity_named
from bayesmodel.estimates.use import use
from bayesmodel.estimates.what_if import what_if
from bayesmodel.testing import invented_fit


def without_effect(fit, *names):
    """The same draws of a study in which these levels have no effect."""
    levels = [
        level.model_copy(update={"effect": False}) if level.name in names else level for level in fit.study.levels
    ]
    study = fit.study.model_copy(update={"levels": tuple(levels)})
    return replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study)))


@pytest.mark.parametrize("given", ["determinants", "regio", "gemeente", "gemeente_others"])
def test_an_expectation_adds_up_to_the_use_of_the_country_on_every_draw(any_fit, given):
    total = expected(any_fit, given).samples.sum(axis=1)
    assert np.allclose(total, use(any_fit, "underlying").samples.sum(axis=1), rtol=1e-12)


def test_adding_up_changes_the_level_and_no_proportion(fit):
    every = np.arange(len(fit.counts))
    shares = expected(fit, "determinants", "share").samples
    before = averaged_share(fit, expectation_named(fit.study, "determinants"), every)
    lived = fit.counts.population > 0
    ratio = (shares / before)[:, lived]
    assert np.allclose(ratio, ratio[:, :1], rtol=1e-12)


def test_typical_averages_over_nothing_and_is_left_as_it_is(fit):
    every = np.arange(len(fit.counts))
    typical = expected(fit, "typical", "share").samples[:, fit.counts.population > 0]
    alone = averaged_share(fit, expectation_named(fit.study, "typical"), every)[:, fit.counts.population > 0]
    assert np.array_equal(typical, alone)


def test_it_adds_up_without_levels_too(fit):
    alone = without_effect(fit, "gemeente", "regio")
    total = expected(alone, "determinants").samples.sum(axis=1)
    assert np.allclose(total, use(alone, "underlying").samples.sum(axis=1), rtol=1e-12)


def test_a_change_in_the_whole_country_changes_its_expectation():
    """The factor of the country as it is holds after the change too; else nothing would ever change."""
    found = what_if(invented_fit("poisson"), by={"poverty": 1.0}).summary()["mean"].item()
    assert found > 1.0


def test_a_level_without_an_effect_has_no_expectation_and_no_part(fit):
    lone = without_effect(fit, "regio")
    assert expectation_names(lone.study) == ("determinants", "typical", "gemeente", "gemeente_others")
    assert main_names(lone.study) == ("determinants", "gemeente_others")
    assert expectation_named(lone.study, "gemeente").levels == ("gemeente",)
    assert "regio" not in [component.name for component in components_of(lone)]
    inner = without_effect(fit, "gemeente").study
    assert main_names(inner) == ("determinants", "regio_others")


@pytest.mark.parametrize(
    "ask", [expectation_named, lambda study, name: quantity_named(study, f"expected.{name}", None)]
)
def test_asking_for_it_says_why_there_is_none(fit, ask):
    with pytest.raises(ComparisonError, match="regio has no effect in the model"):
        ask(without_effect(fit, "regio").study, "regio")
    with pytest.raises(UnknownNameError):
        ask(without_effect(fit, "regio").study, "province")


def test_a_level_comes_before_those_it_lies_within(fit):
    assert lineage(fit.study, "gemeente") == ("gemeente", "regio")
    assert expectation_named(fit.study, "gemeente").levels == ("gemeente", "regio")
