"""Tables as Parquet that tell what they hold: notes and provenance of the table, label and meaning of each column."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bayesmodel.messages import Language
from bayesmodel.outputs.columns import Column

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
            }
        )
        for field in plain.schema
    ]
    metadata = (plain.schema.metadata or {}) | {KEY: json.dumps(about, ensure_ascii=False).encode()}
    pq.write_table(plain.cast(pa.schema(fields, metadata)), path)
