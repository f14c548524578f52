"""Effects: the largest on top, and no word of consequence."""

import numpy as np

from bayesmodel.estimates.effects import effects as of_determinants
from bayesmodel.plots.effect_plots import effects


def test_the_largest_stands_on_top(fit, look_at):
    found = of_determinants(fit)
    seen, table = look_at(effects(found)), of_determinants(fit).summary()
    assert seen.names == ["poverty", "divorce"]
    assert np.allclose(seen.segments()[:, :, 0], table[["lower", "upper"]])
    assert [text.get_text() for text in seen.axes.texts] == ["van → naar", "0 → 1", "0 → 1"]


def test_it_says_that_it_is_no_consequence(fit, look_at):
    found = of_determinants(fit)
    assert "geen gevolg van het kenmerk" in look_at(effects(found)).caption
    assert "not a causal effect of the determinant" in look_at(effects(found, language="en")).caption
    assert look_at(effects(found, language="en")).axes.get_xlabel() == "difference in expected use (percentage points)"
