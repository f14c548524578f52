"""Tables as csv for code, as csv for Dutch Excel, and as Parquet, each with what its columns mean.

Text that a spreadsheet program would run gets an apostrophe before it; numbers stay numbers, and reading it back undoes
it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pandas as pd

from bayesmodel.messages import Language
from bayesmodel.study import Label
from bayesmodel.tables.columns import Column
from bayesmodel.tables.display import in_words, rounded

DATATYPES = {"text": "string", "year": "gYear"}


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table for code: commas, decimal points, UTF-8, one header of column names, numbers in full.

    It is opened by spreadsheet programs too, so text that they would run has an apostrophe before it
    (`spreadsheet_safe.restored` takes it off).
    """
    neutralised(table).to_csv(path, lineterminator="\n")


def write_csv_description(
    path: Path, columns: Sequence[Column], notes: Sequence[str], title: str, language: Language
) -> None:
    """Write the description of a csv beside it: what readers must be told, and what each column is.

    The form is that of CSV on the Web, ``<name>.csv-metadata.json``, which its readers find by themselves.

    Parameters
    ----------
    path : Path
        The csv.
    columns : sequence of Column
        Its columns, in order.
    notes : sequence of str
        What readers must be told.
    title : str
    language : {"nl", "en"}
        Of notes and definitions; labels are in both.
    """
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "url": path.name,
        "dc:title": title,
        "dc:description": "\n".join([*notes, NOTE[language]]),
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True},
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": {"nl": column.label.nl, "en": column.label.en},
                    "dc:description": column.described(language),
                    "datatype": DATATYPES.get(column.form, "number"),
                }
                for column in columns
            ],
            "primaryKey": columns[0].name,
        },
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    path.with_name(f"{path.name}-metadata.json").write_text(text, encoding="utf-8")


def write_csv_for_excel(
    table: pd.DataFrame, path: Path, columns: Sequence[Column], notes: Sequence[str], language: Language
) -> None:
    """Write a table for Dutch Excel: semicolons, decimal commas, a byte-order mark, headers and words to read.

    The header is the first row; what readers must be told stands in a text file beside it (`notes_name`). Numbers are
    rounded as a report shows them, shares and probabilities are percentages. Text that Excel would run has an
    apostrophe before it.

    Parameters
    ----------
    table : DataFrame
    path : Path
    columns : sequence of Column
        Those of the table, its index first.
    notes : sequence of str
        What readers must be told.
    language : {"nl", "en"}
    """
    shown = in_words(rounded(table.reset_index(), columns), language)
    shown.columns = pd.Index([column.header(language) for column in columns])
    neutralised(shown).to_csv(path, sep=";", decimal=",", index=False, lineterminator="\r\n", encoding="utf-8-sig")
    beside = path.with_name(notes_name(path.stem, language))
    sentences = [
        *notes,
        NOTE[language],
        *(f"{column.header(language)}: {column.definition[language]}" for column in columns),
    ]
    beside.write_text("\r\n\r\n".join(sentences) + "\r\n", encoding="utf-8-sig", newline="")


def write_csv_files(
    table: pd.DataFrame,
    folder: Path,
    stem: str,
    columns: Sequence[Column],
    notes: Sequence[str],
    title: str,
    language: Language,
) -> None:
    """Write a table as csv for code with its description, and as csv for Dutch Excel with its notes.

    Parameters
    ----------
    table : DataFrame
    folder : Path
    stem : str
        ``<stem>.csv``, ``<stem>.csv-metadata.json``, ``<stem>-excel.csv`` and its notes are written.
    columns : sequence of Column
        Those of the table, its index first.
    notes : sequence of str
        What readers must be told.
    title : str
    language : {"nl", "en"}
    """
    write_csv(table, folder / f"{stem}.csv")
    write_csv_description(folder / f"{stem}.csv", columns, notes, title, language)
    write_csv_for_excel(table, folder / f"{stem}-excel.csv", columns, notes, language)


def notes_name(stem: str, language: Language) -> str:
    """Return the name of the file with the notes of a csv for Excel.

    Examples
    --------
    >>> notes_name("wijken-excel", "nl"), notes_name("wijken-excel", "en")
    ('wijken-excel-toelichting.txt', 'wijken-excel-notes.txt')
    """
    return f"{stem}-{'toelichting' if language == 'nl' else 'notes'}.txt"


NOTE = Label(
    nl="Tekst die een spreadsheetprogramma als formule zou uitvoeren (met =, +, - of @ vooraan, ook na een spatie, "
    "tab, komma of puntkomma) heeft een ' ervoor; die hoort niet bij de tekst. In de Parquet staat de tekst zelf.",
    en="Text that a spreadsheet program would run as a formula (with =, +, - or @ in front, also after a space, tab, "
    "comma or semicolon) has a ' before it, which is no part of the text. The Parquet holds the text itself.",
)

