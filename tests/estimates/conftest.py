"""Invented fits to estimate from."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel.testing import invented_fit


@pytest.fixture(scope="session")
def fit():
    """Eight wijken of every status, of the default family."""
    return invented_fit()


@pytest.fixture(scope="session", params=["binomial", "poisson", "beta-binomial", "negative-binomial", "normal-share"])
def any_fit(request):
    """The same world for each family in turn."""
    return invented_fit(request.param)


@pytest.fixture(scope="session")
def spread():
    """Forty wijken whose own level runs from far below to far above what is expected."""
    fit = invented_fit(areas=40)
    own = xr.DataArray(np.linspace(-0.6, 0.6, 40), dims="wijk")
    eta = fit.posterior["intercept"] + own + 0.3 * (fit.posterior["linear_predictor"] - fit.posterior["intercept"])
    return replace(fit, tree=xr.DataTree.from_dict({"posterior": fit.posterior.assign(linear_predictor=eta)}))
