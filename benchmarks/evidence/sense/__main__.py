"""`python -m benchmarks.evidence.sense NAME ...`: compute some parts and write them among the others."""

import sys

from benchmarks.evidence.record import Parts, write_parts
from benchmarks.evidence.sense import cases, engine, fuzz, injection, remarks, scale, waiting

PARTS: Parts = {
    "waiting": waiting.figures,
    "engine": engine.figures,
    "scale": scale.figures,
    "remarks": remarks.figures,
    "cases": cases.figures,
    "injection": injection.figures,
    "fuzz": fuzz.figures,
}
"""What is timed first, on a machine that is quiet; then what is counted."""

if __name__ == "__main__":
    sys.exit(write_parts("sense", PARTS, sys.argv[1:]))
