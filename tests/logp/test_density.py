"""Named variables of a position."""

import numpy as np
import pytest

from bayesmodel.logp.density import density_of
from bayesmodel.model.build import build_model


@pytest.mark.parametrize("levels", ["none", "few", "many", "crossed"])
def test_variables_have_their_promised_shapes(invented_counts, family, levels):
    density = density_of(build_model(invented_counts(family.name, levels)))
    values = density.variables_at(density.start(seed=1))
    assert list(values) == list(density.variables)
    for name, dims in density.variables.items():
        assert values[name].shape == tuple(len(density.coords[dim]) for dim in dims)


def test_the_predictor_is_the_sum_of_its_parts(invented_counts):
    """What is the area's own is integrated out, so that nothing is left over."""
    density = density_of(build_model(invented_counts("poisson", "crossed")))
    values = density.variables_at(density.start(seed=1) + np.random.default_rng(1).normal(0, 0.2, density.size))
    total = values["intercept"] + density.built.design.x @ values["beta"]
    for chain in density.built.chains:
        for group in chain:
            total = total + values[f"effect_{group.name}"][group.of_area]
    assert np.allclose(values["linear_predictor"], total, atol=1e-12)
