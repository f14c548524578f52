"""A stadsdeel among its wijken is seen by its sum: by its name, or where there are more such rows than by chance."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import Status, example_study, interpret_counts, read_areas
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.sums_of_rows import sums_of_rows_remarks

COUNTS = interpret_counts(read_areas(example_study(areas=300, gemeenten=20, regions=5)))
LOWER = np.where(COUNTS.status == Status.SUPPRESSED, 5, COUNTS.lower)


def with_sums(groups, name="Wijk 90", more=0, users=0):
    """The last wijk of some gemeenten gets the people and users of the first three, and a name."""
    people, lower, names = COUNTS.areas.population.copy(), LOWER.copy(), COUNTS.areas.names.copy()
    gemeenten = COUNTS.areas.levels["gemeente"]
    rows = []
    for group in gemeenten.value_counts().index[:groups]:
        inside = np.flatnonzero(gemeenten == group)
        rows.append(inside[-1])
        people.iloc[inside[-1]] = people.iloc[inside[:3]].sum() + more
        lower[inside[-1]] = lower[inside[:3]].sum() + users
        names.iloc[inside[-1]] = name
    areas = replace(COUNTS.areas, population=people, names=names)
    return list(sums_of_rows_remarks(replace(COUNTS, lower=lower, upper=lower, areas=areas))), np.sort(rows)


def test_a_clean_country_has_no_sums():
    assert list(sums_of_rows_remarks(COUNTS)) == []


@pytest.mark.parametrize("name", ["Stadsdeel Noord", "de stadsdelen", "Deelgemeente Delfshaven"])
def test_one_with_such_a_name_is_seen(name):
    [found], rows = with_sums(1, name)
    assert found.kind is RemarkKind.SUM_OF_OTHERS
    assert list(found.areas) == list(COUNTS.areas.codes[rows])
    first = COUNTS.areas.codes[COUNTS.areas.levels["gemeente"] == COUNTS.areas.levels["gemeente"].iloc[rows[0]]]
    assert f"({found.areas[0]}: {first[0]} to {first[2]})" in found.text.en


def test_one_without_such_a_name_may_be_chance():
    assert with_sums(1)[0] == []


def test_many_are_no_chance():
    [found], rows = with_sums(10)
    assert set(COUNTS.areas.codes[rows]) <= set(found.areas)


@pytest.mark.parametrize(("more", "users"), [(3, 0), (0, 2)])
def test_nearly_a_sum_is_none(more, users):
    assert with_sums(10, "Stadsdeel Noord", more, users)[0] == []


def test_fives_give_sums_by_chance():
    """In a country of small wijken rounded to fives and without counts nearly every row is the sum of some others."""
    rng = np.random.default_rng(1)
    people = pd.Series(5 * rng.integers(1, 12, len(COUNTS)), COUNTS.areas.population.index)
    areas = replace(COUNTS.areas, population=people)
    loose = replace(COUNTS, lower=np.zeros(len(COUNTS), dtype=int), upper=people.to_numpy(), areas=areas)
    assert list(sums_of_rows_remarks(loose)) == []
