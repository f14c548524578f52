"""What all commands share: options anywhere on the line, help in both languages, errors as messages.

Typer writes its own errors of usage in English and without a catalogue. They are recognised by their form and
translated; one that is not recognised stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from bayesmodel.cli.console import Reporter, reporter
from bayesmodel.cli.exit_codes import ExitCode, exit_code_of
from bayesmodel.errors import BayesModelError, FaultsError, OutputError
from bayesmodel.messages import _

FLAGS = ("--quiet", "-q", "--json")
WITH_VALUE = ("--language",)
FULL = (ENOSPC, EFBIG, EDQUOT)
"""System errors for a full disk, a file that is too large, or an exceeded quota."""
TEXTS = ("help", "rich_help_panel", "metavar")
"""What typer shows of a command, an argument or an option."""


class Command(TyperCommand):
    """A command with help in the language of the user; its epilog holds examples, one per line."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read the arguments, which are named in the language of the user where one is missing."""
        _translate(self, self.params)
        return super().make_context(info_name, args, parent, **extra)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write how the command is called."""
        usage_line(ctx, formatter, self.collect_usage_pieces(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, the examples last."""
        _translate(self, self.get_params(ctx))
        examples = (self.epilog or "").splitlines()
        self.epilog = "\n".join(_("Example: {command}").format(command=example) for example in examples)
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """Commands whose failures end in a message for the user and an exit code, never in a traceback."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read which command is meant; without one, show the help, or an error as JSON."""
        if not args and self.no_args_is_help and reporter().as_json:
            raise UsageError(_("Say which command; --help lists them."), ctx)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write how the commands are called."""
        usage_line(ctx, formatter, self.collect_usage_pieces(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, with the commands that it lists."""
        _translate(self, self.get_params(ctx))
        self.epilog = _(self.epilog) if self.epilog else None
        for command in self.commands.values():
            _translate(command, ())
        super().format_help(ctx, formatter)


class Program(Group):
    """The program itself: takes the options of every command wherever they stand."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line."""
        ordered = shared_first(args)
        machine = "--json" in ordered[: ordered.index("--")] if "--" in ordered else "--json" in ordered
        with well_used(Reporter(as_json=machine)):
            return super().parse_args(ctx, ordered)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; `ctx` is what typer read from the command line."""
        try:
            with well_used(None):
                return super().invoke(ctx)
        except (BayesModelError, KeyboardInterrupt) as error:
            _stop(error)
        except OSError as error:
            if error.errno not in FULL:
                raise
            _stop(_full(error))


def shared_first(arguments: Sequence[str]) -> list[str]:
    """Return arguments with those that hold for every command in front, where the program reads them.

    Examples
    --------
    >>> shared_first(["run", "study.toml", "--json", "--language", "nl", "--out", "results"])
    ['--json', '--language', 'nl', 'run', 'study.toml', '--out', 'results']
    """
    shared: list[str] = []
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            return [*shared, *rest, argument, *left]
        if argument in WITH_VALUE:
            shared += [argument, *([value] if (value := next(left, None)) is not None else [])]
        elif argument in FLAGS or argument.startswith(tuple(f"{name}=" for name in WITH_VALUE)):
            shared.append(argument)
        else:
            rest.append(argument)
    return shared + rest


def paragraphs(text: str) -> list[str]:
    r"""Return the paragraphs of a help text, each on one line: the messages in the catalogue.

    Examples
    --------
    >>> paragraphs("Read a study.\n\n    Nothing\n    is fitted.")
    ['Read a study.', 'Nothing is fitted.']
    """
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()]


def _translate(command: Any, params: Sequence[Any]) -> None:
    """Put the texts of a command's help, and of its arguments and options, in the language of the user."""
    for part in (command, *params):
        for name in TEXTS:
            text = getattr(part, name, None)
            if isinstance(text, str):
                setattr(part, name, "\n\n".join(map(_, paragraphs(text))))


def _full(error: OSError) -> OutputError:
    """Return what to say where a library found the disk full, such as numba, which keeps what it compiles."""
    where = error.filename or _("Compiled code or a result")
    advice = _("{where} could not be written: {why}. Make room and try again; no results were left behind.")
    return OutputError(advice.format(where=where, why=error.strerror))


def _stop(error: BaseException) -> NoReturn:
    """Report why the program stops, and exit with the code of the failure."""
    code = exit_code_of(error)
    stopped = _("Stopped by Ctrl-C; nothing was written.")
    message = stopped if code is ExitCode.INTERRUPTED else str(error)
    faults = [vars(fault) for fault in error.faults] if isinstance(error, FaultsError) else []
    reporter().report_error({"kind": type(error).__name__, "exit_code": code, "message": message, "faults": faults})
    raise typer.Exit(code)


UsageError: Any = typer.BadParameter.__mro__[1]
"""The error for any invalid command line; typer has no public name for it."""

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
"""Patterns of typer's sentences, and our equivalents."""


@contextmanager
def well_used(voice: Reporter | None) -> Iterator[None]:
    """Report errors in a command line in the language of the user, and as JSON on stdout if requested.

    Parameters
    ----------
    voice : Reporter or None
        The reporter; None once the error has been reported.

    Raises
    ------
    UsageError
        As typer raised it, with another text.
    """
    try:
        yield
    except UsageError as error:
        said = voice or reporter()
        if type(error).__name__ == "NoArgsIsHelpError":  # the help of a command without arguments: nothing is wrong
            raise
        sentence = _what_is_wrong(error)
        said.report_error_as_json(_wrong_usage(sentence))
        raise UsageError(sentence, error.ctx) from None


def _wrong_usage(message: str) -> dict[str, Any]:
    """Return the data on an invalid command line."""
    return {"kind": "UsageError", "exit_code": ExitCode.FAULT, "message": message, "faults": []}


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


def _what_is_wrong(error: Any) -> str:
    """Say what is wrong; of a value that is not of its type: what should stand there."""
    cause, sentence = error.__cause__, str(error.format_message())
    faults = cause.errors(include_url=False) if hasattr(cause, "errors") else []
    if not faults or faults[0]["type"] == "value_error" or getattr(error, "param", None) is None:
        return in_own_words(sentence)
    from bayesmodel.study.toml_file import expected

    fault, name = faults[0], error.param.get_error_hint()
    said = _("{name} is {found}; expected {expected}.")
    return said.format(name=name, found=repr(fault["input"]), expected=expected(fault))
