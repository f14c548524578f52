"""The whitened density: its gradient, that it is the density of the PyMC model, and what NUTS makes of it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from bayesmodel import build_model, fit_model, interpret_counts, study_from
from bayesmodel.example import example_areas
from bayesmodel.inference import nuts
from bayesmodel.laplace.engine import draws_at, posterior_variables
from bayesmodel.laplace.factor import eliminate, sample_field
from bayesmodel.laplace.field import RIDGE
from bayesmodel.laplace.joint import log_joint
from bayesmodel.laplace.problem import Problem
from bayesmodel.laplace.whitened import field_draw, whitened_density
from bayesmodel.logp.quadrature import gauss_hermite
from bayesmodel.model.space import spatial_structure

SPACE = {"space": {"neighbours": "pairs.csv"}}
KINDS = {
    "poisson": ("poisson", "many", SPACE),
    "two parts": ("poisson", "many", {"area_effect": "two-part"}),
    "no levels": ("binomial", "none", SPACE),
    "dispersion": ("negative-binomial", "crossed", SPACE),
    "share": ("normal-share", "few", SPACE),
}


@pytest.fixture(scope="module", name="density", params=KINDS)
def density_fixture(request, invented_counts):
    """A density with its model, and with so many nodes of quadrature that nothing of its error is left."""
    family, levels, model = KINDS[request.param]
    built = build_model(invented_counts(family, levels, effect=0.4, **model))
    density = whitened_density(built, map)
    return built, replace(density, model=density.model._replace(rule=gauss_hermite(41)))


def test_the_gradient_is_that_of_the_density(density):
    """To three digits: by the sds it comes from differences."""
    _built, density = density
    for seed in (1, 2):
        here = density.start(seed)
        value, gradient = density.log_density(here)
        moves = 1e-5 * np.eye(density.size)
        found = [(density.log_density(here + move)[0] - density.log_density(here - move)[0]) / 2e-5 for move in moves]
        assert np.isfinite(value)
        assert np.allclose(gradient, found, rtol=1e-3, atol=1e-3)


def test_coordinates_are_about_standard_normal(density):
    """At the mode of the sds the density is that of standard normal numbers, as far as counts are normal."""
    _built, density = density
    rng, own = np.random.default_rng(4), density.size - len(density.best)
    coordinates = np.zeros((200, density.size))
    coordinates[:, :own] = rng.normal(size=(200, own))
    values = np.array([density.log_density(each)[0] for each in coordinates])
    assert np.std(values + 0.5 * (coordinates**2).sum(axis=1)) < 0.25 * np.std(values)


def test_it_is_a_draw_of_the_gaussian_and_its_volume_the_density_of_that(density):
    """Mean, determinant and distance of that draw are held against dense algebra in test_factor.py."""
    _built, density = density
    field, around = density.model.field, density.around
    coordinates = density.start(3)
    sds, noise = density.at(coordinates)[0], coordinates[: -len(density.best)]
    here = field_draw(field, around, sds, noise)
    gaussian = eliminate(field, sds, around.weight, around.response, around.precision, around.shift)
    position, distance = sample_field(field, gaussian, noise)
    assert np.allclose(here.position, position, atol=1e-12)
    assert here.log_volume == pytest.approx(0.5 * (distance - noise @ noise) - 0.5 * gaussian.log_determinant)


def test_integrated_over_the_field_it_is_the_evidence_of_the_sds(density):
    """By importance sampling, which Laplace's evidence comes close to, at sds on either side of their mode."""
    _built, density = density
    own = density.size - len(density.best)
    problem = Problem(density.model, density.prior, density.at(np.zeros(density.size))[1])
    noise = np.random.default_rng(6).normal(size=(400, own))
    found, expected, first = [], [], np.arange(len(density.best)) == 0
    for change in (-0.6, 2.0):
        coordinates = np.zeros((800, density.size))
        coordinates[:, :own] = np.concatenate([noise, -noise])
        coordinates[:, own:] = np.linalg.solve(density.axes, first * change)
        values = [density.log_density(each)[0] for each in coordinates]
        found.append(special.logsumexp(values + 0.5 * (coordinates[:, :own] ** 2).sum(axis=1)))
        expected.append(problem.evidence(density.values(coordinates[0]))[0])
    assert np.diff(found) == pytest.approx(np.diff(expected), abs=0.4)  # with ten times the numbers they are .22 apart


def test_an_sd_of_the_other_sign_is_the_same(density):
    """With the scores of its level turned too: the effects, and all that is known of them, are the same."""
    _built, density = density
    field, coordinates = density.model.field, density.start(5)
    for level in range(len(density.model.arrays.level_rate)):
        ratios, signed = density.values(coordinates) / density.best, density.prior.signed
        ratios[level] *= -1
        ratios[:signed] -= 1
        ratios[signed:] = np.log(ratios[signed:])
        other = coordinates.copy()
        other[-len(ratios) :] = np.linalg.solve(density.axes, ratios)
        other[: len(field.level)][field.level == level] *= -1
        assert density.log_density(other)[0] == pytest.approx(density.log_density(coordinates)[0])
        (sds, scores), (turned, others) = density.at(coordinates), density.at(other)
        assert turned[level] == pytest.approx(-sds[level])
        effects, same = sds[field.level] * scores[: len(field.level)], turned[field.level] * others[: len(field.level)]
        assert np.allclose(effects, same, atol=1e-10)