_SIGNS = "=+-@"
_ALIKE = "".join(chr(code) for code in range(0x80, 0x10000) if normalize("NFKC", chr(code)) in [*_SIGNS]) + "\u2212"
_STARTS = f"[{re.escape(_SIGNS + _ALIKE)}]"
# white space, control characters, marks that are not seen, and quotes: what a program passes over before a formula
_BEFORE = "[\\s\"'\x00-\x1f\x7f-\xa0\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*"
# a program that splits cells on another mark than the file does sees a cell begin in the middle of a text
_BEGIN = "(^|[,;\t\r\n])"
_LIVE = re.compile(f"{_BEGIN}(?={_BEFORE}{_STARTS})")
_NEUTRALISED = re.compile(f"{_BEGIN}'(?={_BEFORE}{_STARTS})")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)(e[+-]?\d+)? ?%?", re.ASCII | re.IGNORECASE)


def is_live(text: str) -> bool:
    r"""Return whether a spreadsheet program may run a text as a formula.

    Examples
    --------
    >>> [is_live(text) for text in ("=1+1", "\t@SUM(A1)", "Duin;+1", "'t Zand", "-0,8", "'=1+1")]
    [True, True, True, False, False, False]
    """
    return not _NUMBER.fullmatch(text) and any(not text.startswith("'", at.end()) for at in _LIVE.finditer(text))


def neutral(text: str) -> str:
    """Return a text that no spreadsheet program runs: an apostrophe before what would be a formula.

    Examples
    --------
    >>> neutral("=HYPERLINK(A1)"), neutral("'s-Gravenhage"), neutral("-12")
    ("'=HYPERLINK(A1)", "'s-Gravenhage", '-12')
    """
    return text if _NUMBER.fullmatch(text) else _LIVE.sub(r"\1'", text)


def restored(text: str) -> str:
    """Return the text that was made neutral.

    Examples
    --------
    >>> restored(neutral("'=1+1; @2"))
    "'=1+1; @2"
    """
    return _NEUTRALISED.sub(r"\1", text)


def neutralised(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts, in cells, index and headings, no spreadsheet program runs.

    Parameters
    ----------
    table : DataFrame
        Numbers and what is not known stay as they are.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> neutralised(pd.DataFrame({"name": ["=1+1", "Zee"], "difference": [-0.8, 2.0]}))["name"].tolist()
    ["'=1+1", 'Zee']
    """
    safe = table.copy(deep=False)
    for index in range(safe.shape[1]):
        values = safe.iloc[:, index]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            safe.isetitem(index, _texts(values).array)
    safe.columns = _labels(safe.columns)
    safe.index = _labels(safe.index)
    return safe


def _texts(values: pd.Series) -> pd.Series:
    """Return a column with its texts made neutral; the same column where there is nothing to do."""
    changed = {text: neutral(text) for text in values.unique() if isinstance(text, str)}
    changed = {text: safe for text, safe in changed.items() if safe != text}
    if not changed:
        return values
    return values.astype(object).map(lambda value: changed.get(value, value) if isinstance(value, str) else value)


def _labels(labels: pd.Index) -> pd.Index:
    """Return an index with its labels and its names made neutral."""
    names = [neutral(name) if isinstance(name, str) else name for name in labels.names]
    if isinstance(labels, pd.MultiIndex) and len(labels):
        parts = [tuple(neutral(each) if isinstance(each, str) else each for each in code) for code in labels]
        return pd.MultiIndex.from_tuples(parts, names=names)
    if isinstance(labels, pd.MultiIndex):
        return labels.set_names(names)
    if not pd.api.types.is_numeric_dtype(labels.dtype):
        safe = [neutral(each) if isinstance(each, str) else each for each in labels]
        labels = labels if safe == list(labels) else pd.Index(safe, dtype=object)
    return labels.rename(names[0])


KEY = b"bayesmodel"
"""Key of the metadata of the file, beside that of pandas."""


def write_parquet(
    table: pd.DataFrame, path: Path, columns: Sequence[Column], about: Mapping[str, Any], language: Language
) -> None:
    """Write a table as Parquet.

    Parameters
    ----------
    table : DataFrame
    path : Path
    columns : sequence of Column
        Those of the table, its index first.
    about : mapping
        What readers must be told and where the table comes from, kept as JSON under `KEY`.
    language : {"nl", "en"}
        Of labels, units and definitions.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = pa.Table.from_pandas(table)
    known = {column.name: column for column in columns}
    fields = [
        field.with_metadata(
            {
                "label": known[field.name].label[language],
                "unit": known[field.name].unit[language],
                "definition": known[field.name].definition[language],
                "interval": known[field.name].interval_text(language),
            }
        )
        for field in plain.schema
    ]
    metadata = (plain.schema.metadata or {}) | {KEY: json.dumps(about, ensure_ascii=False).encode()}
    pq.write_table(plain.cast(pa.schema(fields, metadata)), path)
