"""Paths that users give: whether a file stands there that can be read from its first byte to its last."""

from __future__ import annotations

import stat
from pathlib import Path

from bayesmodel.messages import _

SHOWN = 200
"""Letters of a path, or of a value, that a message shows."""


def not_a_file(path: Path) -> str | None:
    """Say what a path leads to when it is no file; None when it is one.

    A pipe or a device may never end, so it is not begun.

    Examples
    --------
    >>> not_a_file(Path("absent.csv")), not_a_file(Path("/")), not_a_file(Path("x" * 5000))
    ('no such file', 'a folder', 'a path that no file can have')
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _("no such file")
    except PermissionError:
        return _("a folder that may not be looked into")
    except (OSError, ValueError):  # too long, a loop of links, a NUL
        return _("a path that no file can have")
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        return _("a folder")
    return _("a device or a pipe, which is no file")


def shortened(value: object) -> str:
    r"""Return a text as a message shows it: the middle of a long one left out, and what cannot be seen written out.

    Examples
    --------
    >>> shortened("wijken.csv"), len(shortened("x" * 5000)), shortened("a" + chr(0))
    ('wijken.csv', 201, 'a\\x00')
    """
    text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(value)[: 50 * SHOWN])
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"
