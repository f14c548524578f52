"""Totals of groups that their areas do not add up to: people in no area, and rows that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bayesmodel.areas.remark import Remark, RemarkKind, remark
from bayesmodel.counts.counts import Counts
from bayesmodel.counts.totals import COVERED
from bayesmodel.counts.unplaced import elsewhere, told, unplaced_shares
from bayesmodel.messages import _, language, number
from bayesmodel.study.parts import areas_label

NOTABLE = 0.01
"""Share of people in no area from which that is remarked."""


def total_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield, per level, people in no area, totals below the sum of their areas, and totals of other people."""
    for level, totals in counts.totals.groupby("level", sort=False) if len(counts.totals) else ():
        column = next((each.column for each in counts.study.levels if each.name == level), counts.study.columns.area)
        yield from _unplaced(counts, str(level), column, totals)
        yield from _below(counts, str(level), column, totals)
        yield from _of_others(counts, str(level), column, totals)


def _unplaced(counts: Counts, level: str, column: str, totals: pd.DataFrame) -> Iterator[Remark]:
    """Yield the share of people that are in no area, naming the groups where it is far above that of all."""
    known = told(totals).reset_index(drop=True)
    share = elsewhere(known)
    if not share >= NOTABLE:
        return
    shares = unplaced_shares(known)
    middle = ((shares["lower"] + shares["upper"]) / 2).to_numpy()
    more = known["group"][(1 - share) / np.maximum(1 - middle, 1e-9) > 1 + counts.study.report.margin]
    counted = float(((known["lower"] + known["upper"]) / 2).sum())
    highest = int(middle.argmax())

    def said() -> str:
        text = _(
            "Of the {total} counted in rows of a {level} ({groups}), {share} are in no {area}; most in {most}: "
            "{highest}. All figures of a {level} are of its {areas} together, and its verdict is not given where the "
            "people in no {area} could turn it."
        )
        words = {"area": counts.study.area, "areas": areas_label(counts.study.area)[language()]}
        answer = text.format(
            total=number(counted, ",.0f"),
            groups=number(len(known)),
            level=level,
            share=number(share, ".1%"),
            most=known["name"].iloc[highest],
            highest=number(middle[highest], ".1%"),
            **words,
        )
        beside = _("Where many more are in no {area} than elsewhere, all its {areas} count that much too few.")
        return f"{answer} {beside.format(**words)}" if len(more) else answer

    yield remark(RemarkKind.UNPLACED, column, said, more)


def _below(counts: Counts, level: str, column: str, totals: pd.DataFrame) -> Iterator[Remark]:
    """Yield totals that are lower than what their areas count at least, with both numbers."""
    least = totals["placed_lower"] + totals["aside_lower"]
    below = totals[totals["upper"] < least]
    if below.empty:
        return
    names, tops = list(below["name"]), list(below["upper"])
    floors = list((below["placed_lower"] + below["aside_lower"]).astype(float))

    def said() -> str:
        text = _(
            "The row of a {level} counts fewer than its {areas} together: {name} at most {total}, its {areas} at least "
            "{least}. People who count in two {areas}, or rows of other years or ages, would do that."
        )
        return text.format(
            level=level,
            areas=areas_label(counts.study.area)[language()],
            name=names[0],
            total=number(tops[0], ",.0f"),
            least=number(floors[0], ",.0f"),
        )

    numbers = zip(below["group"], tops, floors, strict=True)
    rows = [f"{group} ({top:.0f} < {floor:.0f})" for group, top, floor in numbers]
    yield remark(RemarkKind.TOTAL_BELOW, column, said, rows)


def _of_others(counts: Counts, level: str, column: str, totals: pd.DataFrame) -> Iterator[Remark]:
    """Yield totals over more or fewer people than their areas hold."""
    others = totals[totals["covered"].notna() & ~totals["covered"].between(*COVERED)]
    if others.empty:
        return
    first = others.iloc[0]

    def said() -> str:
        text = _(
            "The row of a {level} is of other people than its {areas}: those of {name} hold {share} of its {people}. "
            "Who is in no {area} cannot be told from who is in {areas} that the study lacks."
        )
        return text.format(
            level=level,
            name=first["name"],
            share=number(first["covered"], ".0%"),
            people=number(first["population"], ",.0f"),
            area=counts.study.area,
            areas=areas_label(counts.study.area)[language()],
        )

    yield remark(RemarkKind.TOTAL_OF_OTHERS, column, said, others["group"])
