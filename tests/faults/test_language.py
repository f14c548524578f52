"""Every word of a message is in the catalogue: what is left of it in a language without letters is data."""

import re
from gettext import NullTranslations
from zipfile import ZipFile, is_zipfile

import pytest

from bayesmodel import messages
from bayesmodel.study import Study
from bayesmodel.study.parts import Publication
from benchmarks.faults import CASES, attempt
from benchmarks.faults.attempt import in_this_process

NAMES = {"where", "column", "en", "study", "WK", "GM", "wijk", "determinants", "csv", "poisson"}
"""Words of keys, codes, families and files, which are the same in every language."""
FOREIGN = {
    "a study that is no TOML",
    "a text file that is called xlsx",
    "a Parquet file that was cut off",
    "Parquet with lists in its cells",
}
"""Faults whose message quotes the library that found them."""


class Letterless(NullTranslations):
    """A language that writes every letter as ``ø``, so that what is said without a catalogue stands out."""

    def gettext(self, message):
        parts = re.split(r"(\{[^}]*\})", message)
        return "".join(part if part.startswith("{") else re.sub(r"[A-Za-z]", "ø", part) for part in parts)

    def ngettext(self, one, many, count):
        return self.gettext(one if count == 1 else many)


def words(text):
    return set(re.findall(r"[A-Za-z_]{2,}", text))


def data_of(case, folder):
    """All that stands in the files of a case and in its command."""
    texts = [*case.arguments, *Study.model_fields, *Publication.model_fields]
    for path in folder.rglob("*"):
        texts.append(path.name)
        if is_zipfile(path):
            with ZipFile(path) as book:
                texts += [book.read(name).decode("latin-1") for name in book.namelist()]
        elif path.is_file():
            texts.append(path.read_bytes().decode("latin-1"))
    return " ".join(texts)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name not in FOREIGN and case.code == 2], ids=lambda case: case.name
)
def test_a_fault_says_nothing_outside_the_catalogue(case, tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "_catalogue", lambda language: Letterless())
    outcome = attempt(case, tmp_path, in_this_process)
    data = data_of(case, tmp_path)
    assert [word for word in words(outcome.message) - NAMES if word not in data] == [], outcome.message
