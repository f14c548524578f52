"""Parquet files as text, column by column: what one column cannot give is said of that column."""

from __future__ import annotations

import re
from decimal import Decimal
from numbers import Number
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.errors import DataError, Fault, FaultKind
from bayesmodel.files import shortened
from bayesmodel.io.numbers import marks_in_words, read_marks
from bayesmodel.io.text_table import (
    BYTES,
    LETTERS,
    TextTable,
    as_text,
    check_size,
    size_in_words,
    table_fault,
    too_many_bytes,
)
from bayesmodel.messages import _, number
from bayesmodel.study.parts import TableForm

if TYPE_CHECKING:
    import pyarrow as pa

INDEX = re.compile(r"__index_level_[0-9]+__")
"""What pandas calls the labels of rows that have no name, or that of a column."""


def read_parquet(path: Path, form: TableForm) -> TextTable:
    """Read a Parquet file; its numbers become text with as many digits as they need.

    Notes of pandas in the file are not needed, and not looked at.

    Parameters
    ----------
    path : Path
        The file.
    form : TableForm
        What is known of its marks.

    Returns
    -------
    TextTable
        Columns of lists, and those whose values cannot be read, are in doubt.

    Raises
    ------
    DataError
        The file is no Parquet file or is damaged, is larger than the limits, or names a column twice.
    """
    table = _opened(path)
    names = [str(name).strip() for name in table.column_names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        found, advice = _("columns named twice"), _("Rename them.")
        raise DataError(_("The table"), [Fault(path.name, found, _("each name once"), advice, twice, FaultKind.HEADER)])
    values, doubts = dict[str, list[Any]](), dict[str, Fault]()
    for name, column in zip(names, table.columns, strict=True):
        if not INDEX.fullmatch(name):
            values[name], fault = _values(name, column)
            doubts |= {name: fault} if fault else {}
    frame = pd.DataFrame({name: list(map(as_text, cells)) for name, cells in values.items()}, dtype=str)
    typed = pd.DataFrame({name: [isinstance(cell, Number) for cell in cells] for name, cells in values.items()})
    marked = read_marks(frame, (), form, typed.astype(bool))
    note = _("{name}: {size}, {marks}.").format(name=path.name, size=size_in_words(frame), marks=marks_in_words(marked))
    return TextTable(marked.frame, (note,), {**marked.doubts, **doubts}, units=marked.units)


def _opened(path: Path) -> pa.Table:
    """Return what a file holds, after a look at its size."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path, page_checksum_verification=True) as file:
            about = file.metadata
            check_size(path.name, about.num_rows, about.num_columns)
            if sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups)) > BYTES:
                raise too_many_bytes(path.name)
            table = file.read(use_threads=False)
            table.validate(full=True)
    except (ArrowException, OSError, ValueError, LookupError, TypeError, MemoryError, NotImplementedError) as error:
        found = _("a file that cannot be read ({error})").format(error=_first_line(error))
        raise table_fault(str(path), found, _("a Parquet file"), _("Take it from its source again.")) from None
    if table.nbytes > BYTES:
        raise too_many_bytes(path.name)
    return table


def _values(name: str, column: pa.ChunkedArray) -> tuple[list[Any], Fault | None]:
    """Return the cells of a column, and why they cannot be used."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_nested(kind):
        found = _("lists or parts in each cell ({kind})").format(kind=shortened(kind))
        advice = _("Write one value in each cell, or leave the column out.")
        return [""] * len(column), Fault(name, found, _("one value in each cell"), advice, kind=FaultKind.UNREADABLE)
    try:
        texts = [chunk.dictionary if pa.types.is_dictionary(kind) else chunk for chunk in column.chunks]
        longest = max((_longest(chunk) for chunk in texts), default=0)
        if longest > LETTERS:
            found = _("a cell of {letters} letters").format(letters=number(longest))
            expected = _("cells of at most {letters} letters").format(letters=number(LETTERS))
            return [""] * len(column), Fault(name, found, expected, kind=FaultKind.UNREADABLE)
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
        if pa.types.is_floating(kind) or (pa.types.is_integer(kind) and not column.null_count):
            return column.to_numpy().tolist(), None
        return [_plain(cell) for cell in column.to_pylist()], None
    except (pa.ArrowException, ValueError, LookupError, TypeError, OverflowError, ImportError) as error:
        found = _("values that cannot be read ({error})").format(error=_first_line(error))
        advice = _("Write them as text, or leave the column out.")
        return [""] * len(column), Fault(name, found, _("text or numbers"), advice, kind=FaultKind.UNREADABLE)


def _longest(values: pa.Array) -> int:
    """Return the length of the longest text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        values = values.cast(pa.large_binary())
    elif not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)):
        return 0
    return int(pc.max(pc.binary_length(values)).as_py() or 0)


def _plain(cell: Any) -> Any:
    """Return a cell without what only Parquet knows: text that is stored as bytes, decimals with their power."""
    if isinstance(cell, bytes):
        return cell.decode("utf-8")
    return format(cell, "f") if isinstance(cell, Decimal) else cell


def _first_line(error: Exception) -> str:
    """Return what a library says, without its traceback and in one line."""
    return shortened((str(error).strip() or type(error).__name__).splitlines()[0])
