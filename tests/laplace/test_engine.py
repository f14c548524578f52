"""The engine from a built model to a fit: the posterior of NUTS, certified; the same by seed; back from disk."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel import Study, fit
from bayesmodel.data import interpret_counts
from bayesmodel.errors import ModelError
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.use import use
from bayesmodel.example import example_areas, example_study
from bayesmodel.inference.sampling import fit_model
from bayesmodel.inference.storage import load_fit
from bayesmodel.logp.density import variables_of
from bayesmodel.model.build import build_model


def fitted(counts, **inference):
    """The fit of counts with other settings of inference."""
    return fit_model(build_model(with_inference(counts, **inference)))


def with_inference(counts, **inference):
    """The same counts in a study with other settings of inference."""
    study = counts.study
    changed = study.inference.model_copy(
        update={"engine": "laplace", "fallback": "none", "chains": 4, "draws": 250, **inference}
    )
    areas = type(counts.areas)(**(vars(counts.areas) | {"study": study.model_copy(update={"inference": changed})}))
    return type(counts)(areas, counts.lower, counts.upper, counts.status)


@pytest.fixture(scope="module")
def counts(small_study):
    """Counts of a hundred wijken, some of them hidden."""
    return interpret_counts(example_areas(small_study()))


@pytest.fixture(scope="module")
def laplace_fit(counts):
    """A Laplace fit of them."""
    return fitted(counts)


@pytest.mark.parametrize("levels", ["none", "few", "many", "crossed"])
def test_every_family_and_every_shape_of_levels_has_its_posterior(invented_counts, family, levels):
    fit = fitted(invented_counts(family.name, levels, missing=False))
    # the crossed level has three groups and an sd that may be zero, where a surface over the sds may fail and says so
    assert fit.diagnostics.certificate.effective > 400 or levels == "crossed"
    assert fit.diagnostics.converged or all("nuts" in problem for problem in fit.diagnostics.problems)
    assert fit.diagnostics.certificate.quadrature_error < 0.01
    built = build_model(fit.counts)
    found = {str(name): values.dims for name, values in fit.posterior.items()}
    assert found == {name: ("chain", "draw", *dims) for name, dims in variables_of(built).items()}
    for dim, codes in built.coords.items():
        assert dim not in fit.posterior.dims or tuple(fit.posterior[dim].to_numpy()) == codes


@pytest.mark.parametrize("seed", [1, 2017])
def test_small_countries_are_found_from_afar(seed):
    """Once a first step to sds of 400 ended in a traceback."""
    study = example_study(areas=300, gemeenten=60, regions=15, seed=seed)
    model = study.model.model_copy(update={"overdispersion": 1.0})
    counts = interpret_counts(example_areas(study.model_copy(update={"model": model})))
    assert fitted(counts).diagnostics.certificate.effective_share > 0.8


def test_no_mode_is_said_so(counts, monkeypatch):
    def lost(*_):
        raise np.linalg.LinAlgError("Array must not contain infs or NaNs.")

    monkeypatch.setattr("bayesmodel.laplace.engine.sds_at_mode", lost)
    with pytest.raises(ModelError, match="nuts"):
        fitted(counts)


def test_without_a_correction_the_posterior_is_the_same(counts, laplace_fit, monkeypatch):
    """Where the precision at the mode is not positive definite, for instance."""

    def lost(*_):
        raise np.linalg.LinAlgError("Matrix is not positive definite.")

    monkeypatch.setattr("bayesmodel.laplace.engine.skewness_correction", lost)
    fit = fitted(counts)
    assert fit.diagnostics.certificate.effective_share > 0.05
    sd = laplace_fit.posterior["intercept"].std()
    assert abs(fit.posterior["intercept"].mean() - laplace_fit.posterior["intercept"].mean()) < 0.4 * sd


def test_the_posterior_is_that_of_nuts(counts, laplace_fit):
    """Means within 0.25 sd of each other: a thousand draws against about as many effective ones, at five errors."""
    assert laplace_fit.diagnostics.converged, laplace_fit.diagnostics.problems
    other = fitted(counts, engine="nuts", draws=3000, tune=1000, target_accept=0.99, seed=1)
    assert other.diagnostics.rhat_max < 1.01  # a chain that had lost itself in the funnel of three regions would not do
    for name, values in other.posterior.items():
        known = values.to_numpy().reshape(12000, -1)
        found = laplace_fit.posterior[name].to_numpy().reshape(1000, -1)
        assert np.abs((found.mean(axis=0) - known.mean(axis=0)) / known.std(axis=0)).max() < 0.25, name
        # of nine in ten draws: the sd of three regions has a tail that a thousand draws do not measure
        widths = [np.diff(np.quantile(draws, [0.05, 0.95], axis=0), axis=0) for draws in (found, known)]
        assert np.abs(np.log(widths[0] / widths[1])).max() < 0.25, name


def test_the_predictor_is_the_sum_of_its_parts(laplace_fit):
    """What is left after intercept, determinants and effects is the wijk's own: of mean nought and its own sd."""
    posterior, levels = laplace_fit.posterior, laplace_fit.counts.areas.levels
    rest = posterior["linear_predictor"] - posterior["intercept"]
    rest = rest.to_numpy() - posterior["beta"].to_numpy() @ laplace_fit.design.x.T
    for level in levels:
        rest = rest - posterior[f"effect_{level}"].sel({level: levels[level].to_numpy()}).to_numpy()
    scores = (rest / posterior["sd_wijk"].to_numpy()[..., None])[:, :, ~laplace_fit.design.incomplete]
    assert abs(scores.mean()) < 0.1
    assert scores.std() == pytest.approx(1, abs=0.1)


