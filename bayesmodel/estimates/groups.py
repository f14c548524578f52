"""Groups: sets of areas by name, from one wijk to the country, whose people and counts add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.data.codes import COUNTRY
from bayesmodel.errors import SHOWN, ComparisonError
from bayesmodel.estimates.linear_predictor import Places
from bayesmodel.estimates.lookup import Place, places_called
from bayesmodel.messages import _
from bayesmodel.parallel import in_blocks

Grouping = str | Sequence[str] | Mapping[str, Sequence[str]] | pd.Series | None
"""A level (each group of it); codes of areas or groups; lists of codes by name; a group's name per code; None."""


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
        Places in `rows`, group by group.
    starts : ndarray of int64 (group,)
        Where each group begins in `members`; none is empty.
    """

    dim: str
    codes: pd.Index
    names: tuple[str, ...]
    rows: Places
    members: Places
    starts: Places

    @property
    def single(self) -> bool:
        """Whether each group is one area, so that there is nothing to add up."""
        return len(self.members) == len(self.starts)

    @property
    def each(self) -> list[Places]:
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


def groups_of(counts: Counts, places: Grouping) -> Groups:
    """Return the groups that a user asks for.

    Parameters
    ----------
    counts : Counts
        The areas there are, with the levels they lie in.
    places : str, sequence of str, mapping, Series, or None
        ``None``: the whole country. The name of the area or of a level: each of them. One code or name or several, of
        areas or of groups of any level, as in `places_called`: each of those. A mapping from a name to a list of such
        codes: own groups. A Series with the name of a group for each code of an area (NaN for none): own groups, such
        as team areas.

    Returns
    -------
    Groups

    Raises
    ------
    UnknownNameError
        What is given is of no area and no group; names near misses and the year of the boundaries.
    AmbiguousNameError
        Several places have the name given; lists them.
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
    if places is None:
        return _joined(COUNTRY, {COUNTRY: np.arange(len(areas))}, [study.name])
    if isinstance(places, str) and places == study.area:
        every = np.arange(len(areas))
        return Groups(study.area, areas.codes, tuple(areas.names), every, every, every)
    if isinstance(places, str) and places in study.level_names:
        found = _members(areas.levels[places])
        return _joined(places, found, areas.level_labels[places].reindex(list(found)).tolist())
    if isinstance(places, pd.Series):
        meant = places_called(counts, [str(code) for code in places.index], [study.area])
        rows = np.concatenate([_NONE, *_rows_of(counts, meant)])
        found = {name: rows[members] for name, members in _members(places.reset_index(drop=True)).items()}
        return _joined(str(places.name or "group"), found, list(found))
    if isinstance(places, Mapping):
        kinds = [study.area, *study.level_names]
        found = {
            name: np.concatenate([_NONE, *_rows_of(counts, places_called(counts, list(codes), kinds))])
            for name, codes in places.items()
        }
        return _joined("group", found, list(found))
    return _codes(counts, [places] if isinstance(places, str) else list(places))


_NONE: Places = np.empty(0, dtype=np.int64)


def _codes(counts: Counts, texts: list[str]) -> Groups:
    """Return each area or group as a group: of one kind when all are areas or all of one level, else ``group``."""
    study, areas = counts.study, counts.areas
    found = places_called(counts, texts, [study.area, *study.level_names])
    twice = [text for text, place in zip(texts, found, strict=True) if found.count(place) > 1]
    if twice:
        raise ComparisonError(_("Given twice: {codes}. Give each place once.").format(codes=_some(twice)))
    names = [str((areas.names if kind == study.area else areas.level_labels[kind])[code]) for kind, code in found]
    kinds, codes = {place.kind for place in found}, [place.code for place in found]
    if len(set(codes)) < len(codes):
        codes = [f"{code} ({kind})" for kind, code in found]
    rows = dict(zip(codes, _rows_of(counts, found), strict=True))
    return _joined(kinds.pop() if len(kinds) == 1 else "group", rows, names)


def _rows_of(counts: Counts, found: list[Place]) -> list[Places]:
    """Return the areas of each place."""
    index = {kind: _lookup(counts, kind) for kind in {place.kind for place in found}}
    return [index[kind][code] for kind, code in found]


def _lookup(counts: Counts, kind: str) -> Mapping[str, Places]:
    """Return the areas of each code of a kind."""
    areas = counts.areas
    if kind == counts.study.area:
        return {str(code): np.array([row]) for row, code in enumerate(areas.codes)}
    return _members(areas.levels[kind])


def _members(codes: pd.Series) -> dict[str, Places]:
    """Return the places of each value, sorted by value; NaN is no value."""
    return {str(code): np.asarray(rows, dtype=np.int64) for code, rows in codes.groupby(codes).indices.items()}


def _some(codes: Sequence[str]) -> str:
    """Return the first few codes, for a message."""
    return ", ".join(codes[:SHOWN]) + (", ..." if len(codes) > SHOWN else "")


def _joined(dim: str, found: Mapping[str, Places], names: list[str]) -> Groups:
    """Return groups of the areas found for each code."""
    empty = [code for code, rows in found.items() if not len(rows)]
    if empty or not found:
        said = _("These groups hold no area: {codes}.").format(codes=_some(empty)) if empty else _("There is no place.")
        advice = _("Give at least one code for each.")
        raise ComparisonError(f"{said} {advice}")
    twice = [code for code, rows in found.items() if len(set(rows.tolist())) < len(rows)]
    if twice:
        said = _("An area is twice in a group: {codes}. Give each area once.")
        raise ComparisonError(said.format(codes=_some(twice)))
    rows, members = np.unique(np.concatenate(list(found.values())), return_inverse=True)
    starts = np.cumsum([0, *(len(part) for part in found.values())])[:-1]
    return Groups(dim, pd.Index(list(found), name=dim), tuple(names), rows, members, starts)
