"""Places by code or by name: what a user calls a wijk or a group becomes its kind and its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from unicodedata import normalize

import pandas as pd

from bayesmodel.counts import Counts
from bayesmodel.errors import AmbiguousNameError, UnknownNameError
from bayesmodel.messages import _

LISTED = 12
"""Places of one name that a message lists; the rest is counted."""


class Place(NamedTuple):
    """An area or a group: what it is one of, and its code."""

    kind: str
    code: str


Around = Callable[[Place], Sequence[tuple[str, str, str]]]
"""Gives the groups a place lies in, the smallest first: kind, code and name of each."""


def same_form(text: str) -> str:
    r"""Return a text as names are compared: composed letters, single spaces, no capitals.

    Examples
    --------
    >>> same_form(" Sudwest\u00a0Frysla\u0302n ") == same_form("SUDWEST FRYSLÂN")
    True
    """
    return " ".join(normalize("NFC", text).split()).casefold()


def places_called(counts: Counts, texts: Sequence[str], kinds: Sequence[str]) -> list[Place]:
    """Return the places that texts stand for, in their order.

    Parameters
    ----------
    counts : Counts
        The areas there are, with the levels they lie in.
    texts : sequence of str
        Codes or names; a name that several places have, with where it lies or what it is: ``Centrum (Almere)``,
        ``Centrum, GM0034``, ``Utrecht (gemeente)``. What is a code is never read as a name.
    kinds : sequence of str
        What they may be: the area, and names of levels.

    Returns
    -------
    list of Place

    Raises
    ------
    UnknownNameError
        There is no such code and no such name; names near misses and the year of the boundaries.
    AmbiguousNameError
        Several places are called so; lists them.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> places_called(invented_fit().counts, ["gemeente 0002", "WK000100"], ["wijk", "gemeente"])
    [Place(kind='gemeente', code='GM0002'), Place(kind='wijk', code='WK000100')]
    """
    areas, area = counts.areas, counts.study.area
    names = {kind: areas.names if kind == area else areas.level_labels[kind] for kind in kinds}

    fine_first = sorted(counts.study.level_names, key=lambda level: -len(areas.level_labels[level]))

    def around(place: Place) -> list[tuple[str, str, str]]:
        rows = areas.levels.loc[[place.code]] if place.kind == area else _inside(counts, place)
        found = {level: rows[level].dropna().unique() for level in fine_first if level != place.kind}
        return [
            (level, str(codes[0]), str(areas.level_labels[level].get(codes[0], codes[0])))
            for level, codes in found.items()
            if len(codes) == 1
        ]

    return called(texts, names, around, _vintage(counts))


def called(texts: Sequence[str], names: Mapping[str, pd.Series], around: Around, note: str = "") -> list[Place]:
    """Return the places that texts stand for among those of some kinds.

    Parameters
    ----------
    texts : sequence of str
    names : mapping of str to Series of str
        The names of the places of each kind, by code.
    around : callable
        Gives the groups a place lies in.
    note : str
        What is said of a text that is unknown.
    """
    exact = [[Place(kind, text) for kind, known in names.items() if text in known.index] for text in texts]
    found = [hits[0] if len(hits) == 1 else None for hits in exact]
    if None not in found:
        return [place for place in found if place is not None]
    by_code, by_name = _by_form(names)
    unknown: list[str] = []
    for number, text in enumerate(texts):
        form = same_form(text)
        hits = exact[number] or by_code.get(form) or by_name.get(form) or _qualified(text, by_code, by_name, around)
        if len(hits) > 1:
            raise _ambiguous(text, hits, names, around)
        found[number] = hits[0] if hits else None
        unknown += [] if hits else [text]
    if unknown:
        codes = [str(code) for known in names.values() for code in known.index]
        known = [*codes, *(name for each in names.values() for name in each.astype(str).unique())]
        more = _("{count} codes or names are unknown: {codes}.").format(
            count=len(unknown), codes=", ".join(unknown[:5])
        )
        raise UnknownNameError(
            _(" or ").join(names), unknown[0], dict.fromkeys(known), " ".join(filter(None, [more, note]))
        )
    return [place for place in found if place is not None]


Forms = dict[str, list[Place]]


def _by_form(names: Mapping[str, pd.Series]) -> tuple[Forms, Forms]:
    """Return the places by the form of their code, and by that of their name."""
    by_code: Forms = {}
    by_name: Forms = {}
    for kind, known in names.items():
        for code, name in zip(known.index.astype(str), known.astype(str), strict=True):
            by_code.setdefault(same_form(code), []).append(Place(kind, code))
            by_name.setdefault(same_form(name), []).append(Place(kind, code))
    return by_code, by_name


def _qualified(text: str, by_code: Forms, by_name: Forms, around: Around) -> list[Place]:
    """Return the places of a text such as ``Centrum (Almere)`` or ``Centrum, Almere``."""
    plain = text.strip()
    if plain.endswith(")") and "(" in plain:
        name, _bracket, where = plain[:-1].rpartition("(")
    else:
        name, _comma, where = plain.rpartition(",")
    name, where = same_form(name), same_form(where)
    if not name:
        return []
    hits = by_code.get(name) or by_name.get(name, [])
    ways: dict[int, list[Place]] = {}  # by its kind first, then by the smallest group that is called so
    for place in hits:
        names = [(place.kind,), *(group[1:] for group in around(place))]
        way = next((number for number, each in enumerate(names) if where in map(same_form, each)), None)
        if way is not None:
            ways.setdefault(way, []).append(place)
    return ways[min(ways)] if ways else []


def _ambiguous(text: str, hits: list[Place], names: Mapping[str, pd.Series], around: Around) -> AmbiguousNameError:
    """Return what to say of a text that several places are called."""
    lines, forms = [], []
    for place in hits:
        name = str(names[place.kind].get(place.code, place.code))
        group = next(iter(around(place)), None)
        forms.append(f"{name} ({group[2] if group else place.kind})")
        inside = _("in {name} ({code})").format(name=group[2], code=group[1]) if group else ""
        lines.append("- " + ", ".join(filter(None, (f"{name}: {place.kind} {place.code}", inside))))
    kinds = {place.kind for place in hits}
    if len(kinds) == len(hits):
        form = f"{names[hits[0].kind].get(hits[0].code, hits[0].code)} ({hits[0].kind})"
    else:
        form = next((each for each in forms if forms.count(each) == 1), "")
    how = _("Give its code, or say which: {form}.").format(form=f'"{form}"') if form else _("Give its code.")
    more = [_("and {number} more").format(number=len(lines) - LISTED)] if len(lines) > LISTED else []
    head = _("{count} places are called {text}:").format(count=len(hits), text=repr(text))
    return AmbiguousNameError("\n".join([head, *lines[:LISTED], *more, how]))


def _inside(counts: Counts, place: Place) -> pd.DataFrame:
    """Return the groups of the areas that lie in a group."""
    levels = counts.areas.levels
    return levels[(levels[place.kind] == place.code).to_numpy()]


def _vintage(counts: Counts) -> str:
    """Say that codes belong to a year."""
    note = _("The codes of this fit are those of the boundaries of {year}; a code of another year may not be there.")
    return note.format(year=counts.study.outcome.vintage)
