"""Where the program starts: the language first, as help texts and the messages of typer are made at import."""

from __future__ import annotations

import atexit
import gc
import gettext
import os
import signal
import sys
from collections.abc import Sequence

from bayesmodel.messages import CATALOGUES, DOMAIN, LANGUAGES, _, choose_language, language

SELDOM = 20_000
"""New objects between two searches for rubbish. A command makes objects to keep: Python's 2,000 cost half a second."""


def main() -> None:
    """Run the program with the arguments of the command line."""
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # what is there at the end goes back to the system unsearched
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being told to stop leaves no more behind than Ctrl-C
    chosen = language_asked(sys.argv[1:])
    choose_language(next((each for each in LANGUAGES if each == chosen), None))
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language()  # where gettext looks for the language of typer's own messages

    try:
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on it is answered: see `quiet`
        from bayesmodel.cli.app import app

        app(prog_name="bayesmodel")
    except KeyboardInterrupt:  # before there is a command that answers it, while libraries are imported
        print(_("Stopped by Ctrl-C; nothing was written."), file=sys.stderr)
        sys.exit(130)


def language_asked(arguments: Sequence[str]) -> str | None:
    """Return the value of ``--language`` on a command line, or None.

    Examples
    --------
    >>> language_asked(["run", "study.toml", "--language", "nl"]), language_asked(["--language=en"])
    ('nl', 'en')
    """
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--language":
            return value or next(iter(arguments[place + 1 :]), None)
    return None
