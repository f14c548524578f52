"""A variation keeps what was seen when its tables were read."""

import pytest

from bayesmodel import Variation, build_model, example_study, interpret_counts, read_areas
from bayesmodel.errors import ModelError


def test_neighbours_are_read_where_a_variation_asks_for_space():
    counts = Variation("space", example_study(areas=60, gemeenten=8, regions=2), {"model.space": {}}).counts()
    assert counts.areas.neighbours is not None
    assert build_model(counts).space is not None


def test_space_after_reading_is_refused_with_the_reason():
    study = example_study(areas=60, gemeenten=8, regions=2)
    counts = Variation("space", interpret_counts(read_areas(study)), {"model.space": {}}).counts()
    with pytest.raises(ModelError, match="read them again"):
        build_model(counts)


def test_a_level_of_one_group_has_no_effect_in_any_variation():
    study = example_study(areas=40, gemeenten=6, regions=1)
    assert study.effect_names == ("gemeente", "jeugdzorgregio")
    varied = Variation("seed", study, {"inference.seed": 3}).counts()
    assert varied.study.effect_names == ("gemeente",)
    assert varied.study.inference.seed == 3
    assert Variation("again", varied, {"model.family": "poisson"}).counts().study.effect_names == ("gemeente",)
