"""How sharply hidden counts can be guessed, and that no result is surer of one than the study allows."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import aggregate, compare, disclosure_check, interpret_counts, use
from bayesmodel.data import Status
from bayesmodel.data.codes import COLUMNS
from bayesmodel.estimates.disclosure import coarsened_areas, followed, most_likely
from bayesmodel.estimates.joint_counts import group_of_areas
from bayesmodel.estimates.use import actual_count, drawn_counts, spread_evenly
from bayesmodel.study.published_parts import Disclosure
from bayesmodel.testing import invented_fit

HIDDEN = "WK000102"
"""Sixty young people, 0 to 9 of them counted."""


def with_setting(fit, **settings):
    """Return a fit of a study with another setting of disclosure."""
    study = fit.study.model_copy(update={"disclosure": Disclosure(**settings)})
    return replace(fit, counts=fit.counts.with_study(study))


@pytest.fixture
def certain():
    """A fit that has no doubt: nobody of the hidden area is counted."""
    fit = invented_fit()
    tree = fit.tree.copy(deep=True)
    tree["posterior"]["linear_predictor"].loc[{"wijk": HIDDEN}] = -14.0
    return replace(fit, tree=tree)


@pytest.mark.parametrize("seed", range(30))
def test_no_value_is_in_more_draws_than_allowed_and_no_other_draw_moves(seed):
    rng = np.random.default_rng(seed)
    window = 0, int(rng.integers(1, 10))
    draws = rng.binomial(window[1], rng.choice([0.001, 0.02, 0.5, 0.999]), 400)
    most = float(rng.uniform(0.5, 0.99))
    spread = spread_evenly(draws, window, most)
    values, times = np.unique(spread, return_counts=True)
    assert times.max() <= np.ceil(most * len(draws))
    assert window[0] <= values.min()
    assert values.max() <= window[1]
    moved = draws != spread
    before, number = np.unique(draws, return_counts=True)
    assert set(draws[moved]) <= {before[number.argmax()]}
    assert moved.sum() == max(number.max() - int(most * len(draws)), 0)


def test_a_window_of_two_is_never_made_surer_of_the_other():
    spread = spread_evenly(np.zeros(100, dtype=np.int64), (0, 1), 0.2)
    assert spread.mean() == 0.5


def test_a_window_of_one_cannot_be_spread():
    draws = np.zeros(5, dtype=np.int64)
    assert spread_evenly(draws, (0, 0), 0.5) is draws


def test_every_result_has_the_count_as_it_was_spread(certain):
    alone, group = use(certain, "actual", areas=HIDDEN), aggregate(certain, {"own": [HIDDEN]}, "use.actual")
    assert (drawn_counts(certain, np.array([2])) == 0).all()
    assert (alone.samples == 0).mean() <= certain.study.disclosure.most_certain
    np.testing.assert_array_equal(alone.samples, group.samples)
    row = alone.summary().iloc[0]
    assert row["upper"] > row["lower"]
    pair = compare(certain, [HIDDEN, "WK000100"], "use.actual")
    assert (pair.estimate.samples[:, 0] == 0).mean() <= certain.study.disclosure.most_certain


def test_the_check_says_what_was_coarsened_and_why(certain):
    check = disclosure_check(certain)
    assert coarsened_areas(certain) == {HIDDEN}
    row = check.summary().loc[HIDDEN]
    assert row["certainty_model"] == 1.0
    assert row["certainty"] <= 0.9
    assert check.told.empty
    assert check.plain()["coarsened"] == [HIDDEN]
    assert any(HIDDEN in sentence for sentence in check.sentences("en"))
    assert len(check.sentences("nl")) == len(check.sentences("en"))


def test_nothing_is_coarsened_that_is_not_certain():
    fit = invented_fit()
    rows = np.arange(len(fit.counts))
    np.testing.assert_array_equal(actual_count(fit, rows), drawn_counts(fit, rows))
    assert disclosure_check(fit).plain()["coarsened"] == []


def test_without_protection_nothing_is_spread(certain):
    bare = with_setting(certain, protect=False)
    assert (use(bare, "actual", areas=HIDDEN).samples == 0).all()
    assert disclosure_check(bare).told.tolist() == [HIDDEN]


def test_a_stricter_study_coarsens_more():
    fit = invented_fit()
    certainty = disclosure_check(fit).table["certainty"]
    strict = with_setting(fit, most_certain=float(certainty.min()) - 0.02)
    assert set(coarsened_areas(strict)) == set(certainty.index)


def test_a_hidden_count_that_follows_exactly_is_given_as_its_window():
    fit = invented_fit()
    single = replace(fit, counts=fit.counts.with_bounds([2], 4, 4, Status.SUPPRESSED))
    samples = use(single, "actual", areas=HIDDEN).samples
    assert (samples == 4).mean() <= 0.9
    assert np.isnan(use(single, "actual", areas=HIDDEN).draws["published"]).all()
    assert disclosure_check(single).table.loc[HIDDEN, ["lower", "upper"]].tolist() == [4, 4]
    assert HIDDEN in disclosure_check(single).told


def with_total(total, unplaced):
    """Return counts of which the first gemeente has a total: 46 and 92 are shown, one count is hidden."""
    fit = invented_fit()
    study = fit.study.model_copy(update={"totals": fit.study.totals.model_copy(update={"unplaced": unplaced})})
    row = ["gemeente", "GM0001", "GM0001", str(total), 1260.0, 0.0, 0.0, 0.0]
    areas = replace(fit.counts.areas, study=study, totals=pd.DataFrame([row], columns=COLUMNS))
    return replace(fit, counts=interpret_counts(areas))


@pytest.mark.parametrize(("total", "unplaced"), [(141, "none"), (141, "estimated"), (160, "estimated")])
def test_what_follows_from_a_total_is_what_trying_all_counts_gives(total, unplaced):
    fit = with_total(total, unplaced)
    counts = fit.counts
    lower, upper = followed(counts)
    ranges = [range(counts.lower[row], counts.upper[row] + 1) for row in range(3)]
    fits = [
        each for each in itertools.product(*ranges) if sum(each) == total or (unplaced != "none" and sum(each) < total)
    ]
    assert (lower[2], upper[2]) == (min(each[2] for each in fits), max(each[2] for each in fits))


def test_a_count_that_a_total_gives_away_is_named_and_still_adds_up_to_it():
    fit = with_total(141, "none")
    assert group_of_areas(fit)[2] >= 0
    check = disclosure_check(fit)
    assert check.table.loc[HIDDEN, ["lower", "upper"]].tolist() == [3, 3]
    assert HIDDEN in check.told
    assert coarsened_areas(fit) == frozenset()
    assert (use(fit, "actual", areas=["WK000100", "WK000101", HIDDEN]).samples.sum(axis=1) == 141).all()
    assert any("WK000102" in sentence and "follow" in sentence for sentence in check.sentences("en"))


def test_the_best_guess_is_the_value_of_most_draws():
    values, certainty = most_likely(np.array([[5, 1], [5, 1], [4, 1], [5, 2]]))
    assert values.tolist() == [5, 1]
    assert certainty.tolist() == [0.75, 0.75]


def test_a_fit_without_hidden_counts_says_so():
    fit = invented_fit()
    rows = np.flatnonzero(fit.counts.status == Status.SUPPRESSED)
    shown = replace(fit, counts=fit.counts.with_bounds(rows, 20, 20, Status.EXACT))
    check = disclosure_check(shown)
    assert check.table.empty
    assert check.plain()["most_certain_guess"] is None
    assert len(check.sentences("nl")) == 1
