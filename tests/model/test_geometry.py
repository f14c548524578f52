"""Geometry: weights between not centred and centred, deviations that add up to x, axes that are a rotation."""

import numpy as np
import pytest

from bayesmodel.model.build import build_model, information_of

SHAPES = ["none", "few", "many", "crossed"]


@pytest.mark.parametrize("levels", SHAPES)
def test_weights_lie_between_not_centred_and_centred(invented_counts, family, levels):
    centring = build_model(invented_counts(family.name, levels)).geometry.centring
    for weight in centring.values():
        assert (weight >= 0).all()
        assert (weight <= 1).all()


@pytest.mark.parametrize("levels", SHAPES)
def test_deviations_add_up_to_the_determinants(invented_counts, levels):
    built = build_model(invented_counts(levels=levels))
    within, chain = built.geometry.within, built.chains[0] if built.chains else ()
    total = within[-1]
    for group, part in zip(reversed(chain), reversed(within[:-1]), strict=True):
        total = total[group.members] + part
    assert np.allclose(total, built.design.x, atol=1e-12)


@pytest.mark.parametrize("levels", SHAPES)
def test_axes_are_a_rotation(invented_counts, levels):
    axes = build_model(invented_counts(levels=levels)).geometry.axes
    assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-12)


@pytest.mark.parametrize("levels", ["few", "many"])
def test_levels_are_centred_where_their_effects_are_sure_to_be_there(invented_counts, levels):
    none, large = (build_model(invented_counts(levels=levels, effect=e)).geometry.centring for e in (0.0, 0.8))
    for name in ("gemeente", "regio"):
        assert (none[name] == 0).all()
    assert (large["gemeente"] > 0.3).all()


def test_more_people_are_centred_further(invented_counts):
    counts = invented_counts(missing=False)
    weight = build_model(counts).geometry.centring["area"]
    known = counts.observed & (counts.lower == counts.upper)
    order = np.argsort(counts.population[known], kind="stable")
    assert (np.diff(weight[known][order]) >= 0).all()
    assert (weight[~counts.observed] == 0).all()


def test_a_window_tells_less_than_a_count_and_a_missing_count_nothing(invented_counts):
    counts = invented_counts()
    built = build_model(counts)
    information = information_of(counts, built.priors)
    assert (information[~counts.observed] == 0).all()
    wide = counts.observed & (counts.upper > counts.lower)
    chance = counts.population * built.priors.share * (1 - built.priors.share)
    assert (information[wide] < chance[wide]).all()
    assert np.allclose(information[counts.observed & ~wide], chance[counts.observed & ~wide])


@pytest.mark.parametrize(("choice", "weight"), [("centred", 1), ("non-centred", 0)])
def test_the_study_may_force_it(choice, weight):
    from bayesmodel.data import interpret_counts
    from bayesmodel.example import example_areas, example_study

    study = example_study(areas=30, gemeenten=6, regions=2)
    inference = study.inference.model_copy(update={"parameterisation": choice})
    built = build_model(interpret_counts(example_areas(study.model_copy(update={"inference": inference}))))
    assert all((values == weight).all() for values in built.geometry.centring.values())
