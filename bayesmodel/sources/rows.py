"""Rows that a table of a study keeps: those with a code, those of one year; what is left out is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bayesmodel.areas.codes import are_codes, normalise_codes
from bayesmodel.errors import Fault
from bayesmodel.messages import _, number, plural
from bayesmodel.sources.text import TextTable, listed
from bayesmodel.study.parts import Table


def kept_rows(table: TextTable, spec: Table) -> tuple[TextTable, list[Fault]]:
    """Keep the rows that `where` and `keep` of a table ask for.

    Parameters
    ----------
    table : TextTable
        All rows.
    spec : Table
        Its columns are known to be there.

    Returns
    -------
    tuple of TextTable and list of Fault
        The rows that are kept, with notes on the others; a fault where none is left.

    Examples
    --------
    >>> table = TextTable(pd.DataFrame({"wijk": ["Totaal", "000300"], "n": ["9", "9"]}), lines=(4, 5))
    >>> kept, faults = kept_rows(table, Table(path="x.csv", key="wijk", code="wijk", keep="codes"))
    >>> kept.frame["wijk"].tolist(), kept.notes
    (['000300'], ("x.csv: 1 row left out, no code of a wijk: 'Totaal' (row 4).",))
    """
    name, faults = Path(spec.path).name, list[Fault]()
    if table.frame.empty:
        return table, faults
    for column, value in spec.where.items():
        cells = table.frame[column]
        kept = cells == value
        if not kept.any():
            found, advice = (
                _("no row where it is {value!r}").format(value=value),
                _("Values there: {listed}.").format(listed=listed(sorted(set(cells)))),
            )
            faults.append(
                Fault(_("{file}, column {name}").format(file=name, name=column), found, _("rows to keep"), advice)
            )
            return table, faults
        table = _kept(
            table,
            kept,
            _("{name}: {kept} of {count} rows kept, where {column} is {value!r}.").format(
                name=name, kept=number(kept.sum()), count=number(len(kept)), column=column, value=value
            ),
        )
    if spec.code != "text" and spec.keep == "codes":
        cells = table.frame[spec.key]
        kept = are_codes(normalise_codes(cells, spec.code), spec.code)
        if not kept.any():
            advice = _("Look which column holds them; this one has {listed}.").format(
                listed=listed([repr(cell) for cell in cells[:5]])
            )
            faults.append(
                Fault(
                    _("{file}, column {name}").format(file=name, name=spec.key),
                    _("no code of a {code}").format(code=spec.code),
                    _("codes to keep"),
                    advice,
                )
            )
            return table, faults
        if not kept.all():
            count = int((~kept).sum())
            shown = [
                _("{code!r} (row {number})").format(code=cell, number=table.lines[place] if table.lines else place + 1)
                for place, cell in enumerate(cells)
                if not kept.iloc[place]
            ]
            rows = plural("{count} row", "{count} rows", count)
            table = _kept(
                table,
                kept,
                _("{name}: {rows} left out, no code of a {code}: {listed}.").format(
                    name=name, rows=rows, code=spec.code, listed=listed(shown)
                ),
            )
    return table, faults


def _kept(table: TextTable, kept: pd.Series, note: str) -> TextTable:
    """Take the rows that are kept, with a note on the others."""
    lines = tuple(line for line, is_kept in zip(table.lines, kept, strict=True) if is_kept) if table.lines else ()
    return replace(table, frame=table.frame[kept].reset_index(drop=True), notes=(*table.notes, note), lines=lines)
