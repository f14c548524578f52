"""Effects over the years: sums of zero, one scale, walks that are walks, and the graph and the field of one density."""

import numpy as np
import pytest

from bayesmodel.data.joined_years import join_years
from bayesmodel.laplace.field import latent_field, predictor
from bayesmodel.model.build import build_model
from bayesmodel.model.terms import components_of
from bayesmodel.model.time import TimeStructure, year_basis


@pytest.mark.parametrize("kind", ["walk", "independent"])
@pytest.mark.parametrize("years", [(2020, 2021), (2017, 2021, 2022, 2024), tuple(range(2015, 2025))])
def test_effects_of_years_sum_to_zero_and_are_typically_of_unit_variance(kind, years):
    basis = year_basis(years, kind)
    assert basis.shape == (len(years), len(years) - 1)
    assert np.allclose(basis.sum(axis=0), 0)
    assert np.log((basis**2).sum(axis=1)).mean() == pytest.approx(0, abs=1e-12)


def test_a_walk_has_the_precision_of_its_steps():
    """The covariance is the pseudo-inverse of the precision of steps whose variance is the years between them."""
    years = (2017, 2021, 2022)
    covariance = year_basis(years) @ year_basis(years).T
    precision = np.array([[0.25, -0.25, 0], [-0.25, 1.25, -1], [0, -1, 1]])
    expected = np.linalg.pinv(precision)
    scale = np.exp(np.log(np.diag(expected)).mean())
    assert np.allclose(covariance, expected / scale)


def test_steps_of_a_walk_are_independent_and_as_long_as_the_years_between_them():
    covariance = year_basis((2017, 2021, 2022)) @ year_basis((2017, 2021, 2022)).T
    steps = np.diff(np.eye(3), axis=0)
    found = steps @ covariance @ steps.T
    assert found[0, 1] == pytest.approx(0, abs=1e-12)
    assert found[0, 0] == pytest.approx(4 * found[1, 1])


def test_independent_years_are_all_alike():
    covariance = year_basis((2017, 2021, 2022), "independent")
    covariance = covariance @ covariance.T
    assert np.allclose(np.diag(covariance), 1)
    assert np.allclose(covariance[~np.eye(3, dtype=bool)], -0.5)


@pytest.fixture(scope="module", name="built", params=["apart", "neighbours"])
def built_fixture(request, world_of_years):
    """A model of three years in which areas have a walk too, without and with effects of space that change."""
    space = request.param == "neighbours"
    joined = join_years(world_of_years(model={"space": {}} if space else {})[0])
    study = joined.counts.study
    plain = study.inference.model_copy(update={"parameterisation": "non-centred"})  # raw values are scores then
    counts = joined.counts.with_study(study.model_copy(update={"inference": plain}))
    levels = ("gemeente", "jeugdzorgregio", "wijk")
    time = TimeStructure(joined.years, joined.of_row, year_basis(joined.years), "wijk", levels, space)
    return build_model(counts, time=time)


def test_the_graph_has_the_predictor_of_the_field(built):
    """One linear predictor from one set of scores, in PyMC and in the field, and effects that it is made of."""
    field, rng, model = latent_field(built), np.random.default_rng(3), built.pymc
    names = ["time", *(term.name for term in built.terms if term.name.endswith("time"))]
    point, sds = model.initial_point(), rng.uniform(0.1, 0.4, len(built.terms))
    point |= {name: np.zeros_like(value) for name, value in point.items() if name.startswith("raw_")}
    point |= {"intercept": built.priors.intercept_mean}
    position = np.zeros(len(field.level) + len(field.width))
    point["raw_time"] = position[-3:-1] = rng.normal(size=2)  # the last of all is the intercept
    for number, term in enumerate(built.terms):
        point[f"sd_{term.name}_log__"] = np.log(sds[number])
        if term.name in names:
            if term.name == "space_time":
                columns = [built.space.draw(rng) for _ in range(2)]
                point |= {f"raw_space_time_{k}": column for k, column in enumerate(columns)}
                scores = np.stack(columns, axis=1).ravel()
            else:
                scores = point[f"raw_{term.name}"] = rng.normal(size=len(term))
            inside = np.flatnonzero(field.level == number)
            position[inside] = scores[field.order[inside]]
    graph = model.replace_rvs_by_values([model[f"effect_{name}"] for name in names] + [model["linear_predictor"]])
    *effects, found = model.compile_fn(graph, inputs=model.value_vars, mode="FAST_COMPILE", on_unused_input="ignore")(
        point
    )
    assert np.allclose(found, predictor(field, sds, position))
    year, levels = built.time.of_row, built.counts.areas.levels
    country, *groups = effects[:4]
    expected = built.priors.intercept_mean + country[year]
    for value, level in zip(groups, ("gemeente", "jeugdzorgregio", "wijk"), strict=True):
        expected = expected + value[np.unique(levels[level], return_inverse=True)[1], year]
    if built.space is not None:
        assert len(built.space.connected) < len(effects[4])  # an island's effects sum to zero over the years only
        assert np.allclose(effects[4][built.space.connected].sum(axis=0), 0)
        assert np.allclose(effects[4].sum(axis=1), 0)
        expected = expected + effects[4][np.unique(levels["wijk"], return_inverse=True)[1], year]
    assert np.allclose(found, expected)


def test_only_scores_of_space_have_conditions_to_keep(built):
    components = 0 if built.space is None else len(built.space.sizes)
    assert list(components_of(built.terms))[-1][1] == 3 * components  # those that stay, and those of two years
    assert all(term.columns.max() == len(term) - 1 for term in built.terms)


def test_walks_of_areas_are_not_eliminated_as_if_they_were_independent(built):
    found = {term.name for term in built.terms if term.independent}
    assert found == {"jeugdzorgregio", "gemeente", "wijk"}
