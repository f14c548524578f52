"""What the others say of a gemeente is what a multivariate normal says; the area itself has no part in it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from bayesmodel.data import Status
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.expectation import expectation_named, main_names
from bayesmodel.estimates.expected import averaged_share, expected
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.funnel import funnel
from bayesmodel.estimates.leave_out_effects import NO_COMPARISON, effects_from_others, without_others
from bayesmodel.estimates.linear_predictor import coefficients, effect_variance, flat, group_of, residual_variance_of
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.what_if import what_if
from bayesmodel.model.priors import SPECIAL_RATIO
from bayesmodel.tables.notes import reading_notes
from bayesmodel.tables.per_area import area_table
from bayesmodel.testing import invented_fit

CHAIN = ("gemeente", "regio")


@pytest.fixture(scope="module")
def country():
    """Twenty wijken in seven gemeenten, the last of two wijken, in four regions, the last of one gemeente."""
    return invented_fit("poisson", areas=20, draws=25)


def with_posterior(fit, **changed):
    """The fit with other draws of some variables; nothing that was worked out of the old ones."""
    posterior = fit.posterior.assign({name: fit.posterior[name].copy(data=values) for name, values in changed.items()})
    return replace(fit, tree=xr.DataTree.from_dict({"posterior": posterior}))


def crossed(fit):
    """The same draws of a study whose levels do not lie within each other."""
    levels = tuple(level.model_copy(update={"within": None}) for level in fit.study.levels)
    study = fit.study.model_copy(update={"levels": levels})
    return replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study)))


def conditional(fit, levels, area, sample):
    """Mean and variance of the effects of an area's levels, given the predictors of all others, by matrices."""
    every = np.arange(len(fit.counts))
    effects = np.zeros((len(every), len(every)))
    rest = flat(fit, "linear_predictor")[sample] - flat(fit, "intercept")[sample]
    rest = rest - coefficients(fit)[sample] @ fit.design.x.T
    for level in fit.study.effect_names:
        group = group_of(fit, level, every)
        if level in levels:
            effects += flat(fit, f"sd_{level}")[sample] ** 2 * (group[:, None] == group)
        else:
            rest -= flat(fit, f"effect_{level}")[sample, group]
    missing, pattern = residual_variance_of(fit, every)
    own = flat(fit, f"sd_{fit.study.area}")[sample] ** 2 + missing[sample, pattern]
    others = np.flatnonzero((every != area) & fit.counts.observed & (fit.counts.population > 0))
    weights = effects[area, others] @ np.linalg.inv(effects[np.ix_(others, others)] + np.diag(own[others]))
    return weights @ rest[others], effects[area, area] - weights @ effects[others, area]


@pytest.mark.parametrize(("levels", "crossing"), [(CHAIN, False), (("gemeente",), True), (("regio",), True)])
def test_it_is_the_conditional_of_a_multivariate_normal(country, levels, crossing):
    fit = crossed(country) if crossing else country
    found = effects_from_others(fit, levels, np.arange(20))
    for sample in (0, 57):
        for area in range(20):
            mean, variance = conditional(fit, levels, area, sample)
            assert np.isclose(found.mean[sample, area], mean, rtol=1e-6, atol=1e-9)
            assert np.isclose(found.variance[sample, area], variance, rtol=1e-6)


def test_the_use_of_the_area_has_no_part_in_what_is_expected_of_it(any_fit):
    given, every = expectation_named(any_fit.study, "gemeente_others"), np.arange(len(any_fit.counts))
    raised = any_fit.posterior["linear_predictor"].to_numpy().copy()
    raised[..., 0] += 0.05
    before, after = (averaged_share(each, given, every) for each in (any_fit, with_posterior(
        any_fit, linear_predictor=raised)))  # fmt: skip
    assert np.allclose(before[:, 0], after[:, 0], rtol=1e-9)
    if any_fit.family.area_effect:
        assert (after[:, 1] > before[:, 1]).all()  # another wijk of the gemeente
        assert (after[:, 3] > before[:, 3]).all()  # another gemeente of the region


def test_a_group_effect_itself_has_no_part_either(country):
    """Only what it shows in the use of the others counts."""
    before = effects_from_others(country, CHAIN, np.arange(20))
    moved = with_posterior(country, effect_gemeente=country.posterior["effect_gemeente"].to_numpy() + 0.02)
    after = effects_from_others(moved, CHAIN, np.arange(20))
    assert np.allclose(before.mean, after.mean, atol=1e-6)  # the chance of being special, 1e-9 here, does move


def test_an_area_alone_has_what_its_region_says_and_one_alone_there_the_country():
    fit = invented_fit("poisson", areas=7, draws=25)  # the seventh is all there is of the second region
    found = effects_from_others(fit, CHAIN, np.array([6]))
    wide = flat(fit, "sd_gemeente") ** 2 + flat(fit, "sd_regio") ** 2
    assert np.allclose(found.mean, 0)
    assert np.allclose(found.variance[:, 0], wide)


def test_a_special_area_says_little_of_its_gemeente(country):
    own = country.posterior["linear_predictor"].to_numpy().copy()
    own[..., 0] += 3.0
    share = np.full(country.posterior["special_share"].shape, 0.02)
    plain = with_posterior(country, linear_predictor=own, special_share=0 * share)
    mixed = with_posterior(country, linear_predictor=own, special_share=share)
    without = effects_from_others(country, CHAIN, np.array([1])).mean.mean()
    heard, hardly = (effects_from_others(fit, CHAIN, np.array([1])).mean.mean() - without for fit in (plain, mixed))
    assert 0 < hardly < 4 * heard / SPECIAL_RATIO**2


