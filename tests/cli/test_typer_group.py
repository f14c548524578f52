"""A command line that is not understood is answered in the language of the user."""

import re

import pytest
from typer.testing import CliRunner

from bayesmodel.cli import program as program
from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.cli.typer_group import UsageError, well_used
from bayesmodel.messages import _, speaking

ENGLISH = re.compile(r"Missing|No such|Invalid|Got|requires|does not|Usage|is not one|Did you mean|Input|OPTIONS")
WIDE = {"COLUMNS": "200", "NO_COLOR": "1"}


def answer(*arguments, language):
    with speaking(language):  # as the program does before it reads the rest of the command line
        return CliRunner(env=WIDE).invoke(program.app, ["--language", language, *arguments])


@pytest.mark.parametrize(
    ("arguments", "dutch"),
    [
        (["run"], "Het argument 'STUDIE' ontbreekt."),
        (["run", "--nope", "x.toml"], "De optie --nope bestaat niet. Bedoelt u"),
        (["run", "--q", "x.toml"], "De optie --q bestaat niet."),
        (["run", "x.toml", "--draws"], "De optie '--draws' vraagt om een waarde."),
        (["run", "--force=3", "x.toml"], "Bij de optie '--force' hoort geen waarde."),
        (["run", "x.toml", "y.toml"], "Te veel argumenten: y.toml."),
        (["example", "--areas", "veel"], "'--areas' is 'veel'; verwacht een geheel getal."),
        (["study", "init", "x.csv", "--year", "3000"], "'--year' is '3000'; verwacht hoogstens 2100."),
        (["export", "x.nc", "--report-language", "fr"], "'--report-language' is 'fr', en dat is geen van 'nl', 'en'."),
        (["rnu"], "De opdracht 'rnu' bestaat niet. Bedoelt u 'run'?"),
        (["xyz"], "De opdracht 'xyz' bestaat niet."),
    ],
)
def test_wrong_usage_is_said_in_dutch_and_in_english(arguments, dutch, monkeypatch):
    monkeypatch.setattr("typer.core._", _)  # as gettext speaks where the program starts in Dutch
    done = answer(*arguments, language="nl")
    said = " ".join(re.sub("[│╭╮╰╯─]", " ", done.output).split())
    assert done.exit_code == ExitCode.FAULT
    assert dutch in said
    assert ENGLISH.findall(said) == []
    assert answer(*arguments, language="en").exit_code == ExitCode.FAULT


def test_help_speaks_dutch_whole():
    said = answer("plot", "--help", language="nl").output
    assert "Gebruik: bayesmodel plot [OPTIES] {SCHATTING} {SOORT} [GEBIED]" in said
    assert "forest|comparison" not in said


def test_a_sentence_of_typer_that_is_not_known_stays():
    with pytest.raises(UsageError, match=r"^Something new\.$"), well_used(None):
        raise UsageError("Something new.", None)
