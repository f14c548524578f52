"""A real HTTP server on this machine that speaks OData v3 and v4 as CBS does, and misbehaves when told to."""

from __future__ import annotations

import gzip
import json
import re
import threading
import time
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.sources.invented_shapes import ServedLayer
from benchmarks.sources.invented_tables import ServedTable, Topic

V3, V4 = "/ODataFeed/odata/", "/odata/v1/CBS/"
SIMPLE = re.compile(r"(\w+) eq '([^']*)'|startswith\((\w+),'([^']*)'\)")
SLOW = 0.8
"""Seconds that a slow answer takes."""
SILENT = 60.0
"""Seconds without an answer, unless the server is closed before: longer than any test waits on a busy machine."""


class LocalCbs:
    """A server on 127.0.0.1, in a thread of its own.

    Parameters
    ----------
    tables : iterable of ServedTable
        What it serves.
    protocols : tuple of {"v3", "v4"}
        In which protocols.
    page : int
        Rows of a page.
    links : bool
        Whether a page that is not the last says where the next one is.
    counts : bool
        Whether it says how many rows there are.
    untyped : bool
        Whether it has the untyped set of v3.
    layers : mapping of str to ServedLayer, optional
        Polygons, by the path of their service: of a WFS, or of the items of a collection.
    """

    def __init__(
        self,
        tables: Iterable[ServedTable],
        protocols: tuple[str, ...] = ("v3", "v4"),
        page: int = 10_000,
        *,
        links: bool = True,
        counts: bool = True,
        untyped: bool = True,
        layers: Mapping[str, ServedLayer] | None = None,
    ) -> None:
        self.tables = {table.table: table for table in tables}
        self.protocols, self.page, self.links, self.counts, self.untyped = protocols, page, links, counts, untyped
        self.layers = {} if layers is None else layers
        self.asked: list[str] = []
        """Addresses asked for, in their order."""
        self._mischief: list[tuple[str, list[str]]] = []
        self.closing = threading.Event()

    def misbehave(self, where: str, *how: str) -> None:
        """Answer the next questions for addresses with `where` in them in these ways, then as usual again."""
        self._mischief.append((where, list(how)))

    def __enter__(self) -> Self:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer(server, self)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def next_mischief(self, path: str) -> str:
        """Return how to answer this question: as usual where nothing else was said."""
        for where, how in self._mischief:
            if where in path and how:
                return how.pop(0)
        return "as usual"


def answer(server: LocalCbs, request: BaseHTTPRequestHandler) -> None:
    """Answer a question, well or in the way that was asked for."""
    path = unquote(request.path)
    server.asked.append(path)
    how = server.next_mischief(path)
    status, content = _content(server, path)
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    kind, headers = "application/json; odata=minimalmetadata; charset=utf-8", {}
    match how:
        case "slow":
            time.sleep(SLOW)
        case "silent":
            server.closing.wait(SILENT)
        case "html":
            kind, body = "text/html", b"<html><body>Onderhoud: we zijn zo terug</body></html>"
        case "no json":
            body = body[: len(body) // 2]
        case "no rows":
            body = b'{"odata.metadata": "..."}'
        case "a list":
            body = b"[]"
        case "nothing":
            body = b""
        case "other columns":
            body = re.sub(rb'"(AantalInwoners|Wijken\w*)(?=[_"])', b'"Anders', body)
        case "link to itself":
            body = json.dumps({**json.loads(body), "odata.nextLink": server.url + request.path}).encode()
        case "another host":
            body = body.replace(server.url.encode(), b"https://opendata.cbs.nl")
        case "rows lost":
            content = json.loads(body)
            body = json.dumps({**content, "value": content["value"][:-3]}).encode()
        case "byte order mark":
            body = b"\xef\xbb\xbf" + body
        case "zipped":
            body, headers = gzip.compress(body), {"Content-Encoding": "gzip"}
        case "badly zipped":
            headers = {"Content-Encoding": "gzip"}
        case "closed":
            request.close_connection = True
            return
        case "wait" | "wait long":
            status, headers = 429, {"Retry-After": "1" if how == "wait" else "7200"}
        case "wait until":
            status, headers = 503, {"Retry-After": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())}
        case how if how.isdigit():
            status, body = int(how), b'{"odata.error": {"message": "Er ging iets fout"}}'
    _send(request, status, kind, headers, body, cut=how == "cut off")


def _send(
    request: BaseHTTPRequestHandler, status: int, kind: str, headers: Mapping[str, str], body: bytes, *, cut: bool
) -> None:
    """Send an answer; cut off, half of what its length promises."""
    try:
        request.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            request.close_connection = True
    except (BrokenPipeError, ConnectionResetError):
        request.close_connection = True


def _content(server: LocalCbs, path: str) -> tuple[int, Any]:
    """Return status and content of an address."""
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path in server.layers:
        return server.layers[parts.path].answer(f"{server.url}{parts.path}", query)
    for version, root in (("v3", V3), ("v4", V4)):
        if parts.path.startswith(root) and version in server.protocols:
            table, _, entity = parts.path.removeprefix(root).partition("/")
            if table in server.tables:
                found = (_v3 if version == "v3" else _v4)(server, server.tables[table], entity.removesuffix("/$count"))
                if found is not None:
                    return _part(server, path, query, found, version, counting=entity.endswith("/$count"))
    return 404, {"odata.error": {"message": "not found"}}


