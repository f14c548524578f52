"""The waterfall: parts that add up on every draw, whatever the family; in the country determinants add nothing."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.decomposition import CHANCE, COUNTRY, UNKNOWN, components_of, country_average
from bayesmodel.estimates.expectation import country_factor, expectation_named
from bayesmodel.estimates.expected import averaged_share
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.waterfall import waterfall
from bayesmodel.testing import invented_fit

PLACES = {"one": ["WK000102"], "some": ["WK000100", "WK000102", "GM0003"]}


def part(found, name):
    return found.parts.draws.sel(part=name).to_numpy().reshape(-1, found.parts.draws.shape[2])


@pytest.mark.parametrize("scale", ["points", "count"])
def test_parts_add_up_to_actual_use_on_every_draw(any_fit, scale):
    share = {"points": 100.0, "count": 1.0}[scale]
    whole = aggregate(any_fit, PLACES, "use.actual", "share" if scale == "points" else "count").samples * share
    assert np.allclose(waterfall(any_fit, PLACES, scale).total.samples, whole, atol=1e-9, rtol=0)


def test_steps_lie_between_the_named_expectations(any_fit):
    found = waterfall(any_fit, PLACES)
    running = np.cumsum(found.parts.samples, axis=2)
    names = [component.name for component in found.components]
    for name, what in (
        (UNKNOWN, "expected.determinants"),
        ("regio", "expected.regio"),
        ("gemeente", "expected.gemeente"),
        ("wijk", "use.underlying"),
        (CHANCE, "use.actual"),
    ):
        exact = 100 * aggregate(any_fit, PLACES, what, "share").samples
        assert np.allclose(running[:, :, names.index(name)], exact, atol=1e-9)


def test_the_country_starts_at_its_mean_and_has_no_determinants(any_fit):
    found = waterfall(any_fit, None)
    mean = 100 * aggregate(any_fit, None, "expected.determinants", "share").samples
    assert np.allclose(part(found, COUNTRY), mean)
    for block in ("means", "family", UNKNOWN):
        assert np.allclose(part(found, block), 0, atol=1e-9)


def test_groups_are_the_sums_of_their_areas(any_fit):
    together = waterfall(any_fit, {"both": ["WK000101", "WK000102"]}, "count").parts.samples[:, 0]
    apart = waterfall(any_fit, ["WK000101", "WK000102"], "count").parts.samples.sum(axis=1)
    assert np.allclose(together, apart)


def test_blocks_share_by_what_they_add_to_the_predictor(fit):
    found, profile = waterfall(fit, "WK000101"), country_average(fit)
    beta = fit.posterior["beta"].to_numpy().reshape(-1, 2)
    added = beta * (fit.design.x[1] - profile.x)
    ratio = part(found, "means")[:, 0] / part(found, "family")[:, 0]
    assert np.allclose(ratio, added[:, 0] / added[:, 1])


def test_the_profile_is_where_the_country_is_expected_to_be(any_fit):
    profile = country_average(any_fit)
    intercept = any_fit.posterior["intercept"].to_numpy().ravel()
    beta = any_fit.posterior["beta"].to_numpy().reshape(-1, 2)
    own = np.zeros(len(beta))
    for name in ("gemeente", "regio", *(["wijk"] if any_fit.family.area_effect else [])):
        own += any_fit.posterior[f"sd_{name}"].to_numpy().ravel() ** 2
    eta = intercept + (profile.x * beta).sum(axis=1)
    factor = country_factor(any_fit, expectation_named(any_fit.study, "determinants"), averaged_share)
    assert np.allclose(factor * any_fit.family.marginal_mean(eta, own), profile.share, atol=1e-10)


def test_a_known_count_has_no_interval_in_all_and_a_hidden_one_has(fit):
    table = waterfall(fit, ["WK000101", "WK000102"]).summary()
    assert table.loc[("WK000101", "total"), "sd"] == pytest.approx(0, abs=1e-9)
    assert table.loc[("WK000102", "total"), "sd"] > 1
    means = table["mean"].drop("total", level="part").groupby(level=0).sum()
    assert np.allclose(means, table["mean"].xs("total", level="part"))


def test_directions_are_sums_of_their_parts(fit):
    found = waterfall(fit, PLACES)
    directions = found.by_direction()
    assert directions.draws["direction"].to_numpy().tolist() == ["none", "statistical"]
    assert np.allclose(directions.samples.sum(axis=2), found.gap.samples)
    assert np.allclose(directions.draws.sel(direction="statistical"), found.parts.draws.sel(part=CHANCE))


def test_nobody_has_no_waterfall(fit):
    with pytest.raises(ComparisonError, match="WK000300"):
        waterfall(fit, ["WK000100", "WK000300"])


def test_the_mean_is_called_after_what_the_study_covers(fit):
    def told(fit):
        return components_of(fit)[0].label

    def with_tables(areas):
        made = invented_fit(areas=areas)
        study = made.study.model_copy(update={"example": None})
        return replace(made, counts=replace(made.counts, areas=replace(made.counts.areas, study=study)))

    assert told(fit).nl == "landelijk gemiddelde"
    assert told(with_tables(8)).nl == "gemiddelde van het onderzoeksgebied"
    assert told(with_tables(6)).en == "mean of Regio 01"
    assert told(with_tables(3)).en == "mean of Gemeente 0001"


def test_determinants_without_any_block_are_not_called_other(fit):
    def labels(blocks):
        parts = [
            each.model_copy(update={"block": block}) for each, block in zip(fit.study.determinants, blocks, strict=True)
        ]
        study = fit.study.model_copy(update={"determinants": tuple(parts)})
        other = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study)))
        return {component.name: component.label.en for component in components_of(other)}

    assert labels([None, None])["rest"] == "determinants"
    assert labels(["means", None])["rest"] == "other determinants"
