"""The whole way on a small invented country: from a command to a folder that can be read back."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from bayesmodel.inference.storage import load_fit
from bayesmodel.tables.per_area import area_table

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The study of the example, of a country of 60 wijken."""
    path = tmp_path_factory.mktemp("study") / "study.toml"
    text = (ROOT / "data" / "example" / "study.toml").read_text("utf-8")
    path.write_text(
        re.sub(r"areas = \d+\ngemeenten = \d+\nregions = \d+", "areas = 60\ngemeenten = 8\nregions = 2", text)
    )
    return path


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory):
    """The results of a few draws, which need not converge."""
    folder = tmp_path_factory.mktemp("whole-way") / "results"
    few = ["--draws", "50", "--tune", "100", "--seed", "7", "--accept-unconverged"]
    code = "from bayesmodel.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", study, "--out", folder, *few],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert f"Results in {folder}" in done.stdout
    return folder


def test_every_area_has_a_row_and_every_column_a_meaning(folder):
    [path] = folder.glob("wijken_not_converged.csv")
    table = pd.read_csv(path, dtype={"wijk": str})
    codebook = pd.read_csv(folder / "codebook.csv", index_col="column")
    assert len(table) == 60
    assert list(table.columns) == list(codebook.index)


def test_the_saved_fit_gives_the_same_table_again(folder):
    [path] = folder.glob("wijken*.parquet")
    pd.testing.assert_frame_equal(area_table(load_fit(folder / "fit.nc")), pd.read_parquet(path))


def test_what_was_chosen_is_kept(folder):
    kept = json.loads((folder / "provenance.json").read_text("utf-8"))["study"]
    assert kept["example"]["areas"] == 60
    assert (kept["inference"]["draws"], kept["inference"]["seed"]) == (50, 7)


def test_the_files_are_for_everyone_who_may_read_the_folder(folder):
    assert len({path.stat().st_mode for path in folder.iterdir()}) == 1
