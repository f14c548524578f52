"""Ages in names, of columns or of outcomes: which of them overlap, so that the same people are in both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

AGES = re.compile(r"(?<![0-9])0?([0-9]{1,2})_?(?:tot|tm|t_m|to|_)_?([0-9]{1,2})(?![0-9])")
"""The first and the last age in a name."""


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
        text = re.sub(r"\W+", "_", name).lower()
        if found := AGES.search(text):
            spans[name] = (AGES.sub("", text), int(found[1]), int(found[2]))
    for (first, one), (second, other) in combinations(spans.items(), 2):
        if one[0] == other[0] and max(one[1], other[1]) < min(one[2], other[2]):
            yield first, second
