"""Fits of countries with few regions: expectations stay near what was counted, and intervals stay narrow."""

import numpy as np
import pytest

from bayesmodel import build_model, example_study, fit_model, interpret_counts
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.variance import variance
from bayesmodel.estimates.waterfall import waterfall
from bayesmodel.example import example_truth
from bayesmodel.example.published import published_areas
from bayesmodel.study import study_from
from bayesmodel.tables.per_level import level_table


@pytest.fixture(scope="module", params=[1, 2, 3])
def country(request):
    """A country of so many regions with its fit and the number of people counted in it."""
    values = example_study(areas=120, gemeenten=8, regions=request.param, seed=4).model_dump()
    values["determinants"] = [part for part in values["determinants"] if part["level"] is None][:3]
    values["model"]["family"] = "poisson"
    values["inference"] |= {"engine": "laplace", "draws": 250}
    truth = example_truth(study_from(values))
    fit = fit_model(build_model(interpret_counts(published_areas(truth))))
    return fit, int(truth.counts.sum())


def test_the_sum_of_expectations_is_that_of_the_country(country):
    fit, total = country
    sums = expected(fit, "determinants").samples.sum(axis=1) / total
    assert abs(sums.mean() - 1) < 0.01
    low, high = np.quantile(sums, [0.05, 0.95])
    assert high - low < 0.05


def test_the_level_keeps_its_table_and_only_then_its_part(country):
    fit, _ = country
    regions = fit.counts.areas.levels["jeugdzorgregio"].nunique()
    assert len(level_table(fit, "jeugdzorgregio")) == regions
    assert ("jeugdzorgregio" in variance(fit).summary().index) == (regions > 1)
    parts = waterfall(fit, "jeugdzorgregio").summary().index.get_level_values("part")
    assert ("jeugdzorgregio" in parts) == (regions > 1)
    assert ("expected_jeugdzorgregio_count" in level_table(fit, "gemeente")) == (regions > 1)
