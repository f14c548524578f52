"""Multiverse: a verdict that stands everywhere, one that falls, and one that turns round."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import BayesModelError, multiverse
from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.errors import ComparisonError, StudyError
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.plots.robustness import multiverse as picture
from bayesmodel.testing import invented_fit

HIGH, LIKELY, NONE, LOW = "clearly higher", "probably higher", "inconclusive", "clearly lower"


@pytest.fixture
def found():
    """Four areas under four models, of which the last one failed and one leaves out an area."""
    codes = pd.Index(["A", "B", "C", "D"], name="wijk")
    verdicts = pd.DataFrame(
        {"model 1": [HIGH, HIGH, NONE, LOW], "model 2": [HIGH, LIKELY, LOW, HIGH], "model 3": [HIGH, NONE, NONE, None]},
        index=codes,
    )
    models = pd.DataFrame(
        {
            "family": ["poisson", "binomial", "poisson", "binomial"],
            "state": [*["converged"] * 3, "failed"],
            "error": ["", "", "", "no young people"],
        },
        index=[f"model {place}" for place in (1, 2, 3, 4)],
    )
    own = pd.Series([HIGH, HIGH, NONE, LOW], codes, name="verdict")
    return Multiverse(invented_fit().study, "gemeente", pd.Series(list("abcd"), codes), own, verdicts, models)


def test_shares_of_models(found):
    table = found.summary()
    assert table.loc["A", ["stands", "same_direction", "opposite", "models"]].tolist() == [1, 1, 0, 3]
    assert table.loc["B", ["stands", "same_direction", "opposite"]].tolist() == pytest.approx([1 / 3, 2 / 3, 0])
    assert table.loc["C", ["stands", "same_direction", "opposite"]].tolist() == pytest.approx([2 / 3, 2 / 3, 0])


def test_a_model_that_leaves_an_area_out_does_not_count_for_it(found):
    assert found.summary().loc["D", ["stands", "opposite", "models"]].tolist() == [0.5, 0.5, 2]


def test_within_a_verdict_the_firmest_come_first(found):
    assert found.summary().index.tolist() == ["A", "B", "C", "D"]


def test_what_becomes_of_each_verdict(found):
    table = found.by_verdict
    assert table.loc[HIGH, ["areas", "in_all", "opposite_in_any"]].tolist() == [2, 1, 0]
    assert table.loc[LOW, ["areas", "in_all", "opposite_in_any"]].tolist() == [1, 0, 1]


def test_options_are_judged_by_conclusions_only(found):
    table = found.by_option
    # conclusions are on A, B and D: five of five in models 1 and 3 but that on B in model 3
    assert table.loc[("family", "poisson")].tolist() == [2, pytest.approx(4 / 5)]
    assert table.loc[("family", "binomial")].tolist() == [1, pytest.approx(1 / 3)]


def test_shares_are_shares(found):
    table = found.summary()
    assert (table["stands"] <= table["same_direction"]).all()
    assert (table["same_direction"] + table["opposite"] <= 1).all()


def test_the_title_counts_the_models_that_are_used(found):
    assert "3 verdedigbare modellen" in found.title
    assert "1 of 4" in found.notes()[0]


def test_why_a_model_is_left_out_is_said(found):
    assert found.notes()[1].endswith("no young people")
    every = replace(found, models=found.models.iloc[:3])
    assert len(every.notes()) == 1


def test_the_picture_shows_each_option(found):
    figure = picture(found, language="en")
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["family: poisson", "family: binomial"]
    assert np.allclose(figure.axes[0].lines[1].get_xdata(), 100 * found.by_option["stands"])
    assert "family: poisson 80%" in figure.get_label()


def test_the_default_picture_is_that_of_the_options(found):
    assert "modellen" in found.plot().get_label()


def test_an_impossible_choice_is_refused_before_anything_is_fitted():
    with pytest.raises(StudyError, match="hidden_below"):
        multiverse(invented_fit().counts, {"limit": {"odd": {"publication.hidden_below": -1}}})


@pytest.mark.parametrize("nothing", [{"models": 0}, {"models": -2}, {"choices": {}}])
def test_a_multiverse_of_nothing_is_refused(nothing):
    with pytest.raises(ComparisonError, match="at least one choice and one model"):
        multiverse(invented_fit().counts, **nothing)


def test_a_study_whose_own_model_has_no_fit_is_said(tmp_path, invented_counts):
    counts = invented_counts()
    horseshoe = {"model": {"priors": {"coefficient": {"kind": "horseshoe"}}}}
    study = type(counts.study).model_validate(counts.study.model_dump() | horseshoe)
    with pytest.raises(BayesModelError, match="no fit"):
        multiverse(counts.with_study(study), {"family": {"own": {}}}, models=1, folder=tmp_path)


def test_where_no_other_model_has_a_fit_that_is_said(tmp_path, invented_counts):
    nobody = {"exclusions": [{"column": "young", "at_most": 1e9}]}
    with pytest.raises(BayesModelError, match=r"None of the other models \(1\) converged"):
        multiverse(invented_counts(effect=0.4), {"size": {"nobody": nobody}}, models=1, folder=tmp_path, workers=1)


def test_real_fits(tmp_path, invented_counts):
    """Of the same model, under another name, every verdict stands; and again from what is kept."""
    counts = invented_counts(effect=0.4)
    choices = {"model": {"as it is": {}, "no gemeente": {"levels": []}}}
    first = multiverse(counts, choices, models=2, folder=tmp_path, workers=1)
    assert (first.models["state"] == "converged").all()
    assert (first.stands["1"] == 1).all()
    calls = []
    again = multiverse(counts, choices, models=2, folder=tmp_path, progress=lambda *call: calls.append(call[2].kept))
    assert calls == [True, True, True]
    assert again.verdicts.equals(first.verdicts)
    assert set(first.own) <= {str(verdict) for verdict in VerdictClass}
