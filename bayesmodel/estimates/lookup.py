"""Areas and groups looked up by code or by name, with suggestions for unknown ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.errors import AmbiguousNameError, UnknownNameError, listed
from bayesmodel.messages import _

LISTED = 12
"""How many areas with the same name a message lists; the rest are counted."""


class AreaKey(NamedTuple):
    """The key of an area or a group: its kind (the area, or a level) and its code."""

    kind: str
    code: str


Containing = Callable[[AreaKey], Sequence[tuple[str, str, str]]]
"""Returns the groups an area lies in, the smallest first: kind, code and name of each."""


def same_form(text: str) -> str:
    r"""Return a text in the form in which names are compared: NFC, single spaces, case-folded.

    Examples
    --------
    >>> same_form(" Sudwest\u00a0Frysla\u0302n ") == same_form("SUDWEST FRYSLÂN")
    True
    """
    return " ".join(normalize("NFC", text).split()).casefold()


def find_areas(counts: Counts, texts: Sequence[str], kinds: Sequence[str]) -> list[AreaKey]:
    """Return the areas or groups that codes or names refer to, in the same order.

    Parameters
    ----------
    counts : Counts
        The areas there are, with the levels they lie in.
    texts : sequence of str
        Codes or names; an ambiguous name is qualified by where the area lies or what it is: ``Centrum (Almere)``,
        ``Centrum, GM0034``, ``Utrecht (gemeente)``. A code is never read as a name.
    kinds : sequence of str
        The kinds to search: the area, and names of levels.

    Returns
    -------
    list of AreaKey

    Raises
    ------
    UnknownNameError
        There is no such code and no such name; close matches are suggested, and the year of the boundaries is given.
    AmbiguousNameError
        Several areas have that name; the message lists them.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> find_areas(invented_fit().counts, ["gemeente 0002", "WK000100"], ["wijk", "gemeente"])
    [AreaKey(kind='gemeente', code='GM0002'), AreaKey(kind='wijk', code='WK000100')]
    """
    areas, area = counts.areas, counts.study.area
    names = {kind: areas.names if kind == area else areas.level_labels[kind] for kind in kinds}

    fine_first = sorted(counts.study.level_names, key=lambda level: -len(areas.level_labels[level]))

    def containing(key: AreaKey) -> list[tuple[str, str, str]]:
        rows = areas.levels.loc[[key.code]] if key.kind == area else _inside(counts, key)
        codes_by_level = {level: rows[level].dropna().unique() for level in fine_first if level != key.kind}
        return [
            (level, str(codes[0]), str(areas.level_labels[level].get(codes[0], codes[0])))
            for level, codes in codes_by_level.items()
            if len(codes) == 1
        ]

    return match_areas(texts, names, containing, _vintage(counts))


def areas_in(counts: Counts, level: str, codes: Sequence[str]) -> list[str]:
    """Return the codes of all areas that are named or that lie in groups that are named, each once, in that order.

    Parameters
    ----------
    counts : Counts
    level : str
        Of the groups.
    codes : sequence of str
        Of areas and of groups of the level.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> areas_in(invented_fit().counts, "gemeente", ["WK000301", "GM0003"])
    ['WK000301', 'WK000300']
    """
    inside = counts.areas.levels[level]
    each = ([code] if code in counts.areas.codes else inside.index[inside == code] for code in codes)
    return list(dict.fromkeys(str(area) for areas in each for area in areas))


def codes_within(counts: Counts, group: str, of: str | None = None) -> list[str]:
    """Return the codes of the areas in a group, or of the groups of another level that lie wholly in it.

    Parameters
    ----------
    counts : Counts
        The areas there are, with the levels they lie in.
    group : str
        A group of any level, by code or by name as in `find_areas`.
    of : str, optional
        The level whose groups to return; defaults to the areas.

    Raises
    ------
    UnknownNameError
        There is no such group.
    AmbiguousNameError
        Several groups have that name.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> codes_within(counts, "Gemeente 0003"), codes_within(counts, "JZ01", "gemeente")
    (['WK000300', 'WK000301'], ['GM0001', 'GM0002'])
    """
    [key] = find_areas(counts, [group], counts.study.level_names)
    inside = (counts.areas.levels[key.kind] == key.code).to_numpy()
    if of is None or of == counts.study.area:
        return [str(code) for code in counts.areas.codes[inside]]
    level = counts.areas.levels[of]
    return sorted(set(level[inside].dropna()) - set(level[~inside].dropna()))


def match_areas(
    texts: Sequence[str], names: Mapping[str, pd.Series], containing: Containing, note: str = ""
) -> list[AreaKey]:
    """Return the areas or groups that codes or names refer to, among those of the given kinds.

    Parameters
    ----------
    texts : sequence of str
    names : mapping of str to Series of str
        The names of the areas of each kind, by code.
    containing : callable
        Returns the groups an area lies in.
    note : str
        Added to the message about an unknown code or name.
    """
    exact = [[AreaKey(kind, text) for kind, known in names.items() if text in known.index] for text in texts]
    keys = [hits[0] if len(hits) == 1 else None for hits in exact]
    if None not in keys:
        return [key for key in keys if key is not None]
    forms = _by_form(names)
    unknown: list[str] = []
    for number, text in enumerate(texts):
        form = same_form(text)
        hits = exact[number] or _hits(form, forms) or _qualified(text, forms, containing)
        if len(hits) > 1:
            raise _ambiguous(text, hits, names, containing)
        keys[number] = hits[0] if hits else None
        unknown += [] if hits else [text]
    if unknown:
        codes = dict.fromkeys(str(code) for known in names.values() for code in known.index)
        called = [name for series in names.values() for name in series.astype(str).unique()]
        said = _("{count} codes or names are unknown: {codes}.").format(count=len(unknown), codes=listed(unknown))
        notes = [said, note] if len(unknown) > 1 else [note]
        raise UnknownNameError(_(" or ").join(names), unknown[0], codes, " ".join(filter(None, notes)), called)
    return [key for key in keys if key is not None]


Forms = dict[str, list[AreaKey]]


def _by_form(names: Mapping[str, pd.Series]) -> tuple[Forms, Forms, Forms]:
    """Return the areas by normalised code, by normalised name, and by the short form of their name."""
    by_code: Forms = {}
    by_name: Forms = {}
    by_short: Forms = {}
    for kind, known in names.items():
        for code, name in zip(known.index.astype(str), known.astype(str), strict=True):
            key, form = AreaKey(kind, code), same_form(name)
            by_code.setdefault(same_form(code), []).append(key)
            by_name.setdefault(form, []).append(key)
            if (short := _short(form, kind)) != form:
                by_short.setdefault(short, []).append(key)
    return by_code, by_name, by_short


def _short(form: str, kind: str) -> str:
    """Return a name without the affixes of official statistics, as in ``Wijk 46 Nijlân`` and ``Groningen (gemeente)``.

    Examples
    --------
    >>> _short("wijk 46 nijlân", "wijk"), _short("groningen (gemeente)", "gemeente")
    ('nijlân', 'groningen')
    """
    kind = re.escape(same_form(kind))
    return re.sub(rf"^{kind} [0-9]+ (?=.)| \({kind}\)$", "", form)


def _hits(form: str, forms: tuple[Forms, ...]) -> list[AreaKey]:
    """Return the areas that match: by code before by name, and by whole name before by short name."""
    return next((keys for index in forms if (keys := index.get(form))), [])


def _qualified(text: str, forms: tuple[Forms, ...], containing: Containing) -> list[AreaKey]:
    """Return the areas meant by a text such as ``Centrum (Almere)`` or ``Centrum, Almere``."""
    plain = text.strip()
    splits = [
        (plain[: match.start()], plain[match.end() : -1]) for match in re.finditer(r"\(", plain) if plain[-1] == ")"
    ]
    splits += [(plain[: match.start()], plain[match.end() :]) for match in re.finditer(",", plain)]
    for name, where in splits:
        candidates: dict[int, list[AreaKey]] = {}  # by rank of the match: its kind, then its groups, smallest first
        for key in _hits(same_form(name), forms):
            groups = [(key.kind, key.kind, ""), *containing(key)]
            matches = [same_form(where) in _names_of_group(group) for group in groups]
            if any(matches):
                candidates.setdefault(matches.index(True), []).append(key)
        if candidates:
            return candidates[min(candidates)]
    return []


def _names_of_group(group: tuple[str, str, str]) -> set[str]:
    """Return all names of a group: its code, its name, and its name without its kind."""
    kind, code, name = group
    return {same_form(code), same_form(name), _short(same_form(name), kind)} - {""}


def _ambiguous(
    text: str, hits: list[AreaKey], names: Mapping[str, pd.Series], containing: Containing
) -> AmbiguousNameError:
    """Return the error for a name that several areas have."""
    lines, forms = [], []
    for key in hits:
        name = str(names[key.kind].get(key.code, key.code))
        group = next(iter(containing(key)), None)
        where = group[2] if group and "(" not in group[2] else group[1] if group else key.kind
        forms.append(f"{name} ({where})")
        inside = _("in {name} ({code})").format(name=group[2], code=group[1]) if group else ""
        lines.append("- " + ", ".join(filter(None, (f"{name}: {key.kind} {key.code}", inside))))
    kinds = {key.kind for key in hits}
    if len(kinds) == len(hits):
        form = f"{names[hits[0].kind].get(hits[0].code, hits[0].code)} ({hits[0].kind})"
    else:
        form = next((form for form in forms if forms.count(form) == 1), "")
    how = _("Give its code, or say which: {form}.").format(form=f'"{form}"') if form else _("Give its code.")
    more = [_("and {number} more").format(number=len(lines) - LISTED)] if len(lines) > LISTED else []
    head = _("{count} areas are called {text}:").format(count=len(hits), text=repr(text))
    return AmbiguousNameError("\n".join([head, *lines[:LISTED], *more, how]))


def _inside(counts: Counts, key: AreaKey) -> pd.DataFrame:
    """Return the level codes of the areas in a group."""
    levels = counts.areas.levels
    return levels[(levels[key.kind] == key.code).to_numpy()]


def _vintage(counts: Counts) -> str:
    """Return the note that codes belong to the boundaries of a year."""
    note = _("The codes of this fit are those of the boundaries of {year}; a code of another year may not be there.")
    return note.format(year=counts.study.outcome.vintage)


def indices_of(codes: str | Sequence[str] | None, names: pd.Series, kind: str) -> NDArray[np.int64]:
    """Return the indices of codes or names, in the order given.

    Parameters
    ----------
    codes : str, sequence of str, or None
        One code or name, several, or all of them when None.
    names : Series of str
        The names there are, by code.
    kind : str
        What the codes identify, for the message.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    UnknownNameError
        There is no such code or name; close matches are suggested.
    AmbiguousNameError
        Several areas have that name; the message lists them.

    Examples
    --------
    >>> import pandas as pd
    >>> names = pd.Series(["Noord", "Zuid", "Centrum"], ["WK000100", "WK000200", "WK000201"])
    >>> indices_of(["WK000201", "noord"], names, "wijk").tolist()
    [2, 0]
    """
    if codes is None:
        return np.arange(len(names))
    wanted = [codes] if isinstance(codes, str) else list(codes)
    rows = names.index.get_indexer(pd.Index(wanted, dtype=names.index.dtype))
    if (rows < 0).any():
        keys = match_areas([str(code) for code in wanted], {kind: names}, lambda key: ())
        rows = names.index.get_indexer(pd.Index([key.code for key in keys], dtype=names.index.dtype))
    return np.asarray(rows, dtype=np.int64)


def area_indices(counts: Counts, codes: str | Sequence[str] | None) -> NDArray[np.int64]:
    """Return the indices of areas, by code or by name as in `find_areas`; all when None."""
    index = counts.areas.codes
    if codes is None:
        return np.arange(len(index))
    wanted = [codes] if isinstance(codes, str) else list(codes)
    rows = index.get_indexer(pd.Index(wanted, dtype=index.dtype))
    if (rows < 0).any():
        area = counts.study.area
        rows = index.get_indexer(pd.Index([key.code for key in find_areas(counts, wanted, [area])]))
    return np.asarray(rows, dtype=np.int64)
