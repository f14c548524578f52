"""Output in an encoding that has not every letter: what it lacks is written in letters that all of them have."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from io import TextIOWrapper

PLAIN_LETTERS = "bayesmodel-plain-letters"
"""Name under which `in_plain_letters` is known to Python's streams."""

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
"""Bars of a picture, signs and letters, and how they are written where they cannot be."""


def speak_plainly() -> None:
    """Let nothing that is printed end in an error, whatever the encoding of the terminal or the file is."""
    codecs.register_error(PLAIN_LETTERS, in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=PLAIN_LETTERS)


def in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    """Write letters that an encoding lacks in letters of ASCII.

    Parameters
    ----------
    error : UnicodeError
        What Python could not write.

    Returns
    -------
    tuple of str and int
        What to write instead, and where to go on.

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
    """Return one letter in ASCII; a letter without its sign, else a question mark."""
    if letter in MARKS:
        return MARKS[letter]
    parts = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    return "".join(parts) if parts and all(part.isascii() for part in parts) else "" if not parts else "?"
