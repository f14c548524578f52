"""Figures of input that makes no sense, files that are broken, and the wait after the fit."""

from __future__ import annotations

from typing import Any


def figures() -> dict[str, Any]:
    """Return every figure of this subject."""
    from benchmarks.evidence.record import all_parts
    from benchmarks.evidence.sense.__main__ import PARTS

    return all_parts(PARTS)
