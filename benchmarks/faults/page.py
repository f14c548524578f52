"""The page docs/faults.md: every fault with the message that the program gives."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults.attempt import attempt, in_this_process
from benchmarks.faults.cases import CASES
from benchmarks.faults.halted import MOMENTS, SIZES

HEAD = """\
# Faults, and what the program says of them

Made by `python -m benchmarks.faults`. `tests/faults/` makes every fault on purpose, runs the program on it, and sees
that it ends in this message, without a traceback and with nothing half-written; `python -m benchmarks.faults --count`
does the same, each in a process of its own. Faults of the data, columns and counts are reported in one message.

The input is a table of twelve wijken in `wijken.csv` or `wijken.xlsx`, changed in one place.
"""
TAIL = """\
## A disk that is full

Tried with disks that refuse a file of more than {sizes} bytes: exit code 4, and

    results could not be written: File too large. Nothing was left behind.

## Ctrl-C

Exit code 130, "Stopped by Ctrl-C; nothing was written.", and nothing left behind. Tried at these moments:

{moments}

In the first tenth of a second, while Python itself starts, Python answers in its own words; nothing is written then.
"""


def page() -> str:
    """Return the page, trying every fault in this process."""
    parts = [HEAD]
    for case in CASES:
        with TemporaryDirectory() as folder:
            outcome = attempt(case, Path(folder), in_this_process)
        said = "\n".join(f"    {line}".rstrip() for line in outcome.message.strip().splitlines())
        command = " ".join(("bayesmodel", *case.arguments))
        ends = "put right" if outcome.code == 0 else f"exit code {outcome.code}"
        parts.append(f"## {case.name[0].upper()}{case.name[1:]}\n\n`{command}`, {ends}:\n\n{said}\n")
    sizes = ", ".join(f"{size:,}" for size in SIZES)
    parts.append(TAIL.format(sizes=sizes, moments="\n".join(f"- {moment}" for moment in MOMENTS)))
    return "\n".join(parts)
