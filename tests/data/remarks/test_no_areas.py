"""Rows that are no areas are remarked: totals among areas, people of no known place, one name in two spellings."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import Status, example_study, interpret_counts, read_areas
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.no_areas import no_area_remarks

COUNTS = interpret_counts(read_areas(example_study(areas=300, gemeenten=40, regions=5)))
LOWER = np.where(COUNTS.status == Status.SUPPRESSED, 5, COUNTS.lower)
GROUPS = COUNTS.areas.levels["gemeente"]
INSIDE = np.flatnonzero(GROUPS.isin(GROUPS.value_counts().index[:1]))


def with_total(name, times, of_five=False):
    """The first wijk of the largest gemeente gets a name, and the people and users of all others times a factor."""
    people, lower, names = COUNTS.areas.population.copy(), LOWER.copy(), COUNTS.areas.names.copy()
    if of_five:
        people = 5 * (people // 5 + 1)
    people.iloc[INSIDE[0]] = round(people.iloc[INSIDE[1:]].sum() * times)
    lower[INSIDE[0]] = round(lower[INSIDE[1:]].sum() * times)
    names.iloc[INSIDE[0]] = name
    areas = replace(COUNTS.areas, population=people, names=names)
    return list(no_area_remarks(replace(COUNTS, lower=lower, upper=lower, areas=areas)))


def test_a_clean_country_has_only_areas():
    assert list(no_area_remarks(COUNTS)) == []


@pytest.mark.parametrize(
    ("name", "times", "seen"),
    [
        ("Wijk 1", 1, True),
        ("Totaal Goes", 1.04, True),
        ("Gemeente Goes", 0.97, True),
        ("Wijk 1", 1.04, False),
        ("Totaal Goes", 1.4, False),
        ("Totaalzicht", 1.04, False),
    ],
)
def test_the_row_of_a_gemeente_is_seen_by_its_people_or_nearly_so_by_its_name(name, times, seen):
    found = with_total(name, times)
    codes = [(COUNTS.areas.codes[INSIDE[0]],)]
    assert [each.areas for each in found if each.kind is RemarkKind.SUM_OF_OTHERS] == (codes if seen else [])


@pytest.mark.parametrize(
    ("name", "seen"), [("waarvan meisjes", True), ("W.v. jongens", True), ("of which girls", True), ("Waarveen", False)]
)
def test_a_part_of_another_row_is_no_area(name, seen):
    names = COUNTS.areas.names.copy()
    names.iloc[[7, 9]] = name
    found = list(no_area_remarks(replace(COUNTS, areas=replace(COUNTS.areas, names=names))))
    assert [each.areas for each in found] == ([tuple(COUNTS.areas.codes[[7, 9]])] if seen else [])
    assert all(name in each.text.en for each in found)


@pytest.mark.parametrize(
    "name", ["Onbekend", "Wijk onbekend", "onbekende wijk", "Buitenland", "Zonder vaste woonplaats"]
)
def test_people_of_no_known_place_are_no_area(name):
    names = COUNTS.areas.names.copy()
    names.iloc[7] = name
    [found] = no_area_remarks(replace(COUNTS, areas=replace(COUNTS.areas, names=names)))
    assert found.kind is RemarkKind.NO_AREA
    assert found.areas == (COUNTS.areas.codes[7],)
    assert name in found.text.en


@pytest.mark.parametrize("name", ["Onbekendeweg", "Buitenlanden", "Nieuwland", "Geenhoven"])
def test_a_name_that_only_sounds_like_it_is_an_area(name):
    names = COUNTS.areas.names.copy()
    names.iloc[7] = name
    assert list(no_area_remarks(replace(COUNTS, areas=replace(COUNTS.areas, names=names)))) == []
