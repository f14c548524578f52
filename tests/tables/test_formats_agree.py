"""The same fit in every format, opened by the readers that others use: the same cells."""

import pandas as pd
import pytest

from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.results_folder import FORMATS, write_tables
from benchmarks.formats import READERS, disagreements


@pytest.fixture(scope="module")
def folder(fit, shapes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("formats") / "tables"
    write_tables(fit, folder, FORMATS, polygons=shapes)
    return folder


@pytest.fixture(scope="module")
def tables(fit):
    return tables_of(fit)


@pytest.mark.parametrize("form", READERS)
def test_every_format_holds_the_same_cells(folder, tables, form):
    for name in tables.frames:
        assert disagreements(folder, tables, name, form) == []


def test_a_cell_that_differs_is_found(folder, tables):
    frame = tables.frames["wijk"].copy()
    frame.loc["WK000101", "ratio_determinants"] *= 1 + 1e-9
    other = type(tables)(tables.fit, tables.frames | {"wijk": frame}, tables.language)
    [(code, column, _wanted, _found)] = disagreements(folder, other, "wijk", "geopackage")
    assert (code, column) == ("WK000101", "ratio_determinants")


def test_a_hidden_count_is_a_number_in_no_format(folder, tables):
    hidden = tables.frames["wijk"].index[tables.frames["wijk"]["status"] == "suppressed"]
    assert len(hidden) > 1
    for form, (read, _kind) in READERS.items():
        cells = read(folder, tables, "wijk").reindex(columns=["published_count", "actual_count"]).loc[hidden]
        assert cells.isna().all(axis=None), form


def test_the_long_table_has_a_row_for_every_cell_and_no_other(folder, tables):
    long = pd.read_parquet(folder / "long.parquet")
    keys = ["level", "code", "quantity", "statistic"]
    assert not long.duplicated(keys).any()
    assert (long["value"].notna() != long["text"].notna()).all()
    estimates = long[long["interval"].notna()]
    assert set(estimates["statistic"]) == {"mean", "lower", "upper"}
    assert set(estimates["interval_kind"]) == {"equal-tailed"}
    assert long["unit"].notna().all()
