"""AreaTable: the areas of a study with their groups and determinants, before counts are interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel import html
from bayesmodel.data.codes import no_totals
from bayesmodel.data.remark import Remark
from bayesmodel.messages import _, number
from bayesmodel.study import Study

if TYPE_CHECKING:
    from bayesmodel.data.suppression import Suppression


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
    highest : DataFrame of float, optional
        Upper bound of each determinant where its value is missing; infinite where there is none.
    left_out : DataFrame
        Areas that were read and left out: index of codes, columns ``name`` and ``reason``.
    notes : tuple of str
        What was read and what was assumed, in sentences.
    remarks : tuple of Remark
        Remarks on the tables: no faults, but possibly unintended.
    without_count : frozenset of str
        Codes of the areas without a row in the table of counts: their count is missing, whatever an empty cell
        means.
    figures : DataFrame of str
        What else is published of the counts, as the study says under `bounds`: exactly as published.
    totals : DataFrame
        What is published of groups themselves, such as the row of a gemeente between those of its wijken: columns
        ``level, group, code, published`` (text), ``population``, and of its areas that are left out ``aside_lower,
        aside_upper, aside_population``.
    suppression : Suppression, optional
        What was hidden of the counts, and of what else was read of them, as they were not published yet.
    neighbours : ndarray of int (pair, 2), optional
        Rows of two areas that border on each other, each pair once; None where the study has no effects of these.
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
    highest: pd.DataFrame | None = None
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    suppression: Suppression | None = None
    neighbours: NDArray[np.int64] | None = None

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
        """Return the areas and the notes on reading them, for a notebook."""
        return html.page(self._title(), html.bullets(self.notes), html.frame(self.frame))

    def _title(self) -> str:
        """Return the number of areas and the name of the study."""
        message = _("Areas of {study}: {areas} ({area}), {left_out} left out")
        return message.format(
            study=self.study.name, areas=number(len(self)), area=self.study.area, left_out=number(len(self.left_out))
        )


Idle = tuple[Literal["lone", "areas", "same"], str]
"""Why a level carries no information, and the group or level that shows it."""


def idle_levels(study: Study, levels: pd.DataFrame) -> dict[str, Idle]:
    """Return the levels without information: of one group, of a group per area, or of the groups of another level.

    Parameters
    ----------
    study : Study
    levels : DataFrame of str
        One column per level: the code of the group each area lies in.

    Returns
    -------
    dict of str to Idle
        By name of the level; of two levels with the same groups, the one in which the other lies.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=1)
    >>> levels = pd.DataFrame({"gemeente": ["GM0001", "GM0001", "GM0002"], "jeugdzorgregio": ["JZ01", "JZ01", "JZ01"]})
    >>> idle_levels(study, levels)
    {'jeugdzorgregio': ('lone', 'JZ01')}
    """
    found, parts = dict[str, Idle](), dict[str, pd.Series]()
    outer = {level.within for level in study.levels}
    for level in sorted(study.levels, key=lambda level: level.name in outer):
        part = pd.Series(pd.factorize(levels[level.name])[0])
        same = next((name for name, other in parts.items() if other.equals(part)), None)
        if len(part) and not part.any():
            found[level.name] = ("lone", str(levels[level.name].iloc[0]))
        elif part.is_unique:
            found[level.name] = ("areas", study.area)
        elif same is not None:
            found[level.name] = ("same", same)
        else:
            parts[level.name] = part
    return found


def with_effects(study: Study, levels: pd.DataFrame) -> Study:
    """Return the study without effects of levels that carry no information, which would duplicate another effect.

    All its levels are kept, so that areas are still added up to the groups of each.

    Parameters
    ----------
    study : Study
    levels : DataFrame of str
        One column per level: the code of the group each area lies in.

    Returns
    -------
    Study

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=1)
    >>> levels = pd.DataFrame({"gemeente": ["GM0001", "GM0001", "GM0002"], "jeugdzorgregio": ["JZ01", "JZ01", "JZ01"]})
    >>> with_effects(study, levels).effect_names
    ('gemeente',)
    """
    idle = idle_levels(study, levels)
    if not idle:
        return study
    kept = [level.model_copy(update={"effect": False}) if level.name in idle else level for level in study.levels]
    return study.model_copy(update={"levels": tuple(kept)})
