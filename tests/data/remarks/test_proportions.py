"""Populations that are rounded: tiny areas are named, and no area of a table whose populations are not."""

import numpy as np
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.data.remark import RemarkKind
from bayesmodel.errors import DataError

EXACT = {"hidden_below": 0}


def named(counts):
    """The areas that the remark on rounded populations names."""
    return [each.areas for each in counts.remarks if each.kind is RemarkKind.ROUNDED_POPULATION]


@pytest.mark.parametrize(
    ("tiny", "areas"), [((0, 100), ()), ((15, 5), ("WK000000", "WK000001")), ((20, 100), ()), ((16, 100), ())]
)
def test_tiny_areas_are_named_where_all_populations_are_multiples_of_five(table_of, tiny, areas):
    people = np.array([*tiny, *range(100, 500, 5)])
    counts = interpret_counts(table_of(["1" if each else "0" for each in people], people, EXACT))
    assert named(counts) == ([areas] if areas else [])


@pytest.mark.parametrize(("base", "said"), [(5, "hardly change"), (50, "off by 12% and more"), (100, "off by 12%")])
def test_the_coarser_the_rounding_the_more_areas_are_named(table_of, base, said):
    people = base * np.array([3, 4, *range(5, 60)])
    [found] = [
        each
        for each in interpret_counts(table_of(["9"] * len(people), people, EXACT)).remarks
        if each.kind is RemarkKind.ROUNDED_POPULATION
    ]
    assert found.areas == ("WK000000",)
    assert f"multiples of {base}," in found.text.en
    assert said in found.text.en


def test_few_areas_may_be_multiples_by_chance(table_of):
    people = [5, 15, *range(100, 200, 5)]
    assert named(interpret_counts(table_of(["1"] * len(people), people, EXACT))) == []


@pytest.mark.parametrize("step", [5, 7])
def test_a_count_above_a_rounded_population_gets_the_advice_to_leave_the_area_out(table_of, step):
    people = [5, *range(5, 5 + 50 * step, step)]
    with pytest.raises(DataError, match="counts above the population") as caught:
        interpret_counts(table_of(["7", *["1"] * 50], people, EXACT))
    assert ("rounded at random can be too low" in str(caught.value)) == (step == 5)
