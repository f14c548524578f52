"""Effects of determinants, curves, what-if and peers: what goes with use, never what causes it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import build_model, example_study, fit_model, interpret_counts, load_fit, model_card, waterfall
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.effects import effect_curve, effects
from bayesmodel.estimates.expectation import keep_totals
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.peers import distances, peers
from bayesmodel.estimates.unknown_determinants import unknown_determinants
from bayesmodel.estimates.what_if import WARNING, what_if
from bayesmodel.example import example_areas
from bayesmodel.model.describe import describe
from bayesmodel.study import study_from
from bayesmodel.testing import invented_fit


def with_transform(fit, transform, centre, spread):
    """The same fit with a first determinant that enters by a transformation."""
    study = fit.study.model_dump()
    study["determinants"][0]["transform"] = transform
    design = replace(fit.design, centre=np.array([centre, 0.0]), scale=np.array([spread, 1.0]))
    return replace(
        fit, design=design, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study_from(study)))
    )


def test_an_effect_is_the_end_of_its_curve_minus_the_start(any_fit):
    found = effects(any_fit, {"divorce": 0.7}).samples[:, 0]
    curve = effect_curve(any_fit, "divorce", [0.0, 0.7]).samples
    assert np.allclose(found, 100 * (curve[:, 1] - curve[:, 0]))


def test_a_standard_deviation_is_one_step_on_the_scale_of_the_model(fit):
    assert np.allclose(effects(fit).samples[:, 1], effects(fit, {"divorce": 1.0}).samples[:, 0])


def test_steps_are_told_in_the_units_of_the_table(fit):
    logged = with_transform(fit, "log", np.log(20_000), 0.5)
    found = effects(logged).draws.sel(determinant="poverty")
    assert found["from"] == pytest.approx(20_000)
    assert found["to"] == pytest.approx(20_000 * np.exp(0.5))
    step = effects(logged, {"poverty": 20_000 * (np.exp(0.5) - 1)})
    assert np.allclose(step.samples[:, 0], effects(logged).samples[:, 0])


def test_the_range_runs_from_one_tenth_to_the_other(fit):
    values = fit.counts.areas.determinants.assign(poverty=np.arange(8.0))
    other = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, determinants=values)))
    found = effects(other, "range").draws
    assert found["from"].sel(determinant="poverty") == pytest.approx(0.7)
    assert found["to"].sel(determinant="poverty") == pytest.approx(6.3)


def test_of_two_values_the_range_is_from_one_to_the_other(fit):
    values = fit.counts.areas.determinants.assign(poverty=[0.0] * 7 + [1.0])
    other = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, determinants=values)))
    found = effects(other, "range").draws.sel(determinant="poverty")
    assert (float(found["from"]), float(found["to"])) == (0.0, 1.0)


def test_unknown_determinants_and_steps_get_help(fit):
    with pytest.raises(UnknownNameError, match="Did you mean poverty"):
        effects(fit, {"povert": 1})
    with pytest.raises(UnknownNameError, match="Known: sd, range"):
        effects(fit, "big")
    with pytest.raises(UnknownNameError, match="Did you mean divorce"):
        effect_curve(fit, "divorces")


def test_a_value_a_determinant_cannot_take_is_refused(fit):
    logged = with_transform(fit, "log", 1.0, 0.5)
    with pytest.raises(ComparisonError, match="cannot be 0, -1"):
        effect_curve(logged, "poverty", [1, 0, -1])
    with pytest.raises(ComparisonError, match="cannot be 0"):
        what_if(logged, to={"poverty": 0})


def test_what_if_nothing_differs_there_is_no_change(any_fit):
    assert np.allclose(what_if(any_fit, by={"poverty": 0.0}).change.samples, 0)


def test_what_if_is_the_expectation_at_the_other_value(any_fit):
    found = what_if(any_fit, to={"poverty": 0.4}, areas="WK000101")
    shifted = replace(
        any_fit, design=replace(any_fit.design, x=np.column_stack([np.full(8, 0.4), any_fit.design.x[:, 1]]))
    )
    before = expected(any_fit, scale="share", areas="WK000101").samples
    keep_totals(shifted, any_fit)
    after = expected(shifted, scale="share", areas="WK000101").samples
    assert np.allclose(found.after.samples, after)
    assert np.allclose(found.change.samples, 100 * (after - before))


def test_a_missing_value_that_is_given_is_uncertain_no_longer(fit):
    mean, area = float(fit.design.x[2, 1]), "WK000102"
    known = what_if(fit, to={"divorce": mean}, areas=area)
    moved = what_if(fit, by={"divorce": 0.0}, areas=area)
    assert (known.after.samples < moved.after.samples).all()  # less variance, a lower mean of the logistic curve


def test_the_warning_travels_with_every_summary(fit):
    found = what_if(fit, by={"poverty": 1.0}, areas="gemeente")
    assert found.summary().attrs["warning"] == WARNING.nl
    assert WARNING.nl in repr(found)
    assert WARNING.nl in found._repr_html_()


def test_a_change_of_nothing_or_twice_is_refused(fit):
    with pytest.raises(ComparisonError, match="Nothing is changed"):
        what_if(fit)
    with pytest.raises(ComparisonError, match="Changed twice"):
        what_if(fit, to={"poverty": 1}, by={"poverty": 1})
    with pytest.raises(UnknownNameError, match="Did you mean poverty"):
        what_if(fit, to={"povert": 1})


def test_distances_are_the_root_mean_square_difference_in_the_predictor_by_determinant(fit):
    beta = fit.posterior["beta"].to_numpy().reshape(-1, 2)
    gaps = (fit.design.x[0] - fit.design.x[1]) * beta
    assert distances(fit, 0)[1] == pytest.approx(np.sqrt((gaps**2).mean(axis=0).sum()))


def test_a_missing_determinant_counts_by_its_variance(fit):
    beta = fit.posterior["beta"].to_numpy().reshape(-1, 2)
    gaps = (fit.design.x[0] - fit.design.x[2]) ** 2 + [0.0, 0.8]
    assert distances(fit, 0)[2] == pytest.approx(np.sqrt(gaps @ (beta**2).mean(axis=0)))


def test_peers_are_the_nearest_others_where_anybody_lives():
    fit = invented_fit(areas=40)
    found = peers(fit, "WK000101", 12)
    everyone = distances(fit, 1)
    lived = fit.counts.population > 0
    assert found.distances.is_monotonic_increasing
    assert "WK000101" not in found.distances.index
    assert np.allclose(found.distances, np.sort(np.delete(np.where(lived, everyone, np.inf), 1))[:12])
    table = found.summary()
    assert table.index[0] == "WK000101"
    assert table["p_lower"].iloc[1:].between(0, 1).all()


def test_no_peers_without_people_or_enough_others(fit):
    with pytest.raises(ComparisonError, match="Nobody lives in WK000300"):
        peers(fit, "WK000300")
    with pytest.raises(ComparisonError, match=r"6 other areas.*asked for 7"):
        peers(fit, "WK000100", 7)
    with pytest.raises(UnknownNameError, match="Did you mean WK000102 or WK000101"):
        peers(fit, "WK00010")


@pytest.fixture(scope="module", name="curved")
def curved_fixture():
    """Laplace of 240 wijken whose use is highest where a determinant is far from its mean, with 24 gaps in it."""
    study = example_study(areas=240, gemeenten=24, regions=3)
    values = study.model_dump(mode="json", exclude_none=True)
    values["determinants"] = [{"column": "bowl", "curved": True}, {"column": "line"}]
    values["model"] |= {"family": "poisson"}
    values["inference"] |= {"engine": "laplace", "fallback": "none"}
    rng, own = np.random.default_rng(4), study_from(values)
    z = rng.normal(size=(240, 2))
    table = example_areas(own.model_copy(update={"determinants": ()}))
    people = table.population.to_numpy()
    drawn = rng.poisson(people * np.exp(-2.2 + 0.2 * z[:, 0] ** 2 - 0.1 * z[:, 1] + rng.normal(0, 0.1, 240)))
    published = np.where(drawn < 10, ".", np.minimum(drawn, people).astype(str))
    z[::10, 0] = np.nan
    known = pd.DataFrame(z, table.codes, ["bowl", "line"])
    published = pd.Series(published, table.codes)
    table = replace(table, study=own, determinants=known, published=published, without_count=frozenset())
    return fit_model(build_model(interpret_counts(table)))


def test_a_curve_is_found(curved):
    assert curved.diagnostics.converged
    low, middle, high = effect_curve(curved, "bowl", [-2.0, 0.0, 2.0]).summary()["mean"]
    assert np.log([low / middle, high / middle]) == pytest.approx(0.8, abs=0.15)  # 0.2 times the square of two
    rise = effects(curved, {"bowl": 2.0}).samples[:, 0]
    curve = effect_curve(curved, "bowl", [float(curved.design.centre[0]), float(curved.design.centre[0]) + 2]).samples
    assert np.allclose(rise, 100 * (curve[:, 1] - curve[:, 0]))


def test_what_if_of_a_curve_is_the_expectation_at_the_other_value(curved):
    codes = curved.counts.areas.codes[:20]
    changed = what_if(curved, to={"bowl": 1.5}, areas=list(codes))
    values = curved.counts.areas.determinants.assign(bowl=1.5)
    x = curved.design.at(
        np.zeros(240, dtype=int), (values["bowl"].to_numpy() - curved.design.centre[0]) / curved.design.scale[0]
    )
    x[:, 1] = curved.design.x[:, 1]
    other = replace(curved, design=replace(curved.design, x=x, covariances=0 * curved.design.covariances))
    keep_totals(other, curved)
    assert np.allclose(changed.after.samples, expected(other, scale="share", areas=list(codes)).samples)
    assert np.allclose(what_if(curved, by={"bowl": 0.0}).change.samples, 0)


def test_a_waterfall_of_a_curve_goes_through_what_is_expected(curved):
    code = str(curved.counts.areas.codes[10])  # one without the determinant
    parts = waterfall(curved, [code]).parts.draws.isel({curved.study.area: 0})
    until = list(parts["part"].to_numpy()).index("jeugdzorgregio")
    wanted = 100 * expected(curved, "determinants", "share", [code]).draws.isel({curved.study.area: 0})
    assert np.allclose(parts.isel(part=slice(None, until)).sum("part"), wanted)


def test_a_curve_is_saved_and_told(curved, tmp_path):
    curved.save(tmp_path / "fit.nc")
    loaded = load_fit(tmp_path / "fit.nc")
    assert loaded.design.names == ("bowl", "line", "bowl^2")
    assert loaded.design.curved == (0,)
    assert np.array_equal(expected(loaded).samples, expected(curved).samples)
    assert unknown_determinants(curved).index.tolist() == ["bowl"]
    assert effects(curved).draws.sizes["determinant"] == 2
    assert "Of 1 the square is in the model too: bowl." in model_card(curved, language="en").markdown
    assert "and the square of 1 of them, up to 3 sds" in describe(build_model(curved.counts))
