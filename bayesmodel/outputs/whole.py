"""A folder that is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bayesmodel.errors import OutputError

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
        why = "may not be written in" if place.is_dir() else "is a file"
        raise OutputError(f"{folder} could not be written: {place} {why}. Choose another folder with --out.")
    if not folder.exists():
        return
    if not force:
        raise OutputError(f"{folder} exists. Choose another folder with --out, or replace it with --force.")
    if not (folder / MARK).is_file():
        raise OutputError(
            f"{folder} is not a results folder (it holds no {MARK}), so it is not replaced. Choose another with --out."
        )


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
        raise OutputError(f"{path} is a folder. Name a file with --out, such as {path / 'fit.nc'}.")
    if path.exists() and not force:
        raise OutputError(f"{path} exists. Choose another file with --out, or replace it with --force.")
    if not path.parent.is_dir():
        raise OutputError(f"There is no folder {path.parent}. Make it first, or choose another file with --out.")


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Parameters
    ----------
    path : Path
        The file; an older one is replaced when all went well.
    text : str
        What to write, as UTF-8.

    Raises
    ------
    OutputError
        The disk refuses.
    """
    try:
        with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent, ignore_cleanup_errors=True) as scratch:
            draft = Path(scratch) / path.name
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} could not be written: {error.strerror or error}. Nothing was left behind."
        ) from error


@contextmanager
def whole_folder(folder: Path, *, force: bool) -> Iterator[Path]:
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
        raise OutputError(f"{folder} could not be written: {said}. Nothing was left behind.") from error


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
