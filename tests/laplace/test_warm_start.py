"""A fit that begins where that of similar counts ended: the same posterior, for a fraction of the evaluations."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from bayesmodel.inference.sampling import fit_model
from bayesmodel.laplace import warm_start_of
from bayesmodel.laplace.hyperparameters import draw_sds, sds_at_mode, sds_proposal, surface_of
from bayesmodel.laplace.importance import effective_draws
from bayesmodel.laplace.warm_start import WarmStart, moved_surface
from bayesmodel.model.build import build_model

EARLIER = [stats.lognorm(0.3, scale=0.1), stats.gamma(4, scale=0.05)]
LATER = [stats.lognorm(0.35, scale=0.15), stats.gamma(6, scale=0.05)]


def evidence_of(densities):
    """The log density of sds, with a mode of the field that is linear in their roots; and how many were asked for."""
    asked = []

    def evidence(many):
        asked.extend(many)
        return [
            (sum(d.logpdf(sd) for d, sd in zip(densities, sds, strict=True)), np.append(np.sqrt(sds), 1.0))
            for sds in many
        ]

    return evidence, asked


@pytest.fixture(scope="module")
def start():
    evidence, _asked = evidence_of(EARLIER)
    return WarmStart(surface_of(evidence, *sds_at_mode(evidence, np.full(2, 0.15))), None, None, 7, 3)


def test_draws_of_a_moved_surface_have_the_moments_of_the_other_density(start):
    evidence, asked = evidence_of(LATER)
    surface, rng = moved_surface(start, evidence, lambda sds: None), np.random.default_rng(1)
    assert len(asked) < 20
    sds, log_density = draw_sds(sds_proposal(surface, rng), 4000, rng)
    log_weights = np.array([value for value, _ in evidence(sds)]) - log_density
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    assert effective_draws(weights, sds).min() > 2800
    for column, density in enumerate(LATER):
        assert weights @ sds[:, column] == pytest.approx(density.mean(), abs=5 * density.std() / np.sqrt(2800))
    off = np.abs(surface.field_modes(sds)[:, :2] - np.sqrt(sds)).max(axis=1)
    assert np.quantile(off, 0.95) < 0.02


def test_a_surface_that_is_not_moved_stays(start):
    evidence, _asked = evidence_of(EARLIER)
    moved = moved_surface(start, evidence, lambda sds: None)
    z = np.random.default_rng(2).uniform(-1.5, 1.5, (20, 2))
    sds = start.surface.best * (1 + z @ start.surface.axes.T) ** 2
    apart = moved.log_density(moved.standardised(sds)) - start.surface.log_density(z)
    assert np.ptp(apart) < 0.1


def test_too_few_modes_are_refused(start):
    evidence, _asked = evidence_of(LATER)

    def hardly(many):
        found = evidence(many)
        return found if len(many) < 10 else [found[0], *((-1e10, mode) for _, mode in found[1:])]

    with pytest.raises(np.linalg.LinAlgError, match="only 1 of"):
        moved_surface(start, hardly, lambda sds: None)


@pytest.mark.parametrize("effect", ["normal", "two-part"])
def test_a_fit_is_the_same_with_and_without(invented_counts, effect):
    """Sds, coefficients and effects agree within their errors; and counts drawn anew are fitted as well."""
    counts = invented_counts("poisson", "many", missing=False, area_effect=effect)
    inference = counts.study.inference.model_copy(
        update={"engine": "laplace", "fallback": "none", "chains": 2, "draws": 500}
    )
    counts = counts.with_study(counts.study.model_copy(update={"inference": inference}))
    built = build_model(counts)
    others = replace(counts, lower=np.maximum(counts.lower - 1, 0), upper=np.maximum(counts.upper - 1, 0))
    start = warm_start_of(build_model(others))
    cold, warm = fit_model(built), fit_model(built, start=start)
    assert warm.diagnostics.certificate.effective > 400
    for name in ("intercept", "beta", *(name for name in cold.posterior if str(name).startswith("sd_"))):
        one, other = (fit.posterior[name].stack(sample=("chain", "draw")) for fit in (cold, warm))
        error = one.std("sample") * np.sqrt(2 / 400)
        assert float((abs(one.mean("sample") - other.mean("sample")) / error).max()) < 4.5


def test_counts_that_are_not_similar_are_fitted_from_nothing(invented_counts, monkeypatch):
    """A start that leads nowhere costs time, not the fit."""
    from bayesmodel.laplace import engine

    counts = invented_counts("poisson", "many", missing=False)
    inference = counts.study.inference.model_copy(update={"engine": "laplace", "fallback": "none", "draws": 250})
    built = build_model(counts.with_study(counts.study.model_copy(update={"inference": inference})))
    start = warm_start_of(built)

    def nowhere(*_arguments):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(engine, "moved_surface", nowhere)
    assert fit_model(built, start=start).diagnostics.certificate.effective > 400
