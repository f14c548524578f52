import pytest

from bayesmodel.errors import DataError
from bayesmodel.io.join import join_tables

BASE = "wijk,gm,n\nWK000100,GM0001,5\nWK000200,GM0002,6\nWK000500,GM0005,7\n"


def faults_of(study):
    with pytest.raises(DataError) as caught:
        join_tables(study)
    return [(fault.where, fault.found) for fault in caught.value.faults]


def test_rows_follow_the_base_and_what_does_not_match_is_counted(study_of):
    study = study_of({"base.csv": BASE, "more.csv": "wijk;x\n200;7,5\n300;8,5\n400;9\n;1\n"})
    table = join_tables(study)
    assert table.frame.to_dict("list") == {
        "wijk": ["WK000100", "WK000200", "WK000500"],
        "gm": ["GM0001", "GM0002", "GM0005"],
        "n": ["5", "6", "7"],
        "x": ["", "7.5", ""],
    }
    assert table.notes[-1] == "more.csv: joined on wijk; areas without a row in it: 2; rows that belong to no area: 3."


def test_joining_on_another_column_reads_its_codes_too(study_of):
    tables = [
        {"path": "base.csv", "key": "wijk", "code": "wijk"},
        {"path": "gemeenten.csv", "key": "nummer", "on": "gm", "code": "gemeente"},
        {"path": "regio.csv", "key": "jz", "on": "jz"},
    ]
    files = {
        "base.csv": "wijk,gm\n100,1\n200,2\n201,2\n",
        "gemeenten.csv": "nummer,jz\n2,JZ02\n1,JZ01\n",
        "regio.csv": "jz,naam\nJZ01,Noord\nJZ02,Zuid\n",
    }
    table = join_tables(study_of(files, tables=tables))
    assert table.frame["gm"].tolist() == ["GM0001", "GM0002", "GM0002"]
    assert table.frame["naam"].tolist() == ["Noord", "Zuid", "Zuid"]
    assert "nummer" not in table.frame


def test_all_files_that_cannot_be_read_are_named(study_of):
    study = study_of({"base.csv": BASE})
    tables = [{"path": name, "key": "wijk"} for name in ("absent.csv", "base.csv", "gone.parquet")]
    found = faults_of(study.model_validate(study.model_dump() | {"tables": tables}))
    assert [where.rsplit("/", 1)[-1] for where, _ in found] == ["absent.csv", "gone.parquet"]


def test_keys_and_columns_that_are_not_there(study_of):
    tables = [
        {"path": "base.csv", "key": "wijk", "columns": ["gn"]},
        {"path": "more.csv", "key": "wijkcode"},
    ]
    study = study_of({"base.csv": BASE, "more.csv": "wijk_code,x\nWK000100,1\n"}, tables=tables)
    with pytest.raises(DataError, match=r"Did you mean n[?]") as caught:
        join_tables(study)
    assert [(fault.where, fault.found) for fault in caught.value.faults] == [
        ("base.csv", "no column gn"),
        ("more.csv", "no column wijkcode"),
    ]
    assert "Did you mean wijk_code?" in str(caught.value)


def test_the_base_is_keyed_on_the_area(study_of):
    tables = [{"path": "base.csv", "key": "gm"}]
    assert faults_of(study_of({"base.csv": BASE}, tables=tables)) == [("tables[0].key", "gm")]


def test_a_column_from_two_tables_says_to_use_columns(study_of):
    files = {"base.csv": BASE, "more.csv": "wijk,gm,n,x\nWK000100,GM0001,5,1\n"}
    with pytest.raises(DataError, match=r"earlier table has too: gm, n;.*\n.*columns = \[...\]"):
        join_tables(study_of(files))
    tables = [{"path": "base.csv", "key": "wijk"}, {"path": "more.csv", "key": "wijk", "columns": ["x"]}]
    assert join_tables(study_of(files, tables=tables)).frame["x"].tolist() == ["1", "", ""]


def test_a_code_twice_in_a_joined_table(study_of):
    found = faults_of(study_of({"base.csv": BASE, "more.csv": "wijk,x\nWK000100,1\n100,2\n"}))
    assert found == [("more.csv, column wijk", "codes given more than once")]


def test_no_code_in_common_shows_both_kinds_and_the_remedy(study_of):
    tables = [{"path": "base.csv", "key": "wijk"}, {"path": "more.csv", "key": "wijk"}]
    with pytest.raises(DataError, match=r"'WK000100', 'WK000200', wijk has '100', '200'.*\n.*code = \"wijk\""):
        join_tables(study_of({"base.csv": BASE, "more.csv": "wijk,x\n100,1\n200,2\n"}, tables=tables))


def test_on_a_column_that_is_not_there(study_of):
    tables = [{"path": "base.csv", "key": "wijk"}, {"path": "more.csv", "key": "wijk", "on": "wjik"}]
    study = study_of({"base.csv": BASE, "more.csv": "wijk,x\nWK000100,1\n"}, tables=tables)
    assert faults_of(study) == [("more.csv", "no column wjik to match wijk with")]
