"""The truth: what it says is what made the counts."""

import numpy as np
import pytest
from scipy.special import expit, logit

from bayesmodel.data.transforms import natural, transformed
from bayesmodel.data.transforms import transformed as entered
from bayesmodel.example import draw_counts, draw_effects, example_study, example_truth


def test_the_rate_is_the_inverse_logit_of_the_formula(province):
    determinants, places = province.country.determinants, province.country.places
    predictor = np.full(len(determinants), province.intercept)
    for item in province.study.determinants:
        x = determinants[item.column].to_numpy()
        t = {"logit": logit((x + 0.5) / 101), "none": x, "log": np.log(np.maximum(x, 1e-9))}[item.transform]
        name = item.column
        predictor += province.coefficients[name] * (t - province.centre[name]) / province.spread[name]
    predictor += province.effects["gemeente"].loc[places["gemeente_code"]].to_numpy()
    predictor += province.effects["jeugdzorgregio"].loc[places["jeugdzorgregio_code"]].to_numpy()
    predictor += province.effects["wijk"].to_numpy()
    # Only the order of adding up differs.
    np.testing.assert_allclose(province.rate, expit(predictor), rtol=1e-12)


def test_levels_left_out_are_zero(province):
    parts = [province.predictor(level) - province.predictor() for level in province.sds]
    np.testing.assert_allclose(sum(parts) + province.predictor(), province.predictor(*province.sds), rtol=1e-12)
    places = province.country.places
    assert parts[0].groupby(places["gemeente_code"]).std().max() == pytest.approx(0, abs=1e-12)


def test_counts_are_young_people_in_the_area(province):
    assert province.counts.between(0, province.country.population).all()


@pytest.mark.parametrize("transform", ["logit", "log", "none"])
def test_scales_are_inverse_to_each_other_and_those_of_the_model(transform):
    values = np.array([0.3, 1.0, 12.5, 99.0])
    np.testing.assert_allclose(natural(transformed(values, transform), transform), values, rtol=1e-12)
    np.testing.assert_allclose(transformed(values, transform), entered(values, transform), rtol=1e-12)


def test_percentages_stay_percentages():
    assert natural(np.array([-50.0, 50.0]), "logit").tolist() == [0, 100]


def test_determinants_have_the_centre_and_spread_that_are_told(national):
    for item in national.study.determinants:
        if item.level is None:
            t = transformed(national.country.determinants[item.column].to_numpy(), item.transform)
            z = (t - national.centre[item.column]) / national.spread[item.column]
            # z is made of parts that are standard normal over areas only about: gemeenten have a part in common.
            assert abs(z.mean()) < 0.12, item.column
            assert 0.9 < z.std() < 1.1, item.column


def test_effects_have_the_sds_that_are_told(national):
    for level, effects in national.effects.items():
        # Four standard errors of an sd, sd / sqrt(2 k).
        tolerance = 4 / np.sqrt(2 * len(effects))
        assert effects.std() == pytest.approx(national.sds[level], rel=tolerance), level


def test_the_seed_of_the_country_draws_its_own_effects_and_counts(province):
    again = draw_counts(draw_effects(province, 2017), 2017)
    assert again.counts.equals(province.counts)
    assert again.effects["wijk"].equals(province.effects["wijk"])


def test_fresh_effects_change_the_rates_and_leave_the_country_alone(province):
    fresh = draw_effects(province, seed=8)
    assert not fresh.rate.equals(province.rate)
    assert fresh.predictor().equals(province.predictor())
    assert fresh.country is province.country


def test_fresh_counts_scatter_around_the_rate(province):
    totals = [draw_counts(province, seed).counts.sum() for seed in range(40)]
    n, p = province.country.population, province.rate
    expected, sd = (n * p).sum(), np.sqrt((n * p * (1 - p)).sum())
    # The mean of 40 totals lies within four of its standard errors.
    assert abs(np.mean(totals) - expected) < 4 * sd / np.sqrt(40)
    assert 0.6 * sd < np.std(totals) < 1.5 * sd


def test_the_truth_does_not_depend_on_the_rest_of_the_study():
    study = example_study(areas=60, gemeenten=8, regions=2)
    fewer = study.model_copy(update={"determinants": study.determinants[:2]})
    assert example_truth(fewer).counts.equals(example_truth(study).counts)
