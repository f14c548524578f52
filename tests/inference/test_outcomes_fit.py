"""Several outcomes as one model: what each is, what it was drawn from, and what is refused."""

import numpy as np
import pytest

from bayesmodel.errors import ModelError
from bayesmodel.estimates.linear_predictor import without_own_effect
from bayesmodel.inference import load_fit
from bayesmodel.inference.outcomes_fit import fit_outcomes
from bayesmodel.inference.sampling import fit_model
from bayesmodel.model.build import build_model


@pytest.fixture(scope="module", name="fitted")
def fitted_fixture(world_of_outcomes):
    """Two outcomes of an invented country, fitted as one model, with the linear predictors that are true."""
    counts, truth = world_of_outcomes(areas=150)
    return fit_outcomes(counts), truth


def test_a_model_of_outcomes_converges_and_gives_a_fit_for_each(fitted):
    outcomes, _truth = fitted
    assert outcomes.diagnostics.converged, outcomes.diagnostics
    assert list(outcomes) == ["youth", "wmo"]
    assert [len(fit.design.names) for fit in outcomes.values()] == [2, 1]
    assert outcomes.joint.posterior["correlation_wijk"].dims == ("chain", "draw", "outcome", "other_outcome")


def test_each_fit_has_the_sds_and_effects_of_its_outcome(fitted):
    outcomes, _truth = fitted
    joint = outcomes.joint.posterior
    for name, fit in outcomes.items():
        for variable in ("sd_wijk", "sd_gemeente", "effect_gemeente"):
            assert np.array_equal(fit.posterior[variable], joint[variable].sel(outcome=name)), variable


def test_what_parts_leave_of_the_predictor_is_the_effect_of_the_area(fitted):
    """Intercept, coefficients and effects of groups of one outcome leave an effect with its sd."""
    outcomes, _truth = fitted
    for fit in outcomes.values():
        rows = np.arange(len(fit.counts))
        eta = fit.posterior["linear_predictor"].to_numpy().reshape(-1, len(rows))
        z = (eta - without_own_effect(fit, rows)) / fit.posterior["sd_wijk"].to_numpy().ravel()[:, None]
        assert 0.85 < z.std() < 1.15
        assert abs(z.mean()) < 0.1


def test_intervals_of_every_outcome_hold_the_truth(fitted):
    outcomes, truth = fitted
    held = []
    for fit, true in zip(outcomes.values(), truth, strict=True):
        eta = fit.posterior["linear_predictor"].to_numpy().reshape(-1, len(true))
        held.append(np.mean((np.quantile(eta, 0.05, axis=0) <= true) & (true <= np.quantile(eta, 0.95, axis=0))))
    assert min(held) > 0.8
    assert np.mean(held) > 0.85


def test_three_outcomes_with_eighteen_hyperparameters_are_certified(world_of_outcomes):
    """Proposals of the hyperparameters follow the polynomial: by the t distribution alone a fifth is effective."""
    counts, truth = world_of_outcomes(("youth", "wmo", "assistance"))
    fitted = fit_outcomes(counts)
    assert fitted.diagnostics.converged, fitted.diagnostics
    assert fitted.diagnostics.certificate.effective_share > 0.35
    assert fitted.joint.posterior.sizes["outcome"] == 3
    for fit, true in zip(fitted.values(), truth, strict=True):
        low, high = fit.posterior["linear_predictor"].quantile([0.05, 0.95], ("chain", "draw")).to_numpy()
        assert np.mean((low <= true) & (true <= high)) > 0.8


def test_an_outcome_is_surer_beside_a_correlated_one_than_alone(fitted):
    outcomes, truth = fitted
    alone = fit_model(build_model(outcomes.joined.of_outcomes["wmo"]))
    error = [
        np.sqrt(np.mean((fit.posterior["linear_predictor"].mean(("chain", "draw")).to_numpy() - truth[1]) ** 2))
        for fit in (outcomes["wmo"], alone)
    ]
    spread = [fit.posterior["linear_predictor"].std(("chain", "draw")).mean() for fit in (outcomes["wmo"], alone)]
    assert float(spread[0]) < 0.98 * float(spread[1])
    assert error[0] < error[1]


def test_an_outcome_is_saved_and_loaded_with_where_it_comes_from(fitted, tmp_path):
    fit = fitted[0]["wmo"]
    fit.save(tmp_path / "fit.nc")
    loaded = load_fit(tmp_path / "fit.nc")
    assert loaded.provenance["outcomes"]["outcome"] == "wmo"
    assert loaded.posterior.equals(fit.posterior)
    assert loaded.verdicts().counts.equals(fit.verdicts().counts)


def test_a_family_without_an_effect_of_the_area_and_a_horseshoe_are_refused(world_of_outcomes):
    with pytest.raises(ModelError, match="effect of the area"):
        fit_outcomes(world_of_outcomes(areas=40, gemeenten=6, regions=2, family="beta-binomial")[0])
    priors = {"coefficient": {"kind": "horseshoe"}}
    with pytest.raises(ModelError, match="horseshoe"):
        fit_outcomes(world_of_outcomes(areas=40, gemeenten=6, regions=2, priors=priors)[0])


@pytest.mark.slow
def test_nuts_says_the_same_as_laplace(world_of_outcomes):
    counts, _truth = world_of_outcomes(areas=120, gemeenten=20, regions=6, overdispersion="estimated")
    found = []
    for engine in ("laplace", "nuts"):
        each = {name: one.with_study(_by(one.study, engine)) for name, one in counts.items()}
        fitted = fit_outcomes(each)
        assert fitted.diagnostics.converged, fitted.diagnostics
        found.append(fitted.joint.posterior)
    names = ("intercept", "sd_wijk", "sd_gemeente", "correlation_wijk", "correlation_gemeente", "sd_wijk_outcome")
    for name in (*names, "excess_dispersion_youth", "excess_dispersion_wmo"):
        laplace, nuts = (each[name].to_numpy().reshape(-1, max(each[name][0, 0].size, 1)) for each in found)
        for one, other in zip(laplace.T, nuts.T, strict=True):
            if other.std() > 0:  # not the correlation with itself
                assert abs(one.mean() - other.mean()) < 0.25 * other.std(), name
                assert 0.8 < one.std() / other.std() < 1.25, name


def _by(study, engine):
    """The study with an engine."""
    inference = study.inference.model_copy(update={"engine": engine, "fallback": "none"})
    return study.model_copy(update={"inference": inference})
