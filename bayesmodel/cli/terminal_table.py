"""Tables in a terminal of any width: names wrap at spaces, numbers are never cut, and wide rows become lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

EDGES, BESIDE = 1, 3
"""Characters taken by the frame of a table: once, and per column."""


@dataclass(frozen=True)
class TerminalTable:
    """A table that adapts to the width of the terminal when it is printed.

    Parameters
    ----------
    title : str
        Above it; empty for none.
    headings : sequence of str
    rows : sequence of sequence of str
    words : int
        How many columns, from the left, hold words that may wrap; the others hold numbers.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Print columns where they fit, and otherwise row by row."""
        widths = self.widths(options.max_width)
        if widths is None:
            yield from self._listed()
        else:
            yield self._table(widths)

    def widths(self, room: int) -> list[int] | None:
        """Return the column widths for a number of characters; None if numbers or words would have to be cut.

        Examples
        --------
        >>> table = TerminalTable("", ["wijk", "n"], [["De Oude Haven", "1 .. 293"]])
        >>> table.widths(80), table.widths(20), table.widths(15)
        ([13, 8], [5, 8], None)
        """
        columns = [[row[index] for row in self.rows] for index in range(len(self.headings))]
        least, most = [], []
        for index, (heading, cells) in enumerate(zip(self.headings, columns, strict=True)):
            whole = [word for cell in cells for word in cell.split()] if index < self.words else cells
            least.append(max(map(len, [*heading.split(), *whole, ""])))
            most.append(max(map(len, [heading, *cells])))
        spare = room - EDGES - BESIDE * len(columns) - sum(least)
        if spare < 0:
            return None
        # what is left goes to the headings of numbers first only as far as names do not need it
        for index in range(len(columns)):
            more = min(spare, most[index] - least[index])
            least[index] += more
            spare -= more
        return least

    def _table(self, widths: Sequence[int]) -> Table:
        """Return columns of those widths."""
        table = Table(title=escape(self.title) or None, title_justify="left", box=SIMPLE_HEAD)
        for index, (heading, width) in enumerate(zip(self.headings, widths, strict=True)):
            table.add_column(escape(heading), justify="left" if index < self.words else "right", width=width)
        for row in self.rows:
            table.add_row(*map(Text, row))
        return table

    def _listed(self) -> Iterator[RenderableType]:
        """Return each row on lines of its own: what it is of, then each number under its heading."""
        if self.title:
            yield Text(self.title, style="italic")
        for row in self.rows:
            yield ""
            yield Text("  ".join(filter(None, row[: self.words])), style="bold")
            for heading, cell in zip(self.headings[self.words :], row[self.words :], strict=True):
                yield Padding.indent(Text(f"{heading}: {cell.strip()}"), 2)
