"""Prior against posterior: both intervals of every effect, on one line."""

import numpy as np
import pytest
import xarray as xr

from bayesmodel.plots.model_checks import prior_posterior
from bayesmodel.testing import invented_fit

FIT = invented_fit()


@pytest.fixture
def prior():
    """The posterior itself, ten times as wide, in the place of a prior."""
    return xr.DataTree.from_dict({"prior": 10 * FIT.posterior[["beta", "sd_gemeente", "sd_regio", "sd_wijk"]]})


def test_each_line_has_both_intervals(prior, look_at):
    seen = look_at(prior_posterior(FIT, prior))
    lines = seen.segments()
    before, after = np.split(lines[:, :, 0], 2)
    assert np.allclose(before, 10 * after)
    draws = FIT.posterior["beta"].sel(determinant="poverty").to_numpy().ravel()
    assert np.allclose(after[0], np.quantile(draws, [0.05, 0.95]))


def test_names_and_both_languages(prior, look_at):
    seen = look_at(prior_posterior(FIT, prior))
    spreads = [f"spreiding tussen: {name}" for name in ("gemeente", "jeugdzorgregio", "wijk")]
    assert seen.names == ["poverty", "divorce", *spreads]
    assert seen.legend == ["vooraf", "achteraf"]
    english = look_at(prior_posterior(FIT, prior, language="en"))
    assert english.names[3] == "spread between: youth-care region"
    assert english.axes.get_xlabel().startswith("effect per standard deviation")
