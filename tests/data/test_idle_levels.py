"""Levels that carry nothing lose their effect, and only those."""

import pandas as pd
import pytest

from bayesmodel import example_study
from bayesmodel.data.area_table import idle_levels, with_effects

PAIRS = ["GM1", "GM1", "GM2", "GM2", "GM3", "GM3"]


@pytest.mark.parametrize(
    ("gemeenten", "regions", "idle"),
    [
        (PAIRS, ["A", "A", "A", "A", "B", "B"], {}),
        (PAIRS, ["A"] * 6, {"jeugdzorgregio": ("lone", "A")}),
        (["GM1"] * 6, ["A"] * 6, {"gemeente": ("lone", "GM1"), "jeugdzorgregio": ("lone", "A")}),
        (list("abcdef"), ["A", "A", "A", "A", "B", "B"], {"gemeente": ("areas", "wijk")}),
        (PAIRS, ["A", "A", "B", "B", "C", "C"], {"jeugdzorgregio": ("same", "gemeente")}),
        # nearly the same is not the same
        (PAIRS, ["A", "A", "B", "B", "B", "B"], {}),
    ],
)
def test_what_carries_nothing(gemeenten, regions, idle):
    levels = pd.DataFrame({"gemeente": gemeenten, "jeugdzorgregio": regions})
    study = example_study(areas=60, gemeenten=8, regions=2)
    assert idle_levels(study, levels) == idle
    assert set(with_effects(study, levels).effect_names) == {"gemeente", "jeugdzorgregio"} - set(idle)
    assert with_effects(study, levels).level_names == study.level_names


def test_of_two_alike_the_inner_one_stays_however_they_are_listed():
    study = example_study(areas=60, gemeenten=8, regions=2)
    turned = study.model_copy(update={"levels": study.levels[::-1]})
    levels = pd.DataFrame({"gemeente": PAIRS, "jeugdzorgregio": ["C", "C", "B", "B", "A", "A"]})
    assert with_effects(turned, levels).effect_names == ("gemeente",)


def test_a_level_passes_by_a_parent_without_effect():
    study = example_study(areas=60, gemeenten=8, regions=2)
    gemeente, region = study.levels
    country = region.model_copy(update={"name": "land", "within": None})
    middle = region.model_copy(update={"effect": False, "within": "land"})
    passed = study.model_copy(update={"levels": (gemeente, middle, country)})
    assert passed.effects_within == {"gemeente": "land", "land": None}
