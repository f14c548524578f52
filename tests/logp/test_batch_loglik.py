"""Many counts at once: each is what it is by itself, whether few of them are windows, most or none."""

import numpy as np
import pytest
from numba import njit

from bayesmodel.compiled import OPTIONS
from bayesmodel.logp.arrays import FAMILY_CODES
from bayesmodel.logp.batch_loglik import (
    IntervalCounts,
    binomial_loglik,
    family_loglik,
    loglik_one_by_one,
    out_in,
    poisson_loglik,
    wide_windows,
)

LOWER = np.array([0, 3, 12, 40, 0, 98, 250], dtype=float)
PEOPLE = np.array([30, 60, 200, 41, 12, 4000, 900], dtype=float)
WIDTHS = {
    "none": [0, 0, 0, 0, 0, 0, 0],
    "few": [9, 0, 0, 0, 12, 0, 0],
    "narrow": [1, 0, 0, 0, 0, 1, 0],
    "most": [7, 4, 4, 0, 7, 4, 0],
    "all": [7, 4, 4, 1, 7, 60, 4],
}
BINOMIAL, POISSON = FAMILY_CODES["binomial"], FAMILY_CODES["poisson"]
ETAS = np.array([-30.0, -4.0, -0.7, 0.0, 0.3, 6.0])


@njit(**OPTIONS)
def evaluated(family, lower, upper, people, eta):
    """Return value and slope (node, row)."""
    wide, none = wide_windows(lower, upper), np.empty((len(lower), 0))
    counts = IntervalCounts(np.ones(len(lower)), lower, upper, people, np.log(people), wide, none)
    out = out_in(np.empty(4 * eta.size), len(eta), len(lower))
    if family == BINOMIAL:
        binomial_loglik(counts, eta, out, None)
    elif family == POISSON:
        poisson_loglik(counts, eta, out, None)
    else:
        loglik_one_by_one(family, counts, eta, np.full(len(lower), 0.3), out, None)
    return out.value, out.slope


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("family", FAMILY_CODES)
def test_rows_together_are_rows_alone(family, widths):
    code, upper = FAMILY_CODES[family], LOWER + np.array(WIDTHS[widths])
    eta = np.add.outer(ETAS, np.linspace(-0.5, 0.5, len(LOWER)))
    value, slope = evaluated(code, LOWER, upper, PEOPLE, eta)
    for place in np.ndindex(eta.shape):
        i = place[1]
        alone = family_loglik(code, LOWER[i], upper[i], PEOPLE[i], eta[place], 0.3)
        assert (value[place], slope[place]) == pytest.approx(alone[:2], rel=1e-11, abs=1e-11), place


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_nothing_is_lost_where_no_sampler_stays(family):
    for eta in (-1000.0, -320.0, 320.0, 1000.0):
        found = evaluated(FAMILY_CODES[family], LOWER, LOWER + 4, PEOPLE, np.full((1, len(LOWER)), eta))
        assert np.isfinite(found).all(), eta
