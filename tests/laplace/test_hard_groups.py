"""Effects of groups drawn from a spline through their likelihood: nearly their own distribution, and weighed."""

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import logsumexp

from bayesmodel.laplace import hard_groups as module
from bayesmodel.laplace.hard_groups import GRID, NODES, hard_groups, spline_matrix
from bayesmodel.laplace.joint import log_joint
from bayesmodel.laplace.mode import newton, no_correction, propose, step
from bayesmodel.logp.arrays import OF_AREAS


@pytest.fixture(
    name="here", scope="module", params=[{}, {"space": {"neighbours": "pairs.csv"}}], ids=["levels", "space"]
)
def here_fixture(world, request):
    """A world of two parts with its Gaussian, and all groups below others taken as hard; also with effects of space."""
    made = world("poisson", "many", area_effect="two-part", **request.param)
    mode = newton(made.model, made.sds, made.position, 1e-3)
    gaussian = step(
        made.model, no_correction(made.model.field), made.sds, log_joint(made.model, made.sds, mode.position)
    )[0]
    patch = pytest.MonkeyPatch()
    patch.setattr(module, "MOST", 1.0)
    hard = hard_groups(made.model, [(made.sds, gaussian)], map, left=-1.0)
    patch.undo()
    return made, mode, gaussian, hard


def exact(here):
    """Nodes, their log weights over the normal density, and the log density at them: (node, group) each."""
    made, mode, gaussian, hard = here
    nodes, weights = hermegauss(40)
    wide = module.groups_at(made.model, hard.groups, len(nodes))
    z = np.tile(nodes[:, None], (1, len(hard.groups)))
    ratios = wide.log_ratios(made.model, made.sds, gaussian, mode.position, z)
    return z, np.log(weights / weights.sum())[:, None], ratios, wide


def test_a_value_has_the_log_density_of_the_whole_field(here):
    """Two values of one group differ by as much as the joint density does, apart from their Gaussian."""
    made, mode, gaussian, hard = here
    z = np.zeros((len(NODES), len(hard.groups)))
    z[1] = 1.3
    ratios = hard.log_ratios(made.model, made.sds, gaussian, mode.position, z)
    scores = hard.scores(made.model, gaussian, mode.position, z)
    for number, group in enumerate(hard.groups):
        one, other = mode.position.copy(), mode.position.copy()
        one[group], other[group] = scores[0, number], scores[1, number]
        apart = made.joint(other).total - made.joint(one).total + 0.5 * 1.3**2
        assert ratios[1, number] - ratios[0, number] == pytest.approx(apart, abs=1e-8)


def test_a_drawn_value_has_its_mean_and_a_weight_that_hardly_varies(here):
    made, mode, gaussian, hard = here
    z, log_weights, ratios, wide = exact(here)
    integral = logsumexp(ratios + log_weights, axis=0)
    chance = np.exp(ratios + log_weights - integral)
    scores = wide.scores(made.model, gaussian, mode.position, z)
    mean = (chance * scores).sum(axis=0)
    rng = np.random.default_rng(1)
    base = mode.position.copy()
    drawn, logs = [], []
    for _ in range(400):
        position, more = hard.drawn(made.model, made.sds, gaussian, base, rng)
        drawn.append(position[hard.groups])
        # the weight of the proposal as a whole, of which these groups are all that varies
        logs.append(made.joint(position).total + more)
        assert np.array_equal(np.delete(position, hard.groups), np.delete(base, hard.groups))
    sd = np.sqrt((chance * (scores - mean) ** 2).sum(axis=0))
    assert np.abs((np.mean(drawn, axis=0) - mean) / sd).max() < 5 / np.sqrt(400)
    none = base.copy()
    zero = np.zeros((len(NODES), len(hard.groups)))
    none[hard.groups] = hard.scores(made.model, gaussian, base, zero)[0]
    zero_ratios = hard.log_ratios(made.model, made.sds, gaussian, base, zero)[0]
    weights = np.exp(np.array(logs) - made.joint(none).total - (integral - zero_ratios).sum())
    assert np.std(weights) < 0.1
    assert np.mean(weights) == pytest.approx(1, abs=5 * np.std(weights) / np.sqrt(400) + 1e-6)


def test_a_spline_goes_through_its_nodes_and_straight_on_beyond_them():
    matrix = spline_matrix(NODES, np.append(NODES, [-7.0, -6.0]))
    values = np.sin(NODES)
    found = matrix @ values
    assert found[:-2] == pytest.approx(values)
    slope = (spline_matrix(NODES, NODES[:1] + 1e-6) @ values - values[0]) / 1e-6
    assert found[-2:] == pytest.approx(values[0] + slope * (np.array([-7.0, -6.0]) - NODES[0]), abs=1e-4)
    # a log density that is quadratic is nearly what the spline makes of it
    assert spline_matrix(NODES, GRID[16:-16]) @ NODES**2 == pytest.approx(GRID[16:-16] ** 2, abs=0.5)


def test_proposals_weigh_more_equally(here):
    made, mode, _, hard = here
    none = no_correction(made.model.field)
    spreads = []
    for groups in (None, hard):
        noise = np.random.default_rng(5).standard_normal((200, len(mode.position)))
        if groups is not None:
            noise[:, hard.groups] = 0.0
        rng = np.random.default_rng(6)
        weights = [propose(made.model, made.model, none, made.sds, mode.position, z, groups, rng)[1] for z in noise]
        spreads.append(np.std(weights))
    assert spreads[1] < spreads[0]


def test_drawing_so_changes_the_weights_but_not_their_mean(here):
    """The mean weight of proposals is the evidence, however they are made."""
    made, mode, _, hard = here
    none, means, errors = no_correction(made.model.field), [], []
    for groups in (None, hard):
        noise = np.random.default_rng(5).standard_normal((600, len(mode.position)))
        if groups is not None:
            noise[:, hard.groups] = 0.0
        rng = np.random.default_rng(6)
        logs = np.array(
            [propose(made.model, made.model, none, made.sds, mode.position, z, groups, rng).log_weight for z in noise]
        )
        weights = np.exp(logs - mode.log_evidence)
        means.append(weights.mean())
        errors.append(weights.std() / np.sqrt(len(weights)))
    assert means[1] == pytest.approx(means[0], abs=4 * np.hypot(*errors))


def test_groups_that_are_about_normal_are_not_hard(world):
    """Normal effects, counts that are known: no group is far from normal, and without groups there is none."""
    for levels in ("many", "none"):
        made = world("poisson", levels)
        mode = newton(made.model, made.sds, made.position, 1e-3)
        joint = log_joint(made.model, made.sds, mode.position)
        gaussian = step(made.model, no_correction(made.model.field), made.sds, joint)[0]
        found = hard_groups(made.model, [(made.sds, gaussian)], map)
        assert found is None or len(found.groups) < len(made.model.field.level) / 2


def test_every_field_of_the_areas_is_repeated(here):
    """Fields with a row for each area are repeated for each value: a new one must be named in `OF_AREAS`."""
    arrays = here[0].model.arrays
    shapes = {name: np.shape(value) for name, value in zip(arrays._fields, arrays, strict=True)}
    assert {name for name, shape in shapes.items() if shape[:1] == arrays.people.shape} == set(OF_AREAS)
