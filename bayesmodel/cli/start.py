"""Where the program starts: the language first, as help texts and the messages of typer are made at import."""

from __future__ import annotations

import _thread
import atexit
import gc
import gettext
import os
import signal
import sys
import threading
from collections.abc import Sequence

from bayesmodel.cli.plain_letters import speak_plainly
from bayesmodel.messages import CATALOGUES, DOMAIN, LANGUAGES, _, choose_language, language

SELDOM = 20_000
"""New objects between two searches for rubbish. A command makes objects to keep: Python's 2,000 cost half a second."""

SOON = 0.05
"""Seconds after which a stop that was lost comes again: when the library has come back."""
stopping = threading.Event()
"""Whether a stop was lost."""


def main() -> None:
    """Run the program with the arguments of the command line."""
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # what is there at the end goes back to the system unsearched
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being told to stop leaves no more behind than Ctrl-C
    sys.unraisablehook = stop_again
    speak_plainly()
    chosen = language_asked(sys.argv[1:])
    choose_language(next((each for each in LANGUAGES if each == chosen), None))
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language()  # where gettext looks for the language of typer's own messages

    try:
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on it is answered: see `quiet`
        from bayesmodel.cli.program import app

        app(prog_name="bayesmodel")
    except (KeyboardInterrupt, Exception) as failure:
        # before there is a command that answers it, while libraries are imported; or a library failed for want of what
        # a lost stop kept from it
        if not (isinstance(failure, KeyboardInterrupt) or stopping.is_set()):
            raise
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print(_("Stopped by Ctrl-C; nothing was written."), file=sys.stderr)
        sys.exit(130)


def stop_again(lost: sys.UnraisableHookArgs) -> None:
    """Stop the program once more when Ctrl-C came while a library in C called Python, which could not pass it on.

    That is so for a part of what compiles at a first fit.
    """
    if issubclass(lost.exc_type, KeyboardInterrupt):
        stopping.set()
        threading.Timer(SOON, _thread.interrupt_main).start()
    else:
        sys.__unraisablehook__(lost)


def language_asked(arguments: Sequence[str]) -> str | None:
    """Return the value of ``--language`` on a command line, or None.

    Examples
    --------
    >>> language_asked(["run", "study.toml", "--language", "nl"]), language_asked(["--language=en"])
    ('nl', 'en')
    """
    for index, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--language":
            return value or next(iter(arguments[index + 1 :]), None)
    return None
