"""Effects of neighbours in what is estimated: a step of the waterfall, a part of the variance, and sums that hold."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel import (
    build_model,
    expected,
    fit_model,
    interpret_counts,
    load_fit,
    parameters,
    use,
    variance,
    verdicts,
    waterfall,
)
from bayesmodel.checks.group_loglik import chain_of
from bayesmodel.checks.model_choices import counts_under
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.space_of_groups import field_variance
from bayesmodel.example import example_areas
from bayesmodel.study.toml_file import study_from


@pytest.fixture(scope="module", name="fit")
def fit_fixture(small_study):
    """A fit of a hundred wijken, neighbours alike, by Laplace."""
    values = small_study(engine="laplace", draws=300, fallback="none").model_dump(mode="json", exclude_none=True)
    values["model"] |= {"space": {}, "area_effect": "normal"}
    return fit_model(build_model(interpret_counts(example_areas(study_from(values)))))


def test_effects_sum_to_zero_over_neighbours_and_are_free_on_islands(fit):
    effect = fit.posterior["effect_space"].to_numpy().reshape(-1, len(fit.counts))
    together = np.unique(fit.counts.areas.neighbours)
    alone = np.setdiff1d(np.arange(len(fit.counts)), together)
    assert len(alone) > 0
    assert np.abs(effect[:, together].sum(axis=1)).max() < 1e-6
    assert effect.std(axis=0).min() > 0


def test_neighbours_are_alike(fit):
    effect = fit.posterior["effect_space"].to_numpy().reshape(-1, len(fit.counts))
    first, second = fit.counts.areas.neighbours.T
    nearby = np.square(effect[:, first] - effect[:, second]).mean()
    assert nearby < 0.8 * 2 * np.square(effect).mean()


def test_an_expectation_adds_up_to_the_country(fit):
    people = fit.counts.population
    total = use(fit).samples @ np.ones(len(people))
    assert np.allclose(expected(fit).samples.sum(axis=-1), total, rtol=1e-9)


def test_space_is_a_step_of_the_waterfall_and_a_part_of_the_variance(fit):
    code = str(fit.counts.areas.codes[0])
    found = waterfall(fit, [code])
    assert "space" in found.summary().index.get_level_values(-1)
    shares = variance(fit).summary()["share"]
    assert shares.index.tolist() == ["jeugdzorgregio", "gemeente", "space", "wijk"]
    assert shares.sum() == pytest.approx(1)
    assert "sd_space" in parameters(fit).index


def moved(fit, gemeente, by):
    """Return the fit in which part of a gemeente's effect is effects of space of its wijken instead."""
    draws = fit.posterior.copy(deep=True)
    inside = (fit.counts.areas.levels["gemeente"] == gemeente).to_numpy()
    draws["effect_gemeente"].loc[{"gemeente": gemeente}] -= by
    draws["effect_space"][..., inside] += by
    return replace(fit, tree=xr.DataTree.from_dict({"posterior": draws}))


def test_the_expectation_of_a_gemeente_is_the_same_whether_it_or_its_neighbourhood_is_high(fit):
    gemeente = fit.counts.areas.levels["gemeente"].iloc[0]
    other = moved(fit, gemeente, 0.3)
    assert np.allclose(expected(other, "gemeente").samples, expected(fit, "gemeente").samples, rtol=1e-9)
    regional = (expected(each, "jeugdzorgregio").samples for each in (fit, other))
    assert not np.allclose(*regional, rtol=1e-6)


def test_others_of_a_gemeente_tell_its_neighbourhood_too(fit):
    gemeente = fit.counts.areas.levels["gemeente"].iloc[0]
    own, other = (expected(each, "gemeente_others").samples for each in (fit, moved(fit, gemeente, 0.3)))
    # the variance between gemeenten is another, so that they are shrunk a little differently
    assert np.median(np.abs(other / own - 1)) < 0.01
    assert np.quantile(np.abs(other / own - 1), 0.99) < 0.1


def test_a_step_of_the_waterfall_is_the_expectation_of_its_level(fit):
    code = str(fit.counts.areas.codes[3])
    parts = waterfall(fit, [code]).parts.draws.isel({fit.study.area: 0})
    names = list(parts["part"].to_numpy())
    down_to = parts.isel(part=slice(None, names.index("gemeente") + 1)).sum("part")
    assert np.allclose(down_to, 100 * expected(fit, "gemeente", "share", [code]).draws.isel({fit.study.area: 0}))


def test_the_field_divides_over_groups_and_what_is_within_them(fit):
    field = fit.posterior["effect_space"].to_numpy().reshape(-1, len(fit.counts))
    people = fit.counts.population
    whole = np.square(field) @ people / people.sum()
    for levels in (("gemeente",), ("gemeente", "jeugdzorgregio")):
        parts = field_variance(fit, levels)
        assert min(part.min() for part in parts) >= 0
        assert np.allclose(np.sum(parts, axis=0), whole)


def test_every_area_has_a_verdict_against_the_others_of_its_gemeente(fit):
    assert len(verdicts(fit, "gemeente_others").summary()) == len(fit.counts)


def test_a_saved_fit_is_the_same(fit, tmp_path):
    fit.save(tmp_path / "fit.nc")
    again = load_fit(tmp_path / "fit.nc")
    assert np.array_equal(again.counts.areas.neighbours, fit.counts.areas.neighbours)
    assert np.array_equal(again.posterior["effect_space"], fit.posterior["effect_space"])


def test_neighbours_of_areas_that_are_kept(fit):
    limit = int(np.median(fit.counts.population))
    kept = counts_under(fit.counts, {"exclusions": [{"column": "young", "at_most": limit}]})
    codes, few = fit.counts.areas.codes, kept.areas.codes
    expected_pairs = [tuple(codes[pair]) for pair in fit.counts.areas.neighbours if codes[pair].isin(few).all()]
    assert [tuple(few[pair]) for pair in kept.areas.neighbours] == expected_pairs


def test_a_group_is_not_left_out_as_a_whole(fit):
    with pytest.raises(ComparisonError, match="neighbours"):
        chain_of(fit, "gemeente")
