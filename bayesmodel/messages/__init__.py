"""Messages in the language of the user: English in the source, Dutch from a catalogue (`make texts`).

A message is written as ``_("... {name} ...").format(name=...)``. What stands in a report is in the language of the
study and lives in `bayesmodel.tables`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Literal, get_args

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "bayesmodel"
CATALOGUES = Path(__file__).parent
VARIABLES = ("BAYESMODEL_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where the language is looked for when nobody chose one; the first that is set decides."""

_chosen: Language | None = None


def choose_language(language: Language | None) -> None:
    """Choose the language of all messages from now on; None leaves it to the environment.

    Parameters
    ----------
    language : {"nl", "en"} or None
        Dutch, English, or what `VARIABLES` say.
    """
    global _chosen
    _chosen = language


def chosen_language() -> Language | None:
    """Return the language that was chosen; None where the environment decides."""
    return _chosen


def language() -> Language:
    """Return the language of messages: the one chosen, else that of the environment, else English.

    Examples
    --------
    >>> with speaking("nl"):
    ...     language()
    'nl'
    """
    if _chosen is not None:
        return _chosen
    said = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "en")
    return "nl" if said.lower().startswith("nl") else "en"


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language for a while.

    Examples
    --------
    >>> with speaking("nl"):
    ...     number(2918), number(0.25, ".1%")
    ('2.918', '25,0%')
    """
    before = _chosen
    choose_language(language)
    try:
        yield
    finally:
        choose_language(before)


def _(message: str) -> str:
    """Return a message in the language of the user."""
    return _catalogue(language()).gettext(message)


def plural(one: str, many: str, count: int) -> str:
    """Return the message for one, or that for another number, with ``{count}`` filled in.

    Examples
    --------
    >>> plural("{count} fault", "{count} faults", 1200)
    '1,200 faults'
    """
    return _catalogue(language()).ngettext(one, many, count).format(count=number(count))


def number(value: float, form: str = ",", reader: Language | None = None) -> str:
    """Return a number as the language writes it: 2,918.5 in English, 2.918,5 in Dutch.

    Parameters
    ----------
    value : float
        The number.
    form : str
        As in `format`, such as ``",.1f"``.
    reader : {"nl", "en"}, optional
        The language; that of messages when left out.

    Examples
    --------
    >>> number(2918.46, ",.1f")
    '2,918.5'
    """
    return localised(format(value, form), reader or language())


def localised(figures: str, reader: Language) -> str:
    """Return a number that is written in English as the language writes it."""
    return figures if reader == "en" else figures.translate(str.maketrans(",.", ".,"))


@cache
def _catalogue(language: Language) -> NullTranslations:
    """Return the catalogue of a language; English needs none."""
    return NullTranslations() if language == "en" else translation(DOMAIN, CATALOGUES, [language])
