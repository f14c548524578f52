"""What OData v3 and v4 of CBS share: addresses, pages of rows and links between pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pandas as pd

from bayesmodel.errors import ChangedTableError, ProtocolError, UnknownTableError, listed
from bayesmodel.messages import _, number
from bayesmodel.sources.selection import Selection
from bayesmodel.sources.service import Service
from bayesmodel.sources.table_metadata import TableMetadata

FULL_PAGE = 10_000
"""Rows of a full page, after which there may be more."""
LONGEST = 1_800
"""Longest address that all servers and proxies accept."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """Rows as returned by the service, and the address of the next page."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    following: str | None = None


class RemoteTable(ABC):
    """A table at a service, in one version of the protocol.

    Parameters
    ----------
    service : Service
        The client.
    root : str
        Address of the service, without the path of the protocol.
    table : str
        Identifier, such as ``85984NED``.
    """

    protocol: str
    """Display name of the protocol."""
    _path: str

    def __init__(self, service: Service, root: str, table: str) -> None:
        self._service, self._table = service, quote(table, safe="")
        self.url = f"{root.rstrip('/')}/{self._path}/{self._table}"
        self.metadata = self._read_metadata()

    @abstractmethod
    def _read_metadata(self) -> TableMetadata:
        """Request the metadata of the table."""

    @property
    @abstractmethod
    def tells_hidden(self) -> bool:
        """Whether its rows distinguish an empty cell from a symbol such as a dot."""

    @abstractmethod
    def first(self, selection: Selection) -> str:
        """Return the address of the first page of a selection."""

    @abstractmethod
    def count(self, selection: Selection) -> int | None:
        """Return how many rows the service has for a selection; None if it does not say."""

    @abstractmethod
    def wide(self, rows: Iterable[Row], selection: Selection) -> pd.DataFrame:
        """Return rows of the service as a table of text, with one row per combination of codes."""

    def page(self, url: str, received: int = 0) -> Page:
        """Return the rows at an address.

        Parameters
        ----------
        url : str
            From `first` or from an earlier page.
        received : int
            Rows before this page: if a full page has no link to the next, the next is requested by that number.

        Raises
        ------
        ProtocolError
            The reply has no rows, or links to itself.
        """
        answer = self._service.json(url)
        rows = rows_of(answer, url)
        link = answer.get("@odata.nextLink") or answer.get("odata.nextLink")
        if link is None and rows and len(rows) % FULL_PAGE == 0:
            link = f"?{_without(urlsplit(url).query, '$skip')}&$skip={received + len(rows)}"
        if link is None:
            return Page(rows)
        following = f"{url.partition('?')[0]}?{urlsplit(str(link)).query}"
        if following == url:
            raise ProtocolError(_("{url} says that the next page is itself.").format(url=url))
        return Page(rows, following)

    def _values(self, part: str) -> list[dict[str, Any]]:
        """Return all rows of a part of the metadata, from all pages."""
        found: list[dict[str, Any]] = []
        url: str | None = self._address(part)
        while url is not None:
            page = self.page(url, len(found))
            found, url = found + page.rows, page.following
        return found

    def _address(self, part: str, **options: str) -> str:
        """Return the address of a part, with options of OData such as ``filter``."""
        given = {f"${name}": value for name, value in options.items() if value}
        query = urlencode(given, safe="$(),'", quote_via=quote)
        return f"{self.url}/{part}" + (f"?{query}" if query else "")

    def _count_at(self, url: str) -> int | None:
        """Return the number at an address; None if there is none."""
        try:
            text = self._service.text(url).strip().lstrip("\ufeff")
        except (UnknownTableError, ProtocolError):
            return None
        return int(text) if text.isdigit() else None


def rows_of(answer: Mapping[str, Any], url: str) -> list[dict[str, Any]]:
    """Return the rows of a reply.

    Raises
    ------
    ProtocolError
        It has no rows in the place where OData puts them.
    """
    rows = answer.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        odd = _("{url} gave no rows: expected a list under 'value', found {found}.")
        raise ProtocolError(odd.format(url=url, found=listed([*answer]) or _("nothing")))
    return rows


def checked(frame: pd.DataFrame, metadata: TableMetadata, selection: Selection) -> pd.DataFrame:
    """Return the table of a selection; raise if it is empty, lacks columns, or has duplicate rows.

    Raises
    ------
    ChangedTableError
        There are no rows, or columns listed in the metadata are missing.
    ProtocolError
        Several rows have the same codes.
    """
    absent = [name for name in (*metadata.dimensions, *selection.columns) if name not in frame.columns]
    if frame.empty or absent:
        found = _("rows without {columns}").format(columns=listed(absent)) if len(frame) else _("no rows")
        wrong = _("Table {table} ({title}) gave {found} for this selection: {selection}.")
        message = selection.where() or _("all of it")
        raise ChangedTableError(
            wrong.format(table=metadata.table, title=metadata.title, found=found, selection=message)
        )
    keys = frame[list(metadata.dimensions)]
    twice = keys[keys.duplicated()]
    if len(twice):
        message = _("{table} gave {number} rows twice, such as {codes}. Try again later.")
        codes = listed([" ".join(row) for row in twice.itertuples(index=False)])
        raise ProtocolError(message.format(table=metadata.table, number=number(len(twice)), codes=codes))
    return frame


def cell(value: Any) -> str:
    """Return a value from a service as text: a whole number without decimals, an empty string for null.

    Examples
    --------
    >>> cell(5465.0), cell(7.5), cell("         ."), cell(None)
    ('5465', '7.5', '.', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _without(query: str, name: str) -> str:
    """Return a query without one of its options."""
    return "&".join(part for part in query.split("&") if part.partition("=")[0] != name)
