"""What `check-data` would say of a proposed study, said in it already: before the user has answered its questions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from bayesmodel.data.interpret import interpret_counts
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.validation import whole_numbers
from bayesmodel.errors import BayesModelError, FaultsError
from bayesmodel.io.column_words import match
from bayesmodel.io.read import areas_of
from bayesmodel.io.text_table import TextTable
from bayesmodel.scaffold.roles import QUESTION
from bayesmodel.study import study_from

SOME_YEAR = 2000
"""In place of a year that is asked; what is said of years is then left out."""
USUAL_LIMIT = 10


def first_look(text: str, table: TextTable, hidden: Sequence[str] = ()) -> list[str]:
    """Return the faults and remarks of a proposed study, a line each.

    Open questions are answered for the time being: symbols that are asked about are taken for missing, columns of
    which a symbol is asked are left out. Where the columns of counts or people are asked, nothing can be said.

    Parameters
    ----------
    text : str
        The study as TOML.
    table : TextTable
        Its tables, joined.
    hidden : sequence of str
        Symbols that mean hidden, also where it is asked which others do.

    Returns
    -------
    list of str
        In the language of the user; empty where there is nothing to say.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = [f"WK{340 + i // 8:04d}{i % 8:02d}" for i in range(40)]
    >>> frame = pd.DataFrame({"wijk": codes, "n": ["12", "15", "11", "14"] * 10, "people": ["120"] * 40, "r": "NA"})
    >>> study = '''name = "x"
    ... outcome = { count = { nl = "n", en = "n" }, population = { nl = "p", en = "p" }, year = 2021, vintage = 2021 }
    ... tables = [{ path = "x.csv", key = "wijk", code = "wijk" }]
    ... columns = { area = "wijk", count = "n", population = "people" }
    ... levels = [{ name = "regio", column = "r" }]
    ... publication = { hidden_below = 10 }'''
    >>> [line[:43] for line in first_look(study, TextTable(frame))]
    ['r: found a word that says there is no regio']
    """
    values = tomllib.loads(text)
    if QUESTION in (columns := values["columns"]).values() or columns["count"] not in table.frame:
        return []
    levels = values.get("levels", [])
    moved = {outer["column"] for inner, outer in pairwise(levels) if inner.get("within") == QUESTION}
    asked = set(_answered(values, table, hidden))
    try:
        areas = areas_of(study_from(values), table)
        remarks = interpret_counts(areas).remarks
    except FaultsError as error:
        people = columns["population"]
        known = (
            {columns["count"], people if isinstance(people, str) else " + ".join(people)} if asked - {"year"} else set()
        )
        faults = [each for each in error.faults if each.where not in known]
        faults = [each for each in faults if "year" not in asked or match(each.where, "period") is None]
        return [" ".join(str(fault).split()) for fault in faults]
    except BayesModelError:
        return []
    kept = [each for each in remarks if each.kind is not RemarkKind.YEAR or "year" not in asked]
    kept = [each for each in kept if each.kind is not RemarkKind.STRADDLING or each.where not in moved]
    return [f"{each.where}: {' '.join(str(each).split())}" for each in kept]


def _answered(values: dict[str, Any], table: TextTable, known: Sequence[str]) -> Iterator[str]:
    """Answer open questions for the time being; yields what was open."""
    outcome, publication = values["outcome"], values.setdefault("publication", {})
    for key in ("year", "vintage"):
        if outcome[key] == QUESTION:
            outcome[key] = SOME_YEAR
            yield "year"
    for part in values["tables"]:
        if part.get("thousands") == QUESTION:
            del part["thousands"]
            yield "thousands"
        part["where"] = {name: value for name, value in part.get("where", {}).items() if value != QUESTION}
    for level in values.get("levels", ()):
        if level.get("within") == QUESTION:
            del level["within"]
    open_keys = [key for key, value in publication.items() if value == QUESTION]
    yield from open_keys
    cells = table.frame[values["columns"]["count"]]
    numbers, whole = whole_numbers(cells)
    symbols = {"hidden_symbols", "missing_symbols"}
    for key in open_keys:
        del publication[key]
    if symbols & set(open_keys):
        hidden = publication.setdefault("hidden_symbols", list(known))
        publication["missing_symbols"] = sorted(set(cells[~whole]) - {*hidden, *publication.get("zero_symbols", [])})
    if "hidden_below" in open_keys:
        shown = numbers[whole & (numbers > 0)]
        publication["hidden_below"] = min(USUAL_LIMIT, int(shown.min()) if len(shown) else 0)
    determinants = values.get("determinants", [])
    values["determinants"] = [part for part in determinants if part.get("missing_symbols") != QUESTION]
