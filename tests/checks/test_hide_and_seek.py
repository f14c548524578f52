"""Hide and seek: only known counts are hidden, each treatment is what it says, and scores are those of the truth."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import Status, example_study, fit, interpret_counts, read_areas
from bayesmodel.checks.hide_and_seek import TREATMENTS, _to_end_of_class, crps, hide_and_seek, score_treatments, treated
from bayesmodel.errors import ComparisonError
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def small():
    return invented_fit()


@pytest.mark.parametrize("way", TREATMENTS)
def test_only_the_chosen_areas_are_treated(small, way):
    counts = small.counts
    after = treated(counts, (0, 4), (40, 59), way)
    rest = [1, 2, 3, 5, 6, 7]
    for name in ("lower", "upper", "status"):
        assert (getattr(after, name)[rest] == getattr(counts, name)[rest]).all()
    assert after.lower.dtype == counts.lower.dtype
    bounds = (after.lower[0], after.upper[0], str(after.status[0]))
    assert (
        bounds
        == {
            "window": (40, 59, "suppressed"),
            "lowest": (40, 40, "exact"),
            "middle": (49, 49, "exact"),
            "highest": (59, 59, "exact"),
            "dropped": (0, 400, "missing"),
        }[way]
    )


def test_the_score_of_a_number_is_its_distance_and_of_draws_the_integral():
    rng = np.random.default_rng(1)
    draws, truth = rng.poisson(14, (4000, 3)).astype(float), np.array([10.0, 14.0, 25.0])
    grid = np.arange(0, 80)
    shares = np.array([(draws[:, column][:, None] <= grid).mean(axis=0) for column in range(3)])
    steps = grid >= truth[:, None]
    np.testing.assert_allclose(crps(draws, truth), ((shares - steps) ** 2).sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(crps(np.full((5, 3), 12.0), truth), np.abs(12 - truth))


def test_treatments_are_compared_with_the_truth(small):
    """The truth of the first area is 46: a window of 40 to 59 holds it, and 49 filled in is three off."""
    truth = np.array([46])
    hidden = replace(small, counts=treated(small.counts, (0,), (40, 59), "window"))
    row = score_treatments(hidden, (0,), truth, truth).iloc[0]
    assert row["truth"] == 46
    assert 40 <= row["lower"] <= row["mean"] <= row["upper"] <= 59
    filled = replace(small, counts=treated(small.counts, (0,), (40, 59), "middle"))
    assert score_treatments(filled, (0,), truth, truth).iloc[0]["score"] == 3


def test_too_few_counts_to_hide_are_refused(small):
    with pytest.raises(ComparisonError, match="at least 10"):
        hide_and_seek(small, up_to=11)


@pytest.mark.slow
def test_in_a_country_of_the_model_intervals_hold_and_the_interval_wins(tmp_path):
    study = example_study(areas=1200, gemeenten=150, regions=15)
    counts = interpret_counts(read_areas(study))
    found = hide_and_seek(fit(counts, engine="laplace"), folder=tmp_path / "refits")
    own, size = found.frame.loc["window"], len(found.areas)
    assert size > 60
    assert abs(own["coverage"] - 0.9) < 4 * np.sqrt(0.09 / size)
    assert own["score"] == found.frame["score"].min()
    assert own["total_lower"] <= own["total_true"] <= own["total_upper"]
    assert (np.abs(found.frame.loc[["lowest", "highest"], "bias"]) > 3).all()
    assert [len(found.sentences(reader)) for reader in ("nl", "en")] == [8, 8]
    assert len(found.plot().axes[0].patches) == 5


@pytest.mark.parametrize(("given", "why"), [({"share": -1}, "share"), ({"share": 2.0}, "share"), ({"up_to": 5}, "10")])
def test_what_cannot_be_hidden_is_refused_before_any_refit(small, given, why):
    with pytest.raises(ComparisonError, match=f"{why}.*; found"):
        hide_and_seek(small, **given)


def test_a_window_ends_where_a_class_of_rounding_ends(small):
    counts = small.counts.with_bounds((0, 1, 2), np.array([8, 13, 18]), np.array([12, 17, 22]), Status.ROUNDED)
    assert _to_end_of_class(counts, 8, 15) == 17
    assert _to_end_of_class(counts, 8, 12) == 12
    assert _to_end_of_class(small.counts, 8, 15) == 15
