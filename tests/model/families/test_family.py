"""The interval likelihood: windows widen, add up, and shrink to the pmf; numpy and PyTensor say the same."""

import numpy as np
import pytest

from bayesmodel.model.array_backend import Numpy, tensor_maths
from bayesmodel.model.families.family import log_interval

PEOPLE = 60
GRIDS = {"logit": [-30, -9, -2.2, 0, 4, 30], "log": [-30, -9, -2.2, -0.5], "identity": [-0.1, 0.02, 0.1, 0.5, 1.1]}


def log_chance(family, lower, upper, eta, people=PEOPLE):
    """Log probability of windows at linear predictors, broadcast against each other."""
    lower, upper, eta = np.broadcast_arrays(lower, upper, eta)
    window, rows = (lower.ravel(), upper.ravel()), np.full(lower.size, people)
    dispersion = np.full(lower.size, dispersion_of(family))
    return log_interval(Numpy(), family, window, rows, eta.ravel().astype(float), dispersion).reshape(lower.shape)


def dispersion_of(family):
    """A plausible dispersion: an sd of shares, or a relative one."""
    return 0.04 if family.gaussian else 0.3


def grid(family):
    """Linear predictors from far below to far above (eta, 1)."""
    return np.array(GRIDS[family.link.name])[:, None]


def test_a_window_of_one_value_is_the_pmf(family):
    k = np.arange(PEOPLE + 1)
    pmf = family.log_pmf(Numpy(), k, PEOPLE, grid(family), dispersion_of(family))
    assert np.allclose(log_chance(family, k, k, grid(family)), pmf, rtol=1e-12)


def test_every_count_together_is_certain(family):
    # without an upper bound: beyond 5,000 of 60 people nothing is left at these rates
    most = PEOPLE if family.link.name != "log" else 5000
    assert np.allclose(log_chance(family, 0, most, grid(family)), 0, atol=1e-9)


def test_widening_never_lowers(family):
    upper = np.arange(5, PEOPLE + 1)
    rising = log_chance(family, 5, upper, grid(family))
    assert (np.diff(rising) >= -1e-12 * np.abs(rising[:, 1:])).all()
    lower = np.arange(30, -1, -1)
    rising = log_chance(family, lower, 30, grid(family))
    assert (np.diff(rising) >= -1e-12 * np.abs(rising[:, 1:])).all()


@pytest.mark.parametrize("cut", [0, 4, 11, 12, 13, 40])
def test_windows_side_by_side_add_up(family, cut):
    """Cuts on both sides of the width at which windows are split."""
    eta = grid(family)
    parts = np.logaddexp(log_chance(family, 0, cut, eta), log_chance(family, cut + 1, 50, eta))
    # one part may be 1e-20 of the other: the sum keeps 9 digits of the probability itself
    assert np.allclose(log_chance(family, 0, 50, eta), parts, rtol=1e-9, atol=1e-12)


def test_values_one_by_one_add_up(family):
    k = np.arange(3, 44)
    each = log_chance(family, k, k, grid(family))
    assert np.allclose(log_chance(family, 3, 43, grid(family))[:, 0], np.logaddexp.reduce(each, axis=1), rtol=1e-9)


@pytest.mark.parametrize("lowest", [1, 10, 40])
def test_a_window_up_to_everyone_is_one_minus_what_is_below_it(family, lowest, monkeypatch):
    """As the sum over all its counts, also where hardly anything is left of it."""
    people = 700
    etas = np.array([-0.02, 0.01, 0.1, 0.4] if family.gaussian else [-12.0, -7.0, -4.5, -2.2])[:, None]
    found = log_chance(family, lowest, people, etas, people)
    monkeypatch.setattr("bayesmodel.model.families.family.OPEN", people)
    # a heavy tail goes on beyond the first two hundred counts, by a millionth of what is left
    assert np.allclose(found, log_chance(family, lowest, people, etas, people), rtol=1e-7, atol=1e-8)


def test_far_linear_predictors_stay_finite(family):
    lower, upper = np.array([0, 0, 20, 60, 0, 3, 41]), np.array([0, 9, 25, 60, 60, 59, 60])
    assert np.isfinite(log_chance(family, lower, upper, np.linspace(-30, 30, 61)[:, None])).all()


def test_a_wide_window_of_many_people_stays_finite(family):
    values = log_chance(family, np.array([0, 300]), np.array([500, 900]), grid(family), people=900)
    assert np.isfinite(values).all()
    assert (values <= 1e-9).all()


@pytest.mark.parametrize("open_above", [False, True])
def test_numpy_and_pytensor_agree(family, monkeypatch, open_above):
    import pytensor
    import pytensor.tensor as pt
    from pytensor.compile.mode import Mode

    monkeypatch.setattr("bayesmodel.model.families.family.NARROW", 2)  # a graph that is cut in two and still small
    lower, upper = np.array([0, 7, 0, 3, 57]), np.array([0, 7, 1, 6, 60])
    if open_above:
        monkeypatch.setattr("bayesmodel.model.families.family.OPEN", 4)
        lower, upper = np.array([3, 7, 0, 3, 57]), np.array([60, 7, 1, 60, 60])
    eta = np.resize(GRIDS[family.link.name], 5).astype(float)
    people, dispersion = np.full(5, PEOPLE), np.full(5, dispersion_of(family))
    at, spread = pt.vector("eta", shape=(5,)), pt.vector("dispersion", shape=(5,))
    value = log_interval(tensor_maths(), family, (lower, upper), people, at, spread)
    slopes = pytensor.grad(value.sum(), [at, spread], disconnected_inputs="ignore", return_disconnected="zero")
    plain = Mode(linker="py", optimizer=None)  # compiled code would take minutes to make
    machine = pytensor.function([at, spread], [value, *slopes], mode=plain, on_unused_input="ignore")
    found, by_eta, by_dispersion = machine(eta, dispersion)

    def by_numpy(eta, dispersion):
        return log_interval(Numpy(), family, (lower, upper), people, eta, dispersion)

    step = 1e-6
    assert np.allclose(found, by_numpy(eta, dispersion), rtol=1e-9, atol=1e-11)
    # central differences of a value of size v lose v * 1e-16 / step
    for slope, up, down in (
        (by_eta, (eta + step, dispersion), (eta - step, dispersion)),
        (by_dispersion, (eta, dispersion + step), (eta, dispersion - step)),
    ):
        change = by_numpy(*up) - by_numpy(*down)
        assert np.allclose(slope, change / (2 * step), rtol=1e-5, atol=1e-5 + 1e-9 * np.abs(found).max())
