"""`python -m benchmarks.faults`: write docs/faults.md; `--count` tries every fault in a process of its own.

`python -m benchmarks.faults fuzz [INPUTS [SEED]]` tries spoilt files on every reader, and ends with 1 when one of them
ended in a traceback, a crash or a hang.
"""

import json
import sys
from pathlib import Path

from benchmarks.faults.figures import figures
from benchmarks.faults.fuzz import INPUTS, SEED, count, fuzz
from benchmarks.faults.page import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"


def main(arguments: list[str]) -> int:
    """Write the page, or count."""
    if arguments == ["--count"]:
        print(json.dumps(figures(), indent=2))
        return 0
    if arguments[:1] == ["fuzz"]:
        return _fuzz(*map(int, arguments[1:3]))
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(PAGE.parents[1])} written")
    return 0


def _fuzz(inputs: int = INPUTS, seed: int = SEED) -> int:
    """Try spoilt files and print the figures, with what went wrong."""
    found = fuzz(inputs, seed)
    for taken in found:
        if taken.end not in ("read", "help"):
            print(f"input {taken.number} ({taken.kind}, {taken.how}): {taken.end}\n{taken.said}", file=sys.stderr)
    counted = count(found, seed)
    print(json.dumps(counted, indent=2))
    return int(counted["fuzz_tracebacks"] + counted["fuzz_hangs"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
