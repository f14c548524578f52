"""Proposals in batches: draws of several widths are weighted as draws of one mixture."""

import numpy as np
import pytest

from bayesmodel.laplace.proposals import CHANCES, Batch, widths


def normal_batch(number, length, wider, seed, target_sd=1.0):
    """Draws around zero of a normal target with that sd, from Gaussians of sd 1 or wider."""
    rng = np.random.default_rng(seed)
    chances = np.array(CHANCES if wider else (1.0, 0.0, 0.0))
    position = rng.standard_normal((number, length))
    position *= widths(length)[rng.choice(3, size=number, p=chances)][:, None]
    distance = (position**2).sum(axis=1)
    log_target = -distance / 2 / target_sd**2 - length * np.log(target_sd)
    return Batch(position[:, :1], position, log_target + distance / 2, distance, length, chances * number)


def weighted(batch):
    """The weights, not normalised."""
    return np.exp(batch.log_weights)


@pytest.mark.parametrize("length", [1, 6, 60])
def test_the_mean_weight_is_the_mass_of_the_target(length):
    """A law of importance sampling: here the target integrates to one, whatever the draws come from."""
    batch = normal_batch(20_000, length, False, 1).joined(normal_batch(40_000, length, True, 2))
    assert len(batch) == 60_000
    assert weighted(batch).mean() == pytest.approx(1, abs=0.02)
    assert weighted(batch) @ batch.distances / len(batch) == pytest.approx(length, rel=0.03)


def test_one_width_leaves_the_weights_alone():
    batch = normal_batch(100, 4, False, 3, target_sd=1.2)
    assert batch.log_weights == pytest.approx(batch.unit_log_weights)


def test_wider_draws_bound_the_weights_of_a_wider_target():
    """From the Gaussian alone its weights grow without bound: in the mixture none is above 1 / 0.15 times a ratio."""
    alone = normal_batch(50_000, 3, False, 4, target_sd=1.3)
    mixed = alone.joined(normal_batch(50_000, 3, True, 5, target_sd=1.3))
    assert weighted(mixed).max() < weighted(alone).max() / 3
    assert weighted(mixed).mean() == pytest.approx(1, abs=0.05)


def test_widths_overlap_in_any_number_of_dimensions():
    """The farthest lies three of its own sds of the squared distance away, in few dimensions as in many."""
    for length in (2, 20, 2000):
        added = (widths(length)[-1] ** 2 - 1) * length
        assert added == pytest.approx(3 * np.sqrt(2 * length))
