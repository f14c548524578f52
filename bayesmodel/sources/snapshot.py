"""Snapshots: a table as published at one moment, stored with its provenance and protected by hashes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from bayesmodel.errors import OutputError, SnapshotError
from bayesmodel.files import atomic_folder
from bayesmodel.messages import _
from bayesmodel.sources.table_metadata import TableMetadata

ROWS, METADATA, PROVENANCE = "rows.csv", "metadata.json", "provenance.json"
SEALED = 12
"""Letters of the seal in the name of a folder."""


@dataclass(frozen=True)
class Provenance:
    """Where a table came from.

    Parameters
    ----------
    publisher, table, title, protocol, url : str
        Who publishes it, its identifier and title, and where and how it was requested.
    selection : mapping
        From `Selection.to_json`.
    fetched : str
        When it was fetched, in UTC, as ISO 8601.
    modified : str
        When the table was last changed according to the publisher.
    rows, columns : int
        Size of what was selected.
    tells_hidden : bool
        Whether an empty cell is distinguished from a symbol such as a dot.
    provisional : tuple of str
        Provisional periods, as published.
    files : mapping of str to str
        SHA-256 of the other files of the snapshot.
    """

    publisher: str
    table: str
    title: str
    protocol: str
    url: str
    selection: Mapping[str, Any]
    fetched: str
    modified: str
    rows: int
    columns: int
    tells_hidden: bool
    provisional: tuple[str, ...]
    files: Mapping[str, str]

    @property
    def seal(self) -> str:
        """SHA-256 of the provenance, which includes the hashes of the files."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def day(self) -> str:
        """The day on which it was fetched, as ISO 8601."""
        return self.fetched[:10]


@dataclass(frozen=True)
class Snapshot:
    """A table as it was published at one moment.

    Parameters
    ----------
    folder : Path
        Its folder, named after the moment and the seal.
    provenance : Provenance
        Where it came from.
    """

    folder: Path
    provenance: Provenance

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as text, exactly as published except for padding: dimensions first, then topics."""
        return pd.read_csv(self.folder / ROWS, dtype=str, keep_default_na=False)

    @property
    def metadata(self) -> TableMetadata:
        """The publisher's description of the table."""
        return TableMetadata.from_json((self.folder / METADATA).read_text("utf-8"))


def write_snapshot(folder: Path, frame: pd.DataFrame, metadata: TableMetadata, about: Mapping[str, Any]) -> Snapshot:
    """Write a snapshot atomically.

    Parameters
    ----------
    folder : Path
        Folder of snapshots of the same selection.
    frame : DataFrame of str
        The rows.
    metadata : TableMetadata
        The publisher's description of the table.
    about : mapping
        The fields of `Provenance` that do not follow from rows and metadata.

    Returns
    -------
    Snapshot

    Raises
    ------
    OutputError
        The files cannot be written.
    """
    files = {ROWS: frame.to_csv(index=False, lineterminator="\n").encode(), METADATA: metadata.to_json().encode()}
    provenance = Provenance(
        **about,
        table=metadata.table,
        title=metadata.title,
        modified=metadata.modified,
        rows=len(frame),
        columns=len(frame.columns),
        provisional=metadata.provisional,
        files={name: sha256(content).hexdigest() for name, content in files.items()},
    )
    moment = provenance.fetched.replace(":", "").replace("-", "")[:15]
    path = folder / f"{moment}Z-{provenance.seal[:SEALED]}"
    with atomic_folder(path, force=True) as draft:
        for name, content in files.items():
            (draft / name).write_bytes(content)
        (draft / PROVENANCE).write_text(json.dumps(asdict(provenance), indent=1, ensure_ascii=False), "utf-8")
    return Snapshot(path, provenance)


def read_snapshot(folder: Path) -> Snapshot:
    """Read a snapshot, and raise if it was changed since it was fetched.

    Parameters
    ----------
    folder : Path
        Made by `write_snapshot`.

    Returns
    -------
    Snapshot

    Raises
    ------
    SnapshotError
        A file was changed, is missing, or is not part of a snapshot.
    """
    changed = _(
        "The snapshot {folder} is not what was fetched: {what}. Results of it could not be traced to their source. "
        "Delete that folder and fetch the table again."
    )
    try:
        content = json.loads((folder / PROVENANCE).read_text("utf-8"))
        content["provisional"] = tuple(content["provisional"])
        provenance = Provenance(**content)
        hashes = {name: sha256((folder / name).read_bytes()).hexdigest() for name in (ROWS, METADATA)}
    except FileNotFoundError as error:
        gone = _("{file} is gone").format(file=Path(error.filename).name)
        raise SnapshotError(changed.format(folder=folder, what=gone)) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        broken = _("its {file} cannot be read").format(file=PROVENANCE)
        raise SnapshotError(changed.format(folder=folder, what=broken)) from error
    other = [name for name, hashed in provenance.files.items() if hashes.get(name) != hashed]
    if not folder.name.endswith(f"-{provenance.seal[:SEALED]}"):
        other.append(PROVENANCE)
    if other:
        what = _("{files} changed after it was written").format(files=", ".join(other))
        raise SnapshotError(changed.format(folder=folder, what=what))
    return Snapshot(folder, provenance)


def latest_snapshot(folder: Path) -> Snapshot | None:
    """Return the newest snapshot in a folder; None if there is none.

    Raises
    ------
    SnapshotError
        The newest snapshot was changed; it is not skipped silently.
    """
    try:
        names = sorted(path for path in folder.glob("*Z-*") if path.is_dir())
    except OSError as error:
        raise OutputError(_("{folder} cannot be read: {why}.").format(folder=folder, why=error.strerror)) from error
    return read_snapshot(names[-1]) if names else None
