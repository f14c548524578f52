"""Counts hidden to protect another, the whole way: their estimates hold the truth, and outputs tell them apart."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bayesmodel.checks.left_out import left_out
from bayesmodel.checks.predictive import predictive_check
from bayesmodel.checks.simulated_counts import posterior_replicates
from bayesmodel.data import Status, interpret_counts
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.publication_check import publication_check
from bayesmodel.estimates.use import use
from bayesmodel.example import example_areas, example_study, example_truth
from bayesmodel.inference.sampling import fit_model
from bayesmodel.logp.density import density_of
from bayesmodel.model.build import build_model
from bayesmodel.tables.notes import reading_notes
from bayesmodel.tables.per_area import area_table

FROM = 10


def protected(seed, first=FROM, share=0.3):
    """Counts of 300 wijken, some of those that would be shown hidden to protect another; and the truth."""
    study = example_study(areas=300, gemeenten=60, regions=12, seed=seed)
    rule = study.publication.model_copy(update={"secondary_symbols": ("*",), "secondary_from": first})
    inference = study.inference.model_copy(update={"engine": "laplace", "seed": seed})
    study = study.model_copy(update={"publication": rule, "inference": inference})
    areas = example_areas(study)
    chosen = (np.random.default_rng(seed).random(len(areas)) < share) & areas.published.str.isdigit()
    counts = interpret_counts(replace(areas, published=areas.published.mask(chosen, "*")))
    return counts, example_truth(study).counts.loc[counts.areas.codes].to_numpy()


@pytest.fixture(scope="module")
def fits():
    """Three fits with their true counts."""
    made = []
    for seed in (1, 2, 3):
        counts, truth = protected(seed)
        made.append((fit_model(build_model(counts)), truth))
    return made


def test_true_counts_are_a_draw_among_those_of_the_fit(fits):
    found = []
    for fit, truth in fits:
        rows = np.flatnonzero(fit.counts.status == Status.SECONDARY)
        draws = use(fit, "actual").draws.to_numpy().reshape(-1, len(truth))[:, rows]
        assert (draws >= FROM).all()
        below, same = (draws < truth[rows]).sum(axis=0), (draws == truth[rows]).sum(axis=0)
        place = np.random.default_rng(1).random(len(rows))
        found.append((below + place * (same + 1)) / (len(draws) + 1))
    found = np.concatenate(found)
    assert len(found) > 150
    assert stats.kstest(found, "uniform").pvalue > 0.001
    assert abs((np.abs(found - 0.5) < 0.45).mean() - 0.9) < 4 * np.sqrt(0.09 / len(found))


def test_the_gradient_is_that_of_the_density():
    density = density_of(build_model(protected(4)[0]))
    position, step = density.start(1), 1e-5
    gradient = density.log_density(position)[1]
    for place in np.random.default_rng(2).integers(0, density.size, 12):
        move = step * (np.arange(density.size) == place)
        change = density.log_density(position + move)[0] - density.log_density(position - move)[0]
        assert gradient[place] == pytest.approx(change / (2 * step), rel=1e-4, abs=2e-3)


def test_where_it_may_be_anything_it_tells_nothing():
    """The density is that of counts that were not delivered."""
    counts, _ = protected(5, first=0)
    rows = np.flatnonzero(counts.status == Status.SECONDARY)
    missing = counts.with_bounds(rows.tolist(), np.zeros(len(rows), int), counts.population[rows], Status.MISSING)
    one, other = (density_of(build_model(each)) for each in (counts, missing))
    position = one.start(1)
    assert one.log_density(position)[0] == other.log_density(position)[0]


def test_outputs_tell_it_apart(fits):
    fit, _ = fits[0]
    secondary = fit.counts.status == Status.SECONDARY
    table = area_table(fit)
    assert (table["status"][secondary] == "secondary").all()
    assert table["flags"][secondary].str.contains("protecting_count").all()
    assert table["published_count"][secondary].isna().all()
    assert table["actual_count"][secondary].isna().all()
    code = str(table.index[np.flatnonzero(secondary)[0]])
    said = explain(fit, code).loc[code]
    assert "the count is hidden to protect another and lies between 10 and" in said["en"]
    assert "verborgen om een ander te beschermen" in said["nl"]
    said = f"Of {secondary.sum()} wijken the count is hidden to protect another"
    assert any(said in note for note in reading_notes(fit.counts, "en"))


def test_checks_leave_it_out(fits):
    """Nothing says which counts are hidden so: they are no part of what replicates are held against."""
    fit, _ = fits[0]
    secondary = fit.counts.status == Status.SECONDARY
    assert not secondary[left_out(fit, refit=False).rows].any()
    replicate = next(posterior_replicates(fit, 1, seed=1))
    assert (replicate.status[secondary] == Status.MISSING).all()
    assert (replicate.upper[secondary] == fit.counts.population[secondary]).all()
    table = predictive_check(fit).frame
    hidden = table[table["quantity"] == "hidden"]["observed"].iloc[0]
    assert hidden == (fit.counts.status == Status.SUPPRESSED).sum()
    shown = publication_check(fit).published
    assert shown.hidden == hidden
    assert isinstance(shown.shown, pd.Series)
