"""Several outcomes: factors of their covariance, its priors, and that field and PyMC graph have one predictor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from bayesmodel.data.joined_outcomes import join_outcomes
from bayesmodel.inference.outcomes_fit import outcomes_model
from bayesmodel.laplace.field import latent_field, predictor
from bayesmodel.model.outcomes import FARTHEST, OutcomePriors, factor_of, shared_and_own

SDS = st.lists(st.floats(0.01, 2), min_size=3, max_size=3).map(np.array)
PARTIAL = st.lists(st.floats(-0.99, 0.99), min_size=3, max_size=3).map(np.array)


@given(SDS, PARTIAL)
def test_any_partial_correlations_give_a_covariance_with_these_sds(sds, partial):
    factor = factor_of(sds, partial)
    assert np.allclose(np.sqrt(np.diag(factor @ factor.T)), sds)
    assert np.allclose(np.triu(factor, 1), 0)
    correlation = factor @ factor.T / np.outer(sds, sds)
    assert correlation[1, 0] == pytest.approx(partial[0], abs=1e-9)
    assert correlation[2, 0] == pytest.approx(partial[1], abs=1e-9)


@given(SDS, PARTIAL)
def test_shared_and_own_parts_make_up_the_covariance(sds, partial):
    factor = factor_of(sds, partial)
    shared, own = shared_and_own(factor)
    whole = shared @ shared.T + own**2 * np.eye(3)
    assert shared.shape == (3, 2)
    assert np.allclose(whole, factor @ factor.T, atol=1e-5 * sds.max() ** 2)


def test_a_stack_of_covariances_is_split_as_each_of_them():
    rng = np.random.default_rng(1)
    factors = factor_of(rng.uniform(0.1, 1, (5, 2)), rng.uniform(-0.9, 0.9, (5, 1)))
    shared, own = shared_and_own(factors)
    each = [shared_and_own(factor) for factor in factors]
    assert np.allclose(shared, [one for one, _ in each])
    assert np.allclose(own, [one for _, one in each])


PRIORS = OutcomePriors(3, np.array([2.0, 5.0]), (False, True), 0.1)


def test_the_slope_of_the_prior_is_that_of_its_density():
    values = PRIORS.unit * np.random.default_rng(2).uniform(0.5, 1.5, len(PRIORS.unit))
    moves = 1e-6 * np.eye(len(values))
    found = [(PRIORS.log_density(values + move) - PRIORS.log_density(values - move)) / 2e-6 for move in moves]
    assert np.allclose(PRIORS.slope(values), found, rtol=1e-5, atol=1e-6)


def test_the_prior_of_two_outcomes_gives_every_correlation_the_same_probability():
    prior = OutcomePriors(2, np.array([2.0]), (True,), 0.1)

    def density(value):
        return float(np.exp(prior.log_density(np.array([1e-12, 1e-12, value])))) / 2.0**2  # of the sds

    for correlation in (-0.5, 0.0, 0.8):
        below = integrate.quad(density, 1e-9, (FARTHEST + np.arctanh(correlation)) ** 2)[0]
        assert below == pytest.approx((1 + correlation) / 2, abs=1e-3)


@pytest.fixture(scope="module", name="built", params=[2, 3])
def built_fixture(request, world_of_outcomes):
    """A model of two and of three outcomes."""
    names = ("youth", "wmo", "assistance")[: request.param]
    return outcomes_model(join_outcomes(world_of_outcomes(names, areas=40, gemeenten=6, regions=2)[0]))


def test_the_graph_has_the_predictor_of_the_field(built):
    """One linear predictor from one set of scores and hyperparameters, in PyMC and in the field."""
    rng, model, field, prior = np.random.default_rng(3), built.pymc, latent_field(built), built.hyperprior
    values = prior.unit * rng.uniform(0.7, 1.3, len(prior.unit))
    sds, fisher = prior.parts(values)
    position = np.zeros(len(field.level) + len(field.width))
    known, extra = len(built.design.names), built.extra_columns.shape[1]
    dense = rng.normal(size=known + extra)
    position[len(field.level) : -1] = dense
    point = model.initial_point() | {"intercept": np.array(built.priors.intercept_mean)}
    point["raw_beta"] = np.linalg.solve(built.geometry.axes, dense[:known])
    point["raw_outcome"] = dense[known:]
    for number, term in enumerate(built.terms):
        scores = rng.normal(size=(len(term) // term.columns.shape[1], term.columns.shape[1]))
        inside = np.flatnonzero(field.level == number)
        position[inside] = scores.ravel()[field.order[inside]]
        half = (1 + np.tanh(fisher[number])) / 2
        point |= {f"raw_{term.name}": scores, f"sd_{term.name}_log__": np.log(sds[number])}
        point[f"raw_correlation_{term.name}_logodds__"] = np.log(half / (1 - half))
    area = built.counts.study.area
    point[f"raw_{area}"] = np.zeros(len(built.counts))
    weight = built.geometry.centring["area"]
    names = ["linear_predictor", f"sd_{area}", *(f"correlation_{term.name}" for term in built.terms)]
    graph = model.replace_rvs_by_values([model[name] for name in names])
    found, own, *correlations = model.compile_fn(
        graph, inputs=model.value_vars, mode="FAST_COMPILE", on_unused_input="ignore"
    )(point)
    expected = predictor(field, prior.sds(values), position)
    # a raw value of zero lies a share of the mean below it where the graph is centred
    expected = expected - own ** (1 - weight) * weight * expected
    known = ~built.design.incomplete  # what is missing widens the own effect
    assert known.any()
    assert np.allclose(found[known], expected[known])
    assert own == pytest.approx(prior.sds(values)[-1])
    for matrix, partial in zip(correlations, np.tanh(fisher), strict=True):
        assert matrix[1, 0] == pytest.approx(partial[0])


def test_sds_and_correlations_of_draws_are_those_of_the_hyperparameters(built):
    rng, prior = np.random.default_rng(4), built.hyperprior
    values = prior.unit * rng.uniform(0.7, 1.3, (6, len(prior.unit)))
    sds, fisher, all_sds = *prior.parts(values), prior.sds(values)
    first = 0
    for number, term in enumerate(built.terms):
        own = all_sds[:, first : first + term.sds]
        found = term.values(own, rng.normal(size=(6, len(term))), all_sds[:, -1])
        first += term.sds
        assert np.allclose(found[f"sd_{term.name}"], sds[:, number])
        assert np.allclose(found[f"correlation_{term.name}"][:, 1, 0], np.tanh(fisher[:, number, 0]))


def test_effects_of_groups_add_up_to_the_predictor(built):
    """Those that a posterior shows, with coefficients and the differences of the outcomes."""
    rng, field, prior = np.random.default_rng(5), latent_field(built), built.hyperprior
    all_sds = prior.sds(prior.unit)
    position = rng.normal(size=len(field.level) + len(field.width))
    beta = position[len(field.level) :] * field.width
    expected = field.intercept_mean + field.x @ beta
    first = 0
    for number, term in enumerate(built.terms):
        inside = np.flatnonzero(field.level == number)
        scores = position[inside[np.argsort(field.order[inside])]][None]
        effects = term.values(all_sds[None, first : first + term.sds], scores, all_sds[-1:])[f"effect_{term.name}"][0]
        expected = expected + effects[term.columns[:, 0] // term.columns.shape[1], built.outcomes.of_row]
        first += term.sds
    assert np.allclose(predictor(field, all_sds, position), expected)
