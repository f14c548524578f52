"""Years side by side: a study per year on its own boundaries, and which wijken can be followed from one to the next."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pandas as pd

from bayesmodel.arguments import explaining
from bayesmodel.boundaries import overlap_of, read_boundaries
from bayesmodel.data.vintages import Followed, follow_areas
from bayesmodel.errors import ArgumentError, MissingFeatureError, UnknownTableError
from bayesmodel.files import MARK, atomic_folder, refuse_existing
from bayesmodel.messages import _
from bayesmodel.sources.fetch import Fetched, fetch
from bayesmodel.sources.fetch_table import Sources
from bayesmodel.sources.known_tables import in_runs
from bayesmodel.sources.study_file import POLYGONS
from bayesmodel.sources.study_table import SIZES, WIJK

FOLLOWED = "followed.csv"
"""Which wijken can be followed, beside the folders of the years."""
MOST_YEARS = 30


@dataclass(frozen=True)
class FetchedYears:
    """What was fetched of several years.

    Parameters
    ----------
    folder : Path
        A folder for each year in it, and ``followed.csv``.
    years : tuple of Fetched
        In order of time.
    followed : tuple of Followed
        From each year to the next.
    """

    folder: Path
    years: tuple[Fetched, ...]
    followed: tuple[Followed, ...]

    @property
    def table(self) -> Path:
        """Where it is written which wijken can be followed, and why."""
        return self.folder / FOLLOWED

    def sentences(self) -> list[str]:
        """Say what was fetched of each year, and how many wijken can be followed."""
        lines = [f"{each.year}: {text}" for each in self.years for text in each.sentences()]
        return [*lines, *(text for each in self.followed for text in each.sentences())]


def years_asked(text: str) -> tuple[int, ...]:
    """Return the years that a text asks for: one, a range, or several.

    Raises
    ------
    ArgumentError
        It is no year, no range that rises, or one of more than thirty years.

    Examples
    --------
    >>> years_asked("2017"), years_asked("2015:2018"), years_asked("2015,2017")
    ((2017,), (2015, 2016, 2017, 2018), (2015, 2017))
    """
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*((?:19|20)\d{2}|2100)(?:\s*:\s*((?:19|20)\d{2}|2100))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first or last - first >= MOST_YEARS:
            wrong = _("--year {found}: expected a year such as 2017, a range such as 2021:2024, or years with commas.")
            raise ArgumentError(wrong.format(found=text))
        found |= set(range(first, last + 1))
    return tuple(sorted(found))


@explaining
def fetch_years(
    purpose: str, years: tuple[int, ...], out: Path, sources: Sources | None = None, *, force: bool = False
) -> FetchedYears:
    """Fetch a study for each of several years, each on its own boundaries, and say which wijken can be followed.

    Nothing is joined over years. From each year to the next wijken are held against each other by code, name, people
    and size, and by their polygons where those of both years were fetched.

    Parameters
    ----------
    purpose : str
        Such as ``jeugdhulp``.
    years : tuple of int
        At least two, of which a whole study can be made.
    out : Path
        Folder for a folder of each year and for ``followed.csv``; written whole or not at all.
    sources : Sources, optional
        As in `fetch`.
    force : bool
        Whether an older folder of the same kind is replaced.

    Returns
    -------
    FetchedYears

    Raises
    ------
    UnknownNameError, UnknownTableError
        There is no such purpose; or of a year no whole study can be made: all of those named at once.
    ArgumentError
        There are fewer than two years.
    SourceError, OutputError
        As of `fetch`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from bayesmodel.errors import UnknownTableError
    >>> try:
    ...     fetch_years("jeugdhulp", (2019, 2020), Path("jeugdhulp"))
    ... except UnknownTableError as error:
    ...     print(str(error).split(":")[0])
    No whole study of jeugdhulp can be made of 2020
    """
    sources = Sources() if sources is None else sources
    registry = sources.registry
    registry.purpose(purpose)
    years = tuple(sorted(set(years)))
    if len(years) < 2:
        raise ArgumentError(_("Years side by side are two at least; of one: fetch."))
    known = registry.study_years(purpose)
    lacking = tuple(year for year in years if year not in known)
    if lacking:
        said = _(
            "No whole study of {purpose} can be made of {lacking}: tables are known for {known}. Give those of the "
            "other years in a file of sources (--sources)."
        )
        raise UnknownTableError(said.format(purpose=purpose, lacking=in_runs(lacking), known=in_runs(known) or "-"))
    refuse_existing(out, force=force)
    with atomic_folder(out, force=force) as draft:
        made = [fetch(purpose, year, draft / str(year), sources) for year in years]
        followed = tuple(_followed(before, after) for before, after in pairwise(made))
        _table(followed).to_csv(draft / FOLLOWED, index=False, lineterminator="\n")
        about = {"purpose": purpose, "years": years, "followed": [each.sentences() for each in followed]}
        (draft / MARK).write_text(json.dumps(about, indent=1, ensure_ascii=False), "utf-8")
    return FetchedYears(out, tuple(_moved(each, out / str(each.year)) for each in made), followed)


def _moved(fetched: Fetched, folder: Path) -> Fetched:
    """Return what was fetched, at the place where it lies in the end."""
    study = None if fetched.study is None else folder / fetched.study.name
    return replace(fetched, folder=folder, study=study, table=folder / fetched.table.name)


def _table(followed: tuple[Followed, ...]) -> pd.DataFrame:
    """Return the wijken of all years, a row for each from one year to the next."""
    tables = [
        each.table.assign(from_year=each.from_vintage, to_year=each.to_vintage).sort_values(["before", "after"])
        for each in followed
    ]
    found = pd.concat(tables, ignore_index=True)
    first = ["from_year", "to_year", "before", "after", "follow", "followed", "reason"]
    return found[[*first, *(name for name in found if name not in first)]]


def _followed(before: Fetched, after: Fetched) -> Followed:
    """Hold the wijken of two years against each other, by their polygons where both years have them."""
    maps, parts = [each.folder / POLYGONS for each in (before, after)], None
    if all(path.is_file() for path in maps):
        try:
            parts = overlap_of(*(read_boundaries(path, code="wijk_code") for path in maps))
        except MissingFeatureError:  # their traits say much as well
            parts = None
    return follow_areas(_traits(before), _traits(after), before.year, after.year, parts)


def _traits(fetched: Fetched) -> pd.DataFrame:
    """Return name, people and hectares of each wijk, as key figures have them."""
    kwb = next(table for table in fetched.tables if table.purpose == "kwb")
    codes = kwb.by_area.index.to_series()
    wijken = codes[codes.str.fullmatch(WIJK)].index
    columns = {"people": kwb.column(("AantalInwoners",)), "hectares": kwb.column(SIZES)}
    traits = {name: column.reindex(wijken) for name, column in columns.items() if column is not None}
    names = pd.Series(wijken.map(kwb.names), index=wijken)
    return pd.DataFrame({"name": names, **traits}, index=wijken)
