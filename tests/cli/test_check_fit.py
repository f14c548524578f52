"""`bayesmodel check`: sentences in the language asked for, a page that needs nothing else, and data for a machine."""

import json
import re

import pytest
from typer.testing import CliRunner

from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.cli.program import app
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


def test_a_determinant_that_is_not_there_is_said(saved):
    done = answer("check", saved, "--by", "povrty")
    assert done.exit_code == ExitCode.FAULT
    assert "poverty" in done.stderr
