"""Few areas: the choice of special ones and the field given it are weighed as one, and small countries converge."""

import numpy as np
import pytest
from scipy.special import logsumexp

from bayesmodel import build_model, example_study, fit_model, interpret_counts, read_areas, study_from
from bayesmodel.laplace.factor import predictor_moments, sample_field
from bayesmodel.laplace.field import predictor
from bayesmodel.laplace.joint import log_joint
from bayesmodel.laplace.mode import newton, no_correction, parabola_at, propose, step
from bayesmodel.laplace.problem import recentred
from bayesmodel.laplace.special_choice import SpecialChoice, choose_special

DRAWS = 2000


@pytest.fixture(
    name="here", scope="module", params=[{}, {"space": {"neighbours": "pairs.csv"}}], ids=["levels", "space"]
)
def here_fixture(world, request):
    """A world of two parts, with the mode of its field and the Gaussian there; also with effects of space."""
    made = world("poisson", "many", area_effect="two-part", **request.param)
    none = no_correction(made.model.field)
    joint = log_joint(made.model, made.sds, newton(made.model, made.sds, made.position, 1e-6).position)
    around = parabola_at(made.model.arrays.pattern, none, joint, made.model.missing_slope(joint))
    return made, none, joint, step(made.model, none, made.sds, joint)[0], around


def test_moments_are_those_of_draws(here):
    made, _none, _joint, gaussian, _around = here
    mean, variance = predictor_moments(made.model.field, gaussian, made.sds)
    rng, field = np.random.default_rng(2), made.model.field
    noise = rng.standard_normal((DRAWS, len(field.level) + len(field.width)))
    drawn = np.array([predictor(field, made.sds, sample_field(field, gaussian, each)[0]) for each in noise])
    assert np.abs((drawn.mean(axis=0) - mean) / np.sqrt(variance)).max() < 5 / np.sqrt(DRAWS)
    assert np.abs(drawn.var(axis=0) / variance - 1).max() < 5 * np.sqrt(2 / DRAWS)


def test_areas_are_chosen_as_often_as_is_said_and_none_without_a_count(here):
    made, _none, joint, gaussian, around = here
    rng = np.random.default_rng(3)
    choices = [
        choose_special(made.model, made.sds, gaussian, joint, around.weight, around.response, rng) for _ in range(DRAWS)
    ]
    often, chance = np.mean([each.chosen for each in choices], axis=0), choices[0].chance
    assert np.abs(often - chance).max() < 5 * 0.5 / np.sqrt(DRAWS)
    unknown = made.model.arrays.observed_mask == 0
    assert unknown.any()
    assert (chance[unknown] == 0).all()
    assert (chance[~unknown] > 0).all()
    assert all((each.precision > 0)[~unknown].all() for each in choices)


@pytest.mark.parametrize("given", [0.001, 0.3, 0.97])
def test_the_ratios_of_a_choice_average_to_one(given):
    """Over the choice, the ratio is that of two distributions."""
    chance, none = np.array([0.2]), np.zeros(1)
    yes, no = (
        np.exp(SpecialChoice(np.array([chosen]), chance, none, none).log_ratio(np.array([given])))
        for chosen in (True, False)
    )
    assert 0.2 * yes + 0.8 * no == pytest.approx(1.0)


def test_weights_have_the_mean_of_those_of_the_field_alone(here):
    """Both are the evidence at these sds."""
    made, none, _joint, _gaussian, _around = here
    rng = np.random.default_rng(4)
    logs = {True: [], False: []}
    position = newton(made.model, made.sds, made.position, 1e-6).position
    for few_areas, found in logs.items():
        for _ in range(DRAWS):
            noise = rng.standard_normal(len(position))
            proposal = propose(made.model, made.model, none, made.sds, position, noise, rng=rng, few_areas=few_areas)
            found.append(proposal.log_weight)
    top = max(map(max, logs.values()))
    weights = {few_areas: np.exp(np.array(found) - top) for few_areas, found in logs.items()}
    error = np.sqrt(sum(each.var() / each.mean() ** 2 / DRAWS for each in weights.values()))
    apart = logsumexp(logs[True]) - logsumexp(logs[False])
    assert abs(apart) < 4 * error
    assert error < 0.05


@pytest.mark.parametrize("seed", [0, 1])
def test_a_country_of_sixty_wijken_converges(seed):
    """Gaussians alone leave a tail: nearly all of such countries, with as many determinants, were refused."""
    values = example_study(areas=60, gemeenten=8, regions=2).model_dump()
    values["model"] |= {"family": "poisson", "overdispersion": 1.0}
    values["inference"] |= {"engine": "laplace", "seed": seed, "fallback": "none"}
    fit = fit_model(build_model(interpret_counts(read_areas(study_from(values)))))
    assert fit.diagnostics.converged
    assert fit.diagnostics.certificate.pareto_k < 0.5
    assert fit.diagnostics.certificate.proposals <= 2200


def test_an_estimated_overdispersion_chooses_as_that_one_does(world):
    """Which areas are special, at an excess of a half and where the study says one and a half."""
    chances = []
    for said, more in ((1.5, []), ("estimated", [0.5])):
        made = world("poisson", "many", area_effect="two-part", overdispersion=said)
        few = len(world("poisson", "many", area_effect="two-part").sds)
        sds, none = np.append(made.sds[:few], more), no_correction(made.model.field)
        model = recentred(recentred(made.problem, sds), sds).model
        joint = log_joint(model, sds, newton(model, sds, made.position, 1e-9).position)
        around = parabola_at(model.arrays.pattern, none, joint, model.missing_slope(joint))
        gaussian, rng = step(model, none, sds, joint)[0], np.random.default_rng(3)
        chances.append(choose_special(model, sds, gaussian, joint, around.weight, around.response, rng).chance)
    assert np.allclose(*chances, rtol=1e-3)  # of the quadrature, placed by two searches
    assert chances[0].max() > 0
