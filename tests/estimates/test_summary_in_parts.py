"""A summary in parts is the summary."""

import pandas as pd
import pytest

from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.quantities import ARRAYS, summary_in_parts
from bayesmodel.testing import invented_fit


@pytest.mark.parametrize("of", ["underlying", "actual"])
def test_parts_make_the_whole(of):
    """Drawn counts too, as the draws of an area do not depend on the others asked for."""
    fit, seen = invented_fit(), []
    draws = fit.posterior.sizes["chain"] * fit.posterior.sizes["draw"]

    def estimate(codes):
        seen.append(len(codes))
        return difference(fit, of, "gemeente", "points", codes)

    found = summary_in_parts(fit, estimate, memory_gb=5 * 8 * ARRAYS * draws / 1e9, prob=0.5)
    whole = difference(fit, of, "gemeente", "points").summary(0.5)
    pd.testing.assert_frame_equal(found, whole)
    assert found.attrs == whole.attrs
    assert max(seen) == 5
    assert sum(seen) == len(whole)
