"""Areas in another order: every estimate is the same, in that order."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel.data import Counts
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.peers import peers
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.rank import rank
from bayesmodel.estimates.use import use
from bayesmodel.estimates.variance import variance_parts
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.waterfall import waterfall

ORDER = np.array([3, 7, 0, 6, 1, 2, 5, 4])


@pytest.fixture(scope="module")
def other(any_fit):
    """The same fit with its areas in another order."""
    areas = any_fit.counts.areas
    parts = ("names", "levels", "published", "population", "determinants")
    shuffled = replace(areas, **{name: getattr(areas, name).iloc[ORDER] for name in parts})
    counts = any_fit.counts
    counts = Counts(shuffled, counts.lower[ORDER], counts.upper[ORDER], counts.status[ORDER])
    design = replace(any_fit.design, x=any_fit.design.x[ORDER], pattern=any_fit.design.pattern[ORDER])
    tree = xr.DataTree.from_dict({"posterior": any_fit.posterior.isel(wijk=ORDER)})
    return replace(any_fit, counts=counts, design=design, tree=tree)


@pytest.mark.parametrize("of", ["actual", "underlying"])
def test_use(any_fit, other, of):
    assert np.array_equal(use(any_fit, of).samples[:, ORDER], use(other, of).samples)


@pytest.mark.parametrize("what", ["use.actual", "expected.regio", "difference.underlying.determinants"])
def test_totals(any_fit, other, what):
    for level in ("gemeente", None):
        assert np.allclose(aggregate(any_fit, level, what).samples, aggregate(other, level, what).samples)


def test_pairs(any_fit, other):
    codes = any_fit.counts.areas.codes[any_fit.counts.population > 0].tolist()
    one, two = (compare(each, codes, "use.actual", "count").p_higher for each in (any_fit, other))
    assert one.equals(two)


def test_ranks_and_verdicts(any_fit, other):
    assert rank(any_fit).summary().equals(rank(other).summary())
    one, two = (verdicts(each).summary() for each in (any_fit, other))
    assert one["verdict"].equals(two["verdict"])
    assert np.allclose(one["mean"], two["mean"], equal_nan=True)


def test_waterfalls(any_fit, other):
    for areas in ("WK000102", {"some": ["WK000100", "WK000202"]}, None):
        one, two = waterfall(any_fit, areas), waterfall(other, areas)
        assert np.allclose(one.parts.samples, two.parts.samples, atol=1e-9)


def test_parts_of_the_variance(any_fit, other):
    assert np.allclose(variance_parts(any_fit).samples, variance_parts(other).samples)


def test_words_and_peers(any_fit, other):
    codes = ["WK000100", "WK000102", "GM0002"]
    assert explain(any_fit, codes).equals(explain(other, codes))
    assert np.allclose(peers(any_fit, "WK000100", 3).distances, peers(other, "WK000100", 3).distances)
