"""Sums of groups given their totals: exact against enumeration, in evidence, counts and own effects."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bayesmodel import build_model, example_study, interpret_counts, read_areas
from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.totals import interpret_totals
from bayesmodel.logp.arrays import model_arrays
from bayesmodel.logp.family_callback import callback_of
from bayesmodel.logp.group_sums import counts_of_draws, counts_of_sums, evidence_of_sums, group_sums, sample_own_effects
from bayesmodel.logp.laplace_approx import laplace_approx
from bayesmodel.logp.quadrature import EvalPoint, gauss_hermite
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.priors import SPECIAL_RATIO
from bayesmodel.model.unplaced_share import unplaced_share

RULE = gauss_hermite(15)


def enumerated(cells, weight):
    """All outcomes of independent counts with their weight."""
    outcomes = np.indices([len(each) for each in cells]).reshape(len(cells), -1).T
    chances = np.prod([each[outcomes[:, j]] for j, each in enumerate(cells)], axis=0)
    return outcomes, chances * weight[outcomes.sum(axis=1)]


@pytest.fixture
def cells():
    rng = np.random.default_rng(3)
    return [rng.dirichlet(np.ones(size)) for size in (5, 8, 1, 3)]


def starts_of(cells):
    return np.concatenate([[0], np.cumsum([len(each) for each in cells])])


def weight_of(shape, cells):
    widest = 1 + sum(len(each) - 1 for each in cells)
    return {"any": np.ones(widest), "slope": np.arange(widest) ** 2.0, "one": np.eye(widest)[7]}[shape]


@pytest.mark.parametrize("shape", ["any", "slope", "one"])
def test_evidence_is_that_of_enumeration(cells, shape):
    weight, starts = weight_of(shape, cells), starts_of(cells)
    both = [*cells, *(each[::-1].copy() for each in cells)]
    found = evidence_of_sums(
        np.log(np.concatenate(both)) - 3.0,  # cells are made to add up to one
        starts_of(both),
        np.array([0, 4, 8]),
        np.concatenate([weight, weight]),
        np.array([0, len(weight), 2 * len(weight)]),
        np.array([0.5, -0.25]),
    )
    expected = sum(np.log(enumerated(each, weight)[1].sum()) for each in (both[:4], both[4:])) + 0.25
    assert found == pytest.approx(expected, abs=1e-12)
    assert len(starts) == 5


@pytest.mark.parametrize("shape", ["any", "slope", "one"])
def test_draws_have_the_probabilities_of_enumeration(cells, shape):
    weight, size = weight_of(shape, cells), 40_000
    outcomes, chances = enumerated(cells, weight)
    chances /= chances.sum()
    uniform, drawn = np.random.default_rng(1).random((size, 5)), np.empty((size, 4), dtype=np.int64)
    counts_of_draws(np.tile(np.log(np.concatenate(cells)), (size, 1)), starts_of(cells), weight, uniform, drawn)
    for j, each in enumerate(cells):
        for k in range(len(each)):
            expected = chances[outcomes[:, j] == k].sum()
            assert (drawn[:, j] == k).mean() == pytest.approx(expected, abs=4.5 * np.sqrt(0.25 / size))
    pair = chances[(outcomes[:, 0] == 1) & (outcomes[:, 1] == 4)].sum()
    assert ((drawn[:, 0] == 1) & (drawn[:, 1] == 4)).mean() == pytest.approx(pair, abs=0.006)


def test_several_groups_are_drawn_as_each_alone(cells):
    weight, starts = weight_of("slope", cells), starts_of(cells)
    logs, uniform = np.log(np.concatenate(cells)), np.random.default_rng(2).random(10)
    together, alone = np.empty(8, dtype=np.int64), np.empty((1, 4), dtype=np.int64)
    twice = np.concatenate([starts, starts[-1] + starts[1:]])
    edges = np.array([0, len(weight), 2 * len(weight)])
    counts_of_sums(np.tile(logs, 2), twice, np.array([0, 4, 8]), np.tile(weight, 2), edges, uniform, together)
    counts_of_draws(logs[None], starts, weight, np.append(uniform[4:8], uniform[9])[None], alone)
    assert together[4:].tolist() == alone[0].tolist()


def world(family, unplaced=0.1, rounded=True):
    """A small world with totals of its gemeenten: a tenth more than their wijken count."""
    study = example_study(areas=16, gemeenten=8, regions=2)
    parts = {"family": family, "overdispersion": 1.0}
    changed = {
        "model": study.model.model_copy(update=parts),
        "totals": study.totals.model_copy(update={"unplaced": unplaced}),
    }
    counts = interpret_counts(read_areas(study.model_copy(update=changed)))
    if rounded:
        lower = np.maximum(counts.lower - 1, 0)
        upper = np.minimum(np.where(counts.lower < counts.upper, 5, counts.upper + 1), counts.population)
        counts = replace(counts, lower=lower, upper=np.maximum(upper, lower))
    codes = counts.areas.levels["gemeente"].to_numpy()
    sums = pd.DataFrame({"low": counts.lower, "high": counts.upper}).groupby(codes).sum()
    rows = [
        ["gemeente", code, code, str(int(1.06 * row.high) + 2), np.nan, 0.0, 3.0, 20.0] for code, row in sums.iterrows()
    ]
    areas = replace(counts.areas, totals=pd.DataFrame(rows, columns=COLUMNS))
    return replace(counts, areas=areas, totals=interpret_totals(areas, counts.lower, counts.upper))


def point_of(built, arrays, seed=1):
    rng = np.random.default_rng(seed)
    eta = arrays.intercept_mean + 0.3 * rng.normal(size=len(arrays.lower))
    area_params = np.array([0.35, 0.07])[: len(arrays.area_rates)]
    variance = np.full(len(arrays.terms), 0.02)
    return EvalPoint(eta, area_params, variance)


def dense_pmf(built, arrays, point, area):
    """Probabilities of all counts in the window of an area, its own effect integrated over a fine grid."""
    counts, family = built.counts, built.family
    k = np.arange(counts.lower[area], counts.upper[area] + 1)[:, None]
    grid = np.linspace(-9, 9, 4001)
    density = stats.norm.pdf(grid) * (grid[1] - grid[0])
    left, total = point.variance[arrays.pattern[area]], 0.0
    share = point.area_params[1] if len(point.area_params) > 1 else 0.0
    for part, times in ((1.0, 1 - share), (SPECIAL_RATIO, share)):
        if times == 0.0:
            continue
        scale = point.area_params[0]
        sd = np.sqrt(left + (part * scale) ** 2) if family.area_effect else np.sqrt(left)
        phi = 1.0 if family.area_effect else scale
        logs = family.log_pmf(Numpy(), k, int(counts.population[area]), point.eta[area] + sd * grid, phi)
        total = total + times * (np.exp(logs) @ density)
    return total


def weights_of(built, share, index):
    """P(total | sum) of each sum of the wijken of a group, areas left out averaged over."""
    rows = share.groups[index].rows
    sums = np.arange(built.counts.lower[rows].sum(), built.counts.upper[rows].sum() + 1)
    aside = stats.poisson.pmf(np.arange(4), 20 * share.rate)
    return sum(
        np.exp(share.log_evidence(index, sums + count)) * chance for count, chance in enumerate(aside / aside.sum())
    )


@pytest.mark.parametrize("family", ["poisson", "negative-binomial"])
@pytest.mark.parametrize("unplaced", [0.1, "estimated"])
def test_evidence_of_a_model_is_that_of_all_outcomes(family, unplaced):
    built = build_model(world(family, unplaced))
    arrays = model_arrays(built, callback_of(built))
    point = point_of(built, arrays)
    sums, share = group_sums(built, arrays).centred(point), unplaced_share(built.counts)
    expected, told = 0.0, 0
    for index, group in enumerate(share.groups):
        pmf = [dense_pmf(built, arrays, point, area) for area in group.rows]
        _outcomes, chances = enumerated([each / each.sum() for each in pmf], weights_of(built, share, index))
        if len(chances) > 1:
            expected, told = expected + np.log(chances.sum()), told + 1
    assert told == len(sums.peaks)
    assert sums.log_evidence(RULE, point) == pytest.approx(expected, abs=2e-4)


def test_own_effects_given_totals_have_the_mean_of_enumeration():
    """Where wijken add up to the total, effects are those of the counts that are left."""
    built = build_model(world("poisson", 0.02))
    arrays = model_arrays(built, callback_of(built))
    point, size = point_of(built, arrays), 4000
    sums, share = group_sums(built, arrays).centred(point), unplaced_share(built.counts)
    approx = laplace_approx(arrays, *point)
    predictors = np.tile(point.eta, (size, 1))
    params, variance = np.tile(point.area_params, (size, 1)), np.tile(point.variance, (size, 1))
    _evidence, counts = sums.sample_counts(RULE, predictors, params, variance, 1, map)
    sample_own_effects((sums, counts), arrays, approx, RULE, params, variance, predictors, 1, map)
    index = next(
        i for i, group in enumerate(share.groups) if (built.counts.upper > built.counts.lower)[group.rows].all()
    )
    group = share.groups[index]
    pmf = [dense_pmf(built, arrays, point, area) for area in group.rows]
    weights = weights_of(built, share, index)
    outcomes, chances = enumerated(pmf, weights)
    chances /= chances.sum()
    column = 0
    area = group.rows[column]
    means = []
    for k in range(len(pmf[column])):  # mean of the predictor given an exact count
        count = int(built.counts.lower[area]) + k
        grid = point.eta[area] + np.linspace(-4, 4, 4001)
        left, parts = point.variance[arrays.pattern[area]], 0.0
        for ratio, times in ((1.0, 1 - point.area_params[1]), (SPECIAL_RATIO, point.area_params[1])):
            sd = np.sqrt(left + (ratio * point.area_params[0]) ** 2)
            parts = parts + times * stats.norm.pdf(grid, point.eta[area], sd)
        density = parts * stats.poisson.pmf(count, built.counts.population[area] * np.exp(grid))
        means.append((grid * density).sum() / density.sum())
    expected = sum(chances[outcomes[:, column] == k].sum() * mean for k, mean in enumerate(means))
    error = predictors[:, area].std() / np.sqrt(size)
    assert predictors[:, area].mean() == pytest.approx(expected, abs=4 * error)


def test_without_totals_nothing_is_told_and_effects_are_as_before():
    counts = world("poisson")
    bare = replace(counts, totals=pd.DataFrame())
    built = build_model(bare)
    assert group_sums(built, model_arrays(built, callback_of(built))) is None
