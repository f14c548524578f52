"""`python -m benchmarks.compare`: run everything side by side and write docs/benchmarks.md, .json and .png.

A later run at the same size adds to what is there: only the chosen cases and entrants are measured anew.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.compare.case import Case
from benchmarks.compare.contest import CASES, SAMPLING, contest
from benchmarks.compare.entrants import PROJECT, entrants
from benchmarks.compare.page import write_page
from benchmarks.evidence.record import machine

SIZES = {"small": 400, "national": 2918}


def main(words: list[str]) -> int:
    """Run the contest that the words ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="national", help="wijken: 400 or 2,918 (default: national)")
    parser.add_argument("--limit", type=float, default=240, help="processor seconds of one run (default: 240)")
    parser.add_argument("--draws", type=int, default=SAMPLING["draws"], help="of each of 4 chains (default: 1,000)")
    parser.add_argument("--case", action="append", default=[], help="only cases whose name begins with this text")
    parser.add_argument("--entrant", action="append", default=[], help="only entrants whose name holds this text")
    parser.add_argument("--out", type=Path, default=PROJECT / "docs", help="folder for benchmarks.md, .json and .png")
    chosen = parser.parse_args(words)
    cases = [Case(family, counts, SIZES[chosen.size]) for family, counts in CASES]
    cases = [case for case in cases if not chosen.case or any(case.name.startswith(text) for text in chosen.case)]
    taking_part = [one for one in entrants() if not chosen.entrant or any(text in one.name for text in chosen.entrant)]
    about = {
        "command": "python -m benchmarks.compare " + " ".join(words),
        **machine(),
        "areas": SIZES[chosen.size],
    }
    chosen.out.mkdir(parents=True, exist_ok=True)
    file = chosen.out / "benchmarks.json"
    before = _earlier(file, about["areas"])
    rows, references = {(row["case"], row["entrant"]): row for row in before["rows"]}, before["references"]
    with tempfile.TemporaryDirectory() as folder:
        for row in contest(cases, tuple(taking_part), Path(folder), chosen.limit, references, chosen.draws):
            print(json.dumps(row), flush=True)
            rows[row["case"], row["entrant"]] = row | {"limit": chosen.limit, "load": round(os.getloadavg()[0], 1)}
            content = about | {"rows": _in_order(rows), "references": references}
            file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
            write_page(content["rows"], content, chosen.out)
    return 0


def _earlier(file: Path, areas: int) -> dict[str, Any]:
    """Return what an earlier run at the same size wrote, which this one adds to; nothing when there is none."""
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found if found.get("areas") == areas else {"rows": [], "references": {}}


def _in_order(rows: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows by case and entrant as they are listed."""
    cases, names = [f"{family}, {counts}" for family, counts in CASES], [entrant.name for entrant in entrants()]
    return [rows[case, name] for case in cases for name in names if (case, name) in rows]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