def test_an_area_without_a_count_says_nothing(country):
    """Its use is drawn from what is expected of it, which the area asked about has a part in."""
    silent = np.flatnonzero(country.counts.status == Status.MISSING)[0]
    moved = country.posterior["linear_predictor"].to_numpy().copy()
    moved[..., silent] += 1.0
    before, after = (
        effects_from_others(fit, CHAIN, np.arange(20)) for fit in (country, with_posterior(
            country, linear_predictor=moved))
    )  # fmt: skip
    assert np.array_equal(before.mean, after.mean)


def test_it_varies_what_is_left_unknown_into_the_mean(country):
    """With a log link the mean over a normal effect is exp(mean + variance / 2)."""
    given, rows = expectation_named(country.study, "gemeente_others"), np.array([3])
    effects = effects_from_others(country, CHAIN, rows)
    missing, pattern = residual_variance_of(country, rows)
    eta = flat(country, "intercept") + coefficients(country) @ country.design.x[3] + effects.mean[:, 0]
    variance = missing[:, pattern[0]] + effect_variance(country, ("wijk",)) + effects.variance[:, 0]
    assert np.allclose(averaged_share(country, given, rows)[:, 0], np.exp(eta + variance / 2))


def test_some_areas_get_what_they_get_among_all(country):
    codes = country.counts.areas.codes[[17, 4]].tolist()
    alone = expected(replace(country, provenance={}), "gemeente_others", areas=codes)
    xr.testing.assert_allclose(alone.draws, expected(country, "gemeente_others").select(codes).draws)


def test_who_has_no_others(fit):
    assert without_others(fit.counts, "gemeente").tolist() == [False] * 7 + [True]


def verdicts_of(fit, **asked):
    """Verdicts that are given wherever they can be: any area is beyond so small a margin or within so wide a one."""
    return verdicts(fit, "gemeente_others", rule=VerdictRule(margin=0.9), **asked)


def test_without_others_there_is_no_verdict_and_all_outputs_say_so(fit):
    lone = replace(
        fit, counts=replace(fit.counts, status=np.where(np.arange(8) == 3, Status.MISSING, fit.counts.status))
    )
    found = verdicts_of(lone)
    assert found.withheld["WK000201"] == NO_COMPARISON
    assert found.classes["WK000201"] is VerdictClass.INCONCLUSIVE
    assert found.classes["WK000100"] is VerdictClass.AS_EXPECTED
    table = area_table(lone)
    assert "no_comparison" in table["flags"]["WK000201"]
    assert table["verdict_gemeente_others"]["WK000201"] == "inconclusive"
    said = explain(lone, "WK000201", "gemeente_others").loc["WK000201"]
    assert "there is no comparison inside the gemeente" in said["en"]
    assert "binnen de gemeente is geen vergelijking mogelijk" in said["nl"]
    for language, number in (("nl", "waarvoor dat geldt: 2"), ("en", "for which that holds: 2")):
        *_, note = [note for note in reading_notes(lone.counts, language) if "gemeente_others" in note]
        assert number in note


def test_a_whole_gemeente_has_no_others_and_part_of_it_has(fit):
    assert set(verdicts_of(fit, areas="gemeente").withheld) == {NO_COMPARISON}
    own = {"part": ["WK000100", "WK000101"], "all": ["WK000100", "WK000101", "WK000102"]}
    assert verdicts_of(fit, areas=own).withheld.to_dict() == {"part": "", "all": NO_COMPARISON}
    assert set(verdicts(fit, "gemeente", "gemeente").withheld) == {""}


def test_those_without_others_are_not_on_the_list(country):
    """Their probabilities would change who else is clearly higher."""
    found = verdicts_of(country)
    lone = found.withheld == NO_COMPARISON
    assert lone.any()
    assert (found.classes[lone.to_numpy()] == VerdictClass.INCONCLUSIVE).all()


def test_tables_hold_areas_against_others_and_groups_against_their_gemeente(fit):
    assert main_names(fit.study) == ("determinants", "gemeente_others")
    assert main_names(fit.study, groups=True) == ("determinants", "gemeente")
    assert main_names(crossed(fit).study)[1:] == ("gemeente_others", "regio_others")


def test_a_funnel_is_wider_than_that_given_the_gemeente(fit):
    given, others = (funnel(fit, name).limits["upper_0.95"].iloc[-1] for name in ("gemeente", "gemeente_others"))
    assert others > given


def test_a_what_if_is_refused(fit):
    with pytest.raises(ComparisonError, match="Ask expectation = 'gemeente'"):
        what_if(fit, by={"poverty": 1.0}, expectation="gemeente_others")


def test_it_names_itself_everywhere(fit):
    definition = expected(fit, "gemeente_others").definition
    assert definition.name == "expected.gemeente_others"
    assert "de andere wijken in de gemeente" in definition.label.nl
    assert definition.answers.en.endswith("Its own use has no part in it.")
    assert isinstance(area_table(fit)["ratio_gemeente_others"], pd.Series)
