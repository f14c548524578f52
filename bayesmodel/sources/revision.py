"""Revisions: the cells, rows and columns that a publisher changed between two snapshots of the same selection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from bayesmodel.errors import SHOWN, ArgumentError, listed
from bayesmodel.messages import _, plural
from bayesmodel.sources.snapshot import Snapshot


@dataclass(frozen=True)
class Revision:
    """The changes between two snapshots.

    Parameters
    ----------
    table, before, after : str
        Identifier, and the days of the two snapshots.
    cells : DataFrame
        Columns ``codes, column, before, after``: each cell that differs, in the rows and columns that both have.
    rows_gone, rows_new, columns_gone, columns_new : tuple of str
        Codes of rows, and names of columns, that only one of them has.
    """

    table: str
    before: str
    after: str
    cells: pd.DataFrame
    rows_gone: tuple[str, ...] = ()
    rows_new: tuple[str, ...] = ()
    columns_gone: tuple[str, ...] = ()
    columns_new: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(len(self.cells) or self.rows_gone or self.rows_new or self.columns_gone or self.columns_new)

    def sentences(self) -> list[str]:
        """Return sentences on what changed, and since when."""
        if not self:
            return [_("{table} is as it was on {day}.").format(table=self.table, day=self.before)]
        return [f"{self.table}: {text}" for text in self._changes()]

    def _changes(self) -> Iterator[str]:
        """Yield a sentence for each kind of change."""
        if len(self.cells):
            cells = self.cells.astype(str).to_dict(orient="records")
            shown = [_("{codes} {column}: {before!r} is now {after!r}").format_map(cell) for cell in cells[: SHOWN + 1]]
            changed = plural("{count} cell changed since", "{count} cells changed since", len(self.cells))
            examples = ", ".join(shown[:SHOWN]) + (", ..." if len(shown) > SHOWN else "")
            yield f"{changed} {self.before} ({examples})."
        kinds = {
            _("rows gone: {names}."): self.rows_gone,
            _("rows that are new: {names}."): self.rows_new,
            _("columns gone: {names}."): self.columns_gone,
            _("columns that are new: {names}."): self.columns_new,
        }
        yield from (text.format(names=listed(names)) for text, names in kinds.items() if names)


def revision_of(before: Snapshot, after: Snapshot) -> Revision:
    """Compare two snapshots of one table.

    Columns are matched by name, including the number that ends names of OData v3, so that renumbering is reported.

    Parameters
    ----------
    before, after : Snapshot
        The older and the newer snapshot.

    Returns
    -------
    Revision

    Raises
    ------
    ArgumentError
        They are of different tables or dimensions.
    """
    dimensions = list(after.metadata.dimensions)
    if before.provenance.table != after.provenance.table or list(before.metadata.dimensions) != dimensions:
        other = _("Only snapshots of one table with the same dimensions are compared, not {one} and {other}.")
        raise ArgumentError(other.format(one=before.provenance.table, other=after.provenance.table))
    old, new = (item.frame.set_index(dimensions) for item in (before, after))
    columns, rows = old.columns.intersection(new.columns), old.index.intersection(new.index)
    left, right = (frame.loc[rows, columns].to_numpy(dtype=object) for frame in (old, new))
    row, column = (left != right).nonzero()
    cells = pd.DataFrame(
        {
            "codes": [_codes(item) for item in rows[row]],
            "column": columns[column],
            "before": left[row, column],
            "after": right[row, column],
        }
    )
    return Revision(
        table=after.provenance.table,
        before=before.provenance.day,
        after=after.provenance.day,
        cells=cells,
        rows_gone=tuple(map(_codes, old.index.difference(new.index))),
        rows_new=tuple(map(_codes, new.index.difference(old.index))),
        columns_gone=tuple(old.columns.difference(new.columns)),
        columns_new=tuple(new.columns.difference(old.columns)),
    )


def _codes(row: object) -> str:
    """Return the codes of a row as text."""
    return " ".join(map(str, row)) if isinstance(row, tuple) else str(row)
