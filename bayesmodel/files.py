"""Files and folders written as a whole or not at all, and paths of users that can be read to their last byte."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from bayesmodel.errors import OutputError, UnknownNameError
from bayesmodel.messages import _

PAGES = (".html", ".htm")
"""Endings of a file that holds a page."""
MARK = "provenance.json"
"""A folder holding this file was written by this package and may be replaced."""


def refuse_existing(folder: Path, *, force: bool) -> None:
    """Refuse a folder that exists, unless it holds results and may be replaced, and one where nothing can be written.

    Parameters
    ----------
    folder : Path
        Where results are to come.
    force : bool
        Whether older results may be replaced.

    Raises
    ------
    OutputError
        The folder exists and `force` is off, it holds something else than results, or its place is closed to us: known
        before hours of sampling, not after.
    """
    place = next(parent for parent in folder.absolute().parents if parent.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        why = _("{place} may not be written in") if place.is_dir() else _("{place} is a file")
        closed = _("{folder} could not be written: {why}. Choose another folder with --out.")
        raise OutputError(closed.format(folder=folder, why=why.format(place=place)))
    if not folder.exists():
        return
    if not force:
        exists = _("{folder} exists. Choose another folder with --out, or replace it with --force.")
        raise OutputError(exists.format(folder=folder))
    if not (folder / MARK).is_file():
        other = _(
            "{folder} is not a results folder (it holds no {mark}), so it is not replaced. Choose another with --out."
        )
        raise OutputError(other.format(folder=folder, mark=MARK))


def refuse_existing_file(path: Path, *, force: bool) -> None:
    """Refuse a file that exists, unless it may be replaced, and one in a folder that is not there.

    Parameters
    ----------
    path : Path
        Where a file is to come.
    force : bool
        Whether an older file may be replaced.

    Raises
    ------
    OutputError
        The file exists and `force` is off, or it could not come there.
    """
    if path.is_dir():
        is_folder = _("{path} is a folder. Name a file with --out, such as {example}.")
        raise OutputError(is_folder.format(path=path, example=path / "fit.nc"))
    if path.exists() and not force:
        exists = _("{path} exists. Choose another file with --out, or replace it with --force.")
        raise OutputError(exists.format(path=path))
    if not path.parent.is_dir():
        absent = _("There is no folder {folder}. Make it first, or choose another file with --out.")
        raise OutputError(absent.format(folder=path.parent))


def refuse_other_than_html(path: Path) -> None:
    """Refuse a file for a page whose name does not end as that of a page does, as a browser would not show it.

    Raises
    ------
    UnknownNameError
        The ending is another.
    """
    if path.suffix.lower() not in PAGES:
        raise UnknownNameError(_("ending of a page"), path.suffix or _("(none)"), PAGES)


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
        The file; an older one is replaced when all went well.
    content : str or bytes
        What to write; text as UTF-8.

    Raises
    ------
    OutputError
        The disk refuses.
    """
    try:
        with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent, ignore_cleanup_errors=True) as scratch:
            draft = Path(scratch) / path.name
            draft.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
            draft.replace(path)
    except OSError as error:
        raise OutputError(_not_written(path, error.strerror or error)) from error


@contextmanager
def atomic_folder(folder: Path, *, force: bool) -> Iterator[Path]:
    """Give a new folder beside `folder` to write in, which becomes `folder` when all went well and else disappears.

    Parameters
    ----------
    folder : Path
        Where results are to come.
    force : bool
        Whether older results may be replaced.

    Yields
    ------
    Path
        An empty folder on the same disk.

    Raises
    ------
    OutputError
        `refuse_existing` refuses, or the disk does (full, read-only, no permission).
    """
    refuse_existing(folder, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True) as scratch:
            draft = Path(scratch) / "new"
            draft.mkdir()
            yield draft
            _swap(draft, folder, Path(scratch) / "old")
    except (OSError, OutputError) as error:
        reason = error.__cause__ if isinstance(error, OutputError) else error
        said = getattr(reason, "strerror", None) or reason or error
        raise OutputError(_not_written(folder, said)) from error


def _not_written(path: Path, why: object) -> str:
    """Say that the disk refused."""
    return _("{folder} could not be written: {why}. Nothing was left behind.").format(folder=path, why=why)


def _swap(new: Path, folder: Path, aside: Path) -> None:
    """Put `new` in the place of `folder`, whose older content goes `aside`, and back when that fails."""
    if folder.exists():
        folder.rename(aside)
    try:
        new.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise


LONGEST_STEM = 80
"""Letters of a text that the name of a file takes."""
_DEVICES = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)


def safe_stem(text: str) -> str:
    """Return a text as the name of a file, without ending: no path, and no mark that a system forbids.

    What has to be changed gets a few letters of its fingerprint, so that no two texts have one name.

    Examples
    --------
    >>> safe_stem("GM0034"), safe_stem("../../etc/passwd"), safe_stem("nul")
    ('GM0034', '_.._etc_passwd-3754d6cb', 'nul-99e62427')
    """
    kept = re.sub(r"[^\w.-]", "_", text)[:LONGEST_STEM].strip(".")
    if kept == text and not _DEVICES.fullmatch(text):
        return text
    return f"{kept}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


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
