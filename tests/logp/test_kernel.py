"""The compiled density: its gradient, and that it is the density of the PyMC model."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from bayesmodel.data import AreaTable, Status
from bayesmodel.logp.density import density_of
from bayesmodel.logp.quadrature import gauss_hermite
from bayesmodel.model.build import build_model
from bayesmodel.model.families import FAMILIES
from bayesmodel.model.priors import SPECIAL_RATIO


def positions(density, number=3):
    """Seeded positions around the start."""
    rng = np.random.default_rng(8)
    return [density.start(seed) + rng.normal(0, 0.1, density.size) for seed in range(number)]


def exact(density):
    """The density with so many nodes of quadrature that nothing of its error is left."""
    return replace(density, rule=gauss_hermite(41))


def differences(density, position, step):
    """The gradient by central differences."""
    moves = step * np.eye(density.size)
    return [
        (density.log_density(position + move)[0] - density.log_density(position - move)[0]) / (2 * step)
        for move in moves
    ]


def partly_centred(built):
    """The same model with every effect centred by a weight of its own."""
    rng = np.random.default_rng(9)
    weights = {name: rng.uniform(0.1, 0.9, len(weight)) for name, weight in built.geometry.centring.items()}
    return replace(built, geometry=replace(built.geometry, centring=weights))


@pytest.mark.parametrize("missing", [False, True], ids=["complete", "missing"])
@pytest.mark.parametrize(
    ("levels", "centred", "sheared"),
    [
        ("none", False, False),
        ("few", False, True),
        ("many", True, False),
        ("crossed", False, True),
        ("crossed", True, False),
    ],
)
def test_the_gradient_is_that_of_the_density(invented_counts, family, levels, centred, sheared, missing):
    built = build_model(invented_counts(family.name, levels, missing))
    density = exact(density_of(partly_centred(built) if centred else built))
    assert (density.arrays.shifted_level >= 0) == sheared
    for position in positions(density, 2):
        value, gradient = density.log_density(position)
        assert np.isfinite(value)
        # a step of 1e-5 in a value of some thousands leaves six digits
        assert np.allclose(gradient, differences(density, position, 1e-5), rtol=2e-5, atol=2e-4)


@pytest.mark.parametrize("missing", [False, True], ids=["complete", "missing"])
def test_the_gradient_where_counts_are_rounded_at_random(invented_counts, rounded_at_random, family, missing):
    density = exact(density_of(build_model(rounded_at_random(invented_counts(family.name, "few", missing)))))
    for position in positions(density, 2):
        gradient = density.log_density(position)[1]
        assert np.allclose(gradient, differences(density, position, 1e-5), rtol=2e-5, atol=2e-4)


@pytest.mark.parametrize("choice", ["centred", "non-centred"])
def test_the_gradient_of_a_forced_parameterisation(invented_counts, choice):
    counts = invented_counts(levels="many")
    inference = counts.study.inference.model_copy(update={"parameterisation": choice})
    study = counts.study.model_copy(update={"inference": inference})
    density = exact(density_of(build_model(replace(counts, areas=replace(counts.areas, study=study)))))
    position = positions(density, 1)[0]
    gradient = density.log_density(position)[1]
    assert np.allclose(gradient, differences(density, position, 1e-5), rtol=2e-5, atol=2e-4)


@pytest.mark.parametrize("name", ["poisson", "binomial"])
@pytest.mark.parametrize("said", [1.5, "estimated"])
def test_the_gradient_with_overdispersion(invented_counts, name, said):
    density = exact(density_of(build_model(invented_counts(name, overdispersion=said))))
    assert density.arrays.cluster_variance.min() > 0
    assert density.arrays.cluster_mean.max() < 0
    for position in positions(density, 2):
        gradient = density.log_density(position)[1]
        assert np.allclose(gradient, differences(density, position, 1e-5), rtol=2e-5, atol=2e-4)


def test_the_gradient_without_determinants(invented_counts):
    density = exact(density_of(build_model(invented_counts(determinants=0))))
    position = positions(density, 1)[0]
    gradient = density.log_density(position)[1]
    assert np.allclose(gradient, differences(density, position, 1e-5), rtol=2e-5, atol=2e-4)


def in_pymc(density, position):
    """A position under the names of the value variables of the PyMC model, without what is the areas' own."""
    built, arrays = density.built, density.arrays
    columns, levels = len(built.design.names), len(arrays.level_rate)
    names = [group.name for chain in built.chains for group in reversed(chain)]
    point = {"intercept": density.variables_at(position)["intercept"], "raw_beta": position[1 : 1 + columns]}
    point |= {f"sd_{name}_log__": np.array(position[1 + columns + v]) for v, name in enumerate(names)}
    groups, start = arrays.level_of, 1 + columns + levels
    raw = position[start : start + len(groups)]
    point |= {f"raw_{name}": raw[groups == v] for v, name in enumerate(names)}
    own = position[-len(built.area_parameters) :]
    return point | {f"{name}_log__": np.array(value) for name, value in zip(built.area_parameters, own, strict=True)}


