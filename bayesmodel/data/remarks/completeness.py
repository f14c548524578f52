"""Tables that may be incomplete: totals that areas do not add up to, few counts shown, areas without a row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bayesmodel.data.counts import CONCEALED, Counts, Status
from bayesmodel.data.delivery import without_delivery
from bayesmodel.data.publication import highest_hidden, lowest_hidden
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.totals import COVERED, pooled_unplaced_share, totals_in_model, unplaced_shares, usable_totals
from bayesmodel.errors import listed
from bayesmodel.messages import _, language, number, plural

NOTABLE = 0.01
"""Share of people in no area from which that is remarked."""
MUCH, SOME, ALIKE = 0.2, 5, 0.02
"""Share of people in no area, number of groups and their difference, from which that is no matter of addresses."""


def total_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield, per level, people in no area, totals below the sum of their areas, and totals of other people."""
    for level, totals in counts.totals.groupby("level", sort=False) if len(counts.totals) else ():
        column = next((each.column for each in counts.study.levels if each.name == level), counts.study.columns.area)
        yield from _unplaced(counts, str(level), column, totals)
        yield from _below(counts, str(level), column, totals)
        yield from _of_others(counts, str(level), column, totals)


def _unplaced(counts: Counts, level: str, column: str, totals: pd.DataFrame) -> Iterator[Remark]:
    """Yield the share of people that are in no area, naming the groups where it is far above that of all."""
    known = usable_totals(totals).reset_index(drop=True)
    share, model = pooled_unplaced_share(known), totals_in_model(counts)
    if not share >= NOTABLE:
        return
    shares = unplaced_shares(known)
    midpoint = ((shares["lower"] + shares["upper"]) / 2).to_numpy()
    more = known["group"][(1 - share) / np.maximum(1 - midpoint, 1e-9) > 1 + counts.study.report.margin]
    counted = float(((known["lower"] + known["upper"]) / 2).sum())
    highest = int(midpoint.argmax())
    alike = share >= MUCH and len(known) >= SOME and shares["lower"].max() - shares["upper"].min() <= ALIKE

    def said() -> str:
        text = _(
            "Of the {total} counted in rows of a {level} ({groups}), {share} are in no {area}; most in {most}: "
            "{highest}. All figures of a {level} are of its {areas} together, and its verdict is not given where the "
            "people in no {area} could turn it."
        )
        if model is not None and model[0] == level:
            text = _(
                "Of the {total} counted in rows of a {level} ({groups}), {share} are in no {area}; most in {most}: "
                "{highest}. Figures of a {level} are about all of them; those of a {area} are not."
            )
        words = {"area": counts.study.area, "areas": counts.study.areas_label[language()]}
        answer = text.format(
            total=number(counted, ",.0f"),
            groups=number(len(known)),
            level=level,
            share=number(share, ".1%"),
            most=known["name"].iloc[highest],
            highest=number(midpoint[highest], ".1%"),
            **words,
        )
        beside = _("Where many more are in no {area} than elsewhere, all its {areas} count that much too few.")
        if alike:
            beside = _(
                "That is about as much in every {level}, as no missing address is: its rows probably count something "
                "else, such as trajectories, other ages or another year. If so, leave them out, or its figures are "
                "wrong."
            )
        return f"{answer} {beside.format(level=level, **words)}" if alike or len(more) else answer

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
            areas=counts.study.areas_label[language()],
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
            areas=counts.study.areas_label[language()],
        )

    yield remark(RemarkKind.TOTAL_OF_OTHERS, column, said, others["group"])


def shown_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield that most counts are not shown, and how many areas share their name with another."""
    study = counts.study
    hidden = np.isin(counts.status, [*CONCEALED, Status.MISSING])
    if len(counts) and hidden.mean() > 1 / 2:
        yield remark(
            RemarkKind.MOSTLY_HIDDEN,
            study.columns.count,
            lambda: _("In more than half of the areas no count is shown."),
        )
    rule, zeros = study.publication, (counts.upper == 0) & (counts.population > 0)
    suppressed = (counts.status == Status.SUPPRESSED) & (counts.population > 0)
    if zeros.any() and suppressed.any() and lowest_hidden(rule) == 0:

        def from_one() -> str:
            said = _(
                "{zeros} shown, and a hidden count is still read as 0 to {highest}. "
                "Where every zero is shown, a hidden count is at least 1: say hidden_from = 1 in [publication]; "
                "else levels come out too low."
            )
            return said.format(
                zeros=plural("{count} zero is", "{count} zeros are", int(zeros.sum())), highest=highest_hidden(rule)
            )

        yield remark(RemarkKind.ZEROS_SHOWN, study.columns.count, from_one)
    names = counts.areas.names
    twice = names[names.duplicated(keep=False)]
    if len(twice):

        def same() -> str:
            said = _("{number} areas have a name that another has too, such as {name}; codes tell them apart.")
            return said.format(number=number(len(twice)), name=twice.iloc[0])

        yield remark(RemarkKind.SAME_NAME, study.columns.area_name or study.columns.area, same)


def join_gap_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield the areas without a row in the table of counts, and the groups none of whose areas has one."""
    areas = counts.areas
    lost = areas.without_count - without_delivery(counts.study, areas.levels)
    if not lost:
        return
    absent = areas.codes.isin(list(lost))
    gone = pd.Series(absent, areas.codes)
    whole = {str(name): gone.groupby(groups).all() for name, groups in areas.levels.items()}
    groups = {name: list(map(str, found.index[found])) for name, found in whole.items() if found.any()}

    def say() -> str:
        said = plural(
            "{count} area has no row in the table of counts: its count is taken as missing, and is predicted. "
            "Add the row if it was lost in a join.",
            "{count} areas have no row in the table of counts: their count is taken as missing, and is predicted. "
            "Add the rows if they were lost in a join.",
            int(absent.sum()),
        )
        parts = [
            _("Without any row: {level} {groups}.").format(level=name, groups=listed(found))
            for name, found in groups.items()
        ]
        return " ".join([said, *parts])

    yield remark(RemarkKind.JOIN_GAP, counts.study.columns.count, say, areas.codes[absent])
