"""`study init` from the command line."""

import json

import pytest
from typer.testing import CliRunner

from bayesmodel.cli.program import app

TABLE = "wijkcode;jongeren;jeugdhulp\nWK000101;1.250;120\nWK000102;80;.\nWK000201;400;41\nWK000202;300;10\n"


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A table in the folder where the program runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wijken.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path / "wijken.csv"


def answer(*arguments):
    return CliRunner().invoke(app, ["study", "init", *map(str, arguments)])


def test_two_commands_from_a_table_to_a_report_on_the_data(table):
    done = answer(table, "--year", 2021)
    assert done.exit_code == 0, done.output
    assert "No question is left open" in done.stdout
    checked = CliRunner().invoke(app, ["check-data", "study.toml"])
    assert checked.exit_code == 0, checked.output
    assert "1 hidden ('.'), read as 0..9" in checked.stdout


def test_what_is_left_to_answer_is_listed_and_paths_start_at_the_study(table):
    (table.parent / "deep").mkdir()
    done = answer(table, "--out", "deep/study.toml", "--json")
    assert json.loads(done.stdout)["questions"] == ["outcome.year", "outcome.vintage"]
    assert 'path = "../wijken.csv"' in (table.parent / "deep" / "study.toml").read_text("utf-8")


def test_a_study_that_exists_is_not_replaced_unless_asked(table):
    table.with_name("study.toml").write_text("mine")
    refused = answer(table)
    assert (refused.exit_code, table.with_name("study.toml").read_text()) == (4, "mine")
    assert answer(table, "--force").exit_code == 0


def test_a_table_that_cannot_be_read_leaves_no_study(table):
    table.write_text("")
    assert answer(table).exit_code == 2
    assert not table.with_name("study.toml").exists()
