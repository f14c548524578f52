"""Downloads that can be killed: each page is on disk before the next is asked for, and a later call goes on there."""

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
"""Told how many rows there are by now, and of how many where that is known."""


@dataclass(frozen=True)
class _State:
    """How far a download is.

    Parameters
    ----------
    first, modified : str
        What it is a download of: another address or a table changed since cannot be gone on with.
    following : str or None
        Address of the next page.
    pages : tuple of str
        SHA-256 of each page on disk.
    rows : int
        Rows in them.
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
    tell: Callable[[str], None] = lambda text: None,
) -> Snapshot:
    """Download a selection of a table into a snapshot.

    Parameters
    ----------
    remote : RemoteTable
        The table at its service.
    selection : Selection
        Which part of it.
    folder : Path
        Folder of snapshots of this selection; pages lie in `partial` in it until all are there.
    report, tell : callable
        Told how far it is, and that it goes on where an earlier call stopped.

    Returns
    -------
    Snapshot

    Raises
    ------
    ChangedTableError
        The table does not have what is selected.
    ProtocolError
        There are fewer or more rows than the service counts, or a page comes twice.
    UnreachableError
        The service stopped answering; what was received is kept.
    OutputError
        The disk refuses.
    """
    selection.check(remote.metadata)
    place = folder / PARTIAL
    total = remote.count(selection)
    state = _kept(place, remote, selection)
    if state.pages:
        going_on = _("go on where an earlier download stopped: {rows} rows are here")
        tell(going_on.format(rows=number(state.rows)))
    while state.following is not None:
        report(state.rows, total)
        state = _next(place, state, remote.page(state.following, state.rows), remote.metadata.table, total)
    report(state.rows, total)
    if total is not None and state.rows != total:
        _forget(place)
        raise ProtocolError(_miscounted(remote.metadata.table, state.rows, total))
    frame = remote.wide(_rows(place, len(state.pages)), selection)
    about: dict[str, Any] = {
        "publisher": "CBS",
        "protocol": remote.protocol,
        "url": state.first,
        "selection": selection.to_json(),
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "tells_hidden": remote.tells_hidden,
    }
    snapshot = write_snapshot(folder, frame, remote.metadata, about)
    _forget(place)
    return snapshot


def _kept(place: Path, remote: RemoteTable, selection: Selection) -> _State:
    """Return how far an earlier download of the same came; its beginning where there is none, or none to go on with."""
    first = remote.first(selection)
    begin = _State(first, remote.metadata.modified, first)
    try:
        content = json.loads((place / STATE).read_text("utf-8"))
        kept = _State(**{**content, "pages": tuple(content["pages"])})
        whole = all(
            sha256(_page(place, index).read_bytes()).hexdigest() == hashed for index, hashed in enumerate(kept.pages)
        )
    except (OSError, ValueError, TypeError, KeyError):
        whole, kept = False, begin
    if whole and (kept.first, kept.modified) == (begin.first, begin.modified):
        return kept
    _forget(place)
    return begin


def _next(place: Path, state: _State, page: Page, table: str, total: int | None) -> _State:
    """Keep a page, and then how far the download is."""
    content = json.dumps(page.rows, ensure_ascii=False).encode()
    hashed, rows = sha256(content).hexdigest(), state.rows + len(page.rows)
    if state.pages and hashed == state.pages[-1] and page.rows:
        _forget(place)
        raise ProtocolError(_("{table}: the service gives the same page again and again.").format(table=table))
    if total is not None and rows > total:
        _forget(place)
        raise ProtocolError(_miscounted(table, rows, total))
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        closed = _("{folder} could not be written: {why}.")
        raise OutputError(closed.format(folder=place, why=error.strerror)) from error
    write_atomic(_page(place, len(state.pages)), content)
    after = _State(state.first, state.modified, page.following, (*state.pages, hashed), rows)
    write_atomic(place / STATE, json.dumps(asdict(after)))
    return after


def _rows(place: Path, pages: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of all pages on disk."""
    for index in range(pages):
        yield from json.loads(_page(place, index).read_bytes())


def _page(place: Path, index: int) -> Path:
    """Return where a page is kept."""
    return place / f"page-{index:05}.json"


def _forget(place: Path) -> None:
    """Throw pages away."""
    shutil.rmtree(place, ignore_errors=True)


def _miscounted(table: str, rows: int, total: int) -> str:
    """Say that a download has another number of rows than the service counts."""
    text = _(
        "{table}: received {rows} rows where the service counts {total}. It was thrown away; the table may be changing "
        "at this moment. Try again later."
    )
    return text.format(table=table, rows=number(rows), total=number(total))
