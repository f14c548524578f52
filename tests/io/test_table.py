import pandas as pd
import pytest

from bayesmodel.errors import DataError
from bayesmodel.io import read_table


def test_parquet_becomes_text_without_losing_codes_or_gaps(tmp_path):
    path = tmp_path / "x.parquet"
    frame = pd.DataFrame(
        {
            "code": ["WK000300 ", None],
            "count": [12.0, None],  # a count beside a gap is stored as a float
            "share": [0.7000000000000001, 0.1],
            "number": [300, 500],
            "text": ["1,5", "."],
        }
    )
    frame.to_parquet(path)
    table = read_table(path)
    assert table.frame.to_dict("list") == {
        "code": ["WK000300", ""],
        "count": ["12", ""],
        "share": ["0.7000000000000001", "0.1"],
        "number": ["300", "500"],
        "text": ["1.5", "."],
    }
    assert table.notes == ("x.parquet: 2 rows, 5 columns, decimal comma in text.",)


def test_a_named_index_is_a_column(tmp_path):
    path = tmp_path / "x.parquet"
    pd.DataFrame({"n": [1]}, index=pd.Index(["A"], name="code")).to_parquet(path)
    assert read_table(path).frame.to_dict("list") == {"code": ["A"], "n": ["1"]}


@pytest.mark.parametrize("name", ["x.csv", "x.CSV", "x.txt"])
def test_the_ending_says_the_format(tmp_path, name):
    (tmp_path / name).write_text("a,b\n1,2\n", encoding="utf-8")
    assert read_table(tmp_path / name).frame.to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_a_format_that_is_stated_wins(tmp_path):
    (tmp_path / "x.dat").write_text("a,b\n1,2\n", encoding="utf-8")
    assert len(read_table(tmp_path / "x.dat", "csv").frame) == 1
    with pytest.raises(DataError, match=r"\.dat.*\.csv, \.csv\.gz, \.parquet, \.xlsx or \.ods"):
        read_table(tmp_path / "x.dat")


def test_files_that_are_not_there_or_not_what_they_say(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_table(tmp_path / "x.csv")
    (tmp_path / "x.parquet").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="a Parquet file"):
        read_table(tmp_path / "x.parquet")
