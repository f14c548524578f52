"""The mode of the field: nothing is steeper there, labels do not matter, and a normal share is exact."""

import numpy as np
import pytest

from bayesmodel.laplace.factor import sample_field
from bayesmodel.laplace.joint import log_joint
from bayesmodel.laplace.mode import newton, no_correction, propose, skewness_correction
from bayesmodel.laplace.problem import with_nodes
from bayesmodel.logp.quadrature import gauss_hermite

from .test_factor import dense


@pytest.mark.parametrize("levels", ["none", "few", "crossed"])
def test_nothing_is_steeper_at_the_mode(world, family, levels):
    here = world(family.name, levels)
    # with few nodes the slope, an expectation over nodes, is not quite that of the value
    model = here.model._replace(rule=gauss_hermite(31))
    mode = newton(model, here.sds, here.position, 1e-9)
    for unit in np.eye(len(mode.position)):
        up, down = (log_joint(model, here.sds, mode.position + move * unit).total for move in (1e-4, -1e-4))
        assert (up - down) / 2e-4 == pytest.approx(0, abs=2e-4)


def test_the_start_does_not_matter(world, family):
    here = world(family.name)
    near, far = (newton(here.model, here.sds, here.position + move, 1e-9) for move in (0.0, 2.0))
    assert np.allclose(near.position, far.position, atol=1e-6)
    assert near.log_evidence == pytest.approx(far.log_evidence, abs=1e-5)


@pytest.mark.parametrize("nodes", ["as many", "few"])
def test_proposals_are_weighted_to_the_joint_density(world, nodes):
    """The weight is the joint density over that of the Gaussian drawn from, as dense algebra has it."""
    here = world("poisson", "many", missing=False)
    near = newton(here.model, here.sds, here.position, 1e-3).position
    rough = here.model if nodes == "as many" else with_nodes(here.model, 3)
    noise = np.random.default_rng(2).normal(size=len(near))
    position, weight, _distance = propose(here.model, rough, no_correction(here.model.field), here.sds, near, noise)
    a, zero = dense(here.model, here.sds)
    joint = log_joint(rough, here.sds, near)
    assert np.allclose(zero + a @ near, joint.eta)
    precision = np.eye(len(noise)) - (a.T * joint.loglik.curvature) @ a
    away = position - near - np.linalg.solve(precision, a.T @ joint.loglik.slope - near)
    log_density = -away @ precision @ away / 2 + np.linalg.slogdet(precision)[1] / 2
    assert weight == pytest.approx(here.joint(position).total - log_density, abs=1e-8)


def test_a_normal_share_of_known_counts_is_exact(invented_counts):
    """Given the sds everything is normal: mean and precision are those of dense least squares, weights do not vary."""
    from bayesmodel.data import Status

    from .conftest import World

    counts = invented_counts("normal-share", "many", missing=False)
    people = counts.population * 10_000  # so many that rounding to whole people is nothing
    known = np.rint(people * 0.1 * np.exp(np.random.default_rng(6).normal(0, 0.2, len(people)))).astype(np.int64)
    areas = type(counts.areas)(**(vars(counts.areas) | {"population": counts.areas.population * 10_000}))
    exact = type(counts)(areas, known, known, np.full(len(people), Status.EXACT))
    here = World(exact)
    mode = newton(here.model, here.sds, here.position, 1e-10)
    a, zero = dense(here.model, here.sds)
    precision = np.eye(a.shape[1]) + a.T @ a / here.sds[-1] ** 2
    mean = np.linalg.solve(precision, a.T @ (known / people - zero) / here.sds[-1] ** 2)
    assert np.allclose(mode.position, mean, atol=1e-5)
    assert mode.gaussian.log_determinant == pytest.approx(np.linalg.slogdet(precision)[1], abs=1e-4)
    rng = np.random.default_rng(1)
    weights = [
        propose(
            here.model, here.model, no_correction(here.model.field), here.sds, mode.position, rng.normal(size=len(mean))
        )[1]
        for _ in range(20)
    ]
    assert np.ptp(weights) < 1e-3


def test_relabelling_areas_changes_nothing(invented_counts):
    from .conftest import World

    counts = invented_counts("binomial", "many")
    order = np.random.default_rng(2).permutation(len(counts))
    areas = counts.areas
    frames = {
        name: getattr(areas, name).iloc[order]
        for name in ("names", "levels", "published", "population", "determinants")
    }
    shuffled = type(counts)(
        type(areas)(**(vars(areas) | frames)), counts.lower[order], counts.upper[order], counts.status[order]
    )
    one, other = World(counts), World(shuffled)
    modes = [newton(here.model, here.sds, here.problem.start, 1e-9) for here in (one, other)]
    assert modes[0].log_evidence == pytest.approx(modes[1].log_evidence, abs=1e-6)
    assert np.allclose(modes[0].position, modes[1].position, atol=1e-6)
    etas = [log_joint(here.model, here.sds, mode.position).eta for here, mode in zip((one, other), modes, strict=True)]
    assert np.allclose(etas[0][order], etas[1], atol=1e-6)


def test_the_bend_makes_weights_more_alike(world):
    here = world("binomial", "many")
    mode, rng = newton(here.model, here.sds, here.position, 1e-9), np.random.default_rng(5)
    noises = rng.normal(size=(400, len(mode.position)))
    plain, corrected = no_correction(here.model.field), skewness_correction(here.model, here.model, here.sds, mode, map)
    spread = [
        np.std([propose(here.model, here.model, correction, here.sds, mode.position, noise)[1] for noise in noises])
        for correction in (plain, corrected)
    ]
    assert spread[1] < 0.8 * spread[0]


def test_a_mode_is_where_its_gaussian_is(world):
    here = world("negative-binomial", "crossed")
    mode = newton(here.model, here.sds, here.position, 1e-9)
    assert np.allclose(
        sample_field(here.model.field, mode.gaussian, np.zeros(len(mode.position)))[0], mode.position, atol=1e-6
    )
