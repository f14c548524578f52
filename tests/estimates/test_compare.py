"""Comparisons: on the very same draws, each pair seen from both sides."""

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.compare import compare, shares_above
from bayesmodel.estimates.quantities import aggregate

PLACES = ["WK000102", "GM0002", "WK000100", "JZ01"]


@pytest.mark.parametrize("what", ["use.underlying", "use.actual", "difference.underlying.gemeente"])
@pytest.mark.parametrize("scale", [None, "count"])
def test_higher_lower_and_equal_are_all_there_is(any_fit, what, scale):
    found = compare(any_fit, PLACES, what, scale)
    whole = found.p_higher + found.p_higher.T + found.p_equal
    assert np.allclose(whole, 1)
    pairs = found.summary()
    assert np.allclose(pairs[["p_higher", "p_equal", "p_lower"]].sum(axis=1), 1)
    for place, other in pairs.index:
        assert pairs.loc[(place, other), "p_higher"] == found.p_higher.loc[place, other]


def test_an_area_against_itself_is_zero_and_equal(fit):
    found = compare(fit, PLACES)
    assert (found.difference("GM0002", "GM0002").samples == 0).all()
    assert (found.ratio("GM0002", "GM0002").samples == 1).all()
    assert (np.diag(found.p_equal) == 1).all()


def test_two_hidden_counts_may_be_equal(fit):
    found = compare(fit, ["WK000102", "WK000301"], "use.actual", "count").p_equal
    assert 0 < found.loc["WK000102", "WK000301"] < 1


def test_pairs_come_from_the_same_draws(fit):
    found = compare(fit, ["WK000100", "GM0002"])
    one, other = (aggregate(fit, code, scale="share").samples[:, 0] for code in ("WK000100", "GM0002"))
    assert np.allclose(found.difference("WK000100", "GM0002").samples, 100 * (one - other))
    assert np.allclose(found.ratio("WK000100", "GM0002").samples, one / other)
    assert np.allclose(found.summary().loc[("WK000100", "GM0002"), "mean"], 100 * (one - other).mean())
    assert found.p_higher.loc["WK000100", "GM0002"] == (one > other).mean()


def test_the_order_of_the_places_permutes_the_matrix(fit):
    straight, turned = compare(fit, PLACES).p_higher, compare(fit, PLACES[::-1]).p_higher
    assert straight.equals(turned.loc[PLACES, PLACES])


def test_units_and_interval_travel_along(fit):
    table = compare(fit, PLACES).summary(prob=0.5)
    assert table.attrs["unit"] == "procentpunt"
    assert table.attrs["interval"] == 0.5
    adjusted = compare(fit, PLACES, "difference.underlying.determinants")
    assert adjusted.scale == "ratio"
    assert adjusted.summary().attrs["unit"] == "verhouding"


def test_names_are_for_readers(fit):
    assert compare(fit, PLACES).names.tolist() == ["Wijk 000102", "Gemeente 0002", "Wijk 000100", "Regio 01"]


def test_one_area_is_no_comparison(fit):
    with pytest.raises(ComparisonError, match="at least two areas; given: WK000100"):
        compare(fit, "WK000100")


def test_nobody_has_no_share_to_compare(fit):
    with pytest.raises(ComparisonError, match="WK000300"):
        compare(fit, ["WK000100", "WK000300"])
    assert compare(fit, ["WK000100", "WK000300"], scale="count").p_higher.iloc[0, 1] == 1


def test_a_ratio_of_differences_is_refused(fit):
    with pytest.raises(ComparisonError, match="ratio"):
        compare(fit, PLACES, "difference.actual.gemeente", "points").ratio("GM0002", "JZ01")


def test_an_area_that_was_not_compared_gets_help(fit):
    with pytest.raises(UnknownNameError, match="Did you mean GM0002"):
        compare(fit, PLACES).difference("GM0001", "JZ01")


def test_shares_above_are_those_of_every_pair():
    samples = np.random.default_rng(1).integers(0, 4, size=(50, 7))
    for a in range(7):
        for b in range(7):
            assert shares_above(samples)[a, b] == (samples[:, a] > samples[:, b]).mean()
