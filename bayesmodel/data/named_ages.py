"""Ages in names, of columns or of outcomes: which they are, and which names hold the same ages twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

AGES = re.compile(r"(?<![0-9])0?([0-9]{1,2})_?(?:tot|tm|t_m|to|_)_?([0-9]{1,2})(?![0-9])")
"""The first and the last age in a name."""
OLDER = re.compile(r"(?<![0-9])([0-9]{2})_?(?:plus|en_ouder|eo|jaar_en_ouder|and_older|and_over)(?![a-z0-9])")
YOUNGER = re.compile(r"(?:onder|tot|under|below)_?(?:de_)?([0-9]{2})(?![0-9])")
LAST = 120
"""An age that is not reached."""
NARROWEST = 4
"""Years that a span of ages has at least: 20_21 is a year."""


def ages_of(name: str) -> tuple[int, int] | None:
    """Return the first and the last age in a name, or None.

    Examples
    --------
    >>> ages_of("inwoners_0_tot_18_jaar"), ages_of("65plus"), ages_of("jongeren tot 23"), ages_of("wijk_2021")
    ((0, 18), (65, 120), (0, 23), None)
    """
    text = _plain(name)
    if (found := AGES.search(text)) and int(found[2]) - int(found[1]) >= NARROWEST:
        return int(found[1]), int(found[2])
    if found := OLDER.search(text):
        return int(found[1]), LAST
    return (0, int(found[1])) if (found := YOUNGER.search(text)) else None


def overlapping_ages(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names that differ in ages alone, where these overlap: k_0_17 and k_0_22.

    Parameters
    ----------
    names : sequence of str

    Yields
    ------
    tuple of str
        The earlier name first.

    Examples
    --------
    >>> list(overlapping_ages(["0-17", "18-64", "0 t/m 22", "rent"]))
    [('0-17', '0 t/m 22'), ('18-64', '0 t/m 22')]
    """
    spans = dict[str, tuple[str, int, int]]()
    for name in names:
        if found := AGES.search(text := _plain(name)):
            spans[name] = (AGES.sub("", text), int(found[1]), int(found[2]))
    for (first, one), (second, other) in combinations(spans.items(), 2):
        if one[0] == other[0] and max(one[1], other[1]) < min(one[2], other[2]):
            yield first, second


def _plain(name: str) -> str:
    """Return a name in small letters, with one sign between words."""
    return re.sub(r"\W+", "_", name).lower()