def own_in_pymc(density, position):
    """Name, areas, mean and sd of the areas' own variable of the PyMC model at a position; no name without one.

    With two parts it has the sd of special areas.
    """
    built, (mean, params, variance) = density.built, density.eval_point(position)
    areas = np.arange(len(mean)) if built.family.area_effect else np.flatnonzero(built.design.incomplete)
    if built.family.gaussian or not len(areas):
        return "", areas, mean, mean
    if not built.family.area_effect:
        return "raw_missing", areas, np.zeros(len(areas)), np.ones(len(areas))
    weight, two_parts = built.geometry.centring["area"], built.parts > 1
    shift, besides = density.arrays.besides(params, variance)
    mean = mean + shift
    sd = np.sqrt((params[0] * (SPECIAL_RATIO if two_parts else 1)) ** 2 + besides)
    if two_parts:
        weight = np.full(len(sd), weight.mean() > 0.5)
        return "raw_wijk", areas, weight * mean, sd
    return "raw_wijk", areas, weight * mean, sd**weight


def integrated(model, density, position):
    """The log-density of the PyMC model with the areas' own variable summed over 1,601 points within eight sds."""
    from pytensor.compile.mode import Mode

    plain = Mode(linker="py", optimizer=None)  # compiled code would take minutes to make
    point = in_pymc(density, position)
    name, areas, mean, sd = own_in_pymc(density, position)
    variables = [model[name], model["count"]] if name else []
    rest = [variable for variable in model.basic_RVs if variable not in variables]
    total = float(model.compile_logp(rest, mode=plain, sum=True)(point | ({name: mean} if name else {})))
    if not name:
        return total
    machine, terms = model.compile_logp(variables, mode=plain, sum=False), []
    for z in np.linspace(-8, 8, 1601):
        own, counts = machine(point | {name: mean + z * sd})
        terms.append(own + counts[areas])
        alone = np.delete(counts, areas).sum()
    return total + alone + special.logsumexp(np.array(terms) + np.log(0.01 * sd), axis=0).sum()


@pytest.mark.parametrize(
    ("name", "levels", "centred", "weighted", "model"),
    [
        ("binomial", "crossed", False, False, {}),
        ("poisson", "many", True, False, {}),
        ("negative-binomial", "few", False, False, {}),
        ("normal-share", "many", True, False, {}),
        ("binomial", "many", False, True, {}),
        ("poisson", "few", False, True, {}),
        ("negative-binomial", "few", True, True, {}),
        ("beta-binomial", "few", False, True, {}),
        ("normal-share", "few", False, True, {}),
        ("poisson", "many", True, False, {"overdispersion": 1.5}),
        ("binomial", "few", False, False, {"overdispersion": 2.0, "area_effect": "normal"}),
        ("poisson", "few", True, False, {"overdispersion": "estimated"}),
        ("binomial", "few", False, False, {"overdispersion": "estimated", "area_effect": "normal"}),
    ],
)
def test_it_is_the_density_of_the_pymc_model(invented_counts, name, levels, centred, weighted, model):
    counts = invented_counts(name, levels, **model)
    # narrow windows keep PyMC's graph small; test_interval_loglik.py has wide ones
    counts = replace(counts, upper=np.minimum(counts.upper, counts.lower + 2))
    if weighted:
        weights = np.random.default_rng(3).uniform(0.2, 1, (len(counts), 3))
        weights *= np.arange(3) <= (counts.upper - counts.lower)[:, None]
        counts = replace(counts, weights=weights)
    built = build_model(counts)
    density = exact(density_of(partly_centred(built) if centred else built))
    graph = density.built.pymc
    for position in positions(density):  # rounding differs by 1e-8 in a sum over 48 areas of about -200
        assert density.log_density(position)[0] == pytest.approx(integrated(graph, density, position), rel=1e-9)


