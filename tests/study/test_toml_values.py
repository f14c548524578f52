"""Every value that a study cannot have is answered with what it should be, in the language of the user."""

import pytest

from bayesmodel import example_study
from bayesmodel.errors import StudyError
from bayesmodel.messages import speaking
from bayesmodel.study import study_from


def changed(values, key, value):
    *parts, last = key.split(".")
    place = values
    for part in parts:
        place = place[part]
    place[last] = value
    return values


@pytest.mark.parametrize(
    ("key", "value", "dutch"),
    [
        ("inference.draws", 5, "minstens 50"),
        ("inference.draws", "veel", "een geheel getal"),
        ("inference.draws", 60.5, "een geheel getal"),
        ("inference.draws", float("inf"), "een getal"),
        ("outcome.year", 2500, "hoogstens 2100"),
        ("report.interval", 0, "boven 0"),
        ("report.interval", 2, "onder 1"),
        ("report.margin", "veel", "een getal"),
        ("report.language", "fr", "'nl' of 'en'"),
        ("name", 3, "een tekst"),
        ("area", "De wijk", "kleine letters, cijfers en _"),
        ("levels", 3, "een lijst"),
        ("levels", [3], "sleutels met waarden"),
        ("model.priors.sd_of", [], "sleutels met waarden"),
        ("columns.count", None, "een tekst"),
        ("determinants", [{"column": "x", "bounds": [1, 2, 3]}], "een ander aantal waarden"),
        ("determinants", [{"column": "x", "bounds": [2, 1]}], "een studie die klopt"),
    ],
)
def test_it_says_what_should_stand_there(key, value, dutch):
    values = changed(example_study(areas=60, gemeenten=8, regions=2).model_dump(), key, value)
    with speaking("nl"), pytest.raises(StudyError) as caught:
        study_from(values)
    (fault,) = caught.value.faults
    assert dutch in fault.expected
    assert "nput" not in str(fault)
