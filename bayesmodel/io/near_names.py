"""Names that match no row of a joined table, beside nearly the same one there: Hengelo, Hengelo (Gld.)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bayesmodel.data.codes import folded
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.errors import listed
from bayesmodel.messages import _

QUALIFIER = re.compile(r"\s*\(.*\)|\s*,.*")
"""What is put behind a name to tell it from another: (Gld.), (L.)."""
ALIKE = 0.85
"""Likeness of two names from which one is probably the other, mistyped."""
MOST = 200
"""Names of either table up to which each is compared with each: of more, tables are of other areas."""


@dataclass(frozen=True)
class NearNames:
    """Names of two tables that are probably the same, and match no row because they differ.

    Parameters
    ----------
    file, on : str
        The later table, and the column that it was joined on.
    pairs : dict of str to str
        By name in the column: the name in the later table.
    """

    file: str
    on: str
    pairs: dict[str, str]


def near_names(without: Collection[str], unused: Collection[str]) -> dict[str, str]:
    """Pair names that match no row with nearly the same names of rows that match nothing.

    Parameters
    ----------
    without, unused : collection of str
        Names in the column that is joined on, and names of rows of the later table.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> near_names(["Hengelo", "Bergen (L.)", "Utrecht"], ["Hengelo (Gld.)", "Bergen (NH.)", "Utrechtse Heuvelrug"])
    {'Hengelo': 'Hengelo (Gld.)'}
    """
    left, right = ([name for name in dict.fromkeys(names) if _is_name(name)] for names in (without, unused))
    if not left or not right or max(len(left), len(right)) > MOST:
        return {}
    found = {name: next((other for other in right if _alike(name, other)), "") for name in left}
    return {name: other for name, other in found.items() if other}


def _is_name(text: str) -> bool:
    """Whether a text is a name, and no code: of two codes that differ in one digit neither is the other."""
    return any(letter.isalpha() for letter in text) and not any(letter.isdigit() for letter in text)


def _alike(one: str, other: str) -> bool:
    """Whether two names are probably one: the same but for what stands behind one of them, or a letter."""
    bare, other_bare = (QUALIFIER.sub("", name) for name in (one, other))
    if bare != one and other_bare != other:
        return folded(one) == folded(other)
    first, second = folded(bare), folded(other_bare)
    return first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def near_name_remarks(found: Sequence[NearNames]) -> Iterator[Remark]:
    """Yield that areas get nothing from a later table, which has a row of nearly the same name."""
    for near in found:

        def say(near: NearNames = near) -> str:
            said = _(
                "{file} has no row of {on} {names}, and its rows of nearly that name belong to no area: {others}. If "
                "they are the same, write the name in one way: what these rows say is now not known of those areas."
            )
            names, others = listed(list(near.pairs)), listed(list(near.pairs.values()))
            return said.format(file=near.file, on=near.on, names=names, others=others)

        yield remark(RemarkKind.JOIN_GAP, near.on, say, list(near.pairs))
