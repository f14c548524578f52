"""Tables: all tables of a fit, with their columns and what readers must be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bayesmodel.data.remark import Remark
from bayesmodel.estimates.publication_check import remarks_of
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, speaking
from bayesmodel.study.parts import PLURALS
from bayesmodel.tables.columns import Column, columns_of
from bayesmodel.tables.notes import WARNING, reading_notes
from bayesmodel.tables.per_area import area_table
from bayesmodel.tables.per_level import level_columns, level_tables
from bayesmodel.tables.summaries import estimated


@dataclass(frozen=True)
class Tables:
    """The tables of a fit.

    Parameters
    ----------
    fit : Fit
        What they were made from.
    frames : mapping of str to DataFrame
        By the name of the area (first) and of each level, from fine to coarse.
    language : {"nl", "en"}
        Of headers, notes and words.
    """

    fit: Fit
    frames: Mapping[str, pd.DataFrame]
    language: Language

    def columns(self, name: str) -> tuple[Column, ...]:
        """Return the columns of a table, its index first."""
        study = self.fit.study
        if name == study.area:
            return columns_of(study)
        return level_columns(self.fit.counts, name)

    def notes(self, *, listing: bool = True) -> tuple[str, ...]:
        """Return what readers must be told; a fit that did not converge says so first."""
        with speaking(self.language):
            problems = "; ".join(self.fit.diagnostics.problems)
        warning = (WARNING[self.language].format(problems=problems),) if problems else ()
        return warning + reading_notes(self.fit.counts, self.language, listing=listing)

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """What in the data may not be meant, as the data and as the fit show it; said beside the results."""
        return remarks_of(self.fit)

    @property
    def title(self) -> str:
        """What the tables are about."""
        outcome = self.fit.study.outcome
        return f"{outcome.count[self.language]}, {outcome.year} ({self.fit.study.name})"


def tables_of(fit: Fit, language: Language | None = None) -> Tables:
    """Return all tables of a fit.

    Parameters
    ----------
    fit : Fit
    language : {"nl", "en"}, optional
        That of the study when left out.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> {name: len(table) for name, table in tables_of(invented_fit()).frames.items()}
    {'wijk': 8, 'gemeente': 3, 'regio': 2}
    """
    study = fit.study
    found = estimated(fit, study.level_names)
    frames = {study.area: area_table(fit, found)} | level_tables(fit, study.level_names, found)
    return Tables(fit, frames, language or study.report.language)


def file_name(name: str) -> str:
    """Return what files about areas or groups of a level are called, without ending.

    Examples
    --------
    >>> file_name("wijk"), file_name("corop")
    ('wijken', 'corop')
    """
    return PLURALS.get(name, name)
