"""The results folder: what it holds, and that nothing is written of draws that may not be relied on."""

import json
from dataclasses import dataclass, field, replace

import pandas as pd
import pytest

from bayesmodel.counts import Counts
from bayesmodel.errors import ConvergenceError, OutputError
from bayesmodel.inference.verdict import Verdict
from bayesmodel.outputs import results
from bayesmodel.outputs.results import write_results

GOOD = Verdict(rhat_max=1.003, ess_min=812.0, divergences=0, bfmi_min=0.8, worst="sd_wijk")
BAD = replace(GOOD, divergences=7)


@dataclass(frozen=True)
class Draws:
    """As much of a fit as the folder needs; the whole way is gone in tests/cli/test_whole_way.py."""

    counts: Counts
    verdict: Verdict = GOOD
    provenance: dict = field(default_factory=lambda: {"seed": 1})

    @property
    def study(self):
        return self.counts.study

    def save(self, path):
        path.write_bytes(b"draws")


@pytest.fixture
def draws(counts, monkeypatch):
    """A fit of five wijken, whose table holds a name with everything that breaks a csv."""
    table = pd.DataFrame(
        {"name": ['Duin, "Oost"', "Zee", "É", "D", "E"], "rate": [0.1, 0.25, 1 / 3, 0, 1]}, counts.areas.codes
    )
    columns = pd.DataFrame({"unit": ["", "share"]}, pd.Index(["name", "rate"], name="column"))
    monkeypatch.setattr(results, "area_table", lambda fit: table)
    monkeypatch.setattr(results, "codebook", lambda fit: columns)
    return Draws(counts)


def test_the_folder_holds_everything(draws, tmp_path):
    files = write_results(draws, tmp_path / "results")
    assert {path.name for path in files} == {
        "codebook.csv", "fit.nc", "lees-mij.txt", "provenance.json", "wijken.csv", "wijken.parquet",
    }  # fmt: skip
    assert set(files) == set((tmp_path / "results").iterdir())


def test_tables_come_back_as_they_were(draws, tmp_path):
    write_results(draws, tmp_path / "results")
    table = results.area_table(draws)
    read = pd.read_csv(tmp_path / "results" / "wijken.csv", index_col="wijk")
    pd.testing.assert_frame_equal(read, table, check_exact=True)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "results" / "wijken.parquet"), table, check_exact=True)


def test_provenance_holds_the_whole_study_and_the_verdict(draws, tmp_path):
    write_results(draws, tmp_path / "results")
    content = json.loads((tmp_path / "results" / "provenance.json").read_text("utf-8"))
    assert content["study"] == draws.study.model_dump(mode="json")
    assert content["verdict"]["converged"] is True
    assert content["provenance"] == {"seed": 1}


def test_an_english_study_is_read_in_english(draws, tmp_path):
    study = draws.study.model_copy(update={"report": draws.study.report.model_copy(update={"language": "en"})})
    counts = replace(draws.counts, areas=replace(draws.counts.areas, study=study))
    write_results(replace(draws, counts=counts), tmp_path / "results")
    assert "This is no forecast" in (tmp_path / "results" / "readme.txt").read_text("utf-8")


def test_draws_that_did_not_converge_are_refused(draws, tmp_path):
    with pytest.raises(ConvergenceError, match="7 divergent"):
        write_results(replace(draws, verdict=BAD), tmp_path / "results")
    assert list(tmp_path.iterdir()) == []


def test_when_accepted_every_file_says_they_did_not_converge(draws, tmp_path):
    write_results(replace(draws, verdict=BAD), tmp_path / "results", accept_unconverged=True)
    names = {path.name for path in (tmp_path / "results").iterdir()}
    assert {"wijken_not_converged.csv", "wijken_not_converged.parquet"} < names
    assert (tmp_path / "results" / "lees-mij.txt").read_text("utf-8").splitlines()[2].startswith("NIET GECONVERGEERD")
    assert json.loads((tmp_path / "results" / "provenance.json").read_text("utf-8"))["verdict"]["converged"] is False


def test_a_disk_that_refuses_halfway_leaves_nothing(draws, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", refuse)
    with pytest.raises(OutputError, match="No space left on device"):
        write_results(draws, tmp_path / "results")
    assert list(tmp_path.iterdir()) == []


def test_a_fit_that_cannot_be_saved_leaves_the_older_results(draws, tmp_path, monkeypatch):
    write_results(draws, tmp_path / "results")
    older = {path.name: path.read_bytes() for path in (tmp_path / "results").iterdir()}
    monkeypatch.setattr(Draws, "save", lambda self, path: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_results(draws, tmp_path / "results", force=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "results").iterdir()} == older
