"""The results folder: what it holds, and that nothing is written of draws that may not be relied on."""

import json
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest

from bayesmodel.data.remark import RemarkKind, remark
from bayesmodel.errors import ConvergenceError, MissingFeatureError, OutputError, UnknownNameError
from bayesmodel.inference.fit import Fit, refuse_unconverged
from bayesmodel.inference.storage import load_fit
from bayesmodel.tables import results_folder
from bayesmodel.tables.per_area import area_table
from bayesmodel.tables.results_folder import write_results, write_tables
from bayesmodel.testing import invented_fit

STEMS = ["wijken", "gemeenten", "regio"]
BESIDE = {"codebook.csv", "provenance.json", "lees-mij.txt", "datapackage.json", "ro-crate-metadata.json"}


@pytest.fixture(scope="module")
def fit():
    return invented_fit()


@pytest.fixture(scope="module")
def unconverged(fit):
    return replace(fit, diagnostics=replace(fit.diagnostics, divergences=7))


@pytest.fixture(scope="module")
def folder(fit, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "results"
    write_results(fit, folder)
    return folder


def test_the_folder_holds_everything(folder):
    ends = (".csv", ".csv-metadata.json", "-excel.csv", "-excel-toelichting.txt", ".parquet")
    tables = {f"{stem}{end}" for stem in STEMS for end in ends}
    assert {path.name for path in folder.iterdir()} == tables | BESIDE | {"fit.nc", "tables.xlsx"}


def test_the_files_are_returned(fit, tmp_path):
    files = write_tables(fit, tmp_path / "tables", ("parquet",))
    assert {path.name for path in files} == {f"{stem}.parquet" for stem in STEMS} | BESIDE
    assert set(files) == set((tmp_path / "tables").iterdir())


def test_tables_come_back_as_they_were(fit, folder):
    table = area_table(fit)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "wijken.parquet"), table, check_exact=True)
    read = pd.read_csv(folder / "wijken.csv", index_col="wijk", keep_default_na=False, na_values=[""])
    numbers = table.select_dtypes("number").columns
    pd.testing.assert_frame_equal(read[numbers].astype(float), table[numbers].astype(float), check_exact=True)


def test_the_saved_fit_can_be_read(fit, folder):
    assert load_fit(folder / "fit.nc").posterior.equals(fit.posterior)


def test_provenance_holds_the_notes_the_whole_study_and_the_verdict(fit, folder):
    content = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert content["study"] == fit.study.model_dump(mode="json")
    assert content["verdict"]["converged"] is True
    assert content["provenance"] == {"made_up": True}
    assert any("geen voorspelling" in note for note in content["notes"])


def test_every_table_says_what_readers_must_be_told(folder):
    told = "geen teken van goed of slecht beleid"
    for stem in STEMS:
        assert told in (folder / f"{stem}.csv-metadata.json").read_text("utf-8")
        assert told in (folder / f"{stem}-excel-toelichting.txt").read_text("utf-8-sig")
        assert told in json.loads(pq.read_schema(folder / f"{stem}.parquet").metadata[b"bayesmodel"])["notes"][1]
    assert told in (folder / "lees-mij.txt").read_text("utf-8")


def test_another_language_than_that_of_the_study(fit, tmp_path):
    write_tables(fit, tmp_path / "tables", ("csv",), "en")
    assert "This is no forecast" in (tmp_path / "tables" / "readme.txt").read_text("utf-8")
    assert "This is no forecast" in (tmp_path / "tables" / "wijken.csv-metadata.json").read_text("utf-8")


def test_an_unknown_format_is_refused(fit, tmp_path):
    with pytest.raises(UnknownNameError, match="xlsx"):
        write_tables(fit, tmp_path / "tables", ("xls",))
    assert list(tmp_path.iterdir()) == []


def test_without_its_library_a_workbook_is_left_out_unless_asked_for(fit, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(results_folder, "find_spec", lambda name: None)
    written = write_tables(fit, tmp_path / "some")
    assert not any(path.suffix == ".xlsx" for path in written)
    assert 'pip install "bayesmodel-sae[report]"' in (tmp_path / "some" / "lees-mij.txt").read_text("utf-8")
    with pytest.raises(MissingFeatureError, match=r"bayesmodel-sae\[report\]"):
        write_tables(fit, tmp_path / "tables", ("xlsx",))


@pytest.mark.parametrize("write", [write_results, write_tables])
def test_draws_that_did_not_converge_are_refused(unconverged, tmp_path, write):
    with pytest.raises(ConvergenceError, match="7 divergent"):
        write(unconverged, tmp_path / "results")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [(RemarkKind.NOT_DELIVERED, True), (RemarkKind.HIDDEN_UNLIKELY, True), (RemarkKind.SAME_NAME, False)],
)
def test_a_refusal_repeats_what_was_remarked_of_counts_that_cannot_be_hidden(unconverged, kind, told):
    counts = replace(unconverged.counts, remarks=(remark(kind, "count", lambda: "look at GM0001"),))
    with pytest.raises(ConvergenceError) as refused:
        refuse_unconverged(replace(unconverged, counts=counts), accept=False)
    assert ("look at GM0001" in str(refused.value)) is told


def test_when_accepted_every_file_says_they_did_not_converge(unconverged, tmp_path):
    write_results(unconverged, tmp_path / "results", accept_unconverged=True)
    names = {path.name for path in (tmp_path / "results").iterdir()}
    assert {"wijken_not_converged.csv", "wijken_not_converged.parquet", "tables_not_converged.xlsx"} < names
    assert (tmp_path / "results" / "lees-mij.txt").read_text("utf-8").splitlines()[2].startswith("NIET GECONVERGEERD")
    excel = tmp_path / "results" / "wijken_not_converged-excel-toelichting.txt"
    assert excel.read_text("utf-8-sig").startswith("NIET GECONVERGEERD")
    assert json.loads((tmp_path / "results" / "provenance.json").read_text("utf-8"))["verdict"]["converged"] is False


def test_a_disk_that_refuses_halfway_leaves_nothing(fit, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results_folder, "write_parquet", refuse)
    with pytest.raises(OutputError, match="No space left on device"):
        write_results(fit, tmp_path / "results")
    assert list(tmp_path.iterdir()) == []


def test_a_fit_that_cannot_be_saved_leaves_the_older_results(fit, tmp_path, monkeypatch):
    write_results(fit, tmp_path / "results")
    older = {path.name: path.read_bytes() for path in (tmp_path / "results").iterdir()}
    monkeypatch.setattr(Fit, "save", lambda self, path: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_results(fit, tmp_path / "results", force=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "results").iterdir()} == older


def test_a_table_too_long_for_a_sheet_leaves_the_workbook_out_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("bayesmodel.tables.results_folder.MOST_ROWS", 5)
    written = {path.name for path in write_tables(invented_fit(), tmp_path / "tables", language="en")}
    assert "tables.xlsx" not in written
    assert "a sheet has at most 5 rows" in (tmp_path / "tables" / "readme.txt").read_text("utf-8")
