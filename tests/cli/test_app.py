"""How the program answers, and how a failure leaves it."""

import pytest
from typer.testing import CliRunner

import bayesmodel
from bayesmodel.cli import app as program
from bayesmodel.cli import stages
from bayesmodel.errors import ConvergenceError, OutputError


def answer(*arguments):
    return CliRunner().invoke(program.app, [str(argument) for argument in arguments])


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


@pytest.mark.parametrize("command", ["run", "example", "check-data", "model"])
def test_every_command_is_listed_and_shows_an_example(command):
    assert command in answer("--help").stdout
    assert f"Example: bayesmodel {command}" in answer(command, "--help").stdout


@pytest.mark.parametrize("command", ["run", "check-data", "model"])
def test_a_study_that_is_not_there_is_a_message_and_no_traceback(command, tmp_path):
    done = answer(command, tmp_path / "absent.toml")
    assert done.exit_code == 1
    assert "no such file" in done.stderr
    assert "Traceback" not in done.output


def test_wrong_usage_is_2():
    assert answer("run").exit_code == 2
    assert answer("example", "--areas", "many").exit_code == 2


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (OutputError("the disk [bold] is full"), 1, "the disk [bold] is full"),
        (ConvergenceError("R-hat 1.2 above 1.01"), 3, "R-hat 1.2 above 1.01"),
        (KeyboardInterrupt(), 130, "nothing was written"),
    ],
)
def test_failures_leave_with_their_own_code(failing, failure, code, message):
    failing(failure)
    done = answer("example", "--areas", 60, "--gemeenten", 8, "--regions", 2)
    assert done.exit_code == code
    assert message in done.stderr


def test_a_mistake_of_the_program_itself_is_not_hidden(failing):
    failing(ZeroDivisionError())
    assert isinstance(answer("example").exception, ZeroDivisionError)
