"""The design: transformations, standardisation, and faults told all at once."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.data.transforms import transformed
from bayesmodel.errors import DataError
from bayesmodel.model.design import design_of
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
