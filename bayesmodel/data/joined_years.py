"""Counts of several years joined: a row for each area in each year, and which areas are the same over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.counts import Counts
from bayesmodel.data.one_table_twice import in_both
from bayesmodel.data.shared_settings import differences
from bayesmodel.data.stacked_rows import stack_rows
from bayesmodel.data.totals import pooled_unplaced_share, usable_totals
from bayesmodel.data.unit_changes import unit_changes
from bayesmodel.data.vintages import FEW_PEOPLE, MOST_PEOPLE, Followed, follow_areas
from bayesmodel.errors import DataError, Fault, StudyError, raise_faults
from bayesmodel.messages import _, number
from bayesmodel.study import Study

Indices = NDArray[np.int64]

LEAST_FOLLOWED = 0.5
"""Share of the areas of a year that must be followed from the year before: with fewer, years hardly tell of change."""
LEAP, NEARLY_ALL_LEAP = 1.5, 0.9
"""Times the share of the year before in the middle area, and share of areas that changed the same way, that is odd."""
LEAPING, ENOUGH_LEAPS = 10, 10
"""Count from which a change of an area is looked at, and such areas from which it says something."""


@dataclass(frozen=True)
class JoinedYears:
    """Counts of several years as one.

    Parameters
    ----------
    counts : Counts
        A row for each area in each year, years one after the other; the area is called ``<area>_year`` and what stays
        the same over the years is a level of the name of the area.
    years : tuple of int
        Ascending.
    of_years : tuple of Counts
        Those of each year.
    followed : tuple of Followed
        Which areas of each year but the first are those of the year before.
    """

    counts: Counts
    years: tuple[int, ...]
    of_years: tuple[Counts, ...]
    followed: tuple[Followed, ...]

    @property
    def area(self) -> str:
        """What the areas are called."""
        return self.of_years[0].study.area

    @property
    def notes(self) -> tuple[str, ...]:
        """Which areas were followed, and what looks odd where years are held against each other, in sentences."""
        said = (
            f"{each.from_vintage}-{each.to_vintage}: {sentence}"
            for each in self.followed
            for sentence in each.sentences()
        )
        identities = [self.identities(index) for index in range(len(self.years))]
        return (
            *said,
            *_grown(self.of_years),
            *_same_counts(self.of_years, identities),
            *_other_units(self.of_years, identities),
            *_leaps(self.of_years, identities),
        )

    @property
    def unplaced(self) -> tuple[float | None, ...]:
        """Of each year the share of those counted in totals who are in none of the areas; None without totals."""
        shares = [
            float("nan") if counts.totals.empty else pooled_unplaced_share(usable_totals(counts.totals))
            for counts in self.of_years
        ]
        return tuple(None if np.isnan(share) else share for share in shares)

    @property
    def starts(self) -> Indices:
        """First row of each year, and the number of rows (T + 1,)."""
        return np.concatenate([[0], np.cumsum([len(counts) for counts in self.of_years])]).astype(np.int64)

    @property
    def of_row(self) -> Indices:
        """Index of the year of each row (row,)."""
        return np.repeat(np.arange(len(self.years)), np.diff(self.starts))

    def rows(self, index: int) -> slice:
        """Return the rows of a year, by its index."""
        return slice(int(self.starts[index]), int(self.starts[index + 1]))

    def identities(self, index: int) -> pd.Series:
        """Return what each area of a year is over all years, by its code."""
        rows = self.rows(index)
        found = self.counts.areas.levels[self.area].iloc[rows].to_numpy()
        return pd.Series(found, self.of_years[index].areas.codes)


def join_years(of_years: Sequence[Counts]) -> JoinedYears:
    """Join the counts of several years.

    An area is followed by its code where the boundaries are of one vintage. Where they are not, a code alone says
    nothing: an area is followed where `follow_areas` says that it can be, and is otherwise another area in each year.

    Parameters
    ----------
    of_years : sequence of Counts
        In any order; their studies have the same area, levels, determinants, family and priors.

    Returns
    -------
    JoinedYears

    Raises
    ------
    StudyError
        The studies differ in what they count, by what, or how; or two are of one year.
    DataError
        Fewer than half of the areas of a year can be followed from the year before; or two years hold the same counts
        of the same people.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> later = study.model_copy(update={"outcome": study.outcome.model_copy(update={"year": study.outcome.year + 1})})
    >>> areas = read_areas(later)
    >>> grown = replace(areas, population=areas.population + 1)
    >>> joined = join_years([interpret_counts(each) for each in (read_areas(study), grown)])
    >>> len(joined.counts), joined.counts.study.level_names
    (120, ('wijk', 'gemeente', 'jeugdzorgregio'))
    """
    ordered = tuple(sorted(of_years, key=lambda counts: counts.study.outcome.year))
    years = tuple(counts.study.outcome.year for counts in ordered)
    _check_studies([counts.study for counts in ordered])
    followed = [_followed(before, after) for before, after in pairwise(ordered)]
    lost = [_lost(*pair, each) for pair, each in zip(pairwise(ordered), followed, strict=True)]
    raise_faults(DataError, _("The list of years"), [fault for faults in lost for fault in faults])
    identities = _identities(ordered, followed)
    raise_faults(DataError, _("The list of years"), _one_table(ordered, identities))
    rows = stack_rows(ordered, [str(year) for year in years], identities, "year", determinants=True)
    return JoinedYears(rows, years, ordered, tuple(followed))


ALIKE = ("area", "levels", "determinants", "model", "outcome.population", "outcome.count")
"""What studies of several years have in common."""


def _check_studies(studies: Sequence[Study]) -> None:
    """Refuse studies that cannot be of one model."""
    faults = list[Fault]()
    years = [study.outcome.year for study in studies]
    if len(set(years)) < 2:
        found = ", ".join(map(str, years)) or _("none")
        faults.append(Fault("outcome.year", found, _("studies of two or more years")))
    twice = sorted({year for year in years if years.count(year) > 1})
    if twice and len(set(years)) > 1:
        faults.append(Fault("outcome.year", _("{years} twice").format(years=twice), _("one study for each year")))
    of_year = {str(study.outcome.year): study for study in studies}
    faults += differences(of_year, ALIKE, _("the same in all years"))
    raise_faults(StudyError, _("The list of years"), faults)


def _followed(before: Counts, after: Counts) -> Followed:
    """Return which areas of a year are those of the year before."""
    first, last = before.study.outcome, after.study.outcome
    old, new = _traits(before), _traits(after)
    if first.vintage == last.vintage:
        for table in (old, new):
            table["hectares"] = 1.0  # the same boundaries: the code decides
            table["name"] = table.index.astype(str)
    return follow_areas(old, new, first.year, last.year)


def _traits(counts: Counts) -> pd.DataFrame:
    """Return what areas are followed by: their name where that is not their code, and their people."""
    names = counts.areas.names.astype(str)
    named = names.where(names != names.index.astype(str))
    return pd.DataFrame({"name": named, "people": counts.areas.population.astype(float)})


def _lost(before: Counts, after: Counts, followed: Followed) -> list[Fault]:
    """Refuse years of which too few areas can be followed."""
    every, good = (followed.table["after"] != "").sum(), followed.table["followed"].sum()
    if good >= LEAST_FOLLOWED * every:
        return []
    earlier, later = before.study.outcome, after.study.outcome
    found = _("{good} of {every} areas of {later} that are an area of {earlier} too")
    advice = _(
        "Where boundaries did not change between these years, say the same outcome.vintage in both studies. Else take "
        "years between which they did not."
    )
    if earlier.vintage == later.vintage:
        advice = _("Both are of the boundaries of {vintage}, where a code is one area: look whether the codes agree.")
    return [
        Fault(
            f"{earlier.year}-{later.year}",
            found.format(good=number(int(good)), every=number(int(every)), later=later.year, earlier=earlier.year),
            _("at least half of them"),
            advice.format(vintage=later.vintage),
            tuple(f"{row['after'] or row['before']} ({row['reason']})" for row in _unfollowed(followed)),
        )
    ]


def _unfollowed(followed: Followed) -> list[dict[str, Any]]:
    """Return the rows of areas that cannot be followed."""
    table = followed.table[~followed.table["followed"]]
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _one_table(ordered: Sequence[Counts], identities: Sequence[pd.Series]) -> list[Fault]:
    """Refuse years that hold the same counts of the same people: they are one table."""
    faults = []
    for (one, of_one), (other, of_other) in combinations(zip(ordered, identities, strict=True), 2):
        twice = in_both(one, other, of_one, of_other)
        if twice.counts and twice.people:
            found = _("the same counts of the same people in both years, in all {count} areas")
            advice = _(
                "One table seems to be given for both. Look which table each study names or, where a table holds "
                "several years, what its rows are of."
            )
            faults.append(
                Fault(
                    f"{one.study.outcome.year}, {other.study.outcome.year}",
                    found.format(count=number(len(twice.areas))),
                    _("the counts of each year"),
                    advice,
                    twice.areas,
                )
            )
    return faults


def _same_counts(ordered: Sequence[Counts], identities: Sequence[pd.Series]) -> list[str]:
    """Remark on years that show the same counts, of other people."""
    said = _(
        "{first} and {last}: every count that both years show is the same, though the people are not. Look whether the "
        "counts of one year stand in both."
    )
    return [
        said.format(first=one.study.outcome.year, last=other.study.outcome.year)
        for (one, of_one), (other, of_other) in combinations(zip(ordered, identities, strict=True), 2)
        if in_both(one, other, of_one, of_other).counts
    ]


def _other_units(ordered: Sequence[Counts], identities: Sequence[pd.Series]) -> list[str]:
    """Remark on determinants that are in another unit than in the year before."""
    notes = []
    tables = [counts.areas.determinants.set_axis(of, axis=0) for counts, of in zip(ordered, identities, strict=True)]
    for (first, last), pair in zip(pairwise(ordered), pairwise(tables), strict=True):
        for change in unit_changes(*pair):
            said = _(
                "{first}-{last}: {column} is around {times} times as {much} in {last} as in {first} in {count} areas "
                "(median {before}, then {after}): it seems to be in another unit, as per cent and fractions are. Bring "
                "all years to one unit."
            )
            notes.append(
                said.format(
                    first=first.study.outcome.year,
                    last=last.study.outcome.year,
                    column=change.name,
                    times=number(max(change.times, 1 / change.times), ",.0f"),
                    much=_("high") if change.times > 1 else _("low"),
                    count=number(change.areas),
                    before=number(change.before, ",.4g"),
                    after=number(change.after, ",.4g"),
                )
            )
    return notes


def _leaps(ordered: Sequence[Counts], identities: Sequence[pd.Series]) -> list[str]:
    """Remark on years between which use rose or fell by half in the middle area, and in nearly all the same way."""
    notes, shares = [], []
    for counts, of in zip(ordered, identities, strict=True):
        told = counts.shown & (counts.lower >= LEAPING) & (counts.population > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(told, (counts.lower + counts.upper) / 2 / counts.population, np.nan)
        shares.append(pd.Series(share, of.to_numpy()).dropna())
    for (before, after), (old, new) in zip(pairwise(ordered), pairwise(shares), strict=True):
        times = (new / old).dropna()
        middle = float(times.median()) if len(times) >= ENOUGH_LEAPS else 1.0
        if max(middle, 1 / middle) < LEAP or ((times > 1) == (middle > 1)).mean() < NEARLY_ALL_LEAP:
            continue
        said = _(
            "{first}-{last}: the share that is counted is {times} times that of {first} in the middle area, and {way} "
            "in nearly all. Look whether both years count the same: half of a year, other forms of care or another "
            "source do that as well."
        )
        notes.append(
            said.format(
                first=before.study.outcome.year,
                last=after.study.outcome.year,
                times=number(middle, ".2g"),
                way=_("higher") if middle > 1 else _("lower"),
            )
        )
    return notes


def _grown(ordered: Sequence[Counts]) -> list[str]:
    """Remark on areas of one vintage whose people grew or shrank by more than an unchanged area does."""
    notes = []
    for before, after in pairwise(ordered):
        if before.study.outcome.vintage != after.study.outcome.vintage:
            continue
        both = pd.concat([before.areas.population, after.areas.population], axis=1, join="inner").astype(float)
        least, most = both.min(axis=1), both.max(axis=1)
        odd = both.index[(most > MOST_PEOPLE * least) & (most - least > FEW_PEOPLE)]
        if len(odd):
            said = _(
                "{first}-{last}: {count} areas have over {factor} times the people in one year as in the other, though "
                "their boundaries are said to be of one vintage: {codes}."
            )
            years = {"first": before.study.outcome.year, "last": after.study.outcome.year}
            shown = ", ".join(map(str, odd[:5])) + (" ..." if len(odd) > 5 else "")
            notes.append(said.format(**years, count=number(len(odd)), factor=number(MOST_PEOPLE, "g"), codes=shown))
    return notes


def _identities(ordered: Sequence[Counts], followed: Sequence[Followed]) -> list[pd.Series]:
    """Return what the areas of each year are over all years: their code in the last year that they are in."""
    found = [pd.Series(ordered[-1].areas.codes.astype(str), ordered[-1].areas.codes)]
    taken = set(found[0])
    for counts, each in zip(reversed(ordered[:-1]), reversed(followed), strict=True):
        codes = counts.areas.codes
        later = each.codes.reindex(codes).map(found[0])
        alone = [str(code) if str(code) not in taken else f"{code} {counts.study.outcome.year}" for code in codes]
        found.insert(0, later.where(later.notna(), pd.Series(alone, codes)))
        taken |= set(found[0])
    return found
