"""Output in an encoding that lacks some characters: these are replaced by ASCII equivalents."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from io import TextIOWrapper

PLAIN_LETTERS = "bayesmodel-plain-letters"
"""Name under which `in_plain_letters` is registered as an error handler."""

MARKS = dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True)) | {
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−─━═", "-"),
    **dict.fromkeys("│┃║", "|"),
    **dict.fromkeys("●•·∙◆■▪", "*"),
    "…": "...",
    "€": "EUR",
    "≤": "<=",
    "≥": ">=",
    "→": "->",
    "←": "<-",
    "×": "x",
    "²": "2",
    "³": "3",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "ø": "o",
    "Ø": "O",
    "œ": "oe",
    "Œ": "OE",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "ð": "d",
    "þ": "th",
}
"""ASCII equivalents of bars, symbols and letters."""


def speak_plainly() -> None:
    """Make sure that printing never fails, whatever the encoding of the terminal or file."""
    codecs.register_error(PLAIN_LETTERS, in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=PLAIN_LETTERS)


def in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    """Replace characters that an encoding lacks by ASCII.

    Parameters
    ----------
    error : UnicodeError
        What Python could not write.

    Returns
    -------
    tuple of str and int
        The replacement, and the position at which to continue.

    Examples
    --------
    >>> codecs.register_error(PLAIN_LETTERS, in_plain_letters)
    >>> "Súdwest-Fryslân █▃▁ 5 – 9 👍".encode("ascii", PLAIN_LETTERS)
    b'Sudwest-Fryslan #:_ 5 - 9 ?'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_plain, letters)), error.end


def _plain(letter: str) -> str:
    """Return one character in ASCII: its equivalent, the letter without its diacritic, or a question mark."""
    if letter in MARKS:
        return MARKS[letter]
    parts = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    return "".join(parts) if parts and all(part.isascii() for part in parts) else "" if not parts else "?"
