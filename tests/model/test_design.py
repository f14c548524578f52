"""The design: transformations, standardisation, and faults told all at once."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.transforms import transformed
from bayesmodel.errors import DataError
from bayesmodel.model.design import FARTHEST, design_of
from bayesmodel.study.parts import HiddenShare


def with_values(counts, standardise="population", **columns):
    """The areas of invented counts with other determinants: (transform, values) by column."""
    areas, raw = counts.areas, counts.areas.determinants.copy()
    listed = []
    for item in areas.study.determinants:
        transform, values = columns.get(item.column, ("none", raw[item.column].to_numpy()))
        raw[item.column] = values
        listed.append(item.model_copy(update={"transform": transform}))
    model = areas.study.model.model_copy(update={"standardise": standardise})
    study = areas.study.model_copy(update={"determinants": tuple(listed), "model": model})
    return replace(areas, study=study, determinants=raw)


VALUES = np.linspace(1.0, 90.0, 48)


@pytest.mark.parametrize(
    ("transform", "exact"),
    [
        ("none", VALUES),
        ("log", np.log(VALUES)),
        ("sqrt", VALUES**0.5),
        ("logit", np.log((VALUES + 0.5) / (100.5 - VALUES))),
    ],
)
def test_a_transformation_is_its_formula(transform, exact):
    assert np.allclose(transformed(VALUES, transform), exact)


def test_the_logit_takes_every_percentage():
    assert np.isfinite(transformed(np.array([0.0, 100.0]), "logit")).all()


@pytest.mark.parametrize("standardise", ["areas", "population"])
def test_columns_have_mean_nought_and_sd_one(invented_counts, standardise):
    areas = with_values(invented_counts(missing=False), standardise, trait_1=("log", VALUES))
    design = design_of(areas)
    weights = areas.population.to_numpy(float) if standardise == "population" else np.ones(48)
    mean = np.average(design.x, axis=0, weights=weights)
    assert np.allclose(mean, 0, atol=1e-12)
    assert np.allclose(np.average(design.x**2, axis=0, weights=weights), 1)
    assert np.allclose(design.x[:, 1] * design.scale[1] + design.centre[1], np.log(VALUES))


def test_only_known_values_set_the_scale(invented_counts):
    areas = invented_counts().areas
    design = design_of(areas)
    raw, known = areas.determinants["trait_2"].to_numpy(), areas.determinants["trait_2"].notna().to_numpy()
    weights = areas.population.to_numpy(float)[known]
    assert design.centre[2] == pytest.approx(np.average(raw[known], weights=weights))
    assert np.allclose(design.x[known, 2], (raw[known] - design.centre[2]) / design.scale[2])
    assert np.array_equal(design.incomplete, areas.determinants.isna().any(axis=1))


def test_units_do_not_matter(invented_counts):
    counts = invented_counts()
    raw = counts.areas.determinants
    columns = {name: ("none", 1000 * raw[name].to_numpy() - 3) for name in raw}
    assert np.allclose(design_of(with_values(counts, **columns)).x, design_of(counts.areas).x, atol=1e-6)


def test_all_faults_are_told_at_once(invented_counts):
    areas = with_values(
        invented_counts(),
        trait_0=("log", np.where(np.arange(48) < 7, 0.0, VALUES)),
        trait_1=("sqrt", np.where(np.arange(48) == 4, -1.0, VALUES)),
        trait_2=("logit", VALUES + 20),
    )
    with pytest.raises(DataError) as caught:
        design_of(areas)
    assert [fault.where for fault in caught.value.faults] == ["trait_0", "trait_1", "trait_2"]
    assert "in 7: WK000000 (0), WK000001 (0), WK000002 (0), WK000003 (0), WK000004 (0) and 2 more" in str(caught.value)
    assert 'numbers above 0, for transform = "log"' in str(caught.value)


def test_a_determinant_that_does_not_vary_is_refused(invented_counts):
    with pytest.raises(DataError, match="trait_1: found one value in all areas"):
        design_of(with_values(invented_counts(), trait_1=("none", np.full(48, 3.0))))


def test_bounds_of_values_go_by_the_name_of_the_determinant(invented_counts):
    """A study of fewer determinants than the table has bounds of: the null model of the file of 2017 failed on it."""
    areas = invented_counts().areas
    names = list(areas.study.determinant_names)
    other = pd.DataFrame(np.inf, areas.determinants.index, ["another", *names[::-1]])
    assert np.array_equal(design_of(replace(areas, highest=other)).x, design_of(areas).x)
    none = replace(areas, study=areas.study.model_copy(update={"determinants": ()}), highest=other)
    assert design_of(none).x.shape == (len(areas), 0)


def test_a_study_without_determinants(invented_counts):
    design = design_of(invented_counts(determinants=0).areas)
    assert design.x.shape == (48, 0)
    assert not design.incomplete.any()


def test_a_hidden_share_lies_between_nothing_and_its_limit(invented_counts):
    gaps = VALUES < 20
    seen = np.where(gaps, np.nan, VALUES)
    areas = with_values(invented_counts(missing=False), trait_1=("log", seen))
    parts = [
        item.model_copy(update={"hidden": HiddenShare(below=10)}) if item.column == "trait_1" else item
        for item in areas.study.determinants
    ]
    highest = areas.determinants * 0 + np.inf
    highest["trait_1"] = np.where(gaps, 20 * np.linspace(0.1, 1.0, len(VALUES)), np.inf)
    hidden = replace(
        areas, study=areas.study.model_copy(update={"determinants": tuple(parts)}), highest=highest.fillna(np.inf)
    )
    column = list(areas.study.determinant_names).index("trait_1")

    def completed(table):
        design = design_of(table)
        return np.exp(design.x[gaps, column] * design.scale[column] + design.centre[column])

    assert (completed(hidden) < highest.loc[gaps, "trait_1"]).all()
    assert (completed(areas) > highest.loc[gaps, "trait_1"]).any()


def curved(areas, *names):
    """The areas of a study in which some determinants are curved."""
    parts = [item.model_copy(update={"curved": item.column in names}) for item in areas.study.determinants]
    return replace(areas, study=areas.study.model_copy(update={"determinants": tuple(parts)}))


def test_squares_follow_the_determinants_and_are_standardised(invented_counts):
    areas = curved(invented_counts(missing=False).areas, "trait_0", "trait_2")
    design, plain = design_of(areas), design_of(invented_counts(missing=False).areas)
    assert design.names == ("trait_0", "trait_1", "trait_2", "trait_0^2", "trait_2^2")
    assert np.array_equal(design.x[:, :3], plain.x)
    weights = areas.population.to_numpy(float)
    squares = np.minimum(np.abs(plain.x[:, [0, 2]]), FARTHEST) ** 2
    assert np.allclose(design.x[:, 3:] * design.scale[3:] + design.centre[3:], squares)
    assert np.allclose(np.average(design.x, axis=0, weights=weights), 0, atol=1e-12)
    assert np.allclose(np.average(design.x**2, axis=0, weights=weights), 1)
    assert design.determinant_of.tolist() == [0, 1, 2, 0, 2]
    assert np.array_equal(design.linear.x, plain.x)


def test_the_square_of_a_missing_determinant_has_the_moments_of_its_normal(invented_counts):
    """Against 200,000 draws; the second sds are within the error of draws and of the bound at three sds."""
    design = design_of(curved(invented_counts().areas, "trait_1", "trait_2"))
    row = int(np.flatnonzero(design.incomplete & (np.abs(design.x[:, :3]) < 1.2).all(axis=1))[0])
    mean, covariance = design.x[row], design.covariances[design.pattern[row]]
    assert covariance[1:3, 1:3].any()
    drawn = np.random.default_rng(1).multivariate_normal(mean[:3], covariance[:3, :3], 200_000, method="eigh")
    drawn = np.column_stack([drawn, (drawn[:, 1:] ** 2 - design.centre[3:]) / design.scale[3:]])
    assert np.allclose(drawn.mean(axis=0), mean, atol=0.02)
    assert np.allclose(np.cov(drawn.T), covariance, atol=0.03)


def test_areas_that_miss_nothing_have_no_covariance(invented_counts):
    areas = curved(invented_counts().areas, "trait_0", "trait_2")
    design = design_of(areas)
    assert np.array_equal(design.incomplete, areas.determinants.isna().any(axis=1))


def test_one_determinant_at_a_value_and_the_others_at_their_mean(invented_counts):
    design = design_of(curved(invented_counts().areas, "trait_1"))
    found = design.at(np.array([0, 1, 1]), np.array([2.0, 0.0, 9.0]))
    centre, scale = design.centre[3], design.scale[3]
    assert np.allclose(found, [[2, 0, 0, 0], [0, 0, 0, -centre / scale], [0, 9, 0, (FARTHEST**2 - centre) / scale]])


def test_two_values_have_no_curve(invented_counts):
    two = np.where(np.arange(48) == 7, np.nan, np.arange(48) % 2)  # what fills the gap is no third
    areas = with_values(invented_counts(missing=False), trait_1=("none", two))
    with pytest.raises(DataError, match="trait_1: found fewer values; expected values that differ more"):
        design_of(curved(areas, "trait_1"))
