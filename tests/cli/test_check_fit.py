"""`bayesmodel check`: sentences in the language asked for, a page that needs nothing else, and data for a machine."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from bayesmodel.checks import hide_and_seek, left_out
from bayesmodel.checks.hide_and_seek import HideAndSeek
from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.cli.program import app
from bayesmodel.study import study_from
from bayesmodel.testing import invented_fit


def answer(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("fit") / "fit.nc"
    invented_fit(areas=320).save(path)
    return path


def test_check_says_how_often_intervals_held(saved):
    dutch, english = answer("check", saved), answer("check", saved, "--language", "en")
    assert dutch.exit_code == english.exit_code == 0
    assert re.search(r"Alle wijken: intervallen hielden \d+ van de 100 keer", dutch.stdout)
    assert re.search(r"All wijken: intervals contained the count \d+ of 100 times", english.stdout)


def test_check_for_a_machine(saved):
    told = json.loads(answer("check", saved, "--json").stdout)
    assert {"concerns", "sentences", "coverage", "predictive", "page"} == set(told)
    assert told["coverage"][0]["shown"] == 160


def test_the_page_stands_by_itself(saved, tmp_path):
    page = tmp_path / "page.html"
    assert answer("check", saved, "--out", page, "--by", "poverty").exit_code == 0
    text = page.read_text("utf-8")
    assert text.count("<img alt=") == 3
    assert 'src="http' not in text
    assert '<html lang="nl">' in text
    assert "getoonde aantallen" in text
    assert not {"hidden_expected", "coverage", "observed"} & set(re.findall(r"<th>(.*?)</th>", text))
    assert re.search(r"<td>\d+,\d%</td>", text)
    again = answer("check", saved, "--out", page)
    assert again.exit_code == ExitCode.NOT_WRITTEN


def test_another_ending_than_that_of_a_page_is_refused(saved, tmp_path):
    told = answer("check", saved, "--out", tmp_path / "check.txt", "--language", "en")
    assert told.exit_code == ExitCode.FAULT
    assert "ending of a page '.txt'" in told.stderr
    assert not list(tmp_path.iterdir())


def test_intervals_on_the_page_are_those_of_the_study(tmp_path):
    fit = invented_fit(areas=40)
    study = fit.study.model_dump()
    study["report"]["interval"] = 0.8
    replace(fit, counts=fit.counts.with_study(study_from(study))).save(tmp_path / "fit.nc")
    page = tmp_path / "page.html"
    assert answer("check", tmp_path / "fit.nc", "--out", page, "--language", "en").exit_code == 0
    assert "<th>from (80% interval)</th>" in page.read_text("utf-8")
    assert "90% interval" not in page.read_text("utf-8")


def test_what_a_machine_reads_is_what_a_reader_does(saved):
    shown = answer("check", saved, "--language", "en").stdout
    told = json.loads(answer("check", saved, "--language", "en", "--json").stdout)
    assert shown.splitlines() == [f"- {sentence}" for sentence in told["sentences"]]


@pytest.fixture
def without_refits(monkeypatch):
    """Areas are not left out by refitting."""
    monkeypatch.setattr(left_out, "_refitted", lambda _fit, result, *_: result)


@pytest.mark.usefixtures("without_refits")
def test_the_rest_is_kept_where_too_few_counts_can_be_hidden(saved, tmp_path):
    page = tmp_path / "page.html"
    done = answer("check", saved, "--full", "--language", "en", "--out", page)
    assert done.exit_code == 0
    assert "intervals contained the count" in done.stdout
    assert "Known counts were not hidden and sought. Between 10 and 19 there are 0 shown counts" in done.stdout
    assert "Known counts were not hidden and sought" in page.read_text("utf-8")


@pytest.mark.usefixtures("without_refits")
def test_the_table_of_hide_and_seek_is_in_the_language_of_the_page(saved, tmp_path, monkeypatch):
    names = ["bias", "error", "score", "coverage", "total", "total_lower", "total_upper", "total_true", "shift"]
    table = pd.DataFrame(1.5, pd.Index(["window", "middle"], name="treatment"), names)
    table.loc["middle", "coverage"] = float("nan")
    counted = pd.DataFrame({"truth": [12.0], "mean": [11.0], "lower": [10.0], "upper": [14.0]})
    found = HideAndSeek(table, counted, (10, 19), invented_fit().study)
    monkeypatch.setattr(hide_and_seek, "hide_and_seek", lambda *_, **__: found)
    page = tmp_path / "page.html"
    assert answer("check", saved, "--full", "--language", "nl", "--out", page).exit_code == 0
    text = page.read_text("utf-8")
    assert not set(names) & set(re.findall(r"<th>(.*?)</th>", text))
    assert "<th>in werkelijkheid</th>" in text
    assert "midden ingevuld" in text
    assert "<td>150,0%</td>" in text
    assert "nan" not in re.findall(r"<td>(.*?)</td>", text)


def test_a_determinant_that_is_not_there_is_said(saved):
    done = answer("check", saved, "--by", "povrty")
    assert done.exit_code == ExitCode.FAULT
    assert "poverty" in done.stderr
