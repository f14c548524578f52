"""Tables as csv in two dialects, each with a file beside it that tells what it holds: for code and for Dutch Excel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bayesmodel.messages import Language
from bayesmodel.outputs.columns import Column
from bayesmodel.outputs.spreadsheet_safe import NOTE, neutralised
from bayesmodel.outputs.words import in_words, rounded

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
                    "dc:description": f"{column.definition[language]} ({column.unit[language]})",
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
    told = [
        *notes,
        NOTE[language],
        *(f"{column.header(language)}: {column.definition[language]}" for column in columns),
    ]
    beside.write_text("\r\n\r\n".join(told) + "\r\n", encoding="utf-8-sig", newline="")


def notes_name(stem: str, language: Language) -> str:
    """Return the name of the file with the notes of a csv for Excel.

    Examples
    --------
    >>> notes_name("wijken-excel", "nl"), notes_name("wijken-excel", "en")
    ('wijken-excel-toelichting.txt', 'wijken-excel-notes.txt')
    """
    return f"{stem}-{'toelichting' if language == 'nl' else 'notes'}.txt"
