"""Tables of a local explanation: every column described, the same figures in every file, words in both languages."""

import json

import pandas as pd
import pytest
from openpyxl import load_workbook

from bayesmodel.estimates.explain_locally import explain_locally
from bayesmodel.tables.local_tables import local_tables, write_local_tables
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def found():
    fit = invented_fit(areas=40)
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]
    codes = [*fit.counts.areas.codes[:19], "WK999999"]
    return explain_locally(fit, pd.DataFrame({"wijk": codes, "waiting": values}), ["waiting"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_column_of_a_table_is_described(found, language):
    for table, columns in local_tables(found, language).values():
        assert [column.name for column in columns] == table.reset_index().columns.tolist()
        assert all(column.label[language] and column.definition[language] for column in columns)


def test_the_last_row_of_the_determinants_is_of_all_together(found):
    table, _columns = local_tables(found, "en")["determinants"]
    assert table.index.tolist() == ["waiting", "together"]
    assert table.loc["together", "name"] == "all local determinants together"
    assert table["share"].isna().tolist() == [True, False]


@pytest.mark.parametrize(("language", "said"), [("nl", "niet te zeggen"), ("en", "inconclusive")])
def test_files_hold_the_same_figures(found, tmp_path, language, said):
    names = write_local_tables(found, tmp_path, language)
    assert {"determinants.csv", "wijken.csv", "left-out.csv", "tables.xlsx", "wijken-excel.csv"} <= set(names)
    areas = pd.read_csv(tmp_path / "wijken.csv", index_col="wijk")
    assert areas["explained"].to_numpy() == pytest.approx(found.areas()["explained"].to_numpy())
    assert pd.read_csv(tmp_path / "left-out.csv")["wijk"].tolist() == found.determinants.left_out.index.tolist()
    excel = (tmp_path / "determinants-excel.csv").read_text("utf-8-sig")
    assert said in excel
    book = load_workbook(tmp_path / "tables.xlsx")
    assert len(book.worksheets) == 4
    sheet = book.worksheets[1]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0][:3] == ("wijk", "wijk_name", "population")
    assert [row[0] for row in rows[1:]] == areas.index.tolist()
    described = json.loads((tmp_path / "wijken.csv-metadata.json").read_text("utf-8"))
    assert described["dc:description"].startswith(found.sentences(language)[0])
