"""The publisher's description of a table: columns, codes of dimensions, and provisional periods."""

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
"""Statuses of a period with final figures."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Its name in the tables of this package: the key of OData v3, or title and identifier of OData v4.
    key : str
        Its name at the service.
    title : str
        Its title for readers.
    kind : {"dimension", "topic"}
        Whether it identifies a row, or holds a figure.
    unit, group : str
        Its unit, and the title of its group of columns.
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
        """Whether its figures may still change: by its status, or by the asterisk that CBS puts after a period.

        Examples
        --------
        >>> Category("2021JJ00", "2021*", "2021JJ00").provisional, Category("2020JJ00", "2020", "2020JJ00").provisional
        (True, False)
        """
        return self.title.rstrip().endswith("*") or self.status.strip().lower() not in FINAL


@dataclass(frozen=True)
class TableMetadata:
    """The publisher's description of a table.

    Parameters
    ----------
    table, title : str
        Identifier and title.
    period : str
        Period as published, with its asterisk if any.
    modified : str
        When the table was last changed according to the publisher.
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
        """Provisional periods as published, such as ``2021*``; of the table and of its dimensions."""
        marked = [category for codes in self.categories.values() for category in codes if category.provisional]
        titles = [column.title if column.title.endswith("*") else f"{column.title}*" for column in marked]
        return tuple(dict.fromkeys([*([self.period] if self.period.endswith("*") else []), *titles]))

    def titles(self, dimension: str) -> dict[str, str]:
        """Return the title of each code of a dimension."""
        return {category.code: category.title for category in self.categories.get(dimension, ())}

    def find(self, wanted: str, group: str = "") -> Column | None:
        """Return the column with a name or title, whatever number ends its name this year; None if there is none.

        Parameters
        ----------
        wanted : str
            A name without its number, or a title.
        group : str
            Beginning of the title of its group, if several groups have such a column.

        Raises
        ------
        ChangedTableError
            Several columns match.
        """
        stem, inside = stem_of(wanted), stem_of(group)
        candidates = [column for column in self.columns if stem_of(column.group).startswith(inside)]
        matches = [
            column
            for column in candidates
            if stem in {stem_of(column.key), stem_of(column.name), stem_of(column.title)}
        ]
        cut = [
            column
            for column in candidates
            if len(stem_of(column.name)) >= CUT_OFF and stem.startswith(stem_of(column.name))
        ]
        matches = matches or cut
        if len(matches) > 1:
            message = _("{table} has several columns {wanted}: {names}.")
            names = ", ".join(column.name for column in matches)
            raise ChangedTableError(message.format(table=self.table, wanted=wanted, names=names))
        return matches[0] if matches else None

    def need(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, Column]:
        """Return a column for each purpose, by the first of its names that the table has.

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
            Some do not exist; all are reported in one message.
        """
        matches = {what: next(filter(None, map(self.find, names)), None) for what, names in wanted.items()}
        absent = [what for what, column in matches.items() if column is None]
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
        return {what: column for what, column in matches.items() if column is not None}

    def to_json(self) -> str:
        """Return the metadata as JSON, to be stored with the rows."""
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
    """Return the name that OData v3 derives from a title.

    Examples
    --------
    >>> camel("Jongeren met jeugdzorg in natura"), camel("0 tot 15 jaar"), camel("Wmo-cliënten")
    ('JongerenMetJeugdzorgInNatura', 'k_0Tot15Jaar', 'WmoClienten')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", plain))
    return f"k_{name}" if name[:1].isdigit() else name


def provisional_in_words(marks: Iterable[str]) -> str:
    """Return a sentence on which periods are provisional; empty if none is.

    Examples
    --------
    >>> provisional_in_words(["2021*"])
    'Provisional, may be revised: 2021*.'
    """
    marks = list(marks)
    return _("Provisional, may be revised: {periods}.").format(periods=listed(marks)) if marks else ""
