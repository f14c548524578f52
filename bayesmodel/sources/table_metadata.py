"""What a publisher says of a table: its columns, the codes of its dimensions, and which periods are provisional."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bayesmodel.errors import ChangedTableError, listed, suggest
from bayesmodel.io.cbs_columns import CUT_OFF, stem_of
from bayesmodel.messages import _

Kind = Literal["dimension", "topic"]
FINAL = {"", "definitief", "final", "none"}
"""Statuses of a period of which the figures are final."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Its name in the tables of this package: the key of OData v3, or title and identifier of OData v4.
    key : str
        What the service calls it.
    title : str
        What people call it.
    kind : {"dimension", "topic"}
        Whether it says what a row is about, or what was counted of it.
    unit, group : str
        Its unit, and the title of the group of columns it stands in.
    """

    name: str
    key: str
    title: str
    kind: Kind = "topic"
    unit: str = ""
    group: str = ""


@dataclass(frozen=True)
class Category:
    """One code of a dimension, without the padding of the service; `key` has it."""

    code: str
    title: str
    key: str
    status: str = ""

    @property
    def provisional(self) -> bool:
        """Whether figures about it may still change: by its status, or by the asterisk that CBS sets behind a period.

        Examples
        --------
        >>> Category("2021JJ00", "2021*", "2021JJ00").provisional, Category("2020JJ00", "2020", "2020JJ00").provisional
        (True, False)
        """
        return self.title.rstrip().endswith("*") or self.status.strip().lower() not in FINAL


@dataclass(frozen=True)
class TableMetadata:
    """What a publisher says of a table.

    Parameters
    ----------
    table, title : str
        Identifier and title.
    period : str
        Period as published, with its asterisk where it has one.
    modified : str
        When the publisher says it changed the table last.
    columns : tuple of Column
        In the order of the table.
    categories : mapping of str to tuple of Category
        Codes of each dimension, by the name of its column.
    """

    table: str
    title: str
    period: str = ""
    modified: str = ""
    columns: tuple[Column, ...] = ()
    categories: Mapping[str, tuple[Category, ...]] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the dimensions."""
        return tuple(column.name for column in self.columns if column.kind == "dimension")

    @property
    def topics(self) -> tuple[Column, ...]:
        """Columns of figures and texts."""
        return tuple(column for column in self.columns if column.kind == "topic")

    @property
    def provisional(self) -> tuple[str, ...]:
        """Periods as published that are provisional, such as ``2021*``; of the table, and of its dimensions."""
        marked = [category for codes in self.categories.values() for category in codes if category.provisional]
        titles = [each.title if each.title.endswith("*") else f"{each.title}*" for each in marked]
        return tuple(dict.fromkeys([*([self.period] if self.period.endswith("*") else []), *titles]))

    def titles(self, dimension: str) -> dict[str, str]:
        """Return the title of each code of a dimension."""
        return {category.code: category.title for category in self.categories.get(dimension, ())}

    def find(self, wanted: str, group: str = "") -> Column | None:
        """Return the column of a name or title, whatever number its name ends in this year; None where there is none.

        Parameters
        ----------
        wanted : str
            A name without its number, or a title.
        group : str
            Beginning of the title of the group it stands in, where several groups have such a column.

        Raises
        ------
        ChangedTableError
            Several columns are called so.
        """
        stem, inside = stem_of(wanted), stem_of(group)
        among = [each for each in self.columns if stem_of(each.group).startswith(inside)]
        found = [each for each in among if stem in {stem_of(each.key), stem_of(each.name), stem_of(each.title)}]
        cut = [each for each in among if len(stem_of(each.name)) >= CUT_OFF and stem.startswith(stem_of(each.name))]
        found = found or cut
        if len(found) > 1:
            several = _("{table} has several columns {wanted}: {names}.")
            names = ", ".join(column.name for column in found)
            raise ChangedTableError(several.format(table=self.table, wanted=wanted, names=names))
        return found[0] if found else None

    def need(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, Column]:
        """Return the column for each purpose, by the first of its names that the table has.

        Parameters
        ----------
        wanted : mapping of str to sequence of str
            Names that a column had over the years, by what it is needed for.

        Returns
        -------
        dict of str to Column

        Raises
        ------
        ChangedTableError
            Some are not there: one message with all of them.
        """
        found = {what: next(filter(None, map(self.find, names)), None) for what, names in wanted.items()}
        absent = [what for what, column in found.items() if column is None]
        if absent:
            known = [column.name for column in self.columns]
            lines = [
                _("- {what}: expected {names}.").format(what=what, names=_(" or ").join(wanted[what]))
                + suggest(wanted[what][0], known)
                for what in absent
            ]
            head = _("Table {table} ({title}) has other columns than it is read by; these are gone or renamed:")
            advice = _("Say what they are called now in a file of sources (--sources), under the purpose of the table.")
            raise ChangedTableError("\n".join([head.format(table=self.table, title=self.title), *lines, advice]))
        return {what: column for what, column in found.items() if column is not None}

    def to_json(self) -> str:
        """Return all of it as JSON, to be kept with the rows."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str) -> TableMetadata:
        """Return what `to_json` wrote.

        Examples
        --------
        >>> metadata = TableMetadata("1NED", "Jeugdzorg", columns=(Column("Wijken", "Wijken", "Wijken", "dimension"),))
        >>> TableMetadata.from_json(metadata.to_json()) == metadata
        True
        """
        content: dict[str, Any] = json.loads(text)
        content["columns"] = tuple(Column(**column) for column in content["columns"])
        content["categories"] = {
            name: tuple(Category(**category) for category in codes) for name, codes in content["categories"].items()
        }
        return TableMetadata(**content)


def camel(title: str) -> str:
    """Return a title as OData v3 makes a name of it.

    Examples
    --------
    >>> camel("Jongeren met jeugdzorg in natura"), camel("0 tot 15 jaar"), camel("Wmo-cliënten")
    ('JongerenMetJeugdzorgInNatura', 'k_0Tot15Jaar', 'WmoClienten')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", plain))
    return f"k_{name}" if name[:1].isdigit() else name


def provisional_in_words(marks: Iterable[str]) -> str:
    """Say which periods are provisional; nothing where none is.

    Examples
    --------
    >>> provisional_in_words(["2021*"])
    'Provisional, may be revised: 2021*.'
    """
    marks = list(marks)
    return _("Provisional, may be revised: {periods}.").format(periods=listed(marks)) if marks else ""