def graph_density(built, density, coordinates):
    """The log density of the PyMC model at coordinates, the areas' own variable summed over."""
    from pytensor.compile.mode import Mode

    plain = Mode(linker="py", optimizer=None)
    model, (sds, scores) = built.pymc, density.at(coordinates)
    draws = draws_at(density.model, sds[None], scores[None])
    values = {name: each[0] for name, each in posterior_variables(built, density.model, draws).items()}
    names = [group.name for chain in built.chains for group in chain]
    point = {"intercept": values["intercept"]}
    point["raw_beta"] = np.linalg.solve(built.geometry.axes, values["beta"]) / built.priors.coefficient_sd
    point |= {f"raw_{name}": values[f"effect_{name}"] / values[f"sd_{name}"] for name in names}
    point |= {"raw_space": values["effect_space"][built.space.areas] / values["sd_space"]}
    parameters = [*(f"sd_{name}" for name in [*names, "space"]), *built.area_parameters]
    point |= {f"{name}_log__": np.log(values[name]) for name in parameters}
    intrinsic = point["raw_space"][built.space.connected]
    ridge = 0.5 * RIDGE * intrinsic @ intrinsic
    jacobian = sum(np.log(values[name]) for name in parameters)
    if built.family.gaussian:
        return float(model.compile_logp(mode=plain)(point)) - jacobian - ridge
    own = model["raw_wijk"]
    rest = [variable for variable in model.basic_RVs if variable not in (own, model["count"])]
    total = float(model.compile_logp(rest, mode=plain)(point | {"raw_wijk": np.zeros(len(built.counts))}))
    machine = model.compile_logp([own, model["count"]], mode=plain, sum=False)
    terms = [sum(machine(point | {"raw_wijk": np.full(len(built.counts), z)})) for z in np.linspace(-8, 8, 1601)]
    return total + special.logsumexp(np.array(terms) + np.log(0.01), axis=0).sum() - jacobian - ridge


def not_centred(built):
    """The same model with scores for effects in its graph."""
    weights = {name: np.zeros(len(weight)) for name, weight in built.geometry.centring.items()}
    return replace(built, geometry=replace(built.geometry, centring=weights))


@pytest.mark.parametrize("family", ["normal-share", "poisson"])
def test_it_is_the_density_of_the_pymc_model(invented_counts, family):
    """Up to a constant, with effects of space: value by value at places away from the mode."""
    counts = invented_counts(family, "few", effect=0.4, **SPACE)
    counts = replace(counts, upper=np.minimum(counts.upper, counts.lower + 2))  # which keeps PyMC's graph small
    built = not_centred(build_model(counts))
    density = whitened_density(built, map)
    density = replace(density, model=density.model._replace(rule=gauss_hermite(41)))
    apart = []
    for seed in (1, 2, 3):
        coordinates = density.start(seed)
        coordinates[-len(density.best) :] *= 0.2  # no sd is below zero
        sds, scores = density.at(coordinates)
        ours = log_joint(density.model, sds, scores).total + density.prior.log_density(sds)
        apart.append(ours - graph_density(built, density, coordinates))
    assert np.ptp(apart) < 1e-6


def test_there_is_no_density_where_there_is_no_gaussian(density):
    _built, density = density
    far = replace(density, best=density.best * 1e200)
    assert not np.isfinite(far.log_density(density.start(1))[0])


def spatial(small_study, **inference):
    """A hundred wijken, neighbours alike."""
    values = small_study(**inference).model_dump(mode="json", exclude_none=True)
    values["model"] |= {"space": {}, "area_effect": "normal"}
    return build_model(interpret_counts(example_areas(study_from(values))))


def test_without_a_mode_the_graph_is_sampled_and_says_so(small_study, monkeypatch):
    def lost(_built, _each):
        raise np.linalg.LinAlgError("no mode")

    said = []
    monkeypatch.setattr("bayesmodel.laplace.whitened.whitened_density", lost)
    monkeypatch.setattr("nutpie.compile_pymc_model", lambda _model: "graph")
    monkeypatch.setattr(nuts, "_run", lambda built, model, _progress: (nuts.density_kind(built), model))
    monkeypatch.setattr(nuts, "_tidy", lambda _built, tree: tree)
    assert nuts.sample(spatial(small_study, tune=None), notify=said.append) == ("graph", "graph")
    assert len(said) == 1
    assert "PyMC" in said[0]


@pytest.mark.slow
def test_nuts_with_effects_of_space_converges_to_the_posterior_of_laplace(small_study):
    by_nuts = fit_model(spatial(small_study, draws=1500, tune=None, target_accept=0.95))
    by_laplace = fit_model(spatial(small_study, engine="laplace", draws=1000, fallback="none"))
    assert by_nuts.diagnostics.converged, by_nuts.diagnostics
    assert by_nuts.provenance["engine"] == "nuts (nutpie) on the whitened density"
    effect = by_nuts.posterior["effect_space"].to_numpy().reshape(-1, len(by_nuts.counts))
    structure = spatial_structure(by_nuts.counts.areas.neighbours, len(by_nuts.counts), islands=True)
    assert set(structure.sizes) != {len(by_nuts.counts)}  # some are islands, whose effects add up to nothing
    for component in range(len(structure.sizes)):
        of_component = effect[:, structure.areas[structure.component == component]]
        assert np.abs(of_component.sum(axis=1)).max() < 1e-6
    for name, found in by_nuts.posterior.items():
        sample = by_laplace.posterior[name]
        mean, sd = sample.mean(("chain", "draw")), sample.std(("chain", "draw"))
        assert (found.min() > 0) == (sample.min() > 0) or not str(name).startswith("sd_")
        # each mean has an error of about a twentieth of an sd
        assert (abs(found.mean(("chain", "draw")) - mean) <= 0.3 * sd).all(), name
        assert (abs(found.std(("chain", "draw")) / sd.where(sd > 0, 1) - (sd > 0)) <= 0.3).all(), name
