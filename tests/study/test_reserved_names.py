"""Names and columns that would meet in one table of results are refused before the fit."""

import pytest

from bayesmodel.errors import StudyError
from bayesmodel.study import study_from
from bayesmodel.study.reserved_names import RESERVED, name_problems

SOUND = {
    "name": "small",
    "columns": {"area": "wijk", "count": "care", "population": "young", "area_name": "naam"},
    "tables": [{"path": "c.csv", "key": "wijk"}],
    "outcome": {
        "count": {"nl": "hulp", "en": "care"},
        "population": {"nl": "jongeren", "en": "young people"},
        "year": 2017,
        "vintage": 2017,
    },
    "levels": [{"name": "gemeente", "column": "gm", "name_column": "gm_naam"}, {"name": "regio", "column": "rg"}],
    "determinants": [{"column": "huur"}],
    "exclusions": [{"column": "huizen", "at_most": 5}],
}


def changed(**parts):
    """The sound study with other parts."""
    return study_from(SOUND | parts)


def test_the_sound_study_is_sound():
    assert changed().level_names == ("gemeente", "regio")


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_level_is_not_called_after_a_result(name):
    with pytest.raises(StudyError, match=f"the name {name} is that of something else"):
        changed(levels=[{"name": name, "column": "gm"}])
    with pytest.raises(StudyError, match=f"the name {name} is that of something else"):
        changed(area=name)


@pytest.mark.parametrize("name", ["expected_gemeente", "ratio_x", "p_higher_gemeente", "sd_wijk", "effect_a"])
def test_a_level_does_not_begin_as_a_result(name):
    assert "choose another" in name_problems("wijk", [name])[0]


@pytest.mark.parametrize("levels", [["gemeente", "gemeente_name"], ["wijk_name"], ["regio_lower", "regio"]])
def test_a_level_does_not_end_as_the_result_of_another(levels):
    assert len(name_problems("wijk", levels)) == 1


@pytest.mark.parametrize("name", ["provincie", "stadsdeel", "ggd_regio", "street_name", "p_code", "soort"])
def test_other_names_are_free(name):
    assert name_problems("wijk", [name, "gemeente"]) == []


AREA = {
    "columns.count": {"columns": SOUND["columns"] | {"count": "wijk"}},
    "columns.population": {"columns": SOUND["columns"] | {"population": "wijk"}},
    "columns.area_name": {"columns": SOUND["columns"] | {"area_name": "wijk"}},
    "levels[0].column": {"levels": [{"name": "gemeente", "column": "wijk"}]},
    "levels[0].name_column": {"levels": [{"name": "gemeente", "column": "gm", "name_column": "wijk"}]},
    "exclusions[0].column": {"exclusions": [{"column": "wijk", "at_most": 5}]},
    "determinants[0].column": {"determinants": [{"column": "wijk"}]},
}


@pytest.mark.parametrize(("key", "parts"), AREA.items(), ids=AREA)
def test_the_column_of_areas_is_nothing_else(key, parts):
    with pytest.raises(StudyError, match=r"columns.area and .* are both the column wijk") as caught:
        changed(**parts)
    assert f"columns.area and {key} are" in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"determinants": [{"column": "care"}]}, "columns.count and determinants[0].column"),
        ({"determinants": [{"column": "huur"}, {"column": "young"}]}, "columns.population and determinants[1].column"),
        ({"levels": [{"name": "gemeente", "column": "care"}]}, "columns.count and levels[0].column"),
        ({"columns": SOUND["columns"] | {"count": "young"}}, "columns.count and columns.population"),
        (
            {"levels": [{"name": "gemeente", "column": "gm"}, {"name": "regio", "column": "gm"}]},
            "levels[0].column and levels[1].column",
        ),
    ],
)
def test_a_column_is_not_two_things_at_once(parts, said):
    with pytest.raises(StudyError) as caught:
        changed(**parts)
    assert said in str(caught.value)
