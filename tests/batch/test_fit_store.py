"""The shelf: whole or not at all, and whoever is first stays."""

from dataclasses import replace

import pandas as pd
import pytest

from bayesmodel.batch.fit_store import SUMMARY, FitStore, Outcome
from bayesmodel.errors import FitFileError, OutputError
from bayesmodel.inference.diagnostics import Diagnostics

OUTCOME = Outcome("one", key="abc", diagnostics=Diagnostics(1.0, 900.0, 0, 1.0, "intercept"), seconds=1.5)
TABLE = pd.DataFrame({"x": [1.0]})


@pytest.fixture
def shelf(tmp_path):
    shelf = FitStore(tmp_path / "fits")
    shelf.open()
    return shelf


def test_what_is_kept_is_found(shelf):
    assert shelf.find("abc") is None
    shelf.keep(OUTCOME, TABLE)
    assert shelf.find("abc") == OUTCOME
    shelf.write([OUTCOME, Outcome("two", error="no such file")])
    assert FitStore(shelf.folder).read() == (OUTCOME, Outcome("two", error="no such file"))


def test_the_first_stays(shelf):
    shelf.keep(OUTCOME, TABLE)
    shelf.keep(replace(OUTCOME, name="later"), TABLE + 1)
    assert shelf.find("abc").name == "one"
    assert pd.read_parquet(shelf.folder / "abc" / SUMMARY)["x"].tolist() == [1.0]


def test_what_cannot_be_written_leaves_nothing(shelf):
    with pytest.raises(AttributeError):
        shelf.keep(OUTCOME, "no table")
    assert shelf.find("abc") is None
    assert [path.name for path in shelf.folder.iterdir()] == ["many.json"]


def test_drafts_of_killed_workers_go_and_those_of_others_stay(shelf):
    other = FitStore(shelf.folder)
    for owner in (shelf, other):
        (shelf.folder / f".draft-{owner.call}-x").mkdir()
    shelf.clear()
    assert [path.name for path in shelf.folder.glob(".draft*")] == [f".draft-{other.call}-x"]


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    with pytest.raises(OutputError, match="a disk they share"):
        FitStore(tmp_path / "elsewhere").check()


def test_no_list_is_no_collection(tmp_path):
    with pytest.raises(FitFileError, match="no folder of many fits"):
        FitStore(tmp_path).read()
