"""What readers must be told is always there, and says the same in both languages."""

import re
from string import Formatter

import numpy as np
import pandas as pd
import pytest

from bayesmodel.areas import AreaTable
from bayesmodel.counts import Counts
from bayesmodel.outputs.texts import NOTES, WARNING, reading_notes
from bayesmodel.study import study_from


@pytest.fixture
def counts():
    """Five wijken: two exact, two hidden, one not delivered; two more were left out."""
    study = study_from(
        {
            "name": "small",
            "outcome": {
                "count": {"nl": "jongeren met hulp", "en": "young people in care"},
                "population": {"nl": "jongeren", "en": "young people"},
                "year": 2019,
                "vintage": 2018,
            },
            "columns": {"area": "wijk", "count": "care", "population": "young"},
            "tables": [{"path": "counts.csv", "key": "wijk"}],
            "report": {"interval": 0.95},
        }
    )
    codes = pd.Index([f"WK00030{i}" for i in range(5)], name="wijk")
    areas = AreaTable(
        study,
        names=codes.to_series(),
        levels=pd.DataFrame(index=codes),
        level_labels={},
        published=pd.Series("", index=codes),
        population=pd.Series(100, index=codes),
        determinants=pd.DataFrame(index=codes),
        left_out=pd.DataFrame({"name": ["Duin", "Zee"], "reason": "inhabitants 80"}, index=["WK000308", "WK000309"]),
    )
    status = np.array(["exact", "exact", "suppressed", "suppressed", "missing"])
    return Counts(areas, np.array([10, 20, 0, 0, 0]), np.array([10, 20, 9, 9, 100]), status)


def numbers(notes):
    return re.findall(r"\d+", " ".join(notes))


def test_dutch_and_english_hold_the_same_numbers(counts):
    assert numbers(reading_notes(counts, "nl")) == numbers(reading_notes(counts, "en"))


@pytest.mark.parametrize("texts", [NOTES, {language: (text,) for language, text in WARNING.items()}])
def test_dutch_and_english_are_filled_with_the_same_facts(texts):
    fields = {language: [{f for _, f, *_ in Formatter().parse(text)} for text in texts[language]] for language in texts}
    assert fields["nl"] == fields["en"]


@pytest.mark.parametrize(
    ("nl", "en"),
    [
        ("jaar 2019, grenzen van 2018", "year 2019, boundaries of 2018"),
        ("geen voorspelling", "no forecast"),
        ("geen teken van goed of slecht beleid", "no sign of good or bad policy"),
        ("kenmerken die niet in het model zitten", "traits that are not in the model"),
        ("geen behoefte aan hulp", "not need"),
        ("niets over personen", "nothing about individuals"),
        ("expected.determinants", "expected.determinants"),
        ("kans van 95%", "probability of 95%"),
        ("Verborgen omdat het aantal klein is: 2;", "Hidden because the count is small: 2;"),
        ("Niet geleverd: 1.", "Not delivered: 1."),
        ("Weggelaten gebieden: 2.", "Areas left out: 2."),
        ("WK000308 Duin", "WK000308 Duin"),
    ],
)
def test_what_readers_must_be_told_is_there(counts, nl, en):
    assert nl in "\n".join(reading_notes(counts, "nl"))
    assert en in "\n".join(reading_notes(counts, "en"))
