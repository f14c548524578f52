"""`bayesmodel card`: on the screen as Markdown, in a file as its ending says, for a machine as JSON."""

import json

import pytest
from typer.testing import CliRunner

from bayesmodel.checks import cross_validation, left_out
from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.cli.program import app
from bayesmodel.errors import ComparisonError
from bayesmodel.testing import invented_fit


def answer(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("fit") / "fit.nc"
    invented_fit(areas=80).save(path)
    return path


def test_the_card_is_in_the_language_of_the_study_or_another(saved):
    dutch, english = answer("card", saved), answer("card", saved, "--report-language", "en")
    assert dutch.exit_code == english.exit_code == 0
    assert dutch.stdout.startswith("# Modelkaart: invented")
    assert english.stdout.startswith("# Model card: invented")
    assert "intervals contained the count" in english.stdout


def test_a_file_is_written_once(saved, tmp_path):
    page = tmp_path / "card.html"
    assert str(page) in answer("card", saved, "--out", page).stdout
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert answer("card", saved, "--out", page).exit_code == ExitCode.NOT_WRITTEN
    assert answer("card", saved, "--out", page, "--force").exit_code == 0


def test_another_ending_is_refused_before_anything_is_worked_out(saved, tmp_path):
    done = answer("card", saved, "--out", tmp_path / "card.pdf")
    assert done.exit_code == ExitCode.FAULT
    assert ".html" in done.stderr


def test_the_card_for_a_machine(saved):
    told = json.loads(answer("card", saved, "--json").stdout)
    assert told["markdown"].startswith("# Modelkaart")
    assert (told["language"], told["file"]) == ("nl", None)


def test_a_check_that_the_data_do_not_allow_costs_no_other(saved, monkeypatch):
    """The invented world has no count to hide, and one gemeente has no other to be predicted from."""
    monkeypatch.setattr(left_out, "_refitted", lambda _fit, result, *_: result)
    scored = cross_validation.cross_validate

    def without_levels(fit, level, **_):
        if level is not None:
            raise ComparisonError("Only 1 gemeente.")
        return scored(fit, refits=0)

    monkeypatch.setattr(cross_validation, "cross_validate", without_levels)
    done = answer("card", saved, "--full", "--report-language", "en", "--language", "en")
    assert done.exit_code == 0
    assert "Each wijk left out and predicted from the rest" in done.stdout
    assert "Not done: hiding known counts" in done.stdout
    assert "This check is not on the card. Only 1 gemeente." in done.stderr
    assert "Between 10 and 19 there are 0 shown counts" in " ".join(done.stderr.split())
