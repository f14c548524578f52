"""What typer says of a command line that is no command line, in the language of the user.

Typer makes these sentences itself, in English and without a catalogue. They are recognised by their form; one that is
not recognised stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from bayesmodel.messages import _

UsageError: Any = typer.BadParameter.__mro__[1]
"""The failure of every command line that is not understood; typer gives it no public name."""

SENTENCES: dict[str, Callable[[], str]] = {
    r"Missing argument (?P<name>.+)\.": lambda: _("Argument {name} is missing."),
    r"Missing option (?P<name>.+)\.": lambda: _("Option {name} is missing."),
    r"No such option: (?P<name>\S+)": lambda: _("There is no option {name}."),
    r"No such option: (?P<name>\S+) \(Possible options: (?P<names>.+)\)": lambda: _(
        "There is no option {name}. Did you mean {names}?"
    ),
    r"Option (?P<name>.+) requires an argument\.": lambda: _("Option {name} needs a value."),
    r"Option (?P<name>.+) requires (?P<number>[0-9]+) arguments\.": lambda: _("Option {name} needs {number} values."),
    r"Option (?P<name>.+) does not take a value\.": lambda: _("Option {name} takes no value."),
    r"Got unexpected extra arguments?(?:\(s\))? \((?P<names>.+)\)": lambda: _("There is more than is asked: {names}."),
    r"Invalid value for (?P<name>.+?): (?:Value error, )?(?P<found>.+) is not one of (?P<names>.+)\.": lambda: _(
        "{name} is {found}, which is none of {names}."
    ),
    r"(?P<text>.+) Did you mean (?P<names>.+)\?": lambda: _("{text} Did you mean {names}?"),
}
"""How typer says it, and how we do."""


@contextmanager
def well_used() -> Iterator[None]:
    """Say in the language of the user what is wrong with a command line.

    Raises
    ------
    UsageError
        As typer raised it, with another text.
    """
    try:
        yield
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # the help of a command without arguments: nothing is wrong
            raise
        raise UsageError(_said(error), error.ctx) from None


def usage_line(ctx: Any, formatter: Any, pieces: Sequence[str]) -> None:
    """Write how a command is called, as typer does but for the language.

    Parameters
    ----------
    ctx, formatter : typer's
    pieces : sequence of str
        Options and arguments, as typer collects them.
    """
    known = {"[OPTIONS]": _("[OPTIONS]"), "COMMAND [ARGS]...": _("COMMAND [ARGS]...")}
    formatter.write_usage(ctx.command_path, " ".join(known.get(piece, piece) for piece in pieces), _("Usage: "))


def in_own_words(sentence: str) -> str:
    """Return a sentence of typer in the language of the user.

    Examples
    --------
    >>> in_own_words("Missing argument 'STUDY'."), in_own_words("Something new.")
    ("Argument 'STUDY' is missing.", 'Something new.')
    """
    for form, words in SENTENCES.items():
        found = re.fullmatch(form, sentence)
        if found:
            return words().format(**found.groupdict())
    return sentence


def _said(error: Any) -> str:
    """Say what is wrong; of a value that is not of its type: what should stand there."""
    cause, sentence = error.__cause__, str(error.format_message())
    faults = cause.errors(include_url=False) if hasattr(cause, "errors") else []
    if not faults or faults[0]["type"] == "value_error" or getattr(error, "param", None) is None:
        return in_own_words(sentence)
    from bayesmodel.study.expected import expected

    fault, name = faults[0], error.param.get_error_hint()
    said = _("{name} is {found}; expected {expected}.")
    return said.format(name=name, found=repr(fault["input"]), expected=expected(fault))
