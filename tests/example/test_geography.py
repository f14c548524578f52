"""Laws of the geography: exact sizes, nested levels, neighbours together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from bayesmodel.errors import StudyError
from bayesmodel.example.geography import MOST_AREAS, _graph, _neighbours, make_coast, make_geography
from bayesmodel.study.parts import Example


@st.composite
def examples(draw: st.DrawFn) -> Example:
    regions = draw(st.integers(1, 4))
    gemeenten = draw(st.integers(regions, regions + 6))
    areas = draw(st.integers(max(gemeenten, 3), gemeenten + 40))
    return Example(areas=areas, gemeenten=gemeenten, regions=regions, seed=draw(st.integers(0, 2**31)))


@settings(max_examples=25)
@given(examples())
def test_sizes_are_exact_and_numbers_ascend(example):
    geography = make_geography(example)
    assert geography.points.shape == (example.areas, 2)
    assert np.array_equal(np.unique(geography.gemeente), np.arange(example.gemeenten))
    assert np.array_equal(np.unique(geography.region), np.arange(example.regions))
    assert (np.diff(geography.gemeente) >= 0).all()
    assert (np.diff(geography.region) >= 0).all()
    assert len(np.unique(geography.points, axis=0)) == example.areas


@settings(max_examples=25)
@given(examples())
def test_gemeenten_and_regions_hold_together(example):
    geography = make_geography(example)
    first, second = _neighbours(geography.points)
    for group in (geography.gemeente, geography.region[geography.gemeente]):
        within = group[first] == group[second]
        graph = _graph(first[within], second[within], np.ones(within.sum()), example.areas)
        assert connected_components(graph, directed=False)[0] == len(np.unique(group))


def test_no_gemeente_has_more_areas_than_two_digits_number():
    crowded = make_geography(Example(areas=490, gemeenten=10, regions=2, seed=2017))
    assert np.bincount(crowded.gemeente).max() <= MOST_AREAS


def test_more_areas_than_can_be_numbered_is_a_fault_of_the_study():
    with pytest.raises(StudyError, match="more gemeenten or fewer areas"):
        make_geography(Example(areas=150, gemeenten=1, regions=1))


def test_urbanity_is_a_standard_normal_score_that_is_high_where_areas_are_close():
    geography = make_geography(Example(areas=300, gemeenten=40, regions=5))
    apart = np.hypot(*(geography.points[:, None] - geography.points).transpose(2, 0, 1))
    third = np.sort(apart, axis=1)[:, 3]
    assert np.array_equal(np.argsort(-third), np.argsort(geography.urbanity))
    # 300 scores at the middles of 300 equal shares: the sd falls short of 1 by less than a hundredth.
    assert geography.urbanity.mean() == pytest.approx(0, abs=1e-9)
    assert geography.urbanity.std() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("areas", "islands"), [(6, []), (7, [1]), (60, [1]), (2918, [1, 1, 2, 2, 3, 3])])
def test_islands_by_size(areas, islands):
    assert make_coast(areas, seed=1).island_areas.tolist() == islands
