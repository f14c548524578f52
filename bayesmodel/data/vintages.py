"""Areas of two years held against each other: which can be followed, and which code means another area now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import html
from bayesmodel.data.codes import folded
from bayesmodel.messages import _, number

PEOPLE = 1.15
"""Factor by which the people of an unchanged area differ at most over a year; its power over more years, up to 1.5."""
MOST_PEOPLE, FEW_PEOPLE = 1.5, 30
HECTARES, SAME_HECTARES = 1.05, 1.01
"""Factor by which the size of an unchanged area differs at most; up to the second one its people may grow freely."""
ALIKE, NEARLY = 0.95, 0.85
"""Share of either that two shapes of one area have in common at least; and where code, name and people agree too."""
NUMBERED = re.compile(r"^(?:wijk|buurt)\s+[0-9]+\s+(?=\S)", re.IGNORECASE)
"""What stands before many names in some years only: Wijk 10 Binnenstad."""
COLUMNS = ["name_before", "name_after", "people_before", "people_after", "hectares_before", "hectares_after"]


class Follow(StrEnum):
    """Whether an area can be followed from one year to another, and why."""

    SAME = "same"
    OTHER_NAME = "other_name"
    OTHER_CODE = "other_code"
    REUSED = "reused"
    UNSURE = "unsure"
    GONE = "gone"
    NEW = "new"


FOLLOWED = (Follow.SAME, Follow.OTHER_NAME, Follow.OTHER_CODE)
"""Of which figures of both years are of one area."""


@dataclass(frozen=True)
class Followed:
    """Areas of two years.

    Parameters
    ----------
    table : DataFrame
        A row for each area of either year: ``before, after`` (codes, empty where there is none), ``follow`` (a
        `Follow`), ``followed`` (whether figures of both years are of one area), ``reason`` in words, and names, people
        and hectares of both years where they are known.
    from_vintage, to_vintage : int
        Years of the boundaries.
    """

    table: pd.DataFrame
    from_vintage: int
    to_vintage: int

    @property
    def codes(self) -> pd.Series:
        """Code in the later year of each area that can be followed, by its code in the earlier year."""
        good = self.table[self.table["followed"]]
        return good.set_index("before")["after"]

    @property
    def reused(self) -> list[str]:
        """Codes of both years that mean another area in each."""
        return [str(code) for code in self.table.loc[self.table["follow"] == Follow.REUSED, "after"]]

    def sentences(self) -> list[str]:
        """Say how many areas can be followed, and how many of the others there are by kind."""
        sizes = self.table["follow"].value_counts()
        good, every = int(self.table["followed"].sum()), int((self.table["after"] != "").sum())
        said = _("Of the {every} areas of {last} {good} can be followed from {first}.")
        years = {"first": self.from_vintage, "last": self.to_vintage}
        lines = [said.format(every=number(every), good=number(good), **years)]
        words = {
            Follow.OTHER_NAME: _("followed under another name: {number}"),
            Follow.OTHER_CODE: _("followed under another code: {number}"),
            Follow.REUSED: _("with a code that meant another area in {first}: {number}"),
            Follow.UNSURE: _("of which it cannot be said: {number}"),
            Follow.NEW: _("new: {number}"),
            Follow.GONE: _("of {first}, and gone: {number}"),
        }
        parts = [
            text.format(number=number(int(sizes[kind])), first=self.from_vintage)
            for kind, text in words.items()
            if kind in sizes
        ]
        return [*lines, *([" ".join(["; ".join(parts)]) + "."] if parts else [])]

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def _repr_html_(self) -> str:
        """Return what was found, and the areas, for a notebook."""
        return html.page("; ".join(self.sentences()), html.frame(self.table))


def follow_areas(
    before: pd.DataFrame,
    after: pd.DataFrame,
    from_vintage: int,
    to_vintage: int,
    parts: pd.DataFrame | None = None,
) -> Followed:
    """Say of the areas of two years which can be followed.

    A code alone says nothing: it may mean another area. With the polygons of both years the shapes decide: 95 % of
    either in common, or 85 % where all else agrees. Without them an area is the same where its code is and its size
    differs by 1 % at most, or by 5 % with at most 15 % more or fewer people a year. Where no size is known its name
    must be the same too.

    Parameters
    ----------
    before, after : DataFrame, indexed by code
        Columns of both that are there: ``name``, ``people``, ``hectares``.
    from_vintage, to_vintage : int
        Years of the boundaries.
    parts : DataFrame, optional
        What the maps of both years have in common, as `overlap_of` returns it.

    Returns
    -------
    Followed

    Examples
    --------
    >>> import pandas as pd
    >>> before = pd.DataFrame({"name": ["Haven", "Stad"], "people": [40000, 900]}, index=["WK003401", "WK003402"])
    >>> after = pd.DataFrame({"name": ["Haven", "Stad"], "people": [2500, 910]}, index=["WK003401", "WK003402"])
    >>> follow_areas(before, after, 2021, 2022).table[["after", "follow"]].astype(str).values.tolist()
    [['WK003401', 'reused'], ['WK003402', 'same']]
    """
    both = pd.concat([_tidy(before, "before"), _tidy(after, "after")], axis=1, join="outer")
    both = both.reindex(columns=COLUMNS)
    codes = both.index.to_series()
    there = {"before": codes.isin(before.index), "after": codes.isin(after.index)}
    found = _by_traits(both, abs(to_vintage - from_vintage))
    found = found.mask(~there["before"], Follow.NEW.value).mask(~there["after"], Follow.GONE.value)
    table = both.assign(
        before=codes.where(there["before"], ""), after=codes.where(there["after"], ""), follow=found, share=np.nan
    )
    if parts is not None:
        table = _by_shapes(table, parts)
    table["followed"] = table["follow"].isin([kind.value for kind in FOLLOWED])
    table["reason"] = [_reason(row) for row in _rows(table)]
    order = ["before", "after", "follow", "followed", "reason", *COLUMNS]
    kept = [name for name in order if name not in COLUMNS or table[name].notna().any()]
    return Followed(table[kept].sort_values(["after", "before"]).reset_index(drop=True), from_vintage, to_vintage)


def _tidy(frame: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return name, people and hectares of a year, as far as they are there."""
    kept = [name for name in ("name", "people", "hectares") if name in frame]
    tidy = frame[kept].copy()
    for name in {"people", "hectares"} & set(kept):
        tidy[name] = pd.to_numeric(tidy[name], errors="coerce").astype(float)
    return tidy[~tidy.index.duplicated()].add_suffix(f"_{year}")


