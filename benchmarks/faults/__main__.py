"""`python -m benchmarks.faults`: write docs/faults.md; `--count` tries every fault in a process of its own."""

import json
import sys
from pathlib import Path

from benchmarks.faults.figures import figures
from benchmarks.faults.page import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"


def main(arguments: list[str]) -> int:
    """Write the page, or count."""
    if arguments == ["--count"]:
        print(json.dumps(figures(), indent=2))
        return 0
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(PAGE.parents[1])} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
