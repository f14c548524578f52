"""Many windows at once: each is what it is by itself."""

import numpy as np

from bayesmodel.logp.interval_loglik import window_above, windows_above

LOWER = np.array([0, 0, 3, 10, 5, 0, 7, 100], dtype=float)
UPPER = np.array([9, 4, 3, 12, 200, 1, 11, 104], dtype=float)
PEOPLE = np.array([60, 4, 30, 12, 900, 1, 1e6, 1e3])


def test_windows_are_those_of_single_rows():
    """Wide ones and steep ones too, which are summed by themselves, and windows of one count, which add nothing."""
    for odds in (1e-9, 0.1, 3.0, 1e30):
        for first, step in ((PEOPLE + 1, -1.0), (np.ones(len(PEOPLE)), 0.0)):
            logs, change = windows_above(LOWER, UPPER, first, step, np.full(len(LOWER), odds))
            alone = [
                window_above(low, high, one, step, odds) for low, high, one in zip(LOWER, UPPER, first, strict=True)
            ]
            assert np.allclose(logs, [value for value, _ in alone], rtol=1e-13, atol=1e-15)
            assert np.allclose(change, [value for _, value in alone], rtol=1e-12, atol=1e-15)
    assert logs[2] == change[2] == 0.0
