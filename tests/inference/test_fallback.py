"""From Laplace to NUTS: what is refused goes on, from where Laplace stands, and the fit says so."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.errors import ApproximationError
from bayesmodel.estimates.labels import engine_in_words
from bayesmodel.inference import sampling
from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.fallback import Refusal, for_nuts
from bayesmodel.inference.sampling import fit_model
from bayesmodel.inference.storage import load_fit
from bayesmodel.laplace import laplace
from bayesmodel.logp.density import density_of
from bayesmodel.model.build import build_model

POOR = Certificate(1.2, 0.03, 12.0, "sd_wijk", 0.001, 1100, 1000, 1.0)


def asked(counts, **inference):
    """The model of the same counts, by Laplace unless said otherwise."""
    study = counts.study
    settings = study.inference.model_copy(update={"engine": "laplace", "draws": 250, **inference})
    return build_model(counts.with_study(study.model_copy(update={"inference": settings})))


@pytest.fixture(scope="module")
def counts(invented_counts):
    """Of 48 wijken in few groups."""
    return invented_counts("poisson", "few", effect=0.2)


@pytest.fixture
def refusing(monkeypatch):
    """The function that has Laplace refused with a certificate, or with an error."""

    def refuse(with_what):
        def poor(built, progress=None, start=None):
            if isinstance(with_what, Exception):
                raise with_what
            return laplace(built, progress, start)[0], with_what

        monkeypatch.setattr("bayesmodel.laplace.laplace", poor)

    return refuse


@pytest.fixture
def few_draws(monkeypatch):
    """NUTS with few draws: what is tested is that it runs, not that it ends."""
    right = sampling.for_nuts

    def fewer(built, refusal):
        chosen = right(built, refusal)
        settings = chosen.counts.study.inference.model_copy(update={"draws": 100, "tune": 100})
        return replace(
            chosen, counts=chosen.counts.with_study(chosen.counts.study.model_copy(update={"inference": settings}))
        )

    monkeypatch.setattr(sampling, "for_nuts", fewer)


@pytest.mark.usefixtures("few_draws")
def test_a_refusal_goes_on_with_nuts_and_says_so(counts, refusing, tmp_path):
    refusing(POOR)
    said = []
    fit = fit_model(asked(counts), notify=said.append)
    assert fit.diagnostics.certificate is None
    assert fit.diagnostics.laplace_refused
    assert fit.diagnostics.rhat_max is not None
    assert fit.study.inference.engine == "laplace"  # the study is what was asked
    assert fit.provenance["engine"].startswith("nuts")
    assert fit.provenance["refused"]["pareto_k"] == pytest.approx(1.2)
    assert set(fit.provenance["seconds"]) == {"laplace", "sampling", "judging"}
    assert len(said) == 1
    assert "Pareto k 1.20, at least 12 effective draws" in said[0]
    assert "inference.fallback" in said[0]
    for language, word in {"nl": "Laplace-benadering geprobeerd", "en": "nested laplace was tried first"}.items():
        assert word in engine_in_words(fit.provenance, language)
        assert "1.20" in engine_in_words(fit.provenance, language).replace(",", ".")
    fit.save(tmp_path / "fit.nc")
    loaded = load_fit(tmp_path / "fit.nc")
    assert loaded.diagnostics == fit.diagnostics
    assert loaded.provenance == fit.provenance


@pytest.mark.usefixtures("few_draws")
def test_no_approximation_goes_on_too(counts, refusing):
    refusing(ApproximationError("none"))
    said = []
    fit = fit_model(asked(counts), notify=said.append)
    assert fit.provenance["refused"] == {"engine": "laplace", "approximation": False}
    assert "found no approximation" in said[0]
    assert "(Pareto" not in engine_in_words(fit.provenance, "en")


def test_it_can_be_switched_off(counts, refusing):
    refusing(POOR)
    fit = fit_model(asked(counts, fallback="none"))
    assert fit.diagnostics.certificate == POOR
    assert not fit.diagnostics.converged
    refusing(ApproximationError("none"))
    with pytest.raises(ApproximationError):
        fit_model(asked(counts, fallback="none"))


def test_few_draws_asked_are_not_made_good_by_nuts(counts, refusing):
    refusing(replace(POOR, pareto_k=0.1, effective=95.0, draws=100))
    assert fit_model(asked(counts)).diagnostics.certificate is not None


def test_what_is_certified_does_not_go_on(counts):
    fit = fit_model(asked(counts))
    assert fit.diagnostics.certificate is not None
    assert "refused" not in fit.provenance
    assert not fit.diagnostics.laplace_refused


def test_nuts_takes_its_own_draws_or_more(counts):
    for draws, taken in {None: 1500, 100: 1500, 4000: 4000}.items():
        assert for_nuts(asked(counts, draws=draws), Refusal()).counts.study.inference.draws_per_chain == taken
    off = Refusal(replace(POOR, pareto_k=0.1, effective=900.0, quadrature_error=0.2))
    assert for_nuts(asked(counts), off).counts.study.inference.density == "graph"
    assert for_nuts(asked(counts), Refusal(POOR)).counts.study.inference.density == "compiled"


@pytest.mark.parametrize("levels", ["none", "few", "crossed"])
def test_chains_start_at_draws_of_laplace(invented_counts, levels):
    """From variables to a position and back: each start has the variables of one draw."""
    built = asked(invented_counts("poisson", levels, effect=0.2))
    tree, certificate = laplace(built)
    starts = Refusal(certificate, tree).starts()
    density = density_of(built, starts)
    assert len(density.starts) == len(starts) == 16
    assert any(np.array_equal(density.start(1), start) for start in density.starts)
    for draw, start in zip(starts, density.starts, strict=True):
        back = density.variables_at(start)
        for name, values in draw.items():
            assert back[name] == pytest.approx(values, rel=1e-9, abs=1e-9), name


def test_starts_are_spread_over_different_draws(counts):
    tree, certificate = laplace(asked(counts))
    starts = Refusal(certificate, tree).starts()
    assert len({float(draw["intercept"]) for draw in starts}) == len(starts)
    assert not Refusal().starts()
