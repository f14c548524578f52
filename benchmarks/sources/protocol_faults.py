"""Faults of a service, tried one by one on a real server: each ends in whole data, or in one message of its kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from bayesmodel.errors import (
    BayesModelError,
    ChangedTableError,
    ProtocolError,
    SnapshotError,
    UnknownTableError,
    UnreachableError,
)
from bayesmodel.sources import Patience, Service, Sources, fetch_table, read_registry
from bayesmodel.sources.transport import Limits
from benchmarks.sources.invented_tables import ServedTable, invented_country, youth_care
from benchmarks.sources.local_cbs import LocalCbs

COUNTRY = invented_country(wijken=60, gemeenten=8)
TABLE = youth_care(COUNTRY)
ROWS, V4_ROWS = "UntypedDataSet?$format=json&$filter", "Observations?$filter"
IMPATIENT = Patience(attempts=3, first_wait=0.0, longest_wait=5.0, pause=0.0)
SILENCE = 1.0
"""Seconds of silence that are waited for, where silence is the fault; elsewhere a busy machine may take its time."""


@dataclass(frozen=True)
class Case:
    """A fault, and how it is to end.

    Parameters
    ----------
    name : str
        What goes wrong.
    where, how : str, tuple of str
        Answers to the next questions for addresses with `where` in them.
    ends : type of BayesModelError, optional
        How it ends; in whole data when left out.
    protocols, page, links, counts, untyped
        As of `LocalCbs`.
    table : ServedTable
        What is served under the identifier that is asked for.
    least_areas : int
        Areas that the table has at least.
    meanwhile : callable of Path, optional
        What happens to the folder of snapshots after a first fetch; the second one is judged.
    refresh : bool
        Whether that second one asks the service again.
    """

    name: str
    where: str = ""
    how: tuple[str, ...] = ()
    ends: type[BayesModelError] | None = None
    protocols: tuple[str, ...] = ("v3",)
    page: int = 50
    links: bool = True
    counts: bool = True
    untyped: bool = True
    table: ServedTable = field(default=TABLE, repr=False)
    least_areas: int = 60
    meanwhile: Callable[[Path], object] | None = None
    refresh: bool = False


def _spoil(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what changes a text in a file of each snapshot."""

    def spoil(folder: Path) -> None:
        for path in folder.rglob(name):
            path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    return spoil


def _remove(name: str) -> Callable[[Path], None]:
    """Return what takes a file of each snapshot away."""
    return lambda folder: [path.unlink() for path in folder.rglob(name)] and None


def _renamed() -> ServedTable:
    """Return the table with its count under another name."""
    return TABLE.without("TotaalJongerenMetJeugdzorgInNatur_1")


PASSING = ("500", "502", "503", "504", "408", "429")
MENDED = ("silent", "cut off", "closed", "html", "no json", "nothing", "badly zipped", "wait", "wait until")
CASES = [
    *(Case(f"status {status}, then well", ROWS, (status, "as usual", status)) for status in PASSING),
    *(Case(f"{how}, then well", ROWS, (how, "as usual", how, how)) for how in MENDED),
    *(
        Case(f"v4: {how}, then well", V4_ROWS, (how, how), protocols=("v4",))
        for how in ("500", "cut off", "wait", "html")
    ),
    *(Case(f"metadata: {how}, then well", "DataProperties", (how,)) for how in ("500", "cut off", "silent", "html")),
    *(Case(f"status {status} without end", ROWS, (status,) * 9, UnreachableError) for status in ("500", "503", "429")),
    Case("silent without end", ROWS, ("silent",) * 9, UnreachableError),
    Case("cut off without end", ROWS, ("cut off",) * 9, UnreachableError),
    Case("closed without end", ROWS, ("closed",) * 9, UnreachableError),
    Case("html without end", ROWS, ("html",) * 9, ProtocolError),
    Case("half of the JSON without end", ROWS, ("no json",) * 9, ProtocolError),
    Case("to be left alone for two hours", ROWS, ("wait long",), UnreachableError),
    Case("a question that is refused", ROWS, ("400",), ProtocolError),
    Case("a door that is closed", ROWS, ("403",), ProtocolError),
    Case("a list where an object is due", ROWS, ("a list",), ProtocolError),
    Case("an object without rows", ROWS, ("no rows",), ProtocolError),
    Case("a next page that is this page", ROWS, ("link to itself",), ProtocolError),
    Case("rows lost on a page", ROWS, ("as usual", "rows lost"), ProtocolError),
    Case("rows of other columns than said", ROWS, ("other columns",) * 2, ChangedTableError),
    Case("a page that is gone", ROWS, ("as usual", "404"), UnknownTableError),
    Case("badly zipped without end", ROWS, ("badly zipped",) * 9, UnreachableError),
    Case("zipped answers", "", ("zipped",) * 40),
    Case("v4: zipped answers", "", ("zipped",) * 40, protocols=("v4",)),
    Case("links to another host", "DataSet", ("another host",) * 9),
    Case("a byte order mark", "", ("byte order mark",) * 40),
    Case("v4: links to another host", "Observations", ("another host",) * 40, protocols=("v4",)),
    Case("v4: a byte order mark", "", ("byte order mark",) * 40, protocols=("v4",)),
    Case("no number of rows", counts=False),
    Case("v4: no number of rows", protocols=("v4",), counts=False),
    Case("no untyped rows", untyped=False),
    Case("one page", page=10_000),
    Case("both protocols", protocols=("v3", "v4")),
    Case("v4 has what is said of it, but no rows", "Observations", ("404",), protocols=("v3", "v4")),
    Case("no such table", protocols=(), ends=UnknownTableError),
    Case("the count under another name", table=_renamed(), ends=ChangedTableError),
    Case("v4: the count under another name", table=_renamed(), ends=ChangedTableError, protocols=("v4",)),
    Case("another year", table=youth_care(COUNTRY, 2016), ends=ChangedTableError),
    Case("a part of the country", least_areas=61, ends=ChangedTableError),
    Case("no rows at all", table=youth_care(invented_country(3, 3)).with_cells({}, ""), ends=ChangedTableError),
    Case("a second fetch without a service", meanwhile=lambda folder: None),
    Case("a cell of a snapshot changed", meanwhile=_spoil("rows.csv", "0,", "5,"), ends=SnapshotError),
    Case(
        "what is said of a snapshot changed",
        meanwhile=_spoil("metadata.json", "Wijk 00", "Wijk 99"),
        ends=SnapshotError,
    ),
    Case("where a snapshot came from changed", meanwhile=_spoil("provenance.json", "2018", "2019"), ends=SnapshotError),
    Case("rows of a snapshot gone", meanwhile=_remove("rows.csv"), ends=SnapshotError),
    Case("where a snapshot came from gone", meanwhile=_remove("provenance.json"), ends=SnapshotError),
    Case("a service that is gone at a refresh", meanwhile=lambda folder: None, refresh=True, ends=UnreachableError),
]


