"""No text in a csv is run by a spreadsheet program, and what was written can be read back."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.cli.fit_output import keep
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.export import is_live, neutral, neutralised, restored, write_csv, write_csv_for_excel
from bayesmodel.testing import invented_fit

LIVE = [
    '=HYPERLINK("http://x.nl";"klik")', "@SUM(1+1)", "+1+1", "-1+1|cmd", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1",
    "\n=1+1",     "  =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff@SUM(A1)", "＝1+1", "＋1+1", "－1+1|cmd", "＠SUM(1)",
    "\u22121+1|cmd", "﹦1+1",
    '"=1+1', "\x00=1+1", "Duin;=1+1", "Duin, +1+1|cmd", 'Duin";=1+1', "=", "-", "--1", "+31 6 12", "-2-3", "=1,5",
]  # fmt: skip
DEAD = [
    "Duin", "'s-Gravenhage", "'t Zand", "-0,8", "-12", "+3", "-1.234,5", "1e-5", "-2%", "Noord-Oost", "a=b", "x@y.nl",
   "",     "Súdwest-Fryslân", "Duin & Zee", "10-20", "E[Y | x, u_gemeente]", "P(ratio > 1 + margin)",
]  # fmt: skip
pieces = st.sampled_from([*"=+-@＝－", *" \t\r\n;,'\"|", "1", "a", "\u200b", "é"])
texts = st.lists(pieces, max_size=8).map("".join) | st.text(max_size=20)


@pytest.mark.parametrize("text", LIVE)
def test_what_is_run_is_made_neutral(text):
    assert is_live(text)
    assert neutral(text) != text
    assert not is_live(neutral(text))


@pytest.mark.parametrize("text", DEAD)
def test_what_is_not_run_stays_as_it_is(text):
    assert not is_live(text)
    assert neutral(text) == text


@given(texts)
def test_it_can_be_undone(text):
    assert restored(neutral(text)) == text


@given(texts)
def test_nothing_is_left_that_runs(text):
    assert not is_live(neutral(text))


def test_cells_index_headings_and_categories_of_a_table():
    table = pd.DataFrame(
        {"=name": ["+1+1", "Zee"], "group": pd.Categorical(["@a", "b"]), "n": [-1.5, np.nan], "none": [None, "=x"]},
        index=pd.Index(["=a", "b"], name="@code"),
    )
    safe = neutralised(table)
    assert list(safe.columns) == ["'=name", "group", "n", "none"]
    assert safe.index.tolist() == ["'=a", "b"]
    assert safe.index.name == "'@code"
    assert safe["'=name"].tolist() == ["'+1+1", "Zee"]
    assert safe["group"].tolist() == ["'@a", "b"]
    assert safe["n"].dtype == float
    assert safe["n"].iloc[0] == -1.5
    assert safe["none"].isna().tolist() == [True, False]
    assert safe["none"].iloc[1] == "'=x"
    assert table.columns[0] == "=name"


def test_two_columns_of_one_name_and_an_index_of_two_levels():
    index = pd.MultiIndex.from_tuples([("=a", 1), ("b", 2)], names=["code", "+n"])
    safe = neutralised(pd.DataFrame([["=1", "@2"], ["x", "y"]], columns=["a", "a"], index=index))
    assert safe.to_numpy().tolist() == [["'=1", "'@2"], ["x", "y"]]
    assert safe.index.tolist() == [("'=a", 1), ("b", 2)]
    assert safe.index.names == ["code", "'+n"]


@pytest.mark.parametrize(
    "index",
    [
        pd.MultiIndex.from_arrays([[], []], names=["=a", "b"]),
        pd.CategoricalIndex(["=a", "b"]),
        pd.Index([1, 2]),
        pd.Index([None, "=x"], dtype=object),
    ],
)
def test_every_index(index):
    safe = neutralised(pd.DataFrame({"n": range(len(index))}, index=index))
    cells = [cell for row in csv.reader(io.StringIO(safe.to_csv())) for cell in row]
    assert not any(map(is_live, cells))
    assert len(safe.index) == len(index)


def read_cells(text, separator):
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]


@pytest.mark.parametrize("text", LIVE)
def test_every_csv_holds_it_neutral_and_gives_it_back(text, tmp_path):
    tables = tables_of(invented_fit())
    table = tables.frames["gemeente"].assign(gemeente_name=text)
    write_csv(table, tmp_path / "code.csv")
    write_csv_for_excel(table, tmp_path / "excel.csv", tables.columns("gemeente"), ["=note"], "nl")
    keep(table, tmp_path / "kept.csv")
    for name, separator, encoding in (("code", ",", "utf-8"), ("excel", ";", "utf-8-sig"), ("kept", ",", "utf-8")):
        content = (tmp_path / f"{name}.csv").read_bytes().decode(encoding)
        cells = read_cells(content, separator)
        assert [cell for cell in cells if is_live(cell)] == []
        assert [restored(cell) for cell in cells].count(text) >= len(table)
        # as a program sees it that splits on the other mark
        other = {",": ";", ";": ","}[separator]
        assert not re.search(f'{other}[ "]*[=@]', content)


def test_negative_numbers_stay_numbers(tmp_path):
    tables = tables_of(invented_fit())
    columns = tables.columns("wijk")
    write_csv_for_excel(tables.frames["wijk"], tmp_path / "excel.csv", columns, (), "nl")
    read = pd.read_csv(tmp_path / "excel.csv", sep=";", decimal=",", encoding="utf-8-sig")
    for place, column in enumerate(columns):
        if column.name.startswith("difference") and column.name.endswith("_lower"):
            assert read.iloc[:, place].min() < 0
