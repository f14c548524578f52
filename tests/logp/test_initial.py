"""Where chains start: near the mode at plausible sds of the levels, about as far from it as the posterior reaches."""

import numpy as np
import pytest

from bayesmodel.logp.density import density_of
from bayesmodel.logp.initial import posterior_scales
from bayesmodel.model.build import build_model


@pytest.mark.parametrize("levels", ["none", "few", "many", "crossed"])
def test_chains_start_near_the_most_likely_position(invented_counts, family, levels):
    built = build_model(invented_counts(family.name, levels))
    density = density_of(built)
    columns, scale = len(built.design.names), posterior_scales(built, density.arrays)
    fixed = np.zeros(density.size, dtype=bool)
    fixed[1 + columns : 1 + columns + len(density.arrays.level_rate)] = True
    gradient = density.log_density(density.mode)[1]
    assert np.abs(gradient * scale)[~fixed].max() < 0.1
    starts = [density.start(seed) for seed in (1, 1, 2)]
    assert np.array_equal(starts[0], starts[1])
    assert not np.array_equal(starts[0], starts[2])
    for position in starts:
        assert np.isfinite(density.log_density(position)[1]).all()


def test_the_reach_is_about_that_of_the_posterior(invented_counts):
    """A second difference of the density along each value but the sds gives its sd given all others."""
    built = build_model(invented_counts("poisson", "many", missing=False))
    density = density_of(built)
    scale, columns = posterior_scales(built, density.arrays), len(built.design.names)
    top = density.log_density(density.mode)[0]
    for i in [1, 2, 3, *range(1 + columns + 2, density.size - 1, 5)]:
        move = 0.3 * scale[i] * (np.arange(density.size) == i)
        sides = [density.log_density(density.mode + side * move)[0] for side in (1, -1)]
        sd = 0.3 * scale[i] / np.sqrt(2 * top - sum(sides))
        assert 0.4 < scale[i] / sd < 2.5
