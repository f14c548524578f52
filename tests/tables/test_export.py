"""csv in two dialects, read again as code and as Dutch Excel do."""

import json

import pandas as pd
import pytest

from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.export import write_csv, write_csv_description, write_csv_for_excel
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def tables():
    return tables_of(invented_fit())


@pytest.fixture(scope="module")
def excel(tables, tmp_path_factory):
    path = tmp_path_factory.mktemp("excel") / "wijken-excel.csv"
    write_csv_for_excel(tables.frames["wijk"], path, tables.columns("wijk"), tables.notes(), "nl")
    return path


def opened(path):
    """Read as Dutch Excel does."""
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", skip_blank_lines=False)


def test_dutch_excel_takes_it_without_questions(excel):
    content = excel.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_for_excel_numbers_are_those_of_a_report(tables, excel):
    table, read = tables.frames["wijk"], opened(excel)
    assert len(read) == len(table)
    share = read["Onderliggend gebruik (%)"].to_numpy()
    assert share == pytest.approx((100 * table["underlying_share"]).round(1).to_numpy(), nan_ok=True)
    assert read["Feitelijk gebruik, tot (aantal)"].tolist() == table["actual_count_upper"].tolist()


def test_for_excel_hidden_is_said_in_words_and_no_number(tables, excel):
    read = opened(excel)
    hidden = read["Status van het aantal"] == "verborgen"
    assert hidden.sum() == 2
    assert read.loc[hidden, ["Jongeren met jeugdhulp (aantal)", "Feitelijk gebruik (aantal)"]].isna().all(axis=None)


def test_the_header_is_the_first_row_and_notes_stand_in_a_file_beside_it(tables, excel):
    first = excel.read_text("utf-8-sig").splitlines()[0].split(";")
    assert first == [column.header("nl") for column in tables.columns("wijk")]
    told = excel.with_name("wijken-excel-toelichting.txt").read_text("utf-8-sig")
    assert all(note in told for note in tables.notes())
    assert "spreadsheetprogramma" in told


def test_the_description_names_the_columns_of_the_file(tables, tmp_path):
    path, columns = tmp_path / "regio.csv", tables.columns("regio")
    write_csv(tables.frames["regio"], path)
    write_csv_description(path, columns, tables.notes(), tables.title, "en")
    told = json.loads((tmp_path / "regio.csv-metadata.json").read_text("utf-8"))
    schema = told["tableSchema"]
    assert told["url"] == path.name
    assert [column["name"] for column in schema["columns"]] == path.read_text().splitlines()[0].split(",")
    assert schema["columns"][0]["titles"] == {"nl": "jeugdzorgregio, code", "en": "youth-care region, code"}
    assert {column["datatype"] for column in schema["columns"]} == {"string", "gYear", "number"}


def test_a_name_with_everything_that_breaks_a_csv_comes_back(tables, tmp_path):
    name = 'Duin; "Oost", É\n2'
    table = tables.frames["regio"].assign(regio_name=name)
    write_csv(table, tmp_path / "code.csv")
    assert pd.read_csv(tmp_path / "code.csv")["regio_name"].tolist() == [name] * len(table)
    write_csv_for_excel(table, tmp_path / "excel.csv", tables.columns("regio"), (), "nl")
    assert opened(tmp_path / "excel.csv")["Jeugdzorgregio"].tolist() == [name] * len(table)
