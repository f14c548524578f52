"""Invented fits to estimate from."""

import pytest

from bayesmodel.testing import invented_fit


@pytest.fixture(scope="session")
def fit():
    """Eight wijken of every status, of the default family."""
    return invented_fit()


@pytest.fixture(scope="session", params=["binomial", "poisson", "beta-binomial", "negative-binomial", "normal-share"])
def any_fit(request):
    """The same world for each family in turn."""
    return invented_fit(request.param)
