import gzip

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.errors import DataError
from bayesmodel.io.delimited import read_delimited
from bayesmodel.study.parts import TableForm

CODE = st.text("abcWK0123456789", min_size=1, max_size=8)
CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters=".,Â\u00c3\ufffd"), max_size=8
)


@given(st.lists(st.tuples(CODE, CELL), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", "|"]))
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
    assert table.notes == (
        "x.csv: 2 rows, 3 columns, separated by semicolons, UTF-8 with a byte-order mark, decimal comma in share.",
    )


def test_a_packed_file_reads_like_the_plain_one(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n", mtime=0))
    plain, packed = read_delimited(tmp_path / "x.csv"), read_delimited(tmp_path / "x.csv.gz")
    pd.testing.assert_frame_equal(plain.frame, packed.frame)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("x.csv", b"", "no header"),
        ("x.csv", b"a,b\n1,\x82\n", "bytes that are not UTF-8"),
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


def test_titles_units_and_remarks_of_a_download(tmp_path):
    text = '"Jeugdhulp, 2021"\n\n"wijk";"n";"aandeel"\n"";"aantal";"%"\n"300";"1.234";"12,5"\n"Bron: CBS"\n'
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    table = read_delimited(tmp_path / "x.csv")
    assert table.frame.to_dict("list") == {"wijk": ["", "300"], "n": ["aantal", "1234"], "aandeel": ["%", "12.5"]}
    assert table.lines == (4, 5)
    assert table.notes[0].endswith(
        "left out above the header: 'Jeugdhulp, 2021'; left out below the table: 'Bron: CBS'."
    )


@pytest.mark.parametrize("rows", ["a;b\n1,5;2,5\n3,5;4,5\n", "a;b\nx, y;1\nz, y;2\n", "t, u\na;b\n1,5;2\n2,5;3\n"])
def test_commas_in_cells_do_not_separate(tmp_path, rows):
    (tmp_path / "x.csv").write_text(rows, encoding="utf-8")
    assert list(read_delimited(tmp_path / "x.csv").frame) == ["a", "b"]


def test_a_separator_that_is_not_known_or_not_clear_or_not_there(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("wijk:n\n300:1\n", encoding="utf-8")
    with pytest.raises(DataError, match="no comma, semicolon, tab or bar"):
        read_delimited(path)
    path.write_text("wijk;n,m\nx;y,z\n", encoding="utf-8")
    with pytest.raises(DataError, match=r'commas or semicolons(.*\n)+.*separator = "," or separator = ";"'):
        read_delimited(path)
    assert list(read_delimited(path, TableForm(separator=";")).frame) == ["wijk", "n,m"]
    with pytest.raises(DataError, match="not separated by bars"):
        read_delimited(path, TableForm(separator="|"))
    path.write_text("wijk:n:m\n300:1,5:2\n301:2,5:3\n", encoding="utf-8")
    with pytest.raises(DataError, match="no comma, semicolon, tab or bar"):
        read_delimited(path)
