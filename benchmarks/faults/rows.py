"""Faults in the rows of a table: counts, populations, codes, groups, determinants."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.faults.case import Case
from benchmarks.faults.world import (
    WIJKEN,
    Rows,
    with_cell,
    with_column,
    with_rows,
    with_spaces,
    with_text,
    write_world,
)

TOTALS = (
    ["Totaal", "", "", "", "5710", "559", "", ""],
    ["GM0340", "Gemeente", "GM0340", "JZ01", "2390", "244", "", ""],
)


def _rows(name: str, change: Callable[[Rows], Rows], *says: str) -> Case:
    """Return a fault in the rows of the table."""
    return Case(name, partial(write_world, table=change), says)


def _several(rows: Rows) -> Rows:
    """Make a fault of each kind."""
    return with_cell(2, "jeugdhulp", "700")(with_cell(3, "huur", "veel")(with_rows(WIJKEN[3])(rows)))


COUNTS = (
    _rows(
        "a count above the population",
        with_cell(2, "jeugdhulp", "700"),
        "jeugdhulp: found counts above the population",
        "WK034002 ('700 of 640') in row 3",
        "same year, boundaries and ages",
    ),
    _rows(
        "a negative count",
        with_cell(2, "jeugdhulp", "-5"),
        "negative numbers",
        "WK034002 ('-5') in row 3",
    ),
    _rows(
        "a count with a decimal",
        with_cell(2, "jeugdhulp", "58,5"),
        "numbers with decimals",
        "WK034002 ('58.5') in row 3",
    ),
    _rows(
        "a count that the rule of publication hides",
        with_cell(3, "jeugdhulp", "7"),
        "numbers that the rule hides",
        "WK034003 ('7') in row 4",
    ),
    _rows(
        "a symbol in the counts that the study does not state",
        with_cell(2, "jeugdhulp", "x"),
        "text that is no known symbol",
        "WK034002 ('x') in row 3",
        "State in [publication]",
    ),
    _rows(
        "only hidden counts",
        with_column("jeugdhulp", lambda _: "."),
        "no count that is shown (12 hidden)",
    ),
    _rows(
        "a hidden symbol in the population",
        with_cell(3, "jongeren", "."),
        "jongeren: found a hidden symbol, or nothing, in the population",
        "WK034003 ('.') in row 4",
    ),
)
CODES = (
    _rows(
        "a code given twice",
        with_rows(WIJKEN[3]),
        "wijk: found codes given more than once",
        "WK034004 (rows 5, 14)",
        "Keep one row",
    ),
    _rows("an empty code", with_cell(2, "wijk", ""), "an empty code", "row 3"),
    _rows(
        "a code that lost its leading zero",
        with_cell(2, "wijk", "WK34002"),
        "codes that lost a zero",
        "'WK34002' (row 3)",
        "WK034001 for WK34001",
    ),
    _rows(
        "a code that became a number with a power",
        with_cell(2, "wijk", "3,4E+04"),
        "codes that became numbers",
        "'3,4E+04' (row 3)",
        "from its source again",
    ),
    _rows(
        "rows of totals among wijken",
        with_rows(*TOTALS),
        "text that is no code of a wijk",
        "'Totaal' (row 14)",
        "'GM0340' (row 15)",
        'keep = "codes"',
    ),
    Case("spaces behind codes and numbers", partial(write_world, table=with_spaces), ("12 areas",), code=0),
)
GROUPS = (
    _rows(
        "an unknown gemeente",
        with_cell(2, "gemeente", "GM340"),
        "an unknown gemeente",
        "GM340",
        "Did you mean GM0340",
    ),
    _rows(
        "another gemeente than the code of the wijk says",
        with_cell(2, "gemeente", "GM1680"),
        "its code says GM0340, its row GM1680",
        "in row 3",
    ),
    _rows(
        "a missing region",
        with_cell(2, "regio", ""),
        "no jeugdzorgregio",
        "WK034002 in row 3",
        "Give each area its jeugdzorgregio",
    ),
    _rows("a gemeente in two regions", with_cell(2, "regio", "JZ02"), "GM0340 in JZ01 and JZ02"),
)
DETERMINANTS = (
    _rows(
        "text in a column of numbers",
        with_cell(2, "huur", "veel"),
        "huur: found text that is no number",
        "WK034002 ('veel') in row 3",
        "missing_symbols",
    ),
    _rows(
        "decimal commas and decimal points in one column",
        with_cell(2, "huur", "31.5"),
        "column huur: found decimal commas and decimal points in one column",
    ),
    _rows(
        "a determinant that is the same everywhere",
        with_column("huur", lambda _: "12,5"),
        "huur: found one value everywhere (12.5)",
        "take it out of [[determinants]]",
    ),
    _rows(
        "a determinant that is identical to another",
        with_column("inkomen", lambda row: row[6]),
        "inkomen: found the same values as huur",
        "Keep one of the two",
    ),
)
TOGETHER = (
    Case(
        "several faults at once",
        partial(write_world, table=_several, study=with_text('column = "inkomen"', 'column = "inkomn"')),
        ("has 4 faults", "inkomn", "rows 5, 14", "'veel'", "700 of 640"),
    ),
)
