"""Several years as one model: what each year is, what it was drawn from, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.errors import ModelError
from bayesmodel.estimates.linear_predictor import without_own_effect
from bayesmodel.inference import load_fit
from bayesmodel.inference.years_fit import YEARS, fit_years
from bayesmodel.laplace.hyperparameters import sds_at_mode
from bayesmodel.testing import invented_fit


def test_a_model_of_years_converges_and_gives_a_fit_for_each(fitted_years):
    fitted, _truth = fitted_years
    assert fitted.diagnostics.converged
    assert list(fitted) == [2021, 2022, 2023]
    assert [fit.study.outcome.year for fit in fitted.values()] == [2021, 2022, 2023]


def test_what_is_left_of_a_year_is_the_effect_of_the_area_and_of_the_area_in_that_year(fitted_years):
    """The parts of a year add up to the same predictor as those of the model they come from."""
    fitted, _truth = fitted_years
    joint, rows = fitted.joint.posterior, np.arange(100)
    areas = joint["effect_wijk"].to_numpy().reshape(-1, 100)
    for index, fit in enumerate(fitted.values()):
        own = fit.posterior["linear_predictor"].to_numpy().reshape(-1, 100) - without_own_effect(fit, rows)
        of_year = own - areas[:, np.argsort(np.argsort(fit.counts.areas.codes))]
        sd = joint["sd_wijk_year"].to_numpy().ravel()
        z = of_year / sd[:, None]
        assert 0.85 < z.std() < 1.15
        assert abs(z.mean()) < 0.1
        assert index == fitted.years.index(fit.study.outcome.year)


def test_sds_of_a_year_add_what_stays_to_what_changes(fitted_years):
    fitted, _truth = fitted_years
    joint, variance = fitted.joint.posterior, fitted.time.variance
    for index, fit in enumerate(fitted.values()):
        expected = np.sqrt(joint["sd_gemeente"] ** 2 + variance[index] * joint["sd_gemeente_time"] ** 2)
        assert np.allclose(fit.posterior["sd_gemeente"], expected)
        assert np.allclose(fit.posterior["sd_wijk"], np.sqrt(joint["sd_wijk"] ** 2 + joint["sd_wijk_year"] ** 2))


def test_intervals_of_every_year_and_of_the_change_hold_the_truth(fitted_years):
    fitted, truth = fitted_years
    eta = [fit.posterior["linear_predictor"].to_numpy().reshape(-1, 100) for fit in fitted.values()]
    pairs = [*zip(eta, truth, strict=True), (eta[2] - eta[0], truth[2] - truth[0])]
    held = [np.mean((np.quantile(x, 0.05, axis=0) <= y) & (y <= np.quantile(x, 0.95, axis=0))) for x, y in pairs]
    assert min(held) > 0.8
    assert np.mean(held) > 0.85


@pytest.fixture(scope="module", name="earlier")
def earlier_fixture(fitted_years, tmp_path_factory):
    """The fits of the first two years, as their files hold them."""
    folder, fits = tmp_path_factory.mktemp("years"), []
    for year in (2021, 2022):
        fitted_years[0][year].save(folder / f"{year}.nc")
        fits.append(load_fit(folder / f"{year}.nc"))
    return fits


def test_a_year_beside_earlier_fits_is_a_fit_of_all_years(fitted_years, earlier, world_of_years, monkeypatch):
    """The same rows, the same posterior; and the search for hyperparameters starts where that of the fits ended."""
    all_at_once, started = fitted_years[0], []
    monkeypatch.setattr(
        "bayesmodel.laplace.engine.sds_at_mode", lambda *args: started.append(args[1]) or sds_at_mode(*args)
    )
    again = fit_years([world_of_years()[0][2]], earlier=earlier)
    assert again.years == all_at_once.years
    for one, other in zip(again.joined.of_years, all_at_once.joined.of_years, strict=True):
        assert one.areas.published.equals(other.areas.published)
        assert np.array_equal(one.upper, other.upper)
    joint, posterior = again.joint.posterior, all_at_once.joint.posterior
    means = [float(posterior[name].mean()) for name in ("sd_gemeente", "sd_wijk", "sd_gemeente_time", "sd_wijk_year")]
    assert set(np.round(means, 6)) <= set(started[0])
    eta, before = (each["linear_predictor"].to_numpy().reshape(-1, 300) for each in (joint, posterior))
    assert np.abs(eta.mean(axis=0) - before.mean(axis=0)).max() < 0.3 * before.std(axis=0).max()
    assert joint["sd_wijk"].mean() == pytest.approx(float(posterior["sd_wijk"].mean()), abs=0.1 * means[1])


def test_what_the_earlier_fits_were_made_with_is_taken_over(earlier, world_of_years):
    study = earlier[1].study
    later = study.model_copy(update={"outcome": study.outcome.model_copy(update={"year": 2024})})
    provenance = {**earlier[0].provenance, YEARS: {**earlier[0].provenance[YEARS], "effects": "independent"}}
    counts = world_of_years()[0][2].with_study(later)
    again = fit_years([counts], earlier=[replace(earlier[0], provenance=provenance)])
    assert again.joint.provenance[YEARS]["effects"] == "independent"


def test_a_fit_of_one_year_alone_is_no_earlier_one(earlier):
    with pytest.raises(ModelError, match="made alone"):
        fit_years([earlier[0].counts], earlier=[invented_fit()])


def test_a_year_is_surer_among_its_neighbours_than_alone(fitted_years):
    from bayesmodel.inference.sampling import fit_model
    from bayesmodel.model.build import build_model

    fitted, _truth = fitted_years
    alone = fit_model(build_model(fitted.joined.of_years[1]))
    spread = [fit.posterior["linear_predictor"].std(("chain", "draw")).mean() for fit in (fitted[2022], alone)]
    assert float(spread[0]) < 0.95 * float(spread[1])


def test_a_year_is_saved_and_loaded_with_where_it_comes_from(fitted_years, tmp_path):
    fit = fitted_years[0][2022]
    fit.save(tmp_path / "fit.nc")
    loaded = load_fit(tmp_path / "fit.nc")
    assert loaded.provenance["years"] == fit.provenance["years"]
    assert loaded.posterior.equals(fit.posterior)
    assert loaded.verdicts().counts.equals(fit.verdicts().counts)


def test_a_family_without_an_effect_of_the_area_is_refused(world_of_years):
    with pytest.raises(ModelError, match="effect of the area"):
        fit_years(world_of_years((2021, 2022), family="beta-binomial")[0])


@pytest.mark.slow
def test_nuts_says_the_same_as_laplace(world_of_years):
    counts, _truth = world_of_years((2021, 2022, 2023), areas=60, model={"overdispersion": "estimated"})
    found = []
    for engine in ("laplace", "nuts"):
        each = [one.with_study(_by(one.study, engine)) for one in counts]
        found.append(fit_years(each).joint.posterior)
    for name in ("intercept", "sd_wijk", "sd_gemeente", "sd_gemeente_time", "sd_wijk_year", "excess_dispersion"):
        laplace, nuts = (each[name].to_numpy().ravel() for each in found)
        assert abs(laplace.mean() - nuts.mean()) < 0.25 * nuts.std(), name
        assert 0.8 < laplace.std() / nuts.std() < 1.25, name


def _by(study, engine):
    """The study with an engine."""
    inference = study.inference.model_copy(update={"engine": engine, "fallback": "none"})
    return study.model_copy(update={"inference": inference})
