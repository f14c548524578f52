"""Commands that read a saved fit: show it, and write its tables."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.cli.program import app
from bayesmodel.tables import results_folder
from bayesmodel.testing import invented_fit


def answer(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("fit") / "fit.nc"
    invented_fit().save(path)
    return path


@pytest.fixture(scope="module")
def unconverged(tmp_path_factory):
    fit = invented_fit(draws=50)
    path = tmp_path_factory.mktemp("bad") / "fit.nc"
    replace(fit, diagnostics=replace(fit.diagnostics, divergences=7)).save(path)
    return path


@pytest.mark.parametrize(("formats", "said"), [((), True), (("--format", "csv"), False)])
def test_a_workbook_that_is_left_out_is_said(saved, tmp_path, monkeypatch, formats, said):
    monkeypatch.setattr(results_folder, "find_spec", lambda name: None)
    done = answer("export", saved, "--out", tmp_path / "out", *formats)
    assert done.exit_code == 0
    assert ("There is no workbook (xlsx)" in " ".join(done.stderr.split())) == said


def test_show_tells_levels_coefficients_and_verdict(saved):
    shown = answer("show", saved).stdout
    assert "converged" in shown
    rows = [line.split() for line in shown.splitlines()]
    assert ["gemeente", "3"] in [row[:2] for row in rows]
    assert {"poverty", "divorce"} <= {row[0] for row in rows if row}


def test_show_gives_the_figures_of_the_draws(saved):
    assert "R-hat at most" in answer("show", saved).stdout


def test_show_and_tables_take_the_results_folder(saved, tmp_path):
    assert answer("show", saved.parent, "--json").stdout == answer("show", saved, "--json").stdout
    assert answer("export", saved.parent, "--out", tmp_path / "out", "--format", "csv").exit_code == 0
    empty = answer("show", tmp_path)
    assert empty.exit_code == ExitCode.FAULT
    assert "There is no file" in empty.stderr


def test_show_for_a_machine(saved):
    told = json.loads(answer("show", saved, "--json").stdout)
    assert told["verdict"]["converged"] is True
    assert told["levels"] == {"gemeente": 3, "regio": 2}
    assert set(told["parameters"]) >= {"intercept", "sd_wijk", "beta[poverty]"}


def test_show_in_dutch(saved):
    shown = answer("show", saved, "--language", "nl").stdout
    assert "geconvergeerd" in shown
    assert "Spreiding (standaardafwijking" in shown


def test_tables_writes_what_is_asked_in_the_language_asked(saved, tmp_path):
    done = answer("export", saved, "--out", tmp_path / "out", "--format", "xlsx", "--report-language", "en", "--json")
    told = json.loads(done.stdout)
    assert told["files"] == [
        "codebook.csv", "datapackage.json", "provenance.json", "readme.txt", "ro-crate-metadata.json", "tables.xlsx",
    ]  # fmt: skip
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(told["files"])


def test_tables_of_an_unknown_format_get_help(saved, tmp_path):
    done = answer("export", saved, "--out", tmp_path / "out", "--format", "xsl")
    assert done.exit_code == ExitCode.FAULT
    assert "Known: xlsx, csv" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_tables_of_draws_that_did_not_converge_are_refused(unconverged, tmp_path):
    done = answer("export", unconverged, "--out", tmp_path / "out")
    assert done.exit_code == ExitCode.NOT_CONVERGED
    assert "7 divergent" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_code_4(saved, tmp_path):
    done = answer("export", saved, "--out", tmp_path)
    assert done.exit_code == ExitCode.NOT_WRITTEN
    assert "exists" in done.stderr
