"""Parameters: their summaries are those of the draws, and all of them are there."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.estimates.parameters import parameters
from bayesmodel.inference.certificate import Certificate
from bayesmodel.testing import invented_fit


@pytest.mark.parametrize(
    ("family", "own"), [("binomial", ["sd_wijk", "special_share"]), ("beta-binomial", ["dispersion"])]
)
def test_every_parameter_is_there(family, own):
    table = parameters(invented_fit(family, draws=50))
    assert table.index.tolist() == ["intercept", "sd_gemeente", "sd_regio", *own, "beta[poverty]", "beta[divorce]"]
    assert table.attrs == {"interval": 0.9, "interval_kind": "equal-tailed"}


def test_figures_are_those_of_the_draws(fit):
    table = parameters(fit)
    draws = fit.posterior["beta"].sel(determinant="divorce").to_numpy().ravel()
    assert table.loc["beta[divorce]", "mean"] == pytest.approx(draws.mean())
    assert table.loc["beta[divorce]", ["lower", "upper"]].tolist() == pytest.approx(np.quantile(draws, [0.05, 0.95]))
    assert (table["r_hat"] < 1.02).all()


def test_draws_of_laplace_have_the_effective_number_of_their_certificate(fit):
    """They are weighed proposals, of which some stand twice: as a chain they would look better than they are."""
    certificate = Certificate(0.3, 0.8, 478.2, "beta[1]", 0.0, 1100, 1000)
    table = parameters(replace(fit, diagnostics=replace(fit.diagnostics, certificate=certificate)))
    assert (table[["ess_bulk", "ess_tail"]] == 478.2).all(axis=None)
