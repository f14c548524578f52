"""Correlations of outcomes: those of the draws, of areas and each level, and near the truth."""

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.correlation import correlations


def test_they_are_those_of_the_draws(fitted_outcomes):
    outcomes = fitted_outcomes[0]
    table = correlations(outcomes).summary()
    draws = outcomes.joint.posterior["correlation_wijk"].sel(outcome="youth", other_outcome="wmo").to_numpy()
    row = table.loc["wijk"]
    assert row["mean"] == pytest.approx(draws.mean())
    assert row["lower"] == pytest.approx(np.quantile(draws, 0.05))
    assert row["p_positive"] == pytest.approx((draws > 0).mean())
    assert (row["outcome"], row["other_outcome"]) == ("youth", "wmo")


def test_there_is_one_of_areas_and_of_each_level_with_the_number_of_groups(fitted_outcomes):
    table = correlations(fitted_outcomes[0]).summary()
    assert table["groups"].to_dict() == {"wijk": 100, "gemeente": 14, "jeugdzorgregio": 3}


def test_the_interval_of_areas_holds_the_truth_and_few_groups_tell_little(fitted_outcomes):
    table = correlations(fitted_outcomes[0]).summary()
    assert table.loc["wijk", "lower"] < 0.6 < table.loc["wijk", "upper"]  # of which the world was made
    assert table.loc["wijk", "p_positive"] > 0.95
    width = table["upper"] - table["lower"]
    assert width["wijk"] < width["gemeente"] < width["jeugdzorgregio"]


def test_only_the_joint_fit_has_them(fitted_outcomes):
    with pytest.raises(ComparisonError, match="fit_outcomes"):
        correlations(dict(fitted_outcomes[0]))


def test_they_have_a_picture_and_notes(fitted_outcomes):
    found = correlations(fitted_outcomes[0])
    picture = found.plot(language="en")
    assert picture.axes[0].get_xlim() == (-1, 1)
    assert "wijk – youth, wmo" in picture.get_label()
    assert "geen personen" in " ".join(found.notes())
    assert "correlatie" in found.title
