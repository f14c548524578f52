"""Tables from their publisher: a client of its service, and snapshots of what was downloaded.

The only package that uses a web library. It produces a folder with tables and a study, which is read like any other.
"""

from bayesmodel.sources.cbs import open_table
from bayesmodel.sources.download import download
from bayesmodel.sources.fetch import Fetched, fetch
from bayesmodel.sources.fetch_table import FetchedTable, Sources, fetch_table
from bayesmodel.sources.fetch_years import FetchedYears, fetch_years
from bayesmodel.sources.known_tables import Registry, read_registry
from bayesmodel.sources.revision import Revision, revision_of
from bayesmodel.sources.selection import Selection
from bayesmodel.sources.service import Patience, Service
from bayesmodel.sources.snapshot import Snapshot, latest_snapshot, read_snapshot
from bayesmodel.sources.table_metadata import TableMetadata
from bayesmodel.sources.transport import Reply, Transport, WebTransport

__all__ = [
    "Fetched",
    "FetchedTable",
    "FetchedYears",
    "Patience",
    "Registry",
    "Reply",
    "Revision",
    "Selection",
    "Service",
    "Snapshot",
    "Sources",
    "TableMetadata",
    "Transport",
    "WebTransport",
    "download",
    "fetch",
    "fetch_table",
    "fetch_years",
    "latest_snapshot",
    "open_table",
    "read_registry",
    "read_snapshot",
    "revision_of",
]
