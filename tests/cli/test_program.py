"""How the program answers, and how a failure leaves it."""

import errno
import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import bayesmodel
from bayesmodel.cli import program as program
from bayesmodel.cli import stages
from bayesmodel.cli.exit_codes import ExitCode
from bayesmodel.errors import ConvergenceError, DataError, Fault, FitFileError, OutputError

COMMANDS = ["run", "fit", "export", "show", "example", "check-data", "model"]


def answer(*arguments):
    return CliRunner().invoke(program.app, [str(argument) for argument in arguments])


def started(*arguments, language, **environment):
    """Run the program as a shell does, in an environment of a language."""
    return subprocess.run(
        [sys.executable, "-c", "from bayesmodel.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"BAYESMODEL_LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": language} | environment,
    )


@pytest.fixture
def failing(monkeypatch):
    """Let every analysis end in the given failure."""

    def arrange(failure):
        def carry_out(*_, **__):
            raise failure

        monkeypatch.setattr(stages, "carry_out", carry_out)

    return arrange


def test_version():
    done = answer("--version")
    assert (done.exit_code, done.stdout) == (0, f"bayesmodel {bayesmodel.__version__}\n")


def test_alone_it_says_what_to_do_first():
    done = answer()
    assert done.exit_code == 0
    assert "bayesmodel example" in done.stdout
    assert "--help" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_listed_and_shows_an_example(command):
    assert f"│ {command} " in answer("--help").stdout
    assert f"Example: bayesmodel {command}" in answer(command, "--help").stdout


@pytest.mark.parametrize("command", ["run", "fit", "check-data", "model"])
def test_a_study_that_is_not_there_is_a_message_and_no_traceback(command, tmp_path):
    done = answer(command, tmp_path / "absent.toml")
    assert done.exit_code == ExitCode.FAULT
    assert "no such file" in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize("command", ["show", "export"])
def test_a_fit_that_is_not_there_is_a_message_and_no_traceback(command, tmp_path):
    done = answer(command, tmp_path / "absent.nc")
    assert done.exit_code == ExitCode.FAULT
    assert "There is no file" in done.stderr
    assert "Traceback" not in done.output


def test_wrong_usage_is_2():
    assert answer("run").exit_code == ExitCode.FAULT
    assert answer("example", "--areas", "many").exit_code == ExitCode.FAULT
    assert answer("--language", "fr", "run", "study.toml").exit_code == ExitCode.FAULT


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (DataError("counts.csv", [Fault("care", "-3", "a count")]), 2, "found -3; expected a count"),
        (FitFileError("no fit"), 2, "no fit"),
        (OutputError("the disk [bold] is full"), 4, "the disk [bold] is full"),
        (ConvergenceError("R-hat 1.2 above 1.01"), 3, "R-hat 1.2 above 1.01"),
        (KeyboardInterrupt(), 130, "nothing was written"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--quiet",), ("--json",)])
def test_failures_leave_with_their_own_code_in_every_mode(failing, failure, code, message, options):
    failing(failure)
    done = answer("example", "--areas", 60, "--gemeenten", 8, "--regions", 2, *options)
    assert done.exit_code == code
    assert message in done.stderr
    if "--json" in options:
        told = json.loads(done.stdout)["error"]
        assert (told["exit_code"], told["kind"]) == (code, type(failure).__name__)
        assert message in told["message"]
    else:
        assert done.stdout == ""


def test_faults_are_told_to_a_machine_one_by_one(failing):
    failing(DataError("counts.csv", [Fault("care", "-3", "a count", "Correct it.", ["WK000300"])]))
    [fault] = json.loads(answer("example", "--json").stdout)["error"]["faults"]
    assert fault == {
        "where": "care", "found": "-3", "expected": "a count", "advice": "Correct it.", "rows": ["WK000300"],
        "kind": "other",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        ("check-data", "--wrong"),
        ("nosuch",),
        ("run",),
        ("run", "study.toml", "--draws", "many"),
        ("run", "study.toml", "--chains"),
        ("show", "fit.nc", "too", "many"),
        ("--language", "fr", "show", "fit.nc"),
        ("--wrong", "show", "fit.nc"),
        ("study",),
        ("study", "init"),
        ("study", "init", "absent.csv", "--year", "x"),
        ("study", "init", "absent.csv"),
        ("plot", "absent.nc", "forest", "--interval", "wide"),
        ("check-data", "absent.toml"),
        ("show", "absent.nc"),
    ],
)
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_machine_is_told_of_wrong_usage_in_one_json_object(line, place):
    done = answer("--json", *line) if place == "first" else answer(*line, "--json")
    assert done.exit_code == ExitCode.FAULT
    told = json.loads(done.stdout)["error"]
    assert told["exit_code"] == ExitCode.FAULT
    assert told["message"]
    assert told["faults"] or told["kind"] in ("UsageError", "FitFileError", "DataError")


def test_without_json_wrong_usage_leaves_stdout_empty():
    assert answer("check-data", "--wrong").stdout == ""
    assert answer("check-data", "--wrong", "--", "--json").stdout == ""


def test_a_mistake_of_the_program_itself_is_not_hidden(failing):
    failing(ZeroDivisionError())
    assert isinstance(answer("example").exception, ZeroDivisionError)


def test_exit_codes_are_in_the_help():
    told = " ".join(answer("--help").stdout.split())
    assert all(f" {code.value} " in told.split("Exit codes:")[1] for code in ExitCode)


def test_the_shell_can_complete():
    asked = {"_BAYESMODEL_COMPLETE": "complete_bash", "COMP_WORDS": "bayesmodel che", "COMP_CWORD": "1"}
    shown = started(language="en_GB.UTF-8", **asked)
    assert sorted(shown.stdout.split()) == ["check", "check-boundaries", "check-data"]


def test_help_and_failures_speak_the_language_of_the_machine():
    assert "Voorbeeld: bayesmodel run" in started("run", "--help", language="nl_NL.UTF-8").stdout
    assert "Opties" in started("run", "--help", "--language", "nl", language="en_GB.UTF-8").stdout
    assert "Er is geen bestand absent.nc" in started("show", "absent.nc", language="nl_NL.UTF-8").stderr
    assert "There is no file" in started("show", "absent.nc", "--language", "en", language="nl_NL.UTF-8").stderr


def test_a_disk_that_a_library_finds_full_is_said(failing, tmp_path):
    """Such as numba, where it keeps what it compiles; other errors of the system are faults of this program."""
    failing(OSError(errno.ENOSPC, "No space left on device", "kernel.nbc"))
    result = answer("example", "--out", tmp_path / "results")
    assert result.exit_code == ExitCode.NOT_WRITTEN
    assert "kernel.nbc could not be written: No space left on device" in " ".join(result.stderr.split())
    failing(OSError(errno.EIO, "Input/output error"))
    assert isinstance(answer("example", "--out", tmp_path / "results").exception, OSError)
