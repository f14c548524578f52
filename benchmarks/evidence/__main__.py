"""`python -m benchmarks.evidence NAME`: recompute the figures of one subject, print them and write them down."""

import json
import sys

from benchmarks.evidence import (
    almere,
    boundaries,
    compare,
    core,
    fast,
    hands,
    house,
    kwb_2021,
    population_noise,
    report,
    sense,
    study_2017,
    totals,
    truth,
)
from benchmarks.evidence.record import FOLDER, SHARED, machine
from benchmarks.sources import protocol_faults

SUBJECTS = {
    "study-2017": study_2017.figures,
    "publication-2017": study_2017.publication_rules,
    "kwb-2021": kwb_2021.figures,
    "hands": hands.figures,
    "compare": compare.figures,
    "fast": fast.figures,
    "sense": sense.figures,
    "house": house.figures,
    "truth": truth.figures,
    "core": core.figures,
    "sources": lambda: (
        protocol_faults.figures()
        | boundaries.figures()
        | almere.figures()
        | totals.figures()
        | population_noise.figures()
    ),
    "report": report.figures,
}


def main(names: list[str]) -> int:
    """Run one subject; return the exit code."""
    if len(names) != 1 or names[0] not in SUBJECTS:
        print(f"usage: python -m benchmarks.evidence {{{','.join(SUBJECTS)}}}", file=sys.stderr)
        return 2
    if not SHARED.is_dir():
        print(json.dumps({names[0]: "skipped", "reason": "the real input data are not beside this checkout"}))
        return 0
    content = {"command": f"python -m benchmarks.evidence {names[0]}", **machine(), **SUBJECTS[names[0]]()}
    text = json.dumps(content, indent=2)
    print(text)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{names[0]}.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
