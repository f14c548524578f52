"""Tables as csv in two dialects: for code, described by a file beside it; for Dutch Excel, with notes above it."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bayesmodel.messages import Language
from bayesmodel.outputs.columns import Column
from bayesmodel.outputs.words import in_words, rounded

DATATYPES = {"text": "string", "year": "gYear"}


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table for code: commas, decimal points, UTF-8, one header of column names, numbers in full."""
    table.to_csv(path, lineterminator="\n")


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
        "dc:description": "\n".join(notes),
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

    What readers must be told stands above the table, one note a line; the header comes after an empty line. Numbers are
    rounded as a report shows them, shares and probabilities are percentages.

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
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=";", lineterminator="\r\n")
        lines.writerows([[" ".join(note.split())] for note in notes])
        lines.writerow([])
        shown.to_csv(
            file,
            sep=";",
            decimal=",",
            index=False,
            header=[column.header(language) for column in columns],
            lineterminator="\r\n",
        )