def same_name(one: object, other: object) -> bool:
    """Whether two names are one, whatever is written before it.

    Examples
    --------
    >>> same_name("Wijk 10 Binnenstad", "binnenstad"), same_name("Wijk 00", "Wijk 01")
    (True, False)
    """
    first, second = (folded(NUMBERED.sub("", str(name).strip())) for name in (one, other))
    return first == second and first != ""


def _by_traits(both: pd.DataFrame, years: int) -> pd.Series:
    """Return a `Follow` for each code, by name, people and size."""
    known = both[["name_before", "name_after"]].notna().all(axis=1)
    names = pd.Series(map(same_name, both["name_before"], both["name_after"]), index=both.index) & known
    factor = min(PEOPLE ** max(years, 1), MOST_PEOPLE)
    apart = (both["people_after"] - both["people_before"]).abs()
    people, size = _ratio(both, "people"), _ratio(both, "hectares")
    as_many = (people <= factor) | (apart <= FEW_PEOPLE)
    as_large = (size <= SAME_HECTARES) | ((size <= HECTARES) & as_many)
    found = pd.Series(Follow.UNSURE.value, index=both.index, dtype=object)
    found = found.mask(as_large & (names | ~known), Follow.SAME.value).mask(
        as_large & ~names & known, Follow.OTHER_NAME.value
    )
    found = found.mask(size.isna() & as_many & names, Follow.SAME.value)
    return found.mask((size > HECTARES) | (size.isna() & people.notna() & ~as_many), Follow.REUSED.value)


def _ratio(both: pd.DataFrame, what: str) -> pd.Series:
    """Return how many times the larger of both years is the smaller; NaN where one is not known."""
    values = both[[f"{what}_before", f"{what}_after"]].astype(float)
    most, least = values.max(axis=1), values.min(axis=1)
    ratio = (most / least.where(least > 0, np.nan)).where((most <= 0) | (least > 0), np.inf).where(most > 0, 1.0)
    return ratio.where(values.notna().all(axis=1), np.nan)


