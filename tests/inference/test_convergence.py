"""Convergence figures: those of ArviZ, for many quantities at once."""

import numpy as np
import pytest
from arviz_stats.base import array_stats

from bayesmodel.inference.ess import effective_sizes, r_hat


def series(persistence, chains=4, draws=400):
    """Autoregressive chains (chain, draw)."""
    noise = np.random.default_rng(11).normal(size=(chains, draws))
    values = noise.copy()
    for step in range(1, draws):
        values[:, step] += persistence * values[:, step - 1]
    return values


@pytest.mark.parametrize(("chains", "draws"), [(2, 50), (3, 333), (4, 400)])
def test_a_block_has_the_figures_of_arviz(chains, draws):
    block = np.stack([series(persistence, chains, draws) for persistence in (0.0, 0.9, -0.6)])
    bulk, tail = effective_sizes(block)
    # ranks and indicators are kept in 4 bytes, which gives four digits
    for place, values in enumerate(block):
        assert bulk[place] == pytest.approx(array_stats.ess(values, chain_axis=0, draw_axis=1, method="bulk"), rel=1e-3)
        exact = array_stats.ess(values, chain_axis=0, draw_axis=1, method="tail", prob=(0.05, 0.95))
        assert tail[place] == pytest.approx(exact, rel=1e-3)
        assert r_hat(block)[place] == pytest.approx(array_stats.rhat(values, chain_axis=0, draw_axis=1), rel=1e-4)


def test_quantities_do_not_touch_each_other():
    block = np.stack([series(0.5), series(0.9)])
    assert np.array_equal(effective_sizes(block)[0][1:], effective_sizes(block[1:])[0])
    assert np.array_equal(r_hat(block)[1:], r_hat(block[1:]))


def test_any_rising_transformation_leaves_them_alone():
    block = np.stack([series(0.5)])
    # folding is about the median, which moves with the transformation: so a linear one for R-hat
    assert np.allclose(effective_sizes(np.exp(block)), effective_sizes(block))
    assert np.allclose(r_hat(3 * block - 7), r_hat(block), rtol=1e-4)  # ranks tie here and there
