"""Rows that are no areas: a whole gemeente among its wijken, people of no known address, one area under two spellings.

By what stands in them (as many people as all others of the group), and by the name of the area.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from bayesmodel.data.codes import spelled_alike
from bayesmodel.data.count_validation import BASE
from bayesmodel.data.counts import Counts
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.validation import NOWHERE, OF_ALL, OF_ANOTHER
from bayesmodel.errors import listed
from bayesmodel.messages import _, language

FEWEST, FEWEST_ROUNDED = 3, 4
"""Areas of a group from which one with the people of all others is no chance; of populations in multiples of five."""
NEAR = 0.1
"""How far the people of a row called a total may be from those of all others, as a share: some live in no wijk."""


def no_area_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield rows that are probably no areas."""
    yield from _sum_of_others(counts)
    yield from _nowhere(counts)
    yield from _parts(counts)
    yield from _twice(counts)


def _sum_of_others(counts: Counts) -> Iterator[Remark]:
    """Yield areas that hold as many people and users as all others of their group together."""
    people, codes = counts.population, counts.areas.codes
    fewest = FEWEST_ROUNDED if (people % BASE == 0).all() else FEWEST
    called = counts.areas.names.str.fullmatch(OF_ALL, flags=re.IGNORECASE).to_numpy(dtype=bool)
    for name, groups in counts.areas.levels.items():
        table = pd.DataFrame(
            {"people": people, "lower": counts.lower, "upper": counts.upper, "group": groups.to_numpy()}
        )
        sums = table.groupby("group")[["people", "lower", "upper"]].transform("sum")
        size = table.groupby("group")["people"].transform("size")
        rest = sums - table[["people", "lower", "upper"]]
        whole = (size >= fewest) & (table["people"] == rest["people"])
        whole &= (table["lower"] <= rest["upper"]) & (table["upper"] >= rest["lower"])
        whole |= called & (size >= FEWEST) & (np.abs(table["people"] - rest["people"]) <= NEAR * rest["people"])
        whole &= table["people"] > 0
        if whole.any():

            def say(level: object = name) -> str:
                message = _(
                    "A row with as many people and users as all other {areas} of its {level} together is probably that "
                    "of the {level} itself: leave it out, or every {level} counts twice."
                )
                return message.format(areas=_areas(counts), level=level)

            yield remark(RemarkKind.SUM_OF_OTHERS, counts.study.columns.area, say, codes[whole.to_numpy()])
            return


def _areas(counts: Counts) -> str:
    """Return what the areas are called together, in the language of the user."""
    return counts.study.areas_label[language()]


def _nowhere(counts: Counts) -> Iterator[Remark]:
    """Yield areas whose name says that it is not known where their people live."""
    names = counts.areas.names
    odd = names.str.fullmatch(NOWHERE, flags=re.IGNORECASE).to_numpy(dtype=bool) & (counts.population > 0)
    if not odd.any():
        return

    def say() -> str:
        message = _(
            "By its name {name} is no {area}: it may stand for people of whom the {area} is not known. If so, leave it "
            "out: what it counts says nothing of a place."
        )
        return message.format(name=repr(names[odd].iloc[0]), area=counts.study.area)

    yield remark(RemarkKind.NO_AREA, counts.study.columns.area_name or counts.study.columns.area, say, names.index[odd])


def _parts(counts: Counts) -> Iterator[Remark]:
    """Yield areas whose name says that they are a part of another row."""
    names = counts.areas.names
    odd = names.str.match(OF_ANOTHER, flags=re.IGNORECASE).to_numpy(dtype=bool)
    if not odd.any():
        return

    def say() -> str:
        message = _(
            "By its name {name} is a part of another row, and counts its people again. If so, leave it out: rows are "
            "{areas} that each count other people."
        )
        return message.format(name=repr(names[odd].iloc[0]), areas=_areas(counts))

    yield remark(RemarkKind.NO_AREA, counts.study.columns.area_name or counts.study.columns.area, say, names.index[odd])


def _twice(counts: Counts) -> Iterator[Remark]:
    """Yield areas whose codes, where these are names, differ in capitals, accents, spaces or signs only."""
    for alike in spelled_alike(counts.areas.codes.to_series().reset_index(drop=True)):

        def say(alike: list[str] = alike) -> str:
            message = _(
                "{names} are taken for different {areas}, and differ in spelling only. If they are one, its people "
                "count twice; if not, say in the name which gemeente each lies in."
            )
            return message.format(names=listed([repr(each) for each in alike]), areas=_areas(counts))

        yield remark(RemarkKind.SPELLING, counts.study.columns.area, say, alike)
