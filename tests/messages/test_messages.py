"""Messages: chosen once, written as the language writes, none left untranslated."""

import gettext
import importlib.util
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from babel.messages.pofile import read_po

from bayesmodel import messages
from bayesmodel.data.remarks.coded import coded_values
from bayesmodel.errors import DataError, Fault, UnknownNameError
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.io.text_table import size_in_words
from bayesmodel.messages import CATALOGUES, DOMAIN, VARIABLES, _, choose_language, language, number, plural, speaking

ROOT = Path(__file__).resolve().parents[2]
PO = CATALOGUES / "nl" / "LC_MESSAGES" / f"{DOMAIN}.po"


@pytest.fixture(scope="module")
def texts():
    """The program that collects messages."""
    spec = importlib.util.spec_from_file_location("texts", ROOT / ".ci" / "texts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalogue():
    with PO.open("rb") as file:
        return read_po(file, locale="nl")


def parts(text):
    return [text] if isinstance(text, str) else list(text)


def test_no_message_is_untranslated_or_forgotten(texts, catalogue):
    collected = {str(message.id) for message in texts.collected() if message.id}
    assert {str(message.id) for message in catalogue if message.id} == collected, "run: make texts"
    assert texts.untranslated(catalogue) == []


def test_what_is_compiled_is_what_is_written(catalogue):
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            assert compiled.gettext(message.id) == message.string, "run: make texts"


def test_translations_are_filled_with_the_same_facts(catalogue):
    for message in catalogue:
        fields = [set(re.findall(r"\{(\w*)", text)) for text in (*parts(message.id), *parts(message.string))]
        assert all(found == fields[0] for found in fields), message.id


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "BAYESMODEL_LANGUAGE": "nl"}, "nl"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_environment_decides_when_nobody_chose(monkeypatch, environment, spoken):
    monkeypatch.setattr(messages, "_chosen", None)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken


def test_what_is_chosen_goes_before_the_environment(monkeypatch):
    monkeypatch.setattr(messages, "_chosen", None)
    choose_language("nl")
    assert language() == "nl"


def test_numbers_are_written_as_the_language_does():
    with speaking("nl"):
        assert (number(1234567.891, ",.1f"), number(0.5, "g"), number(12)) == ("1.234.567,9", "0,5", "12")
    assert number(1234567.891, ",.1f") == "1,234,567.9"


def test_one_and_many():
    with speaking("nl"):
        assert [plural("{count} fault", "{count} faults", count) for count in (0, 1, 2)] == [
            "0 fouten",
            "1 fout",
            "2 fouten",
        ]


def test_failures_speak_the_language():
    fault = Fault("care", "-3", "0", "", ["WK000300"] * 7)
    with speaking("nl"):
        assert str(DataError("counts.csv", [fault])).startswith("counts.csv bevat 1 fout:\n- care: gevonden -3; ")
        assert "en nog 2" in str(fault)
        assert "Bedoelt u wijk?" in str(UnknownNameError("x", "wjk", ["wijk"]))
    assert "and 2 more" in str(fault)


def test_a_verdict_speaks_the_language_when_it_is_asked():
    verdict = Diagnostics(rhat_max=1.05, ess_min=1234.0, divergences=1, bfmi_min=0.2, worst="sd_wijk")
    with speaking("nl"):
        assert verdict.problems[0].startswith("1 divergente stap")
        assert "R-hat 1,050 boven 1,01" in verdict.problems[1]
    assert verdict.problems[0].startswith("1 divergent transition:")


def test_what_has_no_translation_stays_as_it_is():
    with speaking("nl"):
        assert _("no such message") == "no such message"


@pytest.mark.parametrize(
    ("reader", "one", "more"),
    [("en", "1 row, 1 column", "2 rows, 3 columns"), ("nl", "1 rij, 1 kolom", "2 rijen, 3 kolommen")],
)
def test_one_of_something_is_not_several(reader, one, more):
    with speaking(reader):
        assert size_in_words(pd.DataFrame({"a": ["1"]})) == one
        assert size_in_words(pd.DataFrame({"a": ["1", "2"], "b": "", "c": ""})) == more


def test_a_code_that_occurs_once_does_so_one_time():
    values = np.array([5.0, 12, 33, 21, 17, 8, 29, 14, 25, -99997, 11])
    assert coded_values(values)[-99997].startswith("1 time,")
