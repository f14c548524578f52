"""What was read and what was assumed, for the eye."""

from __future__ import annotations

import numpy as np
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from bayesmodel.counts import Counts


def summary(counts: Counts) -> RenderableType:
    """Return the notes on what was read and assumed, and the areas by the status of their count.

    Parameters
    ----------
    counts : Counts
        The interpreted counts.

    Returns
    -------
    RenderableType
        Something rich can print.
    """
    notes = (f"- {escape(note)}" for note in (*counts.areas.notes, *counts.notes))
    return Group(*notes, _statuses(counts))


def _statuses(counts: Counts) -> Table:
    """Tabulate areas, people and bounds of the total count per status."""
    table = Table("status")
    for heading in ("areas", "people", "count, at least", "at most"):
        table.add_column(heading, justify="right")
    for status in np.unique(counts.status):
        rows = counts.status == status
        sizes = (rows.sum(), counts.population[rows].sum(), counts.lower[rows].sum(), counts.upper[rows].sum())
        table.add_row(str(status), *(f"{size:,}" for size in sizes))
    return table
