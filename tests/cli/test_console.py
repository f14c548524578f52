"""How the program speaks: the answer on stdout, all else on stderr."""

import json
from pathlib import Path

import numpy as np
import pytest

from bayesmodel.cli.console import Reporter, plain

LOUD, QUIET, JSON = Reporter(), Reporter(quiet=True), Reporter(as_json=True)


def test_messages_go_to_stderr_and_the_answer_to_stdout(capsys):
    LOUD.say("reading [bold]", 2)
    LOUD.answer("done [/bold]", {})
    said = capsys.readouterr()
    assert said.out == "done [/bold]\n"
    assert said.err.strip() == "reading [bold]"


def test_a_long_answer_is_not_broken_into_lines(capsys):
    LOUD.answer("word " * 100, {})
    assert capsys.readouterr().out.count("\n") == 1


def test_a_quiet_program_only_answers(capsys):
    with QUIET.stage("fit"), QUIET.sampling() as report:
        report(1, 10, 0)
    QUIET.say("note")
    QUIET.answer("answer", {})
    assert tuple(capsys.readouterr()) == ("answer\n", "")


def test_for_a_machine_stdout_is_one_object(capsys):
    with JSON.stage("fit"):
        pass
    JSON.answer("answer", {"share": np.float64(0.5)})
    said = capsys.readouterr()
    assert json.loads(said.out) == {"share": 0.5}
    assert said.err == ""


def test_a_stage_that_fails_is_not_called_done(capsys):
    with pytest.raises(ValueError, match="no"), LOUD.stage("fit"):
        raise ValueError("no")
    assert "done" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("inf"), "inf"),
        (np.nan, None),
        (np.array([1, 2]), [1, 2]),
        ({1: (Path("a"), None, True)}, {"1": ["a", None, True]}),
    ],
)
def test_values_are_plain(value, expected):
    assert plain(value) == expected
    json.dumps(plain(value), allow_nan=False)
