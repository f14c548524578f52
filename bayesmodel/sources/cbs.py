"""CBS open data: a table opened in the newest protocol in which it is available."""

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
    """Open a table of CBS in OData v4, or in v3 if it is available only there.

    Parameters
    ----------
    table : str
        Identifier, such as ``85984NED``.
    service : Service, optional
        The client; by default over HTTP.
    protocol : {"auto", "v3", "v4"}
        One version, or the newest that has the table.
    url : str, optional
        Address of a mirror of both versions, instead of the addresses of CBS.

    Returns
    -------
    RemoteTable
        With its metadata.

    Raises
    ------
    UnknownTableError
        No version has the table.
    UnreachableError, ProtocolError
        As in `Service.json`.
    """
    service = Service() if service is None else service
    protocols = ("v4", "v3") if protocol == "auto" else (protocol,)
    for version in protocols:
        try:
            return PROTOCOLS[version](service, url or ROOTS[version], table)
        except UnknownTableError:
            continue
    message = _(
        "CBS has no table {table} (asked for in {versions} at {where}). Identifiers are like 85984NED; the page of a "
        "table on opendata.cbs.nl shows its own."
    )
    where = url or ", ".join(ROOTS[version] for version in protocols)
    versions = ", ".join(PROTOCOLS[version].protocol for version in protocols)
    raise UnknownTableError(message.format(table=table, versions=versions, where=where))
