"""OData v3 of CBS: wide rows with padded keys, preferably untyped, which distinguish a dot from an empty cell."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import pandas as pd

from bayesmodel.errors import UnknownTableError
from bayesmodel.sources.odata import LONGEST, RemoteTable, Row, cell, checked
from bayesmodel.sources.selection import Selection
from bayesmodel.sources.table_metadata import Category, Column, TableMetadata

DIMENSIONS = {"Dimension", "TimeDimension", "GeoDimension", "GeoDetail"}
SETS = ("UntypedDataSet", "TypedDataSet")
"""Sets of rows, the better first: typed numbers are null both for secret values and where there can be none."""


class TableV3(RemoteTable):
    """A table at the bulk service of OData v3 (`ODataFeed`)."""

    protocol = "OData v3"
    _path = "ODataFeed/odata"

    def _read_metadata(self) -> TableMetadata:
        """Request the table, its columns, and the codes of its dimensions."""
        about = next(iter(self._values("TableInfos?$format=json")), {})
        properties = self._values("DataProperties?$format=json")
        groups = {record.get("ID"): record for record in properties if record.get("Type") == "TopicGroup"}
        columns = tuple(
            Column(
                name=key,
                key=key,
                title=cell(record.get("Title")),
                kind="dimension" if record.get("Type") in DIMENSIONS else "topic",
                unit=cell(record.get("Unit")),
                group=cell(groups.get(record.get("ParentID"), {}).get("Title")),
            )
            for record in properties
            if (key := cell(record.get("Key")))
        )
        return TableMetadata(
            table=cell(about.get("Identifier")) or self._table,
            title=cell(about.get("Title")),
            period=cell(about.get("Period")),
            modified=cell(about.get("Modified")),
            columns=columns,
            categories={
                column.key: tuple(
                    Category(
                        cell(record["Key"]), cell(record.get("Title")), str(record["Key"]), cell(record.get("Status"))
                    )
                    for record in self._values(f"{column.key}?$format=json")
                )
                for column in columns
                if column.kind == "dimension"
            },
        )

    @cached_property
    def _set(self) -> str:
        """The best available set of rows."""
        for name in SETS[:-1]:
            try:
                self._service.json(self._address(name, format="json", top="1"))
            except UnknownTableError:
                continue
            return name
        return SETS[-1]

    @property
    def tells_hidden(self) -> bool:
        """Whether its rows distinguish an empty cell from a dot: the typed set does not."""
        return self._set == "UntypedDataSet"

    def first(self, selection: Selection) -> str:
        """Return the address of the first page; if columns make it too long, all are requested and selected here."""
        wanted = (*self.metadata.dimensions, *selection.columns) if selection.columns else ()
        where = self._where(selection)
        url = self._address(self._set, format="json", filter=where, select=",".join(wanted))
        return url if len(url) <= LONGEST else self._address(self._set, format="json", filter=where)

    def count(self, selection: Selection) -> int | None:
        """Return how many rows a selection has."""
        return self._count_at(self._address(f"{self._set}/$count", filter=self._where(selection)))

    def wide(self, rows: Iterable[Row], selection: Selection) -> pd.DataFrame:
        """Return rows without padding, as text, in the order and with the columns of the selection."""
        frame = pd.DataFrame([{key: cell(value) for key, value in row.items()} for row in rows], dtype=str)
        topics = selection.columns or tuple(column.name for column in self.metadata.topics)
        wanted = [name for name in (*self.metadata.dimensions, *topics) if name in frame.columns]
        return checked(frame[wanted], self.metadata, selection)

    def _where(self, selection: Selection) -> str:
        """Return the condition on rows, with keys padded as in the service."""
        padded = {record.code: record.key for codes in self.metadata.categories.values() for record in codes}
        return selection.where(lambda code: padded.get(code, code))
