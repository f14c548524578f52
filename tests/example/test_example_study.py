"""The study of the example country, in code and in its file."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bayesmodel.errors import StudyError
from bayesmodel.example import example_study
from bayesmodel.example.traits import traits
from bayesmodel.study import read_study

ROOT = Path(__file__).resolve().parents[2]


def test_the_file_says_the_same_as_the_code():
    study = read_study(ROOT / "data" / "example" / "study.toml")
    assert study.model_copy(update={"folder": "."}) == example_study()


def test_eighteen_determinants_of_the_wijk_and_three_of_the_gemeente():
    levels = [determinant.level for determinant in example_study().determinants]
    assert (levels.count(None), levels.count("gemeente"), len(levels)) == (18, 3, 21)


def test_a_country_of_one_gemeente_has_no_determinants_of_the_gemeente():
    assert {item.level for item in example_study(areas=9, gemeenten=1, regions=1).determinants} == {None}


def test_both_languages_say_that_it_is_invented():
    for label in (example_study().outcome.count, example_study().outcome.population):
        assert "verzonnen" in label.nl
        assert "invented" in label.en


def test_determinants_of_a_block_stand_together():
    blocks = [determinant.block for determinant in example_study().determinants]
    changes = sum(first != second for first, second in pairwise(blocks))
    assert changes == len(set(blocks)) - 1


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ({"areas": 10, "gemeenten": 11, "regions": 1}, "regions <= gemeenten <= areas"),
        ({"areas": 10, "gemeenten": 2, "regions": 3}, "regions <= gemeenten <= areas"),
        ({"areas": 2, "gemeenten": 1, "regions": 1}, "expected at least 3"),
        ({"seed": -1}, "expected at least 0"),
    ],
)
def test_a_size_that_cannot_be_is_a_fault_of_the_study(size, found):
    with pytest.raises(StudyError, match=re.escape(found)):
        example_study(**size)


def test_loadings_leave_room_for_a_rest():
    # z has variance 1 only if the four loadings explain less than all of it.
    assert all(sum(loading**2 for loading in trait.loadings) < 1 for trait in traits())
    assert all(len(trait.loadings) == 4 for trait in traits())
