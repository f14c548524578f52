"""Encodings that a text file can be in, as a study may name them."""

from __future__ import annotations

import codecs
import warnings

NOT_OF_FILES = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python from bytes to text that no table is written in, or that differ from one computer to the next."""


def is_text_encoding(name: str) -> bool:
    """Whether a name is that of an encoding of text files.

    Examples
    --------
    >>> [is_text_encoding(name) for name in ("utf-8", "Latin-1", "rot13", "hex", "punycode", "cp1253x")]
    [True, True, False, False, False, False]
    """
    if not name.isascii() or not name.isprintable() or len(name) > 40:
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            found = codecs.lookup(name)
            # what turns bytes into bytes refuses here, what turns text into text as well
            letters = b"wijk;1".decode(name, "ignore")
    except (LookupError, ValueError, TypeError, AttributeError, ImportError, OSError):
        return False
    return isinstance(letters, str) and found.name.replace("_", "-") not in NOT_OF_FILES
