"""Simulation-based calibration: it sees what is wrong, and does not see what is not."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel import posterior_sbc, prior_sbc
from bayesmodel.checks.sbc import SimulationCalibration, ranks_of
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.plots.robustness import rank_curves
from bayesmodel.testing import invented_fit

DRAWS = 100


def calibration(ranks, **others):
    """Ranks of one sd and three coefficients, those of the last by hand."""
    ranks = np.asarray(ranks)
    rng = np.random.default_rng(3)
    columns = pd.MultiIndex.from_tuples(
        [("beta", "a"), ("beta", "b"), ("beta", "c"), ("sd_wijk", "")], names=["variable", "label"]
    )
    table = pd.DataFrame(np.column_stack([*rng.integers(0, DRAWS + 1, (3, len(ranks))), ranks]), columns=columns)
    refits = pd.DataFrame({"state": "converged", "pareto_k": 0.2, "seconds": 1.0, "error": ""}, index=table.index)
    return SimulationCalibration(invented_fit().study, "prior", table, DRAWS, refits, 1, **others)


@pytest.fixture(scope="module")
def rng():
    return np.random.default_rng(11)


def test_uniform_ranks_are_calibrated(rng):
    found = calibration(rng.integers(0, DRAWS + 1, 100))
    assert found.calibrated
    assert found.summary().loc["beta", "quantities"] == 3


@pytest.mark.parametrize(
    ("wrong", "how"),
    [
        ("biased", lambda u: u**1.8),
        ("too narrow", lambda u: np.clip(0.5 + 1.6 * (u - 0.5), 0, 0.9999)),
        ("too wide", lambda u: 0.5 + 0.4 * (u - 0.5)),
    ],
)
def test_what_is_wrong_is_seen(rng, wrong, how):
    found = calibration((how(rng.random(200)) * (DRAWS + 1)).astype(int))
    assert not found.calibrated, wrong
    assert all(problem.startswith("sd_wijk") for problem in found.problems)


def test_false_alarms_are_as_rare_as_is_said(rng):
    """Of 200 right ones no more than a few are called wrong: about one in a hundred is."""
    wrong = sum(not calibration(rng.integers(0, DRAWS + 1, 100)).calibrated for _ in range(200))
    assert wrong <= 5


def test_one_true_value_may_be_covered_more_often_than_said():
    """By chance 97 or more of 100 are covered in one study of a hundred: no sign that anything is off."""
    ranks = np.concatenate([np.linspace(6, 94, 97).astype(int), [1, 98, 99]])
    found = calibration(ranks)
    assert found.summary().loc["sd_wijk", "cover_90"] == 0.97
    assert found.calibrated


def test_coverage_is_a_share_of_the_ranks():
    found = calibration([0, 50, 100, 50]).summary().loc["sd_wijk"]
    assert found["cover_90"] == 0.5
    assert found["cover_50"] == 0.5


def test_a_draw_among_its_own_draws_has_a_uniform_rank(tmp_path):
    """The rank of a draw is the number of draws below it."""
    fit = invented_fit()
    values = fit.posterior["intercept"].to_numpy().ravel()
    from bayesmodel.checks.simulated_counts import values_of

    truth = values_of(fit.posterior, np.arange(8), "wijk")[0]
    seed = 17
    np.save(tmp_path / "truth.npy", truth)
    inference = fit.study.inference.model_copy(update={"seed": seed})
    counts = fit.counts.with_study(fit.study.model_copy(update={"inference": inference}))
    found = ranks_of(type(fit)(counts, fit.design, fit.tree, fit.diagnostics, {}), str(tmp_path / "truth.npy"), 0, 1000)
    assert found.loc[("intercept", ""), "below"] == (values < values[seed]).sum()
    assert (found["equal"] >= 1).all()


def test_the_picture_has_a_line_per_variable(rng):
    figure = rank_curves(calibration(rng.integers(0, DRAWS + 1, 100)), language="en")
    names = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert names == ["beta (3)", "sd_wijk"]
    assert "100 replicates" in " ".join(figure.get_label().split())


def test_the_default_picture(rng):
    assert "nabootsingen" in calibration(rng.integers(0, DRAWS + 1, 100)).plot().get_label()


@pytest.mark.parametrize(
    ("changes", "match"),
    [({"replicates": 1}, "at least 2"), ({"replicates": 1001}, "1,000 draws"), ({"draws": 60}, "at least 100")],
)
def test_numbers_that_give_no_ranks_are_refused(changes, match):
    with pytest.raises(ComparisonError, match=match):
        posterior_sbc(invented_fit(), **changes)


def test_an_engine_that_is_not_there_is_said_once():
    with pytest.raises(UnknownNameError, match="'stan'"):
        posterior_sbc(invented_fit(), 3, engine="stan")


def test_a_real_fit(small_study):
    """Two replicates of a real fit: a rank for every parameter and every copy."""
    from bayesmodel import fit

    made = fit(small_study(), engine="laplace")
    found = posterior_sbc(made, 2, workers=1)
    assert len(found.ranks) == 2
    assert found.ranks["linear_predictor"].shape[1] == 100
    assert found.ranks.to_numpy().min() >= 0
    assert found.ranks.to_numpy().max() <= found.draws
    assert (found.refits["error"] == "").all()


@pytest.mark.slow
def test_a_posterior_is_calibrated(small_study):
    """A hundred refits of one fit with a two-part effect, missing determinants and hidden counts."""
    from bayesmodel import fit

    found = posterior_sbc(fit(small_study(), engine="laplace"), 100)
    assert found.calibrated, found.problems


def narrow(study, family):
    """The study of a small country with a prior from which counts can be drawn that people could have."""
    priors = study.model.priors.model_copy(
        update={
            "intercept_mean": 0.12 if family == "normal-share" else -2.0,
            "intercept_sd": 0.4,
            "coefficient": study.model.priors.coefficient.model_copy(update={"sd": 0.2}),
            "sd": study.model.priors.sd.model_copy(update={"exceeds": 0.5}),
            "sd_few": study.model.priors.sd_few.model_copy(update={"exceeds": 0.5}),
        }
    )
    model = study.model.model_copy(update={"family": family, "priors": priors})
    return study.model_copy(update={"model": model})


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "replicates"), [("laplace", 200), ("nuts", 100)])
def test_the_whole_chain_is_calibrated(small_study, family, engine, replicates):
    """Drawn from the prior, published, read, fitted, ranked: for every family and both engines."""
    found = prior_sbc(narrow(small_study(), family.name), replicates, engine=engine)
    assert (found.refits["state"] != "failed").all(), found.refits
    assert found.calibrated, found.problems
