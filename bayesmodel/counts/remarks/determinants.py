"""Determinants that are mostly unknown, or tell nearly the same as another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from bayesmodel.areas.remark import Remark, RemarkKind, remark
from bayesmodel.counts.counts import Counts
from bayesmodel.messages import _, number

ALIKE = 0.95
"""Correlation from which two determinants tell nearly the same."""
MOSTLY = 1 / 3
"""Share of areas in which a determinant is not known, from which that is remarked."""


def determinant_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that are not known in many areas, and pairs that correlate nearly perfectly."""
    determinants = counts.areas.determinants
    gaps = determinants.isna().mean()
    for name, share in gaps[gaps > MOSTLY].items():

        def unknown(name: object = name, share: float = float(share)) -> str:
            said = _("{column} is not known in {percent} of the areas.")
            return said.format(column=name, percent=number(share, ".0%"))

        yield remark(RemarkKind.MOSTLY_UNKNOWN, str(name), unknown)
    related = determinants.corr().abs()
    for first, second in combinations(determinants.columns, 2):
        size = float(related[first][second])
        if size >= ALIKE:

            def alike(first: str = first, second: str = second, size: float = size) -> str:
                said = _("{first} and {second} tell nearly the same (correlation {size}).")
                return said.format(first=first, second=second, size=number(size, ".2f"))

            yield remark(RemarkKind.ALIKE, str(second), alike)
