"""Aggregates: counts add up on draws, hidden ones included."""

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.definition import together
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.quantities import aggregate, quantity_names
from bayesmodel.estimates.use import use

COUNTS = ("use.underlying", "use.actual", "expected.gemeente", "difference.actual.determinants")


@pytest.mark.parametrize("what", COUNTS)
def test_groups_that_make_up_the_country_add_up_to_it(any_fit, what):
    country = aggregate(any_fit, None, what).samples[:, 0]
    for level in ("wijk", "gemeente", "regio"):
        assert np.allclose(aggregate(any_fit, level, what).samples.sum(axis=1), country)


def test_areas_themselves_are_what_the_single_functions_give(any_fit):
    for what, same in (
        ("use.actual", use(any_fit, "actual")),
        ("expected.regio", expected(any_fit, "regio")),
        ("difference.underlying.gemeente", difference(any_fit, expectation="gemeente")),
    ):
        assert np.array_equal(aggregate(any_fit, "wijk", what).samples, same.samples)


def test_a_hidden_count_is_in_its_gemeente(fit):
    known = use(fit, "actual", areas=["WK000100", "WK000101"]).samples.sum(axis=1)
    hidden = aggregate(fit, "GM0001", "use.actual").samples[:, 0] - known
    assert (hidden == use(fit, "actual", areas="WK000102").samples[:, 0]).all()
    assert len(np.unique(hidden)) > 5


def test_scales_follow_from_the_counts(fit):
    mine, people = {"mine": ["WK000100", "WK000102"]}, 460
    gap = aggregate(fit, mine, "difference.underlying.gemeente").samples
    of, to = aggregate(fit, mine).samples, aggregate(fit, mine, "expected.gemeente").samples
    assert np.allclose(gap, of - to)
    assert np.allclose(aggregate(fit, mine, scale="share").samples, of / people)
    assert np.allclose(aggregate(fit, mine, "difference.underlying.gemeente", "points").samples, 100 * gap / people)
    assert np.allclose(aggregate(fit, mine, "difference.underlying.gemeente", "ratio").samples, of / to)


def test_definition_and_dim_say_what_it_is(fit):
    found = aggregate(fit, "regio", "difference.actual.gemeente", "points")
    assert found.definition == together(difference(fit, "actual", "gemeente", "points").definition, fit.study)
    assert found.definition.label.nl.endswith("in haar wijken samen")
    assert found.draws.dims == ("chain", "draw", "regio")


@pytest.mark.parametrize("scale", ["share", None])
def test_a_group_without_people_has_no_share(fit, scale):
    with pytest.raises(ComparisonError, match=r"no jongeren in 1 of the areas.*nobody"):
        aggregate(fit, {"nobody": ["WK000300"], "somebody": ["WK000100"]}, scale=scale)
    assert (aggregate(fit, {"nobody": ["WK000300"]}).samples == 0).all()


def test_unknown_names_get_help(fit):
    with pytest.raises(UnknownNameError, match=r"Did you mean use\.actual"):
        aggregate(fit, None, "use.actuel")
    with pytest.raises(UnknownNameError, match="Known: ratio, points, count"):
        aggregate(fit, None, "difference.actual.gemeente", "share")
    assert len(quantity_names(fit.study)) == 2 + 5 + 10
