"""Figures that a claim rests on: `python -m benchmarks.evidence NAME` recomputes them and writes `docs/evidence/NAME.json`."""
