"""What was read, as a short table and the notes that go with it."""

from __future__ import annotations

import numpy as np
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from bayesmodel.counts import Counts


def summary(counts: Counts) -> RenderableType:
    """Return what was read and assumed: areas by status of their count, groups per level, determinants, notes.

    Parameters
    ----------
    counts : Counts
        The interpreted counts.

    Returns
    -------
    RenderableType
        Something rich can print.
    """
    return Group(
        f"{len(counts):,} areas ({counts.study.area}); {len(counts.areas.left_out):,} left out",
        *(f"{name}: {counts.areas.levels[name].nunique():,}" for name in counts.study.level_names),
        _statuses(counts),
        *([_determinants(counts)] if counts.study.determinants else []),
        *(escape(note) for note in (*counts.areas.notes, *counts.notes)),
    )


def _statuses(counts: Counts) -> Table:
    """Tabulate the areas and people per status of the count."""
    table = _table("status", "areas", "people", "count, at least", "at most")
    for status in np.unique(counts.status):
        rows = counts.status == status
        sizes = [rows.sum(), counts.population[rows].sum(), counts.lower[rows].sum(), counts.upper[rows].sum()]
        table.add_row(str(status), *(f"{size:,}" for size in sizes))
    return table


def _determinants(counts: Counts) -> Table:
    """Tabulate how many values of each determinant are not known."""
    table = _table("determinant", "known", "not known")
    for name, values in counts.areas.determinants.items():
        table.add_row(escape(str(name)), f"{values.notna().sum():,}", f"{values.isna().sum():,}")
    return table


def _table(first: str, *numbers: str) -> Table:
    """Return an empty table: a column of names, then columns of numbers."""
    table = Table(first)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table
