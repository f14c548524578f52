"""Effects drawn from their own conditional: what is weighed is the density of the draw, which is near the truth."""

import numpy as np
import pytest
from scipy.special import logsumexp

from bayesmodel.data.joined_years import join_years
from bayesmodel.laplace.factor import sample_field
from bayesmodel.laplace.joint import log_joint
from bayesmodel.laplace.leaf_effects import leaf_effects
from bayesmodel.laplace.mode import newton, no_correction, propose, spread_of_weights, step
from bayesmodel.laplace.problem import problem_of, recentred
from bayesmodel.model.build import build_model
from bayesmodel.model.time import TimeStructure, year_basis


@pytest.fixture(scope="module", name="world")
def world_fixture(world_of_years):
    """Areas over three years, so that each has an effect that stays: the problem, sds, and the mode there."""
    joined = join_years(world_of_years()[0])
    time = TimeStructure(joined.years, joined.of_row, year_basis(joined.years), "wijk", ("gemeente",))
    problem = problem_of(build_model(joined.counts, time=time))
    sds = np.array([0.1, 0.2, 0.3, 0.1, 0.1])
    problem = recentred(problem, sds)
    mode = newton(problem.model, sds, problem.start, 1e-6)
    return problem.model, sds, mode, leaf_effects(problem.model, sds, mode.position)


def at_mean(model, sds, mode, rng):
    """The Gaussian, and a position in which the leaves are at their mean given the rest, which is drawn."""
    gaussian = step(model, no_correction(model.field), sds, log_joint(model, sds, mode.position))[0]
    leaves = leaf_effects(model, sds, mode.position)
    noise = rng.standard_normal(len(mode.position))
    noise[leaves.groups] = 0.0
    return gaussian, sample_field(model.field, gaussian, noise)[0]


def test_leaves_are_the_areas_each_with_its_own_rows(world):
    model, _sds, _mode, leaves = world
    assert len(leaves.groups) == 100
    assert np.bincount(leaves.group).tolist() == [3] * 100
    assert np.array_equal(np.sort(leaves.areas), np.arange(len(model.field.x)))


def test_the_density_that_is_weighed_is_that_of_the_draw(world):
    model, sds, mode, leaves = world
    rng = np.random.default_rng(2)
    gaussian, position = at_mean(model, sds, mode, rng)
    z, small = rng.standard_normal(len(leaves.groups)), 1e-5
    (low, _), (here, relative), (high, _) = (
        leaves.drawn(model, sds, gaussian, position, z + shift) for shift in (-small, 0.0, small)
    )
    slope = (high - low)[leaves.groups] / (2 * small)
    assert np.log(slope).sum() + 0.5 * np.log(gaussian.diagonal[leaves.groups]).sum() == pytest.approx(relative)
    others = np.setdiff1d(np.arange(len(position)), leaves.groups)
    assert np.array_equal(here[others], position[others])


def test_a_draw_is_at_the_mean_of_the_exact_conditional_and_as_wide(world):
    """Mean and sd of one effect given all the rest, by a grid over its exact density."""
    model, sds, mode, leaves = world
    gaussian, position = at_mean(model, sds, mode, np.random.default_rng(5))
    rng = np.random.default_rng(6)
    draws = np.array(
        [leaves.drawn(model, sds, gaussian, position, rng.standard_normal(100))[0][leaves.groups] for _ in range(400)]
    )
    for number in (3, 40, 77):
        grid = np.linspace(draws[:, number].min() - 1.0, draws[:, number].max() + 1.0, 161)
        every = np.tile(position, (len(grid), 1))
        every[:, leaves.groups[number]] = grid
        logs = np.array([log_joint(model, sds, each).total for each in every])
        mass = np.exp(logs - logsumexp(logs))
        mean = mass @ grid
        sd = np.sqrt(mass @ (grid - mean) ** 2)
        assert draws[:, number].mean() == pytest.approx(mean, abs=0.2 * sd)
        assert draws[:, number].std() == pytest.approx(sd, rel=0.12)


def test_weights_vary_less_and_say_the_same_of_the_evidence(world):
    model, sds, mode, leaves = world
    none = no_correction(model.field)
    plain, apart = (spread_of_weights(model, model, none, sds, mode.position, map, each) for each in (None, leaves))
    assert apart < 0.7 * plain
    rng = np.random.default_rng(8)
    noise = rng.standard_normal((400, len(mode.position)))
    logs = [
        [propose(model, model, none, sds, mode.position, z, leaves=each).log_weight for z in noise]
        for each in (None, leaves)
    ]
    evidence = [logsumexp(each) for each in logs]
    assert evidence[0] == pytest.approx(evidence[1], abs=4 * np.std(logs[0]) / np.sqrt(len(noise)))


def test_there_are_none_where_there_are_no_groups(invented_counts):
    problem = problem_of(build_model(invented_counts("poisson", "none")))
    assert leaf_effects(problem.model, problem.prior.unit, problem.start) is None
