"""Captions: what stands under every picture: how sure, of which year, from where, and how not to read it."""

from __future__ import annotations

from bayesmodel import __version__
from bayesmodel.estimates.title import KINDS
from bayesmodel.messages import Language, number
from bayesmodel.study import Label, Study

INTERVAL = Label(
    nl="De waarde ligt met {probability}% kans binnen het interval ({kind}).",
    en="The interval holds the value with a probability of {probability}% ({kind}).",
)
SOURCE = Label(
    nl="Jaar {year}, grenzen van {vintage}. Geen voorspelling; hoog of laag is geen teken van goed of slecht beleid. "
    "Bron: {study}, berekend met bayesmodel {version}.",
    en="Year {year}, boundaries of {vintage}. No forecast; high or low is no sign of good or bad policy. "
    "Source: {study}, computed with bayesmodel {version}.",
)


def interval_sentence(study: Study, language: Language) -> str:
    """Return the sentence that says what an interval of the study is.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> interval_sentence(invented_fit().study, "nl")
    'De waarde ligt met 90% kans binnen het interval (gelijke staarten).'
    """
    share, kind = 100 * study.report.interval, KINDS[study.report.interval_kind][language]
    return INTERVAL[language].format(probability=number(share, "g", language), kind=kind)


def source_line(study: Study, language: Language) -> str:
    """Return the line with year, boundaries and source."""
    outcome = study.outcome
    return SOURCE[language].format(year=outcome.year, vintage=outcome.vintage, study=study.name, version=__version__)
