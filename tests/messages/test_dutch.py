"""The Dutch, as a Dutch researcher would write it: what was once awkward or wrong does not come back."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bayesmodel.data import Status
from bayesmodel.messages import CATALOGUES, DOMAIN, speaking
from bayesmodel.tables.columns import columns_of
from bayesmodel.tables.display import FLAGS, STATUSES
from bayesmodel.testing import invented_fit

ROOT = Path(__file__).resolve().parents[2]
AWKWARD = [
    "einde van een afbeelding",
    "aandeel van de mensen, waar een aantal is gepubliceerd",
    "Er staat meer dan gevraagd",
    "vragen om daarin te beantwoorden",
    "vraag om daarin te beantwoorden",
    "kolommen passen",
    "bevat codes van een",
    "codes die vaker voorkomen",
    "aantallen boven de bevolking",
    "er wordt niets geraden",
    "die een ander ook heeft",
    "Om naar te kijken",
    r"^van één gebied$",
    r"^niemand$|: niemand\b",
    "los van toeval",
    r"met een kans van .* op meer dan",
    r"kenmerken en gemeente en",
    r"\bP\((gebied|ander|hoogste)",
    "allemaal tegelijk",
    r"mediane odds\b",
    "Lineaire voorspeller",
    "geneste laplace",
    "Hoe groot de verschillen zijn",
    "Wat met het gebruik samengaat",
    "samengaa[tn]",
    "[Ee]en fit lezen",
    r"[Bb]ewaar de fit",
    "Ver ervan liggen",
    "stappen tellen precies op",
    "Hoe hoger de berg",
    r"\bTeken:",
    r"\bstreep: ",
    "bij hun grootte gewoon",
    "naar verwachting niet voor",
    "certificaat dat haar",
    "given lower",
]


def dutch():
    """Yield every Dutch text: of the catalogue, of labels in the source, of the Dutch pages."""
    with (CATALOGUES / "nl" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        for message in read_po(file):
            if message.id:
                yield from [message.string] if isinstance(message.string, str) else message.string
    for path in (ROOT / "bayesmodel").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "nl":
                yield said(node.value)
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "nl":
                        yield said(value)
    for page in ("README.nl.md", "docs/nederlands.md"):
        yield " ".join((ROOT / page).read_text("utf-8").split())


def said(node):
    """Return the words of an expression, with braces where a value is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(said, node.values))
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.FormattedValue):
        return "{}"
    return " ".join(said(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))


TEXTS = list(dutch())


@pytest.mark.parametrize("words", AWKWARD)
def test_awkward_words_do_not_come_back(words):
    assert [text for text in TEXTS if re.search(words, text)] == []


def test_all_texts_are_looked_at():
    everything = "\n".join(TEXTS)
    for seen in (
        "Aandachtspunten",
        "gecorrigeerd voor toeval",
        "Hoe hoger de piek",
        "geen voorspelling",
        "niet ingevuld",
    ):
        assert seen in everything


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_status_has_one_word_everywhere(language):
    columns = {column.name: column for column in columns_of(invented_fit().study)}
    for status in Status:
        assert f"{status}: {STATUSES[status][language]}" in columns["status"].definition[language]
    assert f"no_people: {FLAGS['no_people'][language]}" in columns["flags"].definition[language]
    assert FLAGS["no_people"] == STATUSES[Status.ZERO]


def test_what_is_counted_in_a_study_is_said_in_the_same_words():
    counts = invented_fit().counts
    from bayesmodel.data.interpret import interpret_counts

    with speaking("nl"):
        notes = " ".join(interpret_counts(counts.areas).notes)
    for status in (Status.EXACT, Status.SUPPRESSED, Status.MISSING):
        assert STATUSES[status].nl in notes
