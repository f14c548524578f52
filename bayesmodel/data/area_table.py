"""AreaTable: the areas of a study, what they lie in and what is known of them, before counts are interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from bayesmodel import html
from bayesmodel.areas.larger import no_totals
from bayesmodel.areas.remark import Remark
from bayesmodel.messages import _, number
from bayesmodel.study import Study


@dataclass(frozen=True)
class AreaTable:
    """One row per area in the study, all parts on the same index of codes (text, named as the study names its area).

    Parameters
    ----------
    study : Study
        The study the table was read for.
    names : Series of str
        Name of each area; the code itself where the study has no names.
    levels : DataFrame of str
        One column per level of the study: the code of the group each area lies in.
    level_labels : mapping of str to Series
        Per level: name of each group, indexed by code (the code itself where there are no names), sorted by code.
    published : Series of str
        The count exactly as published, stripped of spaces; an empty cell is ``""``.
    population : Series of int
        People over whom is counted.
    determinants : DataFrame of float
        Raw values, one column per determinant of the study; NaN where not known.
    left_out : DataFrame
        Areas that were read and left out: index of codes, columns ``name`` and ``reason``.
    notes : tuple of str
        What was read and what was assumed, in sentences.
    remarks : tuple of Remark
        What in the tables is no fault and may still not be meant.
    without_count : frozenset of str
        Codes of the areas that the table of counts has no row for: their count is missing, whatever an empty cell
        means.
    totals : DataFrame
        What is published of groups themselves, such as the row of a gemeente between those of its wijken: columns
        ``level, group, code, published`` (text), ``population``, and of its areas that are left out ``aside_lower,
        aside_upper, aside_population``.
    """

    study: Study
    names: pd.Series
    levels: pd.DataFrame
    level_labels: Mapping[str, pd.Series]
    published: pd.Series
    population: pd.Series
    determinants: pd.DataFrame
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"name": [], "reason": []}, dtype=str))
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    without_count: frozenset[str] = frozenset()
    totals: pd.DataFrame = field(default_factory=no_totals)

    @property
    def codes(self) -> pd.Index:
        """Codes of the areas."""
        return self.names.index

    @property
    def frame(self) -> pd.DataFrame:
        """Name, groups, population and published count of each area, as one table."""
        named = self.names.rename("name")
        return pd.concat(
            [named, self.levels, self.population.rename("population"), self.published.rename("published")], axis=1
        )

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        return f"{self._title()}\n{self.frame.to_string(max_rows=html.ROWS)}"

    def _repr_html_(self) -> str:
        """Return the areas and what was noted in reading them, for a notebook."""
        return html.page(self._title(), html.listed(self.notes), html.frame(self.frame))

    def _title(self) -> str:
        """Say how many areas there are, and of what study."""
        said = _("Areas of {study}: {areas} ({area}), {left_out} left out")
        return said.format(
            study=self.study.name, areas=number(len(self)), area=self.study.area, left_out=number(len(self.left_out))
        )
