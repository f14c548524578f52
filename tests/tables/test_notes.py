"""What readers must be told is always there, and says the same in both languages."""

import re
from string import Formatter

import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.example import example_areas, example_study
from bayesmodel.tables.notes import NOTES, WARNING, reading_notes


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
        ("(expected.determinants): Wat is te verwachten", "(expected.determinants): What would one expect"),
        ("kans van 95%", "probability of 95%"),
        ("Verborgen omdat het aantal klein is: 2;", "Hidden because the count is small: 2;"),
        ("Niet geleverd: 1.", "Not delivered: 1."),
        ("Aantal weggelaten wijken: 2.", "Number of wijken left out: 2."),
        ("WK000308 Duin", "WK000308 Duin"),
    ],
)
def test_what_readers_must_be_told_is_there(counts, nl, en):
    assert nl in "\n".join(reading_notes(counts, "nl"))
    assert en in "\n".join(reading_notes(counts, "en"))


def test_thousands_are_written_as_the_language_does():
    many = interpret_counts(example_areas(example_study(areas=1200, gemeenten=100, regions=5)))
    assert "Aantal wijken: 1.200." in "\n".join(reading_notes(many, "nl"))
    assert "Number of wijken: 1,200." in "\n".join(reading_notes(many, "en"))