def _part(
    server: LocalCbs, path: str, query: Mapping[str, str], found: Any, version: str, *, counting: bool
) -> tuple[int, Any]:
    """Return the part of a set of rows that is asked for."""
    if isinstance(found, dict):
        return 200, found
    rows = [row for row in found if _matches(query.get("$filter", ""), row)]
    if counting:
        return (200, f"\ufeff{len(rows)}".encode()) if server.counts else (404, {})
    begin, most = int(query.get("$skip", 0)), min(int(query.get("$top", server.page)), server.page)
    page = rows[begin : begin + most]
    if "$select" in query:
        page = [{name: row[name] for name in query["$select"].split(",")} for row in page]
    content: dict[str, Any] = {("odata" if version == "v3" else "@odata") + ".metadata": path, "value": page}
    if server.links and begin + most < len(rows) and "$top" not in query:
        others = "&".join(f"{name}={value}" for name, value in query.items() if name != "$skip")
        link = f"{server.url}{urlsplit(path).path}?{others}&$skip={begin + most}"
        content["odata.nextLink" if version == "v3" else "@odata.nextLink"] = link
    return 200, content


def _matches(condition: str, row: Mapping[str, Any]) -> bool:
    """Whether a row meets a condition of texts that are equal or begin so; padding does not count, as with CBS."""
    return all(
        any(
            str(row[name]).strip() == value.strip() if name else str(row[other]).startswith(prefix)
            for name, value, other, prefix in SIMPLE.findall(part)
        )
        for part in condition.split(") and (")
        if part
    )


def _padded(code: str) -> str:
    """Return a code as wide as v3 has it."""
    return f"{code:<10}" if code[:1].isalpha() else code


def _untyped(value: Any, dots: bool) -> str:
    """Return a cell of the untyped set: right-aligned, a dot where it is secret."""
    if value is None:
        return f"{'.' if dots else '':>10}"
    return f"{value:>10.1f}".removesuffix(".0").rjust(10) if isinstance(value, float) else f"{value:<40}"


def _v3(server: LocalCbs, table: ServedTable, entity: str) -> list[dict[str, Any]] | None:
    """Return an entity set of v3."""
    if entity == "TableInfos":
        about = {"Title": table.title, "Identifier": table.table, "Period": table.period, "Modified": table.modified}
        return [{"ID": 0, **about}]
    if entity == "DataProperties":
        groups = {group: 100 + index for index, group in enumerate(dict.fromkeys(each.group for each in table.topics))}
        kinds = [("TimeDimension" if name == "Perioden" else "GeoDetail" if not index else "Dimension", name)
                 for index, name in enumerate(table.dimensions)]  # fmt: skip
        return [
            *({"ID": index, "Type": kind, "Key": name, "Title": name} for index, (kind, name) in enumerate(kinds)),
            *({"ID": number, "Type": "TopicGroup", "Key": "", "Title": group} for group, number in groups.items()),
            *(
                {"ID": 200 + index, "ParentID": groups[each.group], "Type": "Topic", "Key": each.key, **_about(each)}
                for index, each in enumerate(table.topics)
            ),
        ]
    if entity in table.dimensions:
        period = entity == "Perioden"
        return [
            {
                "Key": _padded(code),
                "Title": f"{title:<20}",
                "Description": None,
                **({"Status": status} if period else {}),
            }
            for code, title, status in table.dimensions[entity]
        ]
    if entity == "TypedDataSet" or (entity == "UntypedDataSet" and server.untyped):
        typed = entity == "TypedDataSet"
        return [
            {"ID": index}
            | {name: _padded(str(row[name])) for name in table.dimensions}
            | {
                each.key: _typed(row.get(each.key)) if typed else _untyped(row.get(each.key), table.dots)
                for each in table.topics
            }
            for index, row in enumerate(table.rows)
        ]
    return None


def _about(topic: Topic) -> dict[str, str]:
    """Return title and unit of a column."""
    return {"Title": topic.title, "Unit": topic.unit}


def _typed(value: Any) -> Any:
    """Return a cell of the typed set."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _v4(server: LocalCbs, table: ServedTable, entity: str) -> Any:
    """Return an entity of v4."""
    groups = {group: index for index, group in enumerate(dict.fromkeys(each.group for each in table.topics))}
    if entity == "Properties":
        return {"Identifier": table.table, "Title": table.title, "Modified": table.modified,
                "TemporalCoverage": table.period}  # fmt: skip
    if entity == "Dimensions":
        return [{"Identifier": name, "Title": name, "Kind": "Dimension"} for name in table.dimensions]
    if entity == "MeasureGroups":
        return [{"Id": str(index), "Title": group} for group, index in groups.items()]
    if entity == "MeasureCodes":
        return [
            {"Identifier": each.code, "MeasureGroupId": str(groups[each.group]), **_about(each)}
            for each in table.topics
        ]
    if entity.removesuffix("Codes") in table.dimensions:
        return [
            {"Identifier": code, "Title": title, "Status": status}
            for code, title, status in table.dimensions[entity.removesuffix("Codes")]
        ]
    if entity == "Observations":
        return [
            {
                "Id": index * len(table.topics) + place,
                "Measure": each.code,
                "ValueAttribute": "None",
                "Value": value if isinstance(value, float) else None,
                "StringValue": value if isinstance(value, str) else None,
                **{name: row[name] for name in table.dimensions},
            }
            for index, row in enumerate(table.rows)
            for place, each in enumerate(table.topics)
            if (value := row.get(each.key)) is not None
        ]
    return None
