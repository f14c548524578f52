"""Figures that claims rest on: `python -m benchmarks.evidence NAME` recomputes them into `docs/evidence/NAME.json`."""
