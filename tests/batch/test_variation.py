"""A variation keeps what was seen when its tables were read."""

from bayesmodel import Variation, example_study


def test_a_level_of_one_group_has_no_effect_in_any_variation():
    study = example_study(areas=40, gemeenten=6, regions=1)
    assert study.effect_names == ("gemeente", "jeugdzorgregio")
    varied = Variation("seed", study, {"inference.seed": 3}).counts()
    assert varied.study.effect_names == ("gemeente",)
    assert varied.study.inference.seed == 3
    assert Variation("again", varied, {"model.family": "poisson"}).counts().study.effect_names == ("gemeente",)
