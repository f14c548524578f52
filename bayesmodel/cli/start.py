"""The entry point: sets the language first, as help texts and messages of typer are made at import."""

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
"""Threshold of the garbage collector. A command makes long-lived objects: Python's 2,000 would cost half a second."""

UNUSED = "dask"
"""Library that others import where there is one: a third of a second, and nothing here is larger than memory."""

SOON = 0.05
"""Seconds after which a lost interrupt is repeated, when the library has returned."""
stopping = threading.Event()
"""Whether an interrupt was lost."""


def main() -> None:
    """Run the program with the arguments of the command line."""
    gc.set_threshold(SELDOM)
    sys.modules[UNUSED] = None  # type: ignore[assignment]  # an import of it now fails, as where it is not installed
    atexit.register(gc.freeze)  # remaining objects are freed without a last collection
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM leaves no more behind than Ctrl-C
    sys.unraisablehook = stop_again
    speak_plainly()
    chosen = language_asked(sys.argv[1:])
    choose_language(next((each for each in LANGUAGES if each == chosen), None))
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language()  # where gettext looks for the language of typer's own messages

    try:
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on it is handled: see `quiet`
        from bayesmodel.cli.program import app

        app(prog_name="bayesmodel")
    except (KeyboardInterrupt, Exception) as failure:
        # while libraries are imported, before a command can handle it; or a library failed because of
        # a lost interrupt
        if not (isinstance(failure, KeyboardInterrupt) or stopping.is_set()):
            raise
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print(_("Stopped by Ctrl-C; nothing was written."), file=sys.stderr)
        sys.exit(130)


def stop_again(lost: sys.UnraisableHookArgs) -> None:
    """Interrupt again if Ctrl-C came while C code was calling Python, which could not propagate it.

    That happens in a part of the compilation at a first fit.
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
