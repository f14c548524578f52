"""Ranks: laws of a ranking, and sets that hold all ranks at once."""

import numpy as np
import pytest
from scipy import stats

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.rank import rank, ranks_of
from bayesmodel.estimates.use import use
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def many():
    """Forty wijken, five of them without people."""
    return invented_fit(areas=40)


def test_ranks_are_those_of_scipy_from_the_top():
    samples = np.random.default_rng(1).integers(0, 6, size=(30, 9)).astype(float)
    assert np.array_equal(ranks_of(samples), stats.rankdata(-samples, method="min", axis=1))


def test_ranks_without_equals_add_up(many):
    ranks = rank(many).estimate.samples
    number = ranks.shape[1]
    assert number == 35
    assert (ranks.sum(axis=1) == number * (number + 1) / 2).all()


def test_what_nobody_has_is_not_ranked(many):
    assert set(rank(many).names.index) == set(many.counts.areas.codes[many.counts.population > 0])


def test_chances_to_be_among_the_highest_add_up_to_their_number(many):
    found = rank(many)
    for highest in (1, 10, 35):
        assert found.p_among(highest).sum() == pytest.approx(highest)


def test_rank_sets_hold_all_ranks_at_least_as_often_as_they_say(many):
    found = rank(many)
    ranks, sets = found.estimate.samples, found.rank_sets(0.8)
    inside = (ranks >= sets["highest_rank"].to_numpy()) & (ranks <= sets["lowest_rank"].to_numpy())
    assert inside.all(axis=1).mean() >= 0.8
    wider = found.rank_sets(0.95)
    assert (wider["highest_rank"] <= sets["highest_rank"]).all()
    assert (wider["lowest_rank"] >= sets["lowest_rank"]).all()


def test_known_counts_have_one_rank(fit):
    known = ["WK000100", "WK000101", "WK000201"]
    sets = rank(fit, known, "use.actual", "count").rank_sets()
    assert sets.to_numpy().tolist() == [[3, 3], [2, 2], [1, 1]]


def test_the_summary_is_in_the_order_of_the_expected_rank(many):
    table = rank(many).summary(highest=3)
    assert table["expected_rank"].is_monotonic_increasing
    assert (table["lower"] <= table["expected_rank"]).all()
    assert table.columns.tolist() == ["name", "expected_rank", "lower", "upper", "p_among_3", "predicted"]
    order = use(many, "underlying", "share", list(table.index)).samples
    assert np.allclose(ranks_of(order).mean(axis=0), table["expected_rank"])


def test_too_few_places_and_too_many_highest_are_refused(fit):
    with pytest.raises(ComparisonError, match="at least two areas"):
        rank(fit, ["WK000100", "WK000300"])
    with pytest.raises(ComparisonError, match="give 1 to that many"):
        rank(fit).p_among(9)
