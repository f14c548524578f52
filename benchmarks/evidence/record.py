"""Where the real data lie, and what machine and versions a figure comes from."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

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