def permuted(counts, order):
    """The same counts with their areas in another order."""
    areas = counts.areas
    parts = ("names", "levels", "published", "population", "determinants")
    shuffled = replace(areas, **{name: getattr(areas, name).iloc[order] for name in parts})
    assert isinstance(shuffled, AreaTable)
    return replace(counts, areas=shuffled, **{n: getattr(counts, n)[order] for n in ("lower", "upper", "status")})


def test_the_order_of_areas_does_not_matter(invented_counts, family):
    counts = invented_counts(family.name, "crossed", missing=False)
    order = np.random.default_rng(2).permutation(len(counts))
    one, other = (density_of(build_model(world)) for world in (counts, permuted(counts, order)))
    # the same axes for both: eigenvectors have a sign of their own
    other = replace(other, arrays=other.arrays._replace(axes=one.arrays.axes))
    position = positions(one, 1)[0]
    assert exact(other).log_density(position)[0] == pytest.approx(exact(one).log_density(position)[0], rel=1e-11)


def test_the_names_of_groups_do_not_matter(invented_counts, family):
    counts = invented_counts(family.name, "many")
    levels = counts.areas.levels.map(lambda code: f"new {code}")
    other = replace(counts, areas=replace(counts.areas, levels=levels))
    position = positions(density_of(build_model(counts)), 1)[0]
    values = [density_of(build_model(world)).log_density(position)[0] for world in (counts, other)]
    assert values[0] == values[1]


def test_windows_of_one_value_are_exact_counts(invented_counts, family):
    """A rounded count of width one is the same observation as a known count."""
    counts = invented_counts(family.name)
    counts = replace(counts, upper=np.where(counts.observed, counts.lower, counts.upper))
    exact = replace(counts, status=np.where(counts.observed, Status.EXACT, counts.status))
    density = density_of(build_model(exact))
    position = positions(density, 1)[0]
    assert density_of(build_model(counts)).log_density(position)[0] == density.log_density(position)[0]
    built, eta = density.built, density.variables_at(position)["linear_predictor"]
    assert FAMILIES[built.family.name] is built.family
    assert eta.shape == (len(counts),)


def test_missing_counts_tell_nothing(invented_counts, family):
    counts = invented_counts(family.name)
    missing = counts.status == Status.MISSING
    other = replace(counts, lower=np.where(missing, 7, counts.lower), upper=np.where(missing, 8, counts.upper))
    position = positions(density_of(build_model(counts)), 1)[0]
    (value, gradient), (same, same_gradient) = (
        density_of(build_model(world)).log_density(position) for world in (counts, other)
    )
    assert value == same
    assert np.array_equal(gradient, same_gradient)
    # nor does it matter of how many people they would be
    density = density_of(build_model(counts))
    more = density.arrays.people * np.where(missing, 3, 1)
    assert replace(density, arrays=density.arrays._replace(people=more)).log_density(position)[0] == value


def test_the_likelihood_is_that_of_the_intervals(invented_counts, family):
    """Hiding one known count moves the density by the difference of its two interval likelihoods."""
    from bayesmodel.model.array_backend import Numpy
    from bayesmodel.model.families.family import log_interval

    counts = invented_counts(family.name, missing=False)
    density = exact(density_of(build_model(counts)))
    position, area = positions(density, 1)[0], 5
    hidden = replace(counts, lower=counts.lower.copy(), upper=counts.upper.copy())
    hidden.lower[area], hidden.upper[area] = 0, 30
    after = density_of(build_model(hidden))
    changed = {name: getattr(after.arrays, name) for name in ("lower", "upper", "constant")}
    other = replace(density, arrays=density.arrays._replace(**changed), approx=after.approx)
    eta, params, _ = density.eval_point(position)
    z = np.linspace(-8, 8, 2001) if family.area_effect else np.zeros(1)
    parts = [(1.0, 1.0)] if len(params) == 1 else [(1 - params[1], 1.0), (params[1], SPECIAL_RATIO)]
    known, window = (
        special.logsumexp(
            [
                log_interval(
                    Numpy(),
                    family,
                    (np.repeat(world.lower[area], len(z)), np.repeat(world.upper[area], len(z))),
                    np.repeat(counts.population[area], len(z)),
                    eta[area] + z * ratio * params[0],
                    np.full(len(z), params[0]),
                )
                - z**2 / 2
                + np.log(share)
                for share, ratio in parts
            ]
        )
        for world in (counts, hidden)
    )
    moved = other.log_density(position)[0] - density.log_density(position)[0]
    assert moved == pytest.approx(window - known, rel=1e-6, abs=1e-8)
