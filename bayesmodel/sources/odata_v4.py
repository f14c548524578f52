"""OData v4 of CBS: one observation per row, pivoted to one row per combination of codes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import pandas as pd

from bayesmodel.errors import ProtocolError, UnknownTableError
from bayesmodel.messages import _
from bayesmodel.sources.odata import LONGEST, RemoteTable, Row, cell, checked
from bayesmodel.sources.selection import Selection
from bayesmodel.sources.table_metadata import Category, Column, TableMetadata, camel

NO_REMARK = {"", "none"}
"""Values of the remark field that mean no remark."""


class TableV4(RemoteTable):
    """A table at the service of OData v4.

    Raises
    ------
    UnknownTableError
        There is no such table, or only its metadata, as for tables that CBS has discontinued.
    """

    protocol = "OData v4"
    _path = "odata/v1/CBS"

    def _read_metadata(self) -> TableMetadata:
        """Request the table, its measures, and the codes of its dimensions."""
        about = self._service.json(self._address("Properties"))
        self._service.json(self._address("Observations", top="1"))
        dimensions = {
            cell(record.get("Identifier")): cell(record.get("Title")) for record in self._values("Dimensions")
        }
        groups = {cell(record.get("Id")): cell(record.get("Title")) for record in self._if_any("MeasureGroups")}
        measures = tuple(
            Column(
                name=f"{camel(cell(record.get('Title')))}_{cell(record.get('Identifier'))}",
                key=cell(record.get("Identifier")),
                title=cell(record.get("Title")),
                unit=cell(record.get("Unit")),
                group=groups.get(cell(record.get("MeasureGroupId")), ""),
            )
            for record in self._values("MeasureCodes")
        )
        return TableMetadata(
            table=cell(about.get("Identifier")) or self._table,
            title=cell(about.get("Title")),
            period=cell(about.get("TemporalCoverage")),
            modified=cell(about.get("ObservationsModified") or about.get("Modified")),
            columns=(*(Column(name, name, title, "dimension") for name, title in dimensions.items()), *measures),
            categories={
                name: tuple(
                    Category(
                        cell(record.get("Identifier")),
                        cell(record.get("Title")),
                        str(record.get("Identifier")),
                        cell(record.get("Status")),
                    )
                    for record in self._values(f"{name}Codes")
                )
                for name in dimensions
            },
        )

    def _if_any(self, part: str) -> list[dict[str, Any]]:
        """Return the rows of an optional part of a table."""
        try:
            return self._values(part)
        except UnknownTableError:
            return []

    @property
    def tells_hidden(self) -> bool:
        """Whether its rows distinguish an empty cell from a symbol: no reply has been seen that does."""
        return False

    def first(self, selection: Selection) -> str:
        """Return the address of the first page; if measures make it too long, all are requested and selected here."""
        url = self._address("Observations", filter=self._where(selection, measures=True))
        if len(url) <= LONGEST:
            return url
        return self._address("Observations", filter=self._where(selection, measures=False))

    def count(self, selection: Selection) -> int | None:
        """Return how many observations a selection has."""
        return self._count_at(self.first(selection).replace("/Observations", "/Observations/$count", 1))

    def wide(self, rows: Iterable[Row], selection: Selection) -> pd.DataFrame:
        """Return observations as one row per combination of codes, including combinations without observations.

        An absent observation becomes an empty cell: the service omits secret values, and an area without any visible
        value must not disappear.
        """
        dimensions = list(self.metadata.dimensions)
        names = {column.key: column.name for column in self.metadata.topics}
        known = [(tuple(cell(row.get(name)) for name in dimensions), row) for row in rows]
        cells = pd.DataFrame(
            [(*codes, names.get(cell(row.get("Measure")), ""), _shown(row)) for codes, row in known],
            columns=[*dimensions, "measure", "value"],
        )
        odd = cells[(cells["measure"] == "") | cells.duplicated([*dimensions, "measure"])]
        if len(odd):
            message = _("{table} gave observations twice or of an unknown measure, such as {example}.")
            raise ProtocolError(message.format(table=self.metadata.table, example=" ".join(odd.iloc[0])))
        wide = cells.pivot_table(index=dimensions, columns="measure", values="value", aggfunc="first")
        grid = pd.MultiIndex.from_tuples(
            product(*(self._codes(name, selection, cells[name]) for name in dimensions)), names=dimensions
        )
        topics = selection.columns or tuple(name for name in names.values() if name in wide.columns)
        frame = wide.reindex(index=grid, columns=list(topics)).fillna("").reset_index()
        frame.columns.name = None
        return checked(frame if len(cells) else frame.iloc[:0], self.metadata, selection)

    def _codes(self, name: str, selection: Selection, seen: pd.Series) -> list[str]:
        """Return the codes of a dimension that get a row: those selected, or those observed if none is selected."""
        codes = [record.code for record in self.metadata.categories[name]]
        if name in selection.codes or name in selection.prefixes:
            return [code for code in codes if selection.wants(name, code)]
        here = set(seen)
        return [code for code in codes if code in here]

    def _where(self, selection: Selection, *, measures: bool) -> str:
        """Return the condition on observations."""
        keys = {column.name: column.key for column in self.metadata.topics}
        chosen = [keys[name] for name in selection.columns if name in keys] if measures else []
        return selection.where(extra=" or ".join(f"Measure eq '{key}'" for key in chosen))


def _shown(row: Row) -> str:
    """Return the cell of an observation: its number, else its text, else the remark on its absence."""
    remark = cell(row.get("ValueAttribute"))
    return cell(row.get("Value")) or cell(row.get("StringValue")) or ("" if remark.lower() in NO_REMARK else remark)
