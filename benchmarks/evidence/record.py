"""Where the real data lie, and what machine and versions a figure comes from."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

Parts = Mapping[str, Callable[[], dict[str, Any]]]
"""The figures of each part of a subject, by its name."""

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "evidence"
SHARED = PROJECT.parent / "shared" / "data"
LIBRARIES = ("pymc", "nutpie", "arviz", "numpy", "scipy", "pandas", "xarray", "numba")


def machine() -> dict[str, Any]:
    """Return the date, versions and size of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
    }


def all_parts(parts: Parts) -> dict[str, Any]:
    """Return every figure of a subject."""
    found: dict[str, Any] = {}
    for part in parts.values():
        found |= part()
    return found


def write_parts(subject: str, parts: Parts, names: list[str]) -> int:
    """Write the figures of some parts among the others of the subject; return the exit code."""
    if not names or set(names) - set(parts):
        print(f"usage: python -m benchmarks.evidence.{subject} {{{','.join(parts)}}} ...", file=sys.stderr)
        return 2
    path = FOLDER / f"{subject}.json"
    for name in names:
        found = parts[name]()
        content = json.loads(path.read_text("utf-8")) if path.is_file() else machine()
        content |= found | {"parts": content.get("parts", {}) | {name: machine()["date"]}}
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        print(json.dumps(found, indent=2), flush=True)
    return 0
