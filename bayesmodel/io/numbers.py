"""Numbers out of text: decimal marks and marks for thousands, decided per column, then per table, else not at all.

"1.234" is a thousand in one table and a little more than one in another. A column decides when one of its numbers can
be read in one way only ("12,5", "1.234.567", "0.125"). That it writes 12345 without a mark decides nothing, as people
write thousands in two ways in one column. A column that does not decide follows the columns of its table that do, as a
file is written by one program. What is no number and no stated symbol is a fault, never a gap.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.odd_cells import OddCell, advice_on, kinds_of
from bayesmodel.data.validation import rows_of, whole_numbers
from bayesmodel.errors import Fault, FaultKind, listed
from bayesmodel.io.cell_units import EURO, units_in_words, without_units
from bayesmodel.messages import _
from bayesmodel.study.parts import TableForm

Decimal = Literal[",", "."]
Booleans = NDArray[np.bool_]

OTHER: dict[Decimal, Decimal] = {",": ".", ".": ","}
SPACES = "[ \u00a0\u202f]"
_SIGN = "[+-]?"
_EXPONENT = "(?:[eE][+-]?[0-9]+)?"


@dataclass(frozen=True)
class Marked:
    """A table whose numbers have decimal points and no marks for thousands, and how they were written before.

    Parameters
    ----------
    frame : DataFrame of str
        The table.
    commas, thousands : list of str
        Columns that had decimal commas, and marks for thousands.
    doubts : dict of str to Fault
        Columns left as they were, because two readings are possible.
    units : dict of str to str
        The unit that every number of a column had.
    """

    frame: pd.DataFrame
    commas: list[str]
    thousands: list[str]
    doubts: dict[str, Fault]
    units: dict[str, str] = field(default_factory=dict)


def read_marks(frame: pd.DataFrame, lines: tuple[int, ...], form: TableForm, typed: pd.DataFrame | None) -> Marked:
    """Write numbers with a decimal point and without marks for thousands or a unit, where they have one reading.

    Parameters
    ----------
    frame : DataFrame of str
        Cells as written, stripped.
    lines : tuple of int
        Number of each row in its file.
    form : TableForm
        Its `decimal` and `thousands` decide where they are given.
    typed : DataFrame of bool or None
        Cells that the file holds as numbers, which need no reading; none of them for a text file.

    Returns
    -------
    Marked
        The table, what was found, and the columns that stay in doubt.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmodel.study.parts import TableForm
    >>> frame = pd.DataFrame({"share": ["12,5", "."], "n": ["1.234", "980"]})
    >>> marked = read_marks(frame, (2, 3), TableForm(), None)
    >>> marked.frame["n"].tolist(), marked.commas, marked.thousands
    (['1234', '980'], ['share'], ['n'])
    """
    frame, units = without_units(frame)
    stated = form.decimal or (OTHER.get(form.thousands) if form.thousands in (",", ".") else None)
    columns = {
        name: frame[name] if typed is None else frame[name][~typed[name]]
        for name in map(str, frame)
        if frame[name].str.contains(rf"[0-9](?:[.,]|{SPACES})[0-9]").any()
    }
    columns = {name: cells for name, cells in columns.items() if _mostly_numbers(cells)}
    own = {name: _evidence(cells, form) for name, cells in columns.items()}
    for name in () if stated else [name for name in columns if units.get(name) == EURO]:
        own[name] |= _evidence_of_money(columns[name], form)
    decided = {next(iter(found)) for found in own.values() if len(found) == 1}
    changed, doubts = dict[str, pd.Series](), dict[str, Fault]()
    commas, thousands = [], []
    for name, cells in columns.items():
        found = {stated} if stated else own[name] or decided
        undecided = _undecided(cells, form).any()
        if len(own[name]) > 1 or (stated is not None and own[name] - {stated}):
            doubts[name] = _mixed(name, cells, form, lines)
        elif len(found) != 1 and undecided:
            doubts[name] = _two_readings(name, cells, form, lines)
        else:
            decimal: Decimal = next(iter(found)) if len(found) == 1 else "."
            plain = _plain(cells, decimal)
            if (plain != cells).any():
                changed[name] = frame[name].mask(plain.reindex(frame.index).notna(), plain)
                grouped = cells.str.fullmatch(rf"{_SIGN}[0-9]{{1,3}}(?:(?:[{OTHER[decimal]}]|{SPACES})[0-9]{{3}})+.*")
                thousands += [name] if grouped.any() else []
                commas += [name] if decimal == "," and cells.str.contains(",", regex=False).any() else []
    return Marked(frame.assign(**changed), commas, thousands, doubts, units)


def marks_in_words(marked: Marked) -> str:
    """Say which marks were found.

    Examples
    --------
    >>> marks_in_words(Marked(pd.DataFrame(), ["share"], ["n"], {}))
    'decimal comma in share, marks for thousands in n'
    """
    parts = [
        _("decimal comma in {listed}").format(listed=listed(marked.commas)) if marked.commas else _("decimal point")
    ]
    if marked.thousands:
        parts.append(_("marks for thousands in {listed}").format(listed=listed(marked.thousands)))
    parts += units_in_words(marked.units)
    if marked.doubts:
        parts.append(_("marks not decided in {listed}").format(listed=listed(list(marked.doubts))))
    return ", ".join(parts)


def _mostly_numbers(cells: pd.Series) -> bool:
    """Whether most cells with a digit are numbers in some way of writing: else it is a column of text."""
    digits = cells[cells.str.contains(r"[0-9]")]
    numbers = digits.str.fullmatch(rf"{_SIGN}[0-9]+(?:(?:[.,]|{SPACES})[0-9]+)*{_EXPONENT}")
    return bool(len(digits)) and numbers.mean() > 0.5


def _evidence(cells: pd.Series, form: TableForm) -> set[Decimal]:
    """Return the decimal marks that a column gives evidence of."""
    return {mark for mark in OTHER if _decides(cells, mark, form).any()}


def _evidence_of_money(cells: pd.Series, form: TableForm) -> set[Decimal]:
    """Return the decimal marks of amounts: cents are two decimals, so that three digits after a mark are thousands."""
    marks = (
        [] if form.thousands == "none" else [mark for mark in OTHER if cells.str.fullmatch(_group_of_three(mark)).any()]
    )
    return {OTHER[mark] for mark in marks}


def _decides(cells: pd.Series, decimal: Decimal, form: TableForm) -> Booleans:
    """Which cells can only be read with this decimal mark."""
    other = OTHER[decimal]
    decimals = cells.str.fullmatch(rf"{_SIGN}[0-9]+[{decimal}][0-9]+{_EXPONENT}")
    if form.thousands != "none":
        decimals &= ~cells.str.fullmatch(_group_of_three(decimal))
    groups = cells.str.fullmatch(rf"{_SIGN}[1-9][0-9]{{0,2}}(?:[{other}][0-9]{{3}}){{2,}}")
    both = cells.str.fullmatch(rf"{_SIGN}[1-9][0-9]{{0,2}}(?:(?:[{other}]|{SPACES})[0-9]{{3}})+[{decimal}][0-9]+")
    return (decimals | groups | both).to_numpy(dtype=bool)


def _undecided(cells: pd.Series, form: TableForm) -> Booleans:
    """Which cells are a thousand or a decimal number, as one takes it."""
    either = cells.str.fullmatch(_group_of_three(".")) | cells.str.fullmatch(_group_of_three(","))
    return either.to_numpy(dtype=bool) & (form.thousands != "none")


def _group_of_three(mark: str) -> str:
    """Return the form of a number with one mark, three digits after it, and nothing that decides what it is."""
    return rf"{_SIGN}[1-9][0-9]{{0,2}}[{mark}][0-9]{{3}}"


def _plain(cells: pd.Series, decimal: Decimal) -> pd.Series:
    """Write the numbers among cells with a decimal point and without marks for thousands."""
    group = rf"(?:[{OTHER[decimal]}]|{SPACES})"
    whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)"
    numbers = cells.str.fullmatch(rf"{_SIGN}{whole}(?:[{decimal}][0-9]+)?{_EXPONENT}")
    plain = cells.str.replace(group, "", regex=True).str.replace(",", ".", regex=False)
    return cells.mask(numbers, plain)


def _mixed(name: str, cells: pd.Series, form: TableForm, lines: tuple[int, ...]) -> Fault:
    """Return the fault of a column in which both marks stand for decimals."""
    rows = [row for mark in OTHER for row in _rows(cells[_decides(cells, mark, form)], lines)[:2]]
    advice = _("Write the decimals of the column in one way.")
    return Fault(
        name,
        _("decimal commas and decimal points in one column"),
        _("one decimal mark"),
        advice,
        rows,
        FaultKind.TWO_READINGS,
    )


def _two_readings(name: str, cells: pd.Series, form: TableForm, lines: tuple[int, ...]) -> Fault:
    """Return the fault of a column of numbers that have two readings."""
    shown = cells[_undecided(cells, form)]
    mark = "." if "." in shown.iloc[0] else ","
    found = _("numbers with two readings: {value!r} is a thousand or a decimal number, and nothing decides").format(
        value=shown.iloc[0]
    )
    advice = (
        _("Say in [[tables]] which it is: thousands = {mark!r} or decimal = {mark!r}.")
        .format(mark=mark)
        .replace("'", '"')
    )
    return Fault(name, found, _("numbers with one reading"), advice, _rows(shown, lines), FaultKind.TWO_READINGS)


def _rows(cells: pd.Series, lines: tuple[int, ...]) -> list[str]:
    """Return the row of each cell with what stands there; cells are on an index of 0, 1, 2, ..."""
    places = cells.index.to_list()
    return [
        _("row {number} ({text!r})").format(number=lines[place] if lines else place + 1, text=cell)
        for place, cell in zip(places, cells, strict=True)
    ]


def numbers_in(cells: pd.Series, symbols: Collection[str]) -> tuple[NDArray[np.float64], list[Fault]]:
    """Read numbers; an empty cell and the stated symbols are NaN.

    Parameters
    ----------
    cells : Series of str
        Indexed by the code of the area, named as the column.
    symbols : collection of str
        What is read as not known.

    Returns
    -------
    tuple of ndarray of float and list of Fault
        The values, and a fault when other text stands among them.

    Examples
    --------
    >>> import pandas as pd
    >>> values, faults = numbers_in(pd.Series(["1.5", ".", "x"], index=["A", "B", "C"], name="share"), ["."])
    >>> values.tolist(), faults[0].rows
    ([1.5, nan, nan], ["C ('x')"])
    """
    values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    wrong = ~np.isfinite(values) & ~cells.isin(["", *symbols]).to_numpy()
    values = np.where(cells.isin([*symbols]), np.nan, values)
    if not wrong.any():
        return values, []
    marks = _("The column holds decimal commas and decimal points, or commas for thousands: write decimals in one way.")
    advice = advice_on(cells[wrong], _advice_on_text(cells, wrong), marks)
    return values, [Fault(str(cells.name), _("text that is no number"), _("numbers"), advice, rows_of(cells[wrong]))]


SYMBOLS, LETTERS = 3, 15
"""Different texts, and letters of each, up to which they may be symbols for not known."""


def _advice_on_text(cells: pd.Series, wrong: Booleans) -> str:
    """Return what to do about text among numbers: a few short ones may be symbols, more are what the column holds."""
    texts = cells[wrong][(kinds_of(cells[wrong]) == OddCell.TEXT).to_numpy()]
    few = texts.nunique() <= SYMBOLS and bool((texts.str.len() <= LETTERS).all())
    if few and 2 * len(texts) <= (cells != "").sum():
        return _("If it means 'not known', add it to the missing_symbols of this determinant.")
    return _(
        "So much text is no symbol for 'not known': look whether it is the right column, or give each kind a column of "
        "0 and 1."
    )


def whole_numbers_in(cells: pd.Series, hidden: Collection[str] = ()) -> tuple[NDArray[np.int64], list[Fault]]:
    """Read whole numbers of people: no symbols, nothing empty, nothing negative, no decimals; 0 where a fault is.

    Parameters
    ----------
    cells : Series of str
        Indexed by the code of the area, named as the column.
    hidden : collection of str
        Symbols of hidden counts, which a population cannot have.

    Returns
    -------
    tuple of ndarray of int64 and list of Fault
        The values, and the faults.

    Examples
    --------
    >>> import pandas as pd
    >>> values, faults = whole_numbers_in(pd.Series(["120", "1.5"], index=["A", "B"], name="youths"))
    >>> values.tolist(), faults[0].rows
    ([120, 0], ["B ('1.5')"])
    """
    values, good = whole_numbers(cells)
    symbol = ~good & cells.isin([*hidden]).to_numpy()
    unknown = _("A population must be known: fill it in, or leave these areas out of the table.")
    marks = _("People have no decimals: look whether it is the column of the people, and write whole numbers.")
    odd = cells[~good & ~symbol]
    if odd[(kinds_of(odd) == OddCell.MARKS).to_numpy()].str.fullmatch(_group_of_three(".,")).all():
        marks = _("People have no decimals: write them without a mark for thousands.")
    return values, [
        Fault(
            str(cells.name),
            found,
            _("a whole number of people: 0, 1, 2, ..."),
            advice_on(cells[wrong], unknown, marks),
            rows_of(cells[wrong]),
        )
        for found, wrong in {
            _("a hidden symbol, or nothing, in the population"): symbol,
            _("no whole number of people"): ~good & ~symbol,
        }.items()
        if wrong.any()
    ]
