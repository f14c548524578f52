"""From a fit of many areas to written tables: csv and Parquet of areas and levels, each size in a process of its own.

`python -m benchmarks.evidence.sense.scale AREAS` measures one size. A workbook cannot hold more than 1,048,576 rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bayesmodel import build_model, fit_model, interpret_counts, read_areas, write_tables
from benchmarks.evidence.scale import country, peak_gb

SIZES = (100_000, 1_000_000)
DRAWS = 1000
GIB_NEEDED = 17
"""Memory that the largest size needs."""


def figures() -> dict[str, Any]:
    """Return seconds and peak memory of each size; the largest only where there is memory for it."""
    small = measured(SIZES[0])
    large = measured(SIZES[1]) if free_gib() >= GIB_NEEDED else {}
    return {
        "hundred_thousand_tables_seconds": small["tables_seconds"],
        "hundred_thousand_fit_seconds": small["fit_seconds"],
        "hundred_thousand_peak_gb": small["peak_gb"],
        "million_tables_seconds": large.get("tables_seconds"),
        "million_fit_seconds": large.get("fit_seconds"),
        "million_peak_gb": large.get("peak_gb"),
    }


def free_gib() -> float:
    """Return the memory that is available."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 2**20 for line in lines if line.startswith("MemAvailable"))


def measured(areas: int) -> dict[str, Any]:
    """Return what one size takes, in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.evidence.sense.scale", str(areas)]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(found, file=sys.stderr, flush=True)
    return found


def one(areas: int) -> dict[str, Any]:
    """Fit one size and write its tables."""
    with tempfile.TemporaryDirectory() as folder:
        counts = interpret_counts(read_areas(country(Path(folder), areas, "laplace", DRAWS)))
        begun = perf_counter()
        fit = fit_model(build_model(counts))
        fitted = perf_counter()
        write_tables(fit, Path(folder, "tables"), ("csv", "parquet"))
        done = perf_counter()
        written = sum(path.stat().st_size for path in Path(folder, "tables").iterdir())
    return {
        "areas": areas,
        "fit_seconds": round(fitted - begun, 1),
        "tables_seconds": round(done - fitted, 1),
        "written_mb": round(written / 1e6),
        "peak_gb": round(peak_gb(), 2),
        "converged": fit.diagnostics.converged,
    }


if __name__ == "__main__":
    print(json.dumps(one(int(sys.argv[1]))))
