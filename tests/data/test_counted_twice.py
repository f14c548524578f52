"""Outcomes to add up that may count the same people: overlapping ages, a part beside its whole, and what is neither."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.data.counted_twice import contained, refuse_overlapping_ages, same_people
from bayesmodel.data.named_ages import overlapping_ages
from bayesmodel.errors import StudyError


@pytest.fixture(scope="module", name="outcomes")
def outcomes_fixture(world_of_outcomes):
    """Counts of two outcomes of the same people."""
    return world_of_outcomes()[0]


def of(counts, published, people):
    """The counts with other cells and other people."""
    codes = counts.areas.codes
    cells = pd.Series([str(cell) if cell >= 10 else "." for cell in published], codes)
    return interpret_counts(replace(counts.areas, published=cells, population=pd.Series(people, codes)))


def whole_of(counts, times=1.3, seed=0):
    """A number of people and of users of which the counts are a part."""
    rng, people = np.random.default_rng(seed), counts.population
    more = rng.poisson((times - 1) * people * np.exp(0.3 * rng.normal(size=len(people))))
    known = np.where(counts.shown, counts.lower, 5)
    return of(counts, known + rng.binomial(more, 0.1), people + more)


def test_a_part_beside_its_whole_is_named(outcomes):
    youth = outcomes["youth"]
    assert contained({"0-17": youth, "0-22": whole_of(youth)}) == (("0-17", "0-22"),)
    assert contained({"0-22": whole_of(youth), "0-17": youth}) == (("0-17", "0-22"),)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("times", [0.7, 1.0, 1.5, 2.3, 6.0])
def test_age_groups_of_other_people_are_no_parts_of_each_other(outcomes, times, seed):
    """The numbers of two age groups of the national file of 2021 vary by .35 and more against each other."""
    youth, rng = outcomes["youth"], np.random.default_rng(seed)
    people = np.maximum(youth.population * times * np.exp(0.35 * rng.normal(size=len(youth))), 1).astype(int)
    others = of(youth, rng.binomial(people, 0.1), people)
    assert contained({"0-14": youth, "25-44": others}) == ()


def test_the_same_people_are_named_so_and_not_as_a_part(outcomes):
    assert contained(outcomes) == ()
    assert same_people(outcomes) == ("youth", "wmo")
    youth = outcomes["youth"]
    assert same_people({"youth": youth, "older": of(youth, youth.lower, youth.population + 1)}) == ()


def test_of_few_areas_nothing_is_said(outcomes):
    youth = outcomes["youth"]
    cells = np.where(np.cumsum(youth.shown) <= 25, youth.lower, 0)
    assert contained({"0-17": of(youth, cells, youth.population), "0-22": whole_of(youth)}) == ()


@pytest.mark.parametrize("names", [("j0_17", "j0_23"), ("0-17", "12 tot 22"), ("jeugd 0 t_m 17", "jeugd 15 t_m 26")])
def test_ages_that_overlap_are_refused_by_name(outcomes, names):
    with pytest.raises(StudyError, match=f"{names[1]}, which has ages that {names[0]} has too"):
        refuse_overlapping_ages(dict(zip(names, outcomes.values(), strict=True)))


@pytest.mark.parametrize("names", [("0-17", "18-64"), ("0-18", "18-65"), ("youth", "wmo"), ("youth 0-17", "wmo 0-22")])
def test_other_names_are_not(outcomes, names):
    assert list(overlapping_ages(names)) == []
    refuse_overlapping_ages(dict(zip(names, outcomes.values(), strict=True)))


def test_ages_in_the_names_of_columns_count_too(outcomes):
    named = {}
    for name, column in (("young", "care_0_17"), ("older", "care_0_22")):
        study = outcomes["youth"].study
        columns = study.columns.model_copy(update={"count": column})
        named[name] = outcomes["youth"].with_study(study.model_copy(update={"columns": columns}))
    with pytest.raises(StudyError, match="care_0_22, which has ages that care_0_17 has too"):
        refuse_overlapping_ages(named)