def test_estimates_work_as_with_nuts(laplace_fit):
    assert np.isfinite(expected(laplace_fit, "gemeente").draws).all()
    actual = use(laplace_fit, "actual").draws
    assert ((actual >= laplace_fit.counts.lower) & (actual <= laplace_fit.counts.upper)).all()


def test_a_seed_gives_the_same_draws(counts, laplace_fit):
    assert fitted(counts).posterior.equals(laplace_fit.posterior)
    other = fitted(counts, seed=8).posterior
    assert not np.array_equal(other["intercept"], laplace_fit.posterior["intercept"])


def test_saved_and_loaded_is_the_same(laplace_fit, tmp_path):
    laplace_fit.save(tmp_path / "fit.nc")
    loaded = load_fit(tmp_path / "fit.nc")
    assert loaded.diagnostics == laplace_fit.diagnostics
    assert loaded.diagnostics.certificate.proposals == 1100
    for group in ("posterior", "sample_stats"):
        assert loaded.tree[group].to_dataset().equals(laplace_fit.tree[group].to_dataset())


def test_provenance_names_the_engine(laplace_fit):
    assert "laplace" in laplace_fit.provenance["engine"]
    assert "target_accept" not in laplace_fit.provenance


def test_progress_ends_with_all_proposals(counts):
    calls = []
    fit_model(build_model(with_inference(counts)), progress=lambda *call: calls.append(call))
    assert calls[-1] == (1100, 1100, 0)
    assert [done for done, *_ in calls] == sorted(done for done, *_ in calls)


def test_few_draws_are_too_few(counts):
    fit = fitted(counts, chains=2, draws=50)
    assert not fit.diagnostics.converged
    assert any("raise inference.draws" in problem for problem in fit.diagnostics.problems)


def test_a_horseshoe_is_refused(invented_counts):
    counts = invented_counts(priors={"coefficient": {"kind": "horseshoe"}})
    with pytest.raises(ModelError, match="normal prior of the coefficients"):
        fitted(counts)


def test_large_levels_that_cross_are_certified():
    rng = np.random.default_rng(4)
    table = pd.DataFrame({
        "parcel": [f"A{row:03d}" for row in range(400)],
        "count": rng.poisson(60, 400),
        "people": 600,
        "district": [f"D{row // 10:02d}" for row in range(400)],
        "team": [f"T{team:03d}" for team in rng.integers(0, 60, 400)],
    })  # fmt: skip
    study = Study.from_dataframe(
        table, count="count", population="people", area="parcel", levels=["district", "team"], year=2020
    )
    found = fit(study, engine="laplace", draws=200)
    assert found.diagnostics.certificate.effective > 400
    assert found.tree["posterior"]["effect_team"].sizes["team"] == 60


@pytest.mark.parametrize("effect", ["normal", "two-part"])
def test_many_hyperparameters_are_proposed_otherwise_for_the_same_posterior(invented_counts, monkeypatch, effect):
    """As if two were many; where areas may be special there is the surface."""
    counts = invented_counts("poisson", "many", missing=False, area_effect=effect)
    before = fitted(counts, draws=500).posterior
    monkeypatch.setattr("bayesmodel.laplace.engine.MANY", 1)
    after = fitted(counts, draws=500).posterior
    assert after["intercept"].equals(before["intercept"]) == (effect == "two-part")
    for name in ("intercept", *(str(name) for name in before if str(name).startswith("sd_"))):
        one, other = (each[name].to_numpy().ravel() for each in (before, after))
        assert abs(one.mean() - other.mean()) < 0.25 * one.std(), name
        assert 0.8 < one.std() / other.std() < 1.25, name
