"""`bayesmodel explain-locally`: a table of a region in, tables and a picture out, and help where it makes no sense."""

import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from typer.testing import CliRunner

from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.cli.program import app
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """A results folder, and the table of a region with a symbol for a gap and a code of another year."""
    folder, fit = tmp_path_factory.mktemp("results"), invented_fit(areas=40)
    fit.save(folder / "fit.nc")
    values = np.random.default_rng(1).normal(10, 2, 21).round(1).astype(str)
    values[3] = "x"
    codes = [*fit.counts.areas.codes[:20], "WK999999"]
    pd.DataFrame({"wijk": codes, "waiting": values, "same": 1}).to_csv(folder / "extra.csv", index=False)
    return folder


def explain(region, *arguments):
    command = ["explain-locally", region, "--table", region / "extra.csv", "--missing", "x", *arguments]
    return CliRunner().invoke(app, [str(part) for part in command])


def test_tables_and_picture_are_written_whole(region, tmp_path):
    done = explain(region, "--determinants", "waiting", "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == answer["files"]
    assert {"areas.png", "wijken.csv", "determinants.csv", "left-out.csv"} <= set(answer["files"])
    assert {"WK999999", "WK000100"} - set(answer["left_out"]) == {"WK000100"}
    assert answer["gains"]["waiting"]["verdict"] == "inconclusive"
    with Image.open(tmp_path / "out" / "areas.png") as image:
        assert "lokale kenmerken" in image.info["Description"]


def test_the_answer_speaks_the_language_that_is_asked(region, tmp_path):
    out = tmp_path / "out"
    done = explain(region, "--determinants", "waiting", "--out", out, "--language", "en", "--report-language", "en")
    said = " ".join(done.stdout.split())
    assert "inconclusive" in said
    assert "The national model has not changed" in said
    assert "not in the fit" in (out / "left-out.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--determinants", "waitng"), "Did you mean waiting?"),
        (("--determinants", "same"), "one value everywhere"),
        (("--determinants", "waiting", "--code", "same"), "no code of"),
        (("--determinants", "waiting", "--gemeente", "GM9999"), "GM9999"),
        (("--determinants", "waiting", "--gemeente", "GM0002"), "at least 3"),
        (("--determinants", ","), "a list of one column or more"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(region, tmp_path, arguments, message):
    done = explain(region, *arguments, "--out", tmp_path / "out", "--language", "en")
    assert done.exit_code == ExitCode.FAULT
    assert message in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()


def test_older_results_are_not_replaced(region, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = explain(region, "--determinants", "waiting", "--out", tmp_path)
    assert done.exit_code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
