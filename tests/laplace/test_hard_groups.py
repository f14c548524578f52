"""Several tries for the effect of a group: their mean weight is its integral, and the kept one has its distribution."""

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import logsumexp

from bayesmodel.laplace import hard_groups as module
from bayesmodel.laplace.hard_groups import hard_groups
from bayesmodel.laplace.joint import log_joint
from bayesmodel.laplace.mode import newton, no_correction, propose, step
from bayesmodel.logp.arrays import OF_AREAS


@pytest.fixture(
    name="here", scope="module", params=[{}, {"space": {"neighbours": "pairs.csv"}}], ids=["levels", "space"]
)
def here_fixture(world, request):
    """A world of two parts with its Gaussian, and with all groups below others tried; also with effects of space."""
    made = world("poisson", "many", area_effect="two-part", **request.param)
    mode = newton(made.model, made.sds, made.position, 1e-3)
    gaussian = step(
        made.model, no_correction(made.model.field), made.sds, log_joint(made.model, made.sds, mode.position)
    )[0]
    patch = pytest.MonkeyPatch()
    patch.setattr(module, "LEAST", -1.0)
    patch.setattr(module, "MOST", 1.0)
    hard = hard_groups(made.model, [(made.sds, gaussian)], map)
    patch.undo()
    return made, mode, gaussian, hard


def exact(here):
    """Nodes, their log weights over the normal density, and the log density at them: (node, group) each."""
    made, mode, gaussian, hard = here
    nodes, weights = hermegauss(40)
    wide = module._of(made.model, hard.groups, len(nodes))
    z = np.tile(nodes[:, None], (1, len(hard.groups)))
    ratios = wide.log_ratios(made.model, made.sds, gaussian, mode.position, z)
    return z, np.log(weights / weights.sum())[:, None], ratios, wide


def test_a_value_has_the_log_density_of_the_whole_field(here):
    """Two values of one group differ by as much as the joint density does, apart from their Gaussian."""
    made, mode, gaussian, hard = here
    z = np.zeros((hard.tries, len(hard.groups)))
    z[1] = 1.3
    ratios = hard.log_ratios(made.model, made.sds, gaussian, mode.position, z)
    scores = hard.scores(made.model, gaussian, mode.position, z)
    for number, group in enumerate(hard.groups):
        one, other = mode.position.copy(), mode.position.copy()
        one[group], other[group] = scores[0, number], scores[1, number]
        apart = made.joint(other).total - made.joint(one).total + 0.5 * 1.3**2
        assert ratios[1, number] - ratios[0, number] == pytest.approx(apart, abs=1e-8)


def test_the_mean_weight_is_the_integral_and_the_kept_value_has_its_mean(here):
    made, mode, gaussian, hard = here
    z, log_weights, ratios, wide = exact(here)
    integral = logsumexp(ratios + log_weights, axis=0)
    chance = np.exp(ratios + log_weights - integral)
    scores = wide.scores(made.model, gaussian, mode.position, z)
    mean = (chance * scores).sum(axis=0)
    rng = np.random.default_rng(1)
    base = mode.position.copy()
    kept, added = [], []
    for _ in range(400):
        position, more = hard.tried(made.model, made.sds, gaussian, base, rng)
        kept.append(position[hard.groups])
        # the weight of the proposal as a whole, of which these groups are all that varies
        added.append(made.joint(position).total + more)
        assert np.array_equal(np.delete(position, hard.groups), np.delete(base, hard.groups))
    sd = np.sqrt((chance * (scores - mean) ** 2).sum(axis=0))
    assert np.abs((np.mean(kept, axis=0) - mean) / sd).max() < 5 / np.sqrt(400)
    none = base.copy()
    at_zero = hard.scores(made.model, gaussian, base, np.zeros((hard.tries, len(hard.groups))))[0]
    none[hard.groups] = at_zero
    zero_ratios = hard.log_ratios(made.model, made.sds, gaussian, base, np.zeros((hard.tries, len(hard.groups))))[0]
    expected = made.joint(none).total + (integral - zero_ratios).sum()
    error = np.std(np.exp(np.array(added) - expected)) / np.sqrt(400)
    assert np.mean(np.exp(np.array(added) - expected)) == pytest.approx(1, abs=5 * error + 1e-6)


def test_proposals_weigh_more_equally_with_tries(here):
    made, mode, _, hard = here
    none = no_correction(made.model.field)
    spreads = []
    for tried in (None, hard):
        noise = np.random.default_rng(5).standard_normal((200, len(mode.position)))
        if tried is not None:
            noise[:, hard.groups] = 0.0
        rng = np.random.default_rng(6)
        weights = [propose(made.model, made.model, none, made.sds, mode.position, z, tried, rng)[1] for z in noise]
        spreads.append(np.std(weights))
    assert spreads[1] < spreads[0]


def test_tries_change_the_weights_but_not_their_mean(here):
    """The mean weight of proposals is the evidence, however they are made."""
    made, mode, _, hard = here
    none, means, errors = no_correction(made.model.field), [], []
    for tried in (None, hard):
        noise = np.random.default_rng(5).standard_normal((600, len(mode.position)))
        if tried is not None:
            noise[:, hard.groups] = 0.0
        rng = np.random.default_rng(6)
        logs = np.array(
            [propose(made.model, made.model, none, made.sds, mode.position, z, tried, rng).log_weight for z in noise]
        )
        weights = np.exp(logs - mode.log_evidence)
        means.append(weights.mean())
        errors.append(weights.std() / np.sqrt(len(weights)))
    assert means[1] == pytest.approx(means[0], abs=4 * np.hypot(*errors))


def test_groups_that_are_about_normal_are_not_tried(world):
    """Normal effects, counts that are known: no group is far from normal, and without groups there is none to try."""
    for levels in ("many", "none"):
        made = world("poisson", levels)
        mode = newton(made.model, made.sds, made.position, 1e-3)
        joint = log_joint(made.model, made.sds, mode.position)
        gaussian = step(made.model, no_correction(made.model.field), made.sds, joint)[0]
        found = hard_groups(made.model, [(made.sds, gaussian)], map)
        assert found is None or len(found.groups) < len(made.model.field.level) / 2


def test_every_field_of_the_areas_is_repeated(here):
    """Fields with a row for each area are those that tries repeat: a new one must be named in `OF_AREAS`."""
    arrays = here[0].model.arrays
    shapes = {name: np.shape(value) for name, value in zip(arrays._fields, arrays, strict=True)}
    assert {name for name, shape in shapes.items() if shape[:1] == arrays.people.shape} == set(OF_AREAS)
