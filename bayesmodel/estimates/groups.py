"""Groups: named sets of areas, from a single wijk to the whole country, whose people and counts are added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.data.codes import COUNTRY
from bayesmodel.errors import SHOWN, ComparisonError
from bayesmodel.estimates.linear_predictor import Indices
from bayesmodel.estimates.lookup import AreaKey, find_areas
from bayesmodel.messages import _
from bayesmodel.parallel import in_blocks

Grouping = str | Sequence[str] | Mapping[str, Sequence[str]] | pd.Series | None
"""A level (each of its groups); codes of areas or groups; lists of codes by name; a group name per code; None."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Sets of areas, each with a code and a name; they may overlap.

    Parameters
    ----------
    dim : str
        What they are: the area, a level, or ``group``.
    codes : Index of str (group,)
        Their codes, or the names the user gave.
    names : tuple of str (group,)
        Their names for readers.
    rows : ndarray of int64 (row,)
        The areas in any of them, each once.
    members : ndarray of int64 (member,)
        Indices into `rows`, concatenated group by group.
    starts : ndarray of int64 (group,)
        Where each group begins in `members`; none is empty.
    """

    dim: str
    codes: pd.Index
    names: tuple[str, ...]
    rows: Indices
    members: Indices
    starts: Indices

    @property
    def single(self) -> bool:
        """Whether every group is a single area, so that nothing needs adding up."""
        return len(self.members) == len(self.starts)

    @property
    def rows_of_each(self) -> list[Indices]:
        """The areas of each group."""
        return [self.rows[part] for part in np.split(self.members, self.starts[1:])]

    def total(self, values: NDArray[Any]) -> NDArray[Any]:
        """Add up values of `rows` (..., row) to those of the groups (..., group)."""
        if self.single:
            return values if np.array_equal(self.members, np.arange(values.shape[-1])) else values[..., self.members]
        if values.ndim == 1:
            return np.asarray(np.add.reduceat(values[self.members], self.starts))
        result = np.empty((len(values), len(self.starts)), dtype=values.dtype)

        def work(part: slice) -> None:
            np.add.reduceat(values[part][:, self.members], self.starts, axis=1, out=result[part])

        in_blocks(work, len(values), len(self.members))
        return result


def groups_of(counts: Counts, grouping: Grouping) -> Groups:
    """Return the groups that a user's argument refers to.

    Parameters
    ----------
    counts : Counts
        The areas there are, with the levels they lie in.
    grouping : str, sequence of str, mapping, Series, or None
        ``None``: the whole country. The name of the area or of a level: each area or group of it. One or more codes or
        names of areas or groups of any level, as in `find_areas`: each of those. A mapping from names to lists of such
        codes, or a Series with a group name for each area code (NaN for none): user-defined groups, such as team areas.

    Returns
    -------
    Groups

    Raises
    ------
    UnknownNameError
        There is no such area or group; close matches are suggested, and the year of the boundaries is given.
    AmbiguousNameError
        Several areas have the name given; lists them.
    ComparisonError
        There is no group, a group is empty, or a code is given twice.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> groups_of(counts, "gemeente").codes.tolist()
    ['GM0001', 'GM0002', 'GM0003']
    >>> groups_of(counts, {"mine": ["WK000100", "GM0002"]}).members.tolist()
    [0, 1, 2, 3]
    """
    study, areas = counts.study, counts.areas
    if grouping is None:
        return _joined(COUNTRY, {COUNTRY: np.arange(len(areas))}, [study.name])
    if isinstance(grouping, str) and grouping == study.area:
        every = np.arange(len(areas))
        return Groups(study.area, areas.codes, tuple(areas.names), every, every, every)
    if isinstance(grouping, str) and grouping in study.level_names:
        rows_by_name = _members(areas.levels[grouping])
        return _joined(grouping, rows_by_name, areas.level_labels[grouping].reindex(list(rows_by_name)).tolist())
    if isinstance(grouping, pd.Series):
        keys = find_areas(counts, [str(code) for code in grouping.index], [study.area])
        rows = np.concatenate([_NONE, *_rows_of(counts, keys)])
        rows_by_name = {name: rows[members] for name, members in _members(grouping.reset_index(drop=True)).items()}
        return _joined(str(grouping.name or "group"), rows_by_name, list(rows_by_name))
    if isinstance(grouping, Mapping):
        kinds = [study.area, *study.level_names]
        rows_by_name = {
            name: np.concatenate([_NONE, *_rows_of(counts, find_areas(counts, list(codes), kinds))])
            for name, codes in grouping.items()
        }
        return _joined("group", rows_by_name, list(rows_by_name))
    return _codes(counts, [grouping] if isinstance(grouping, str) else list(grouping))


_NONE: Indices = np.empty(0, dtype=np.int64)


def _codes(counts: Counts, texts: list[str]) -> Groups:
    """Return each area or group as a group; the dim is their kind if they share one, else ``group``."""
    study, areas = counts.study, counts.areas
    keys = find_areas(counts, texts, [study.area, *study.level_names])
    times = Counter(keys)
    twice = [text for text, key in zip(texts, keys, strict=True) if times[key] > 1]
    if twice:
        raise ComparisonError(_("Given twice: {codes}. Give each area or group once.").format(codes=_some(twice)))
    names = [str((areas.names if kind == study.area else areas.level_labels[kind])[code]) for kind, code in keys]
    kinds, codes = {key.kind for key in keys}, [key.code for key in keys]
    if len(set(codes)) < len(codes):
        codes = [f"{code} ({kind})" for kind, code in keys]
    rows = dict(zip(codes, _rows_of(counts, keys), strict=True))
    return _joined(kinds.pop() if len(kinds) == 1 else "group", rows, names)


def _rows_of(counts: Counts, keys: list[AreaKey]) -> list[Indices]:
    """Return the rows of each area or group."""
    index = {kind: _lookup(counts, kind) for kind in {key.kind for key in keys}}
    return [index[kind][code] for kind, code in keys]


def _lookup(counts: Counts, kind: str) -> Mapping[str, Indices]:
    """Return the rows of each code of a kind."""
    areas = counts.areas
    if kind == counts.study.area:
        return {str(code): np.array([row]) for row, code in enumerate(areas.codes)}
    return _members(areas.levels[kind])


def _members(codes: pd.Series) -> dict[str, Indices]:
    """Return the indices of each value, sorted by value; NaN is no value."""
    return {str(code): np.asarray(rows, dtype=np.int64) for code, rows in codes.groupby(codes).indices.items()}


def _some(codes: Sequence[str]) -> str:
    """Return the first few codes, for a message."""
    return ", ".join(codes[:SHOWN]) + (", ..." if len(codes) > SHOWN else "")


def _joined(dim: str, rows_by_name: Mapping[str, Indices], names: list[str]) -> Groups:
    """Return groups made of the rows found for each code."""
    empty = [code for code, rows in rows_by_name.items() if not len(rows)]
    if empty or not rows_by_name:
        said = _("These groups hold no area: {codes}.").format(codes=_some(empty)) if empty else _("There is no area.")
        advice = _("Give at least one code for each.")
        raise ComparisonError(f"{said} {advice}")
    twice = [code for code, rows in rows_by_name.items() if len(set(rows.tolist())) < len(rows)]
    if twice:
        said = _("An area is twice in a group: {codes}. Give each area once.")
        raise ComparisonError(said.format(codes=_some(twice)))
    rows, members = np.unique(np.concatenate(list(rows_by_name.values())), return_inverse=True)
    starts = np.cumsum([0, *(len(part) for part in rows_by_name.values())])[:-1]
    return Groups(dim, pd.Index(list(rows_by_name), name=dim), tuple(names), rows, members, starts)
