"""CBS open data: a table found in the newest protocol it is served in."""

from __future__ import annotations

from typing import Literal

from bayesmodel.errors import UnknownTableError
from bayesmodel.messages import _
from bayesmodel.sources.odata import RemoteTable
from bayesmodel.sources.odata_v3 import TableV3
from bayesmodel.sources.odata_v4 import TableV4
from bayesmodel.sources.service import Service

Protocol = Literal["auto", "v3", "v4"]
ROOTS = {"v4": "https://datasets.cbs.nl", "v3": "https://opendata.cbs.nl"}
"""Where CBS serves each version."""
PROTOCOLS: dict[str, type[RemoteTable]] = {"v4": TableV4, "v3": TableV3}


def open_table(
    table: str, service: Service | None = None, protocol: Protocol = "auto", url: str | None = None
) -> RemoteTable:
    """Find a table of CBS, in OData v4, or in v3 where it is only there.

    Parameters
    ----------
    table : str
        Identifier, such as ``85984NED``.
    service : Service, optional
        What asks; over HTTP when left out.
    protocol : {"auto", "v3", "v4"}
        One version, or the newest that has the table.
    url : str, optional
        Address of a mirror that serves both, in place of those of CBS.

    Returns
    -------
    RemoteTable
        With its metadata read.

    Raises
    ------
    UnknownTableError
        No version has it.
    UnreachableError, ProtocolError
        As of `Service.json`.
    """
    service = Service() if service is None else service
    asked = ("v4", "v3") if protocol == "auto" else (protocol,)
    for version in asked:
        try:
            return PROTOCOLS[version](service, url or ROOTS[version], table)
        except UnknownTableError:
            continue
    absent = _(
        "CBS has no table {table} (asked for in {versions} at {where}). Identifiers are like 85984NED; the page of a "
        "table on opendata.cbs.nl shows its own."
    )
    where = url or ", ".join(ROOTS[version] for version in asked)
    versions = ", ".join(PROTOCOLS[version].protocol for version in asked)
    raise UnknownTableError(absent.format(table=table, versions=versions, where=where))
