"""Downloads that can be interrupted: each page is on disk before the next is requested, and a later call resumes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bayesmodel.errors import OutputError, ProtocolError
from bayesmodel.files import write_atomic
from bayesmodel.messages import _, number
from bayesmodel.sources.odata import Page, RemoteTable
from bayesmodel.sources.selection import Selection
from bayesmodel.sources.snapshot import Snapshot, write_snapshot

PARTIAL, STATE = "partial", "state.json"
Report = Callable[[int, int | None], None]
"""Called with the number of rows so far, and their total if known."""


@dataclass(frozen=True)
class _State:
    """The progress of a download.

    Parameters
    ----------
    first, modified : str
        Identify the download: with another address, or a table that changed since, it cannot be resumed.
    following : str or None
        Address of the next page.
    pages : tuple of str
        SHA-256 of each page on disk.
    rows : int
        Number of rows in the pages.
    """

    first: str
    modified: str
    following: str | None
    pages: tuple[str, ...] = ()
    rows: int = 0


def download(
    remote: RemoteTable,
    selection: Selection,
    folder: Path,
    report: Report = lambda done, total: None,
    notify: Callable[[str], None] = lambda text: None,
) -> Snapshot:
    """Download a selection of a table into a snapshot.

    Parameters
    ----------
    remote : RemoteTable
        The table at its service.
    selection : Selection
        The part of it to download.
    folder : Path
        Folder of snapshots of this selection; pages are kept in its subfolder `partial` until complete.
    report, notify : callable
        Called with the progress; called with a message when an earlier download is resumed.

    Returns
    -------
    Snapshot

    Raises
    ------
    ChangedTableError
        The table lacks part of the selection.
    ProtocolError
        The number of rows differs from what the service counts, or a page is repeated.
    UnreachableError
        The service stopped responding; what was received is kept.
    OutputError
        The files cannot be written.
    """
    selection.check(remote.metadata)
    partial = folder / PARTIAL
    total = remote.count(selection)
    state = _kept(partial, remote, selection)
    if state.pages:
        resumed = _("go on where an earlier download stopped: {rows} rows are here")
        notify(resumed.format(rows=number(state.rows)))
    while state.following is not None:
        report(state.rows, total)
        state = _next(partial, state, remote.page(state.following, state.rows), remote.metadata.table, total)
    report(state.rows, total)
    if total is not None and state.rows != total:
        _forget(partial)
        raise ProtocolError(_miscounted(remote.metadata.table, state.rows, total))
    frame = remote.wide(_rows(partial, len(state.pages)), selection)
    about: dict[str, Any] = {
        "publisher": "CBS",
        "protocol": remote.protocol,
        "url": state.first,
        "selection": selection.to_json(),
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "tells_hidden": remote.tells_hidden,
    }
    snapshot = write_snapshot(folder, frame, remote.metadata, about)
    _forget(partial)
    return snapshot


def _kept(partial: Path, remote: RemoteTable, selection: Selection) -> _State:
    """Return the progress of an earlier download of the same selection; the initial state if none can be resumed."""
    first = remote.first(selection)
    begin = _State(first, remote.metadata.modified, first)
    try:
        content = json.loads((partial / STATE).read_text("utf-8"))
        kept = _State(**{**content, "pages": tuple(content["pages"])})
        whole = all(
            sha256(_page(partial, index).read_bytes()).hexdigest() == hashed for index, hashed in enumerate(kept.pages)
        )
    except (OSError, ValueError, TypeError, KeyError):
        whole, kept = False, begin
    if whole and (kept.first, kept.modified) == (begin.first, begin.modified):
        return kept
    _forget(partial)
    return begin


def _next(partial: Path, state: _State, page: Page, table: str, total: int | None) -> _State:
    """Store a page, then the progress of the download."""
    content = json.dumps(page.rows, ensure_ascii=False).encode()
    hashed, rows = sha256(content).hexdigest(), state.rows + len(page.rows)
    if state.pages and hashed == state.pages[-1] and page.rows:
        _forget(partial)
        raise ProtocolError(_("{table}: the service gives the same page again and again.").format(table=table))
    if total is not None and rows > total:
        _forget(partial)
        raise ProtocolError(_miscounted(table, rows, total))
    try:
        partial.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        closed = _("{folder} could not be written: {why}.")
        raise OutputError(closed.format(folder=partial, why=error.strerror)) from error
    write_atomic(_page(partial, len(state.pages)), content)
    after = _State(state.first, state.modified, page.following, (*state.pages, hashed), rows)
    write_atomic(partial / STATE, json.dumps(asdict(after)))
    return after


def _rows(partial: Path, pages: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of all pages on disk."""
    for index in range(pages):
        yield from json.loads(_page(partial, index).read_bytes())


def _page(partial: Path, index: int) -> Path:
    """Return the path of a page."""
    return partial / f"page-{index:05}.json"


def _forget(partial: Path) -> None:
    """Delete the pages."""
    shutil.rmtree(partial, ignore_errors=True)


def _miscounted(table: str, rows: int, total: int) -> str:
    """Return the message that a download has another number of rows than the service counts."""
    text = _(
        "{table}: received {rows} rows where the service counts {total}. It was thrown away; the table may be changing "
        "at this moment. Try again later."
    )
    return text.format(table=table, rows=number(rows), total=number(total))
