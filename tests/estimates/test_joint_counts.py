"""Counts drawn together given their total: as enumeration has it, and adding up on every draw."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.totals import interpret_totals
from bayesmodel.estimates.joint_counts import joint_counts, tightened, unplaced_of_fit
from bayesmodel.estimates.use import actual_count, use
from bayesmodel.testing import invented_fit

FAMILIES = ["poisson", "binomial", "beta-binomial", "negative-binomial"]


def fit_with(totals, unplaced="estimated", family="poisson", areas=24, aside=(0.0, 0.0, 0.0)):
    """The invented fit with totals of gemeenten by code."""
    made = invented_fit(family, areas=areas)
    setting = made.study.totals.model_copy(update={"unplaced": unplaced})
    study = made.study.model_copy(update={"totals": setting})
    rows = [["gemeente", code, code, str(total), np.nan, *aside] for code, total in totals.items()]
    table = replace(made.counts.areas, study=study, totals=pd.DataFrame(rows, columns=COLUMNS))
    found = interpret_totals(table, made.counts.lower, made.counts.upper)
    return replace(made, counts=replace(made.counts, areas=table, totals=found))


def rows_of(fit, code):
    return np.flatnonzero((fit.counts.areas.levels["gemeente"] == code).to_numpy())


@pytest.mark.parametrize("family", FAMILIES)
def test_with_nobody_unplaced_counts_add_up_to_the_total_on_every_draw(family):
    # 46 and 92 known, one of 0..9; 30..34 and 172 and one missing; 0 without people, one of 0..6, 46 known
    fit = fit_with({"GM0001": 143, "GM0002": 230, "GM0003": 50}, "none", family)
    for code, total in {"GM0001": 143, "GM0002": 230, "GM0003": 50}.items():
        counts = use(fit, "actual", areas=fit.counts.areas.codes[rows_of(fit, code)].tolist()).samples
        assert (counts.sum(axis=1) == total).all()


def test_counts_stay_in_their_windows():
    fit = fit_with({"GM0001": 150, "GM0002": 260, "GM0003": 60, "GM0004": 240})
    every = actual_count(fit, np.arange(len(fit.counts)))
    assert (every >= fit.counts.lower).all()
    assert (every <= fit.counts.upper).all()


def test_no_count_is_more_than_the_total_leaves():
    fit = fit_with({"GM0001": 142})
    assert actual_count(fit, np.array([2])).max() <= 142 - 46 - 92
    lower, upper = tightened(fit.counts, unplaced_of_fit(fit).groups[0])
    assert (upper - lower).tolist() == [0, 0, 4]


def test_areas_have_the_same_draws_whichever_are_asked_for():
    fit = fit_with({"GM0001": 150, "GM0002": 260})
    every = actual_count(fit, np.arange(len(fit.counts)))
    some = actual_count(fit, np.array([5, 2, 3]))
    assert (every[:, [5, 2, 3]] == some).all()
    drawn, _aside = joint_counts(fit, 1)
    assert (drawn == every[:, rows_of(fit, "GM0002")]).all()


def test_areas_of_other_groups_are_drawn_as_without_totals():
    bare, fit = fit_with({}), fit_with({"GM0001": 150})
    others = np.setdiff1d(np.arange(len(fit.counts)), rows_of(fit, "GM0001"))
    assert (actual_count(bare, others) == actual_count(fit, others)).all()


def test_a_large_total_leaves_hidden_counts_as_they_were():
    """When many may be unplaced, a total tells nearly nothing of one hidden count."""
    bare, fit = fit_with({}), fit_with({"GM0001": 1500})
    before, after = (actual_count(each, np.array([2])).mean() for each in (bare, fit))
    assert after == pytest.approx(before, abs=0.4)


def test_areas_left_out_take_their_part():
    fit = fit_with({"GM0001": 150}, "none", aside=(2.0, 9.0, 50.0))
    counts, aside = joint_counts(fit, 0)
    assert (counts.sum(axis=1) + aside == 150).all()
    assert aside.min() >= 3  # 150 - 46 - 92 - 9
    assert aside.max() <= 9


def test_an_underlying_rate_goes_with_its_count():
    """Where the rate is drawn given the count, a higher count has a higher rate."""
    fit = fit_with({"GM0001": 145}, family="beta-binomial")
    counts = actual_count(fit, np.array([2]))[:, 0]
    rates = use(fit, "underlying", areas=["WK000102"]).samples[:, 0]
    assert rates[counts >= 5].mean() > rates[counts <= 2].mean()