def _by_shapes(table: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the shapes deciding, where both years have one of an area."""
    common = parts[["of_old", "of_new"]].min(axis=1)
    best = parts.assign(common=common).sort_values("common").groupby("old").tail(1).set_index("old")
    drawn = {"before": set(parts["old"]), "after": set(parts["new"])}
    alike = best[best["common"] >= ALIKE]
    heir = dict(zip(alike.index, alike["new"], strict=True))
    own = parts.assign(common=common)[parts["old"] == parts["new"]].set_index("old")["common"]
    taken = {new: old for old, new in heir.items()}
    rows = []
    for row in _rows(table):
        before, after = row["before"], row["after"]
        unchanged = own.get(before, 0.0 if {before} <= drawn["before"] & drawn["after"] else np.nan)
        row["share"] = float(alike["common"].get(before, unchanged if before == after else np.nan))
        agreed = row["follow"] in (Follow.SAME.value, Follow.OTHER_NAME.value) and row["share"] >= NEARLY
        if before and heir.get(before, before) != before:
            rows.append(row | _moved(row, table, heir[before]))
            if after and after not in taken:
                rows.append(_alone(row, after, Follow.NEW if after not in drawn["before"] else Follow.REUSED))
        elif after and taken.get(after, after) != after:
            if before:
                rows.append(_alone(row, before, Follow.GONE, year="before"))
        elif before and heir.get(before) == before:
            same = same_name(row["name_before"], row["name_after"])
            named = pd.notna(row["name_before"]) and pd.notna(row["name_after"])
            rows.append(row | {"follow": (Follow.SAME if same or not named else Follow.OTHER_NAME).value})
        elif before and after and not agreed and before in drawn["before"] and after in drawn["after"]:
            rows.append(row | {"follow": Follow.REUSED.value})
        else:
            rows.append(row)
    return pd.DataFrame(rows)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table by the names of their columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _moved(row: dict[str, Any], table: pd.DataFrame, after: str) -> dict[str, Any]:
    """Return what becomes of an area that has another code in the later year."""
    later = {f"{what}_after": table[f"{what}_after"].get(after) for what in ("name", "people", "hectares")}
    return {"after": after, "follow": Follow.OTHER_CODE.value, **later}


def _alone(row: dict[str, Any], code: object, follow: Follow, year: str = "after") -> dict[str, Any]:
    """Return the row of an area that only one year has under this code."""
    other = "before" if year == "after" else "after"
    lacking = {f"{what}_{other}": np.nan for what in ("name", "people", "hectares")}
    return row | lacking | {other: "", year: code, "follow": follow.value, "share": np.nan}


def _reason(row: dict[str, Any]) -> str:
    """Say why an area can be followed, or cannot."""
    share = row["share"]
    shapes = (
        _("the shapes have {share} in common").format(share=number(float(str(share)), ".1%")) if share == share else ""
    )
    numbers = [
        _before_and_after(row, "people", _("{before} people, then {after}")),
        _before_and_after(row, "hectares", _("{before} ha, then {after}")),
    ]
    known = ", ".join(filter(None, [shapes, *numbers]))
    words = {
        Follow.SAME: _("same code and name"),
        Follow.OTHER_NAME: _("same code, another name"),
        Follow.OTHER_CODE: _("another code"),
        Follow.REUSED: _("the code means another area"),
        Follow.UNSURE: _("same code, but too little is known to say more"),
        Follow.GONE: _("no such area in the later year"),
        Follow.NEW: _("no such area in the earlier year"),
    }
    said = words[Follow(str(row["follow"]))]
    alone = row["follow"] in (Follow.GONE.value, Follow.NEW.value)
    return said if alone or not known else f"{said}; {known}"


def _before_and_after(row: dict[str, Any], column: str, said: str) -> str:
    """Say what a number was and is; nothing where one of both is not known."""
    one, other = row[f"{column}_before"], row[f"{column}_after"]
    if pd.isna(one) or pd.isna(other):
        return ""
    return said.format(before=number(one, ",.0f"), after=number(other, ",.0f"))