@contextmanager
def served(case: Case) -> Iterator[LocalCbs]:
    """Serve what a case is about."""
    options = {"links": case.links, "counts": case.counts, "untyped": case.untyped}
    with LocalCbs([case.table], case.protocols, case.page, **options) as server:
        if case.how:
            server.misbehave(case.where, *case.how)
        yield server


def try_case(case: Case, folder: Path) -> pd.DataFrame:
    """Fetch a table while a fault happens; return what was fetched.

    Parameters
    ----------
    case : Case
        The fault.
    folder : Path
        Folder for snapshots.

    Raises
    ------
    BayesModelError
        As the case says.
    """
    registry = read_registry()
    kind = registry.purpose("jeugdhulp").model_copy(update={"least_areas": case.least_areas})
    registry = registry.model_copy(update={"purposes": {**registry.purposes, "jeugdhulp": kind}})

    patience = replace(IMPATIENT, limits=Limits(silence=SILENCE)) if "silent" in case.how else IMPATIENT

    def fetched(url: str, refresh: bool = False) -> pd.DataFrame:
        sources = Sources(
            registry, folder, url, refresh, lambda: Service(patience=patience, sleep=lambda seconds: None)
        )
        return fetch_table("jeugdhulp", 2017, sources).snapshot.frame

    with served(case) as server:
        found = fetched(server.url)
    if case.meanwhile is not None:
        case.meanwhile(folder)
        found = fetched(server.url, case.refresh)
    return found


def expected_cells() -> pd.Series:
    """Return the published counts by wijk, hidden ones empty."""
    whole = [row for row in TABLE.rows if (row["Vormen"], row["Perioden"]) == ("T001203", "2017JJ00")]
    counts = {row["Wijken"]: row["TotaalJongerenMetJeugdzorgInNatur_1"] for row in whole if row["Wijken"] != "NL00"}
    return pd.Series({code: "" if cell is None else f"{cell:.0f}" for code, cell in counts.items()}).sort_index()


def survives(case: Case, folder: Path) -> bool:
    """Whether a fault ends as it should: in whole data, or in one message of its kind and nothing half-written."""
    try:
        found = try_case(case, folder)
    except BayesModelError as error:
        return case.ends is not None and type(error) is case.ends and str(error) != ""
    column = next(name for name in found.columns if name.startswith("TotaalJongerenMetJeugdzorg"))
    counts = found.set_index("Wijken")[column].replace(".", "").sort_index()
    return case.ends is None and counts.equals(expected_cells().rename(column).rename_axis("Wijken"))


def figures() -> dict[str, int]:
    """Try every fault; return how many were tried, and how many ended as they should."""
    with TemporaryDirectory() as folder:
        ended = [survives(case, Path(folder) / str(index)) for index, case in enumerate(CASES)]
    return {"protocol_faults_tried": len(ended), "protocol_faults_survived": sum(ended)}


if __name__ == "__main__":
    print(json.dumps(figures()))
