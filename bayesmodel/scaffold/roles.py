"""Which column of a table is what, and why: by what stands in it first, by its name second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bayesmodel.errors import listed, suggest
from bayesmodel.io.column_words import is_share, match
from bayesmodel.messages import _
from bayesmodel.scaffold.column_kinds import Column

QUESTION = "?"
SMALL = 20
"""Rows of a table in which few share a region."""


@dataclass(frozen=True)
class Roles:
    """What each column of one table is taken for.

    Parameters
    ----------
    columns : sequence of Column
        All columns of the table.
    found : mapping of str to str
        Per role (``area``, ``area_name``, ``wijk``, ``gemeente``, ``gemeente_name``, ``region``, ``region_name``,
        ``count``, ``population``, ``period``): the column, or "?" where several fit as well.
    reasons : mapping of str to str
        Per role: why.
    """

    columns: Sequence[Column]
    found: Mapping[str, str]
    reasons: Mapping[str, str]
    by_name: Mapping[str, Column] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    def column(self, role: str) -> Column | None:
        """Return the column of a role, where one was found."""
        return self.by_name.get(self.found.get(role, ""))

    def asking(self, role: str, why: str) -> Roles:
        """Return these roles with one of them a question."""
        return replace(self, found={**self.found, role: QUESTION}, reasons={**self.reasons, role: why})


def roles_of(columns: Sequence[Column]) -> Roles:
    """Say which column is what.

    Parameters
    ----------
    columns : sequence of Column
        The columns of one table.

    Returns
    -------
    Roles
        A role that no column fits is absent; one that several fit as well is "?".

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmodel.scaffold.column_kinds import columns_of
    >>> frame = pd.DataFrame({"wijk": ["WK000300", "WK000301"], "jongeren": ["90", "80"], "jeugdhulp": ["12", "."]})
    >>> dict(roles_of(columns_of(frame)).found)
    {'area': 'wijk', 'count': 'jeugdhulp', 'population': 'jongeren'}
    """
    found, reasons = dict[str, str](), dict[str, str]()

    def take(role: str, fitting: Sequence[Column], reason: str) -> None:
        if fitting and role not in found:
            found[role] = fitting[0].name if len(fitting) == 1 else QUESTION
            names = ", ".join(column.name for column in fitting[:5])
            several = _("{number} columns fit: {names}").format(number=len(fitting), names=names)
            reasons[role] = reason if len(fitting) == 1 else several

    def of_kind(*kinds: str) -> list[Column]:
        return [column for column in columns if column.kind in kinds and column.name not in found.values()]

    for kind in ("buurt", "wijk") if _finer(of_kind("buurt"), of_kind("wijk")) else ("wijk", "buurt"):
        codes = sorted(of_kind(kind), key=lambda column: -column.cells.nunique())
        take("area", codes[:1], _("holds codes of a {kind}").format(kind=kind))
    if any(column.kind == "buurt" and column.name == found.get("area") for column in columns):
        take("wijk", of_kind("wijk")[:1], _("holds the wijk of each buurt"))
    take("gemeente", of_kind("gemeente")[:1], _("holds codes of gemeenten"))
    take("region", _best(of_kind("region"), "region") or of_kind("region")[:1], _("holds codes of regions"))
    take("region_name", _best(of_kind("text"), "region_name"), _("by its name"))
    if "region_name" not in found:
        take(
            "region", _best([column for column in of_kind("text") if _holds_groups(column)], "region"), _("by its name")
        )
    take("gemeente_name", _best(of_kind("text"), "gemeente_name")[:1], _("by its name"))
    of_gemeenten = any(column.name == found.get("gemeente") and column.cells.is_unique for column in columns)
    if not of_gemeenten:
        names = [column for column in of_kind("text") if column.cells.is_unique]
        take("area", _best(names, "area_name")[:1], _("one name for each row"))
    take("area_name", _best(of_kind("text"), "area_name")[:1], _("by its name"))
    for role in ("count", "population"):
        numbers = [column for column in of_kind("numbers") if not is_share(column.name) and not column.unit]
        fitting = _most_filled(_best([column for column in numbers if column.counts_people], role))
        take(role, fitting, _by_name(role, numbers, fitting))
    _doubt_the_count(columns, found, reasons)
    take("period", of_kind("period")[:1], _("holds years"))
    return Roles(columns, found, reasons)


def _by_name(role: str, numbers: Sequence[Column], fitting: Sequence[Column]) -> str:
    """Say that a column is taken by its name, and which of a better name is not: its numbers are not whole."""
    better = [column.name for column in _best(numbers, role) if column not in fitting and not column.counts_people]
    if not better:
        return _("by its name")
    return _("by its name, and {names} holds numbers with decimals, which count nobody").format(names=listed(better))


SHARES = (100, 1000)
"""Of how many a share is said to be."""


def _doubt_the_count(columns: Sequence[Column], found: dict[str, str], reasons: dict[str, str]) -> None:
    """Ask which column counts, where that taken by its name is the share that another makes of the population."""
    by_name = {column.name: column for column in columns}
    count, population = by_name.get(found.get("count", "")), by_name.get(found.get("population", ""))
    if count is None or population is None:
        return
    people = population.numbers.where(population.numbers > 0)
    for other in columns:
        if other.kind != "numbers" or other.name in found.values() or not other.counts_people:
            continue
        for of in SHARES:
            apart = (count.numbers - of * other.numbers / people).abs().dropna()
            if len(apart) >= 8 and count.numbers.nunique() > 3 and (apart <= 0.5).mean() > 0.9:
                found["count"] = QUESTION
                reasons["count"] = _(
                    "{share} is the number of {count} per {of} of {people}, so that {count} is probably the count"
                ).format(share=count.name, count=other.name, of=of, people=population.name)
                return


def _finer(buurten: Sequence[Column], wijken: Sequence[Column]) -> bool:
    """Whether rows are buurten: each has a code of its own, and several share that of a wijk."""
    each_once = any(_each_once(column) for column in buurten)
    return each_once and not any(_each_once(column) for column in wijken)


def _holds_groups(column: Column) -> bool:
    """Whether what a column holds is shared by several rows, as a region is: names of areas are not."""
    filled = column.cells[column.cells != ""]
    return bool(not filled.is_unique and (len(filled) < SMALL or filled.nunique() < len(filled) / 2))


def _each_once(column: Column) -> bool:
    """Whether no code occurs twice in a column that is filled."""
    filled = column.cells[column.cells != ""]
    return bool(len(filled) > len(column.cells) / 2 and filled.is_unique)


def missing_role(role: str, roles: Sequence[Roles]) -> str:
    """Say which columns of numbers there are, where none was recognised for a role.

    Examples
    --------
    >>> missing_role("count", [Roles([], {}, {})])
    'no column was recognised.'
    """
    numbers = [column for table in roles for column in table.columns if column.kind == "numbers"]
    broken = [column.name for column in _best(numbers, role) if not column.counts_people and not is_share(column.name)]
    if broken:
        said = _("{names} holds numbers with decimals, which count nobody: which column holds whole numbers of people?")
        return said.format(names=listed(broken))
    return _("no column was recognised.") + suggest(role, [column.name for column in numbers])


def _best(columns: Sequence[Column], role: str) -> list[Column]:
    """Return the columns whose names fit a role best."""
    places = {column.name: match(column.name, role) for column in columns}
    fitting = [place for place in places.values() if place is not None]
    return [column for column in columns if places[column.name] == min(fitting)] if fitting else []


def _most_filled(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that are filled most: tables of several years hold nearly empty ones of other years."""
    filled = {column.name: int((column.cells != "").sum()) for column in columns}
    return [column for column in columns if filled[column.name] > 0.8 * max(filled.values())]
