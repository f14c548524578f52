"""A snapshot is what was fetched, to the last letter, or it is refused; downloads that were killed go on."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pandas as pd
import pytest

from bayesmodel.errors import ArgumentError, OutputError, ProtocolError, SnapshotError, UnreachableError
from bayesmodel.messages import speaking
from bayesmodel.sources import (
    Selection,
    Service,
    TableMetadata,
    download,
    latest_snapshot,
    open_table,
    read_snapshot,
    revision_of,
)
from bayesmodel.sources.download import PARTIAL, STATE
from bayesmodel.sources.snapshot import METADATA, PROVENANCE, ROWS, write_snapshot
from bayesmodel.sources.table_metadata import Column
from benchmarks.sources.local_cbs import LocalCbs
from tests.sources.conftest import IMPATIENT

WIJKEN = Selection(prefixes={"WijkenEnBuurten": ("WK",)})
ABOUT = {
    "publisher": "CBS",
    "protocol": "OData v3",
    "url": "https://example.org",
    "selection": {},
    "tells_hidden": True,
}


def snapshot_of(folder, cells, fetched="2026-11-29T08:00:00+00:00", columns=("Wijken", "count_1", "name_2")):
    """Return a snapshot of some rows of text."""
    kinds = [Column(name, name, name, "dimension" if name == "Wijken" else "topic") for name in columns]
    frame = pd.DataFrame(cells, columns=list(columns), dtype=str)
    return write_snapshot(
        folder, frame, TableMetadata("1NED", "Zorg", columns=tuple(kinds)), {**ABOUT, "fetched": fetched}
    )


CELLS = [["WK000300", "15", "Centrum"], ["WK000301", ".", "Zuid, west"], ["WK000302", "", 'Ooster"eind']]


def opened(server, **how):
    return open_table("83765NED", Service(patience=IMPATIENT, sleep=lambda seconds: None), "v3", server.url)


def test_what_is_read_is_what_was_written(tmp_path):
    written = snapshot_of(tmp_path, CELLS)
    read = read_snapshot(written.folder)
    assert read == written
    assert read.frame.to_numpy().tolist() == CELLS
    assert read.metadata.dimensions == ("Wijken",)
    assert latest_snapshot(tmp_path) == written


@pytest.mark.parametrize("name", [ROWS, METADATA, PROVENANCE])
@pytest.mark.parametrize("harm", ["changed", "gone", "nonsense"])
def test_a_snapshot_that_is_not_what_was_fetched_is_refused(tmp_path, name, harm):
    folder = snapshot_of(tmp_path, CELLS).folder
    path = folder / name
    match harm:
        case "changed":
            text = path.read_text("utf-8")
            path.write_text(text.replace("15", "20").replace("Zorg", "Zorch"), "utf-8")
        case "gone":
            path.unlink()
        case "nonsense":
            path.write_bytes(b"\xff\x00 nonsense")
    with pytest.raises(SnapshotError, match=name) as caught:
        read_snapshot(folder)
    assert str(folder) in str(caught.value)
    with pytest.raises(SnapshotError):
        latest_snapshot(tmp_path)


def test_rows_and_their_hash_changed_together_are_refused_too(tmp_path):
    """The name of the folder carries the seal."""
    from hashlib import sha256

    folder = snapshot_of(tmp_path, CELLS).folder
    rows = (folder / ROWS).read_text("utf-8").replace("15", "20")
    (folder / ROWS).write_text(rows, "utf-8")
    provenance = json.loads((folder / PROVENANCE).read_text("utf-8"))
    provenance["files"][ROWS] = sha256(rows.encode()).hexdigest()
    (folder / PROVENANCE).write_text(json.dumps(provenance), "utf-8")
    with pytest.raises(SnapshotError, match=PROVENANCE):
        read_snapshot(folder)


def test_the_newest_of_several_is_taken(tmp_path):
    snapshot_of(tmp_path, CELLS, "2026-11-28T08:00:00+00:00")
    newest = snapshot_of(tmp_path, CELLS, "2026-11-29T07:00:00+00:00")
    snapshot_of(tmp_path, CELLS, "2025-12-31T23:00:00+00:00")
    assert latest_snapshot(tmp_path) == newest
    assert latest_snapshot(tmp_path / "none") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_in_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError):
        snapshot_of(tmp_path, CELLS)


def test_a_download_says_where_it_came_from(server, tmp_path):
    remote, done = opened(server), []
    snapshot = download(remote, WIJKEN, tmp_path, lambda *progress: done.append(progress))
    about = snapshot.provenance
    assert (about.table, about.rows, about.protocol, about.tells_hidden) == ("83765NED", 60, "OData v3", True)
    assert about.url.startswith(server.url)
    assert about.selection["prefixes"] == {"WijkenEnBuurten": ["WK"]}
    assert about.modified == "2018-03-27T02:00:00"
    assert done == [(0, 60), (60, 60)]
    assert not (tmp_path / PARTIAL).exists()


def test_a_download_that_broke_off_goes_on_where_it_was(tables, tmp_path):
    told, how = [], ["as usual"] * 3 + ["500"] * IMPATIENT.attempts
    with LocalCbs(tables.values(), page=10) as server:
        server.misbehave("UntypedDataSet?$format=json&$filter", *how)
        with pytest.raises(UnreachableError):
            download(opened(server), WIJKEN, tmp_path)
        before = len(server.asked)
        snapshot = download(opened(server), WIJKEN, tmp_path, notify=told.append)
        again = [asked for asked in server.asked[before:] if "UntypedDataSet?$format=json&$filter" in asked]
    assert len(again) == 3, "pages that were here are asked for again"
    assert told == ["go on where an earlier download stopped: 30 rows are here"]
    with LocalCbs(tables.values()) as server:
        whole = download(opened(server), WIJKEN, tmp_path / "whole")
    pd.testing.assert_frame_equal(snapshot.frame, whole.frame)


KILLED = """
import sys
from pathlib import Path
from bayesmodel.sources import Selection, Service, download, open_table
remote = open_table("83765NED", Service(), "v3", sys.argv[1])
print("begun", flush=True)
download(remote, Selection(prefixes={"WijkenEnBuurten": ("WK",)}), Path(sys.argv[2]))
"""


def test_a_download_whose_process_is_killed_goes_on(tables, tmp_path):
    """SIGKILL in the middle: no chance to tidy up."""
    with LocalCbs(tables.values(), page=4) as server:
        server.misbehave("$skip", *["slow"] * 4)
        process = subprocess.Popen([sys.executable, "-c", KILLED, server.url, str(tmp_path)], stdout=subprocess.PIPE)
        state = tmp_path / PARTIAL / STATE
        until = time.monotonic() + 60
        while not (state.exists() and len(json.loads(state.read_text("utf-8"))["pages"]) >= 2):
            assert time.monotonic() < until
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kept = len(json.loads(state.read_text("utf-8"))["pages"])
        before = len(server.asked)
        snapshot = download(opened(server), WIJKEN, tmp_path)
        asked = [url for url in server.asked[before:] if "UntypedDataSet?$format=json&$filter" in url]
    assert 2 <= kept < 15
    assert len(asked) == 15 - kept
    assert len(snapshot.frame) == 60


@pytest.mark.parametrize("harm", ["page spoiled", "state spoiled", "table changed", "other selection"])
def test_what_cannot_be_gone_on_with_is_begun_again(tables, tmp_path, harm):
    with LocalCbs(tables.values(), page=10) as server:
        server.misbehave("UntypedDataSet?$format=json&$filter", *["as usual"] * 3, *["500"] * IMPATIENT.attempts)
        with pytest.raises(UnreachableError):
            download(opened(server), WIJKEN, tmp_path)
        selection = WIJKEN
        match harm:
            case "page spoiled":
                (tmp_path / PARTIAL / "page-00001.json").write_text("[]", "utf-8")
            case "state spoiled":
                (tmp_path / PARTIAL / STATE).write_text('{"first": 1}', "utf-8")
            case "table changed":
                server.tables["83765NED"] = tables["kwb"].with_cells({(3, "AantalInwoners_5"): 5.0}, "2026-01-01")
            case "other selection":
                selection = Selection(prefixes={"WijkenEnBuurten": ("WK", "GM")})
        told = []
        snapshot = download(opened(server), selection, tmp_path, notify=told.append)
    assert told == []
    assert len(snapshot.frame) == (68 if harm == "other selection" else 60)


def test_a_page_that_comes_again_and_again_is_not_read_for_ever(tables, tmp_path, monkeypatch):
    """A server that knows no `$skip` and counts nothing."""
    monkeypatch.setattr("bayesmodel.sources.odata.FULL_PAGE", 60)
    with LocalCbs(tables.values(), page=60, links=False, counts=False) as server:
        remote = opened(server)
        page = remote.page(remote.first(WIJKEN))
        monkeypatch.setattr(remote, "page", lambda url, received=0: replace(page, following=f"{url}&x"))
        with pytest.raises(ProtocolError, match="again and again"):
            download(remote, WIJKEN, tmp_path)
    assert not (tmp_path / PARTIAL).exists()


def test_a_revision_names_the_cells_that_changed(tmp_path):
    before = snapshot_of(tmp_path, CELLS, "2026-01-05T08:00:00+00:00")
    cells = [["WK000300", "20", "Centrum"], ["WK000301", "10", "Zuid, west"], ["WK000302", "", 'Ooster"eind']]
    revision = revision_of(before, snapshot_of(tmp_path, cells))
    assert revision
    cells = "WK000300 count_1: '15' is now '20', WK000301 count_1: '.' is now '10'"
    assert revision.sentences() == [f"1NED: 2 cells changed since 2026-01-05 ({cells})."]
    with speaking("nl"):
        assert revision.sentences()[0].startswith("1NED: 2 cellen veranderd sinds 2026-01-05")


def test_a_revision_names_rows_and_columns_that_came_and_went(tmp_path):
    before = snapshot_of(tmp_path, CELLS, "2026-01-05T08:00:00+00:00")
    cells = [["WK000300", "15", "x"], ["WK000309", "15", "y"]]
    revision = revision_of(before, snapshot_of(tmp_path, cells, columns=("Wijken", "count_1", "other_3")))
    assert len(revision.cells) == 0
    assert revision.rows_gone == ("WK000301", "WK000302")
    assert revision.rows_new == ("WK000309",)
    assert (revision.columns_gone, revision.columns_new) == (("name_2",), ("other_3",))
    assert len(revision.sentences()) == 4


def test_what_did_not_change_is_no_revision(tmp_path):
    before = snapshot_of(tmp_path, CELLS, "2026-01-05T08:00:00+00:00")
    revision = revision_of(before, snapshot_of(tmp_path, CELLS[::-1]))
    assert not revision
    assert revision.sentences() == ["1NED is as it was on 2026-01-05."]


def test_a_long_revision_shows_five_cells_and_counts_all(tmp_path):
    cells = [[f"WK{number:06}", "10", ""] for number in range(40)]
    before = snapshot_of(tmp_path, cells, "2026-01-05T08:00:00+00:00")
    (said,) = revision_of(before, snapshot_of(tmp_path, [[code, "15", name] for code, _, name in cells])).sentences()
    assert "40 cells changed" in said
    assert said.count("is now") == 5


def test_snapshots_of_other_dimensions_are_not_compared(tmp_path):
    before = snapshot_of(tmp_path, CELLS)
    after = snapshot_of(tmp_path, [["1", "2"]], columns=("count_1", "name_2"))
    with pytest.raises(ArgumentError):
        revision_of(before, after)
