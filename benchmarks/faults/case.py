"""One fault on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHECK = ("check-data", "study.toml")
RUN = ("run", "study.toml")
INIT = ("study", "init", "wijken.xlsx")


@dataclass(frozen=True)
class Case:
    """A fault on purpose.

    Parameters
    ----------
    name : str
        What is wrong, in words.
    make : callable
        Writes the input in an empty folder.
    says : tuple of str
        What the message has to hold: the place, the value, what to do.
    arguments : tuple of str
        The command.
    code : int
        The exit code: 0 where the program puts it right and says so.
    """

    name: str
    make: Callable[[Path], object]
    says: tuple[str, ...]
    arguments: tuple[str, ...] = CHECK
    code: int = 2
