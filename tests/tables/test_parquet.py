"""Parquet, read again by pandas and by Arrow."""

import json

import pandas as pd
import pyarrow.parquet as pq

from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.export import KEY, write_parquet
from bayesmodel.testing import invented_fit


def test_the_table_comes_back_and_tells_what_it_holds(tmp_path):
    tables, path = tables_of(invented_fit()), tmp_path / "wijken.parquet"
    table, columns = tables.frames["wijk"], tables.columns("wijk")
    write_parquet(table, path, columns, {"notes": tables.notes()}, "nl")
    pd.testing.assert_frame_equal(pd.read_parquet(path), table, check_exact=True)
    schema = pq.read_schema(path)
    assert json.loads(schema.metadata[KEY])["notes"] == list(tables.notes())
    for column in columns:
        assert schema.field(column.name).metadata[b"label"].decode() == column.label.nl
