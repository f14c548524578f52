"""What not knowing a determinant leaves open, held against its definition and against a world where it is known."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.estimates.linear_predictor import coefficients, effect_variance
from bayesmodel.estimates.unknown_determinants import unknown_determinants
from bayesmodel.testing import invented_fit


def test_only_determinants_with_gaps_are_there():
    fit = invented_fit()
    found = unknown_determinants(fit)
    gaps = fit.counts.areas.determinants.isna().sum()
    assert found["areas"].to_dict() == gaps[gaps > 0].to_dict()


def test_it_is_what_its_definition_says():
    fit = invented_fit()
    column = fit.design.names.index("divorce")
    row = unknown_determinants(fit).loc["divorce"]
    missing = fit.counts.areas.determinants["divorce"].isna().to_numpy()
    variances = [fit.design.covariances[pattern, column, column] for pattern in fit.design.pattern[missing]]
    assert row["explained"] == pytest.approx(1 - np.mean(variances))
    beta = coefficients(fit)[:, column]
    assert row["residual_sd"] == pytest.approx(np.mean([np.abs(beta) * np.sqrt(each) for each in variances]))
    own = effect_variance(fit, (fit.study.area,))
    shares = [beta**2 * each / (beta**2 * each + own) for each in variances]
    assert row["share"] == pytest.approx(np.mean(shares))


def test_what_the_others_tell_entirely_leaves_nothing():
    fit = invented_fit()
    known = replace(fit, design=replace(fit.design, covariances=0 * fit.design.covariances))
    row = unknown_determinants(known).loc["divorce"]
    assert (row["explained"], row["residual_sd"], row["share"]) == (1, 0, 0)


def test_without_gaps_there_is_nothing_to_say():
    fit = invented_fit()
    known = fit.counts.areas.determinants.fillna(0.0)
    counts = replace(fit.counts, areas=replace(fit.counts.areas, determinants=known))
    assert unknown_determinants(replace(fit, counts=counts)).empty
