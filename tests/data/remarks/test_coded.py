"""Codes are seen beside classes and among numbers, and neither scales nor rounded counts are taken for them."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import example_study, interpret_counts, read_areas
from bayesmodel.data.remarks.coded import coded_counts, coded_values
from bayesmodel.data.remarks.copied import filled_in
from bayesmodel.data.remarks.determinants_in_disguise import coded_remarks

RNG = np.random.default_rng(5)
CLASSES = RNG.integers(1, 6, 200).astype(float)
FLAG = RNG.integers(0, 2, 200).astype(float)
SOME = np.arange(200) % 20 == 3


@pytest.mark.parametrize("code", [-9, -1, 9, 99, 999, 88])
def test_a_code_beside_classes_is_seen(code):
    assert list(coded_values(np.where(SOME, code, CLASSES))) == [code]


@pytest.mark.parametrize("code", [-9, -1, 9, 99])
def test_a_code_beside_a_flag_is_seen(code):
    assert list(coded_values(np.where(SOME, code, FLAG))) == [code]


def test_two_codes_beside_classes_are_seen():
    values = np.where(SOME, 98, np.where(np.arange(200) % 20 == 5, 99, CLASSES))
    assert sorted(coded_values(values)) == [98, 99]


@pytest.mark.parametrize("scale", [(1, 6), (0, 7), (-2, 3), (-1, 2), (0, 2), (1, 10)])
def test_a_scale_holds_no_code(scale):
    assert coded_values(RNG.integers(*scale, 300).astype(float)) == {}


def test_the_lower_end_of_a_scale_is_no_code():
    scale = RNG.choice([-1.0, 0.0, 1.0, 2.0], 200, p=[0.1, 0.4, 0.3, 0.2])
    assert coded_values(scale) == {}


def test_one_area_with_more_is_no_code():
    """Nine practices in one town, where others have up to four."""
    assert coded_values(np.where(np.arange(200) == 7, 9.0, np.minimum(RNG.poisson(1.3, 200), 4))) == {}


@pytest.mark.parametrize("code", [-99.9, 99.9, -9.9])
def test_a_code_with_decimals_is_seen(code):
    values = RNG.uniform(5, 40, 200).round(1)
    assert list(coded_values(np.where(SOME, code, values))) == [code]


def test_a_number_that_only_begins_as_a_code_is_none():
    assert coded_values(np.append(RNG.uniform(5, 40, 200).round(1), 88.7)) == {}


def test_an_outlying_gemeente_counts_once_however_many_areas_it_has():
    """A trait of the gemeente, the same in all its areas: one of them lies far from the rest, and stands in each."""
    counts = interpret_counts(read_areas(example_study(areas=200, gemeenten=20, regions=4)))
    groups = counts.areas.levels["gemeente"].to_numpy()
    largest = counts.areas.levels["gemeente"].value_counts().index[0]
    values = np.unique(groups, return_inverse=True)[1] * 0.7 + 11
    table = counts.areas.determinants.iloc[:, :1].copy()
    table.iloc[:, 0] = np.where(groups == largest, 151.3, values)
    assert (groups == largest).sum() >= 5
    assert list(coded_remarks(replace(counts, areas=replace(counts.areas, determinants=table)))) == []


def test_counts_that_thin_out_are_no_codes():
    """Rounded to fives in small areas: many at fifteen, and larger ones seldom."""
    shown = np.repeat([10, 15, 20, 25, 30, 35, 40, 55, 70, 85, 100], [12, 13, 7, 9, 3, 2, 1, 1, 1, 1, 1])
    assert coded_counts(shown, 10) == {}
    assert list(coded_counts(np.append(shown, np.full(20, 99)), 10)) == [99]


def test_numbers_of_one_decimal_are_frequent_and_not_filled_in():
    """Persons per household: 2.2 in one area of seven, and 2.1 and 2.3 hardly less."""
    size = RNG.normal(2.2, 0.4, 1000).round(1)
    assert filled_in(size) is None
    assert filled_in(np.where(np.arange(1000) % 2 == 0, 2.2, size)) == 2.2
