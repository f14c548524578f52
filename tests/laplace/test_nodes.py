"""Nodes are those of SciPy's scrambled Halton sequence, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from bayesmodel.laplace.nodes import normal_nodes


@pytest.mark.parametrize(("count", "size"), [(28, 1), (60, 3), (92, 5)])
def test_nodes_are_those_of_scipy(count: int, size: int) -> None:
    """In as many dimensions as a model has sds."""
    expected = qmc.MultivariateNormalQMC(np.zeros(size), engine=qmc.Halton(size, rng=1)).random(count)
    np.testing.assert_array_equal(normal_nodes(count, size), expected)
