"""Where the program starts: the language of messages."""

import pytest

from bayesmodel.cli.start import language_asked
from bayesmodel.cli.typer_group import shared_first


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--language", "nl"], "nl"),
        (["run", "--language=en", "study.toml"], "en"),
        (["run", "study.toml"], None),
        (["--language"], None),
    ],
)
def test_the_language_asked_for(arguments, language):
    assert language_asked(arguments) == language


def test_shared_options_come_first_and_what_follows_two_dashes_stays():
    assert shared_first(["fit", "a", "-q", "--", "--json"]) == ["-q", "fit", "a", "--", "--json"]
    assert shared_first(["fit", "a", "--language"]) == ["--language", "fit", "a"]
