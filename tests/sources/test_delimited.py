import gzip

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.errors import DataError
from bayesmodel.sources.delimited import read_delimited

CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8).filter(
    lambda text: "," not in text
)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]))
def test_writing_and_reading_is_the_identity(tmp_path_factory, rows, separator):
    written = pd.DataFrame(rows, columns=["a", "b"])
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    written.to_csv(path, sep=separator, index=False, encoding="utf-8")
    pd.testing.assert_frame_equal(read_delimited(path).frame, written, check_dtype=False, check_column_type=False)


def test_the_form_of_the_file_is_reported(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("\ufeffcode ; share;name\n WK000300  ;12,5;a, b\nWK000500;         .;\n\n".encode())
    table = read_delimited(path)
    assert table.frame.to_dict("list") == {
        "code": ["WK000300", "WK000500"],
        "share": ["12.5", "."],
        "name": ["a, b", ""],
    }
    assert table.notes == ("x.csv: 2 rows, 3 columns, separated by semicolons, decimal comma in share.",)


def test_a_packed_file_reads_like_the_plain_one(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n", mtime=0))
    plain, packed = read_delimited(tmp_path / "x.csv"), read_delimited(tmp_path / "x.csv.gz")
    pd.testing.assert_frame_equal(plain.frame, packed.frame)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("x.csv", b"", "no header"),
        ("x.csv", b"a,b\n1,\xe9\n", "bytes that are not UTF-8"),
        ("x.csv", b"a,b\n1\n1,2\n1,2,3\n", "rows of another length than the header"),
        ("x.csv", b"a,b,a\n1,2,3\n", "columns named twice"),
        ("x.csv.gz", b"a,b\n1,2\n", "no whole gzip file"),
        ("x.csv.gz", gzip.compress(b"a,b\n1,2\n", mtime=0)[:-9], "no whole gzip file"),
    ],
)
def test_a_broken_file_is_explained(tmp_path, name, content, found):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=found):
        read_delimited(tmp_path / name)


def test_rows_of_another_length_are_named_by_line(tmp_path):
    (tmp_path / "x.csv").write_text('a,b\n"two\nlines",1\n1\n', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_delimited(tmp_path / "x.csv")
    assert list(caught.value.faults[0].rows) == ["line 4 (1 cells)"]
