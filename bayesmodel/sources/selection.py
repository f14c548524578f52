"""The selected part of a table, in a form that works for OData v3 and v4 and can be stored with the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bayesmodel.errors import ChangedTableError, suggest
from bayesmodel.messages import _
from bayesmodel.sources.table_metadata import TableMetadata


@dataclass(frozen=True)
class Selection:
    """The selected rows and columns of a table; everything by default.

    Parameters
    ----------
    codes : mapping of str to tuple of str
        Selected codes of a dimension, by the name of its column.
    prefixes : mapping of str to tuple of str
        Selected prefixes of the codes of a dimension, such as ``("WK", "GM")``.
    columns : tuple of str
        Names of topics; the dimensions are always included.

    Examples
    --------
    >>> Selection(codes={"Vormen": ("T001203",)}, prefixes={"Wijken": ("WK", "GM")}).where(quoted=str)
    "(Vormen eq 'T001203') and (startswith(Wijken,'WK') or startswith(Wijken,'GM'))"
    """

    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    def where(self, quoted: Any = str, extra: str = "") -> str:
        """Return the condition for ``$filter``; empty if all rows are selected.

        Parameters
        ----------
        quoted : callable
            Returns the key that the service uses for a code (padded in v3).
        extra : str
            An additional condition.
        """
        parts = [
            " or ".join(f"{name} eq '{_doubled(quoted(code))}'" for code in codes) for name, codes in self.codes.items()
        ]
        parts += [
            " or ".join(f"startswith({name},'{_doubled(prefix)}')" for prefix in prefixes)
            for name, prefixes in self.prefixes.items()
        ]
        return " and ".join(f"({part})" for part in [*parts, extra] if part)

    def wants(self, name: str, code: str) -> bool:
        """Whether rows with a code of a dimension are selected."""
        codes, prefixes = self.codes.get(name), self.prefixes.get(name)
        return (codes is None or code in codes) and (prefixes is None or code.startswith(tuple(prefixes)))

    def check(self, metadata: TableMetadata) -> None:
        """Raise if the table lacks part of the selection.

        Raises
        ------
        ChangedTableError
            A dimension, a code or a column does not exist; all are reported in one message.
        """
        faults = []
        for name in [*self.codes, *self.prefixes]:
            if name not in metadata.dimensions:
                faults.append(_("dimension {name}.").format(name=name) + suggest(name, metadata.dimensions))
        for name, codes in self.codes.items():
            known = metadata.titles(name)
            absent = [code for code in codes if code not in known] if name in metadata.dimensions else []
            said = _("code {code} of {name}.")
            faults += [said.format(code=code, name=name) + suggest(code, known) for code in absent]
        topics = [column.name for column in metadata.topics]
        faults += [
            _("column {name}.").format(name=name) + suggest(name, topics) for name in self.columns if name not in topics
        ]
        if faults:
            head = _("Table {table} ({title}) does not have what is selected:")
            lines = [head.format(table=metadata.table, title=metadata.title), *(f"- {fault}" for fault in faults)]
            raise ChangedTableError("\n".join(lines))

    def to_json(self) -> dict[str, Any]:
        """Return the selection as plain JSON values."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]


def _doubled(text: str) -> str:
    """Return a text with its quotes doubled, as OData requires."""
    return text.replace("'", "''")
