"""Figures of input that makes no sense, files that are broken, and the wait after the fit."""

from __future__ import annotations

from typing import Any


def figures() -> dict[str, Any]:
    """Return every figure of this subject: what is timed first, on a machine that is quiet; then what is counted."""
    from benchmarks.evidence.sense import cases, engine, fuzz, injection, remarks, scale, waiting

    return {
        **waiting.figures(),
        **engine.figures(),
        **scale.figures(),
        **remarks.figures(),
        **cases.figures(),
        **injection.figures(),
        **fuzz.figures(),
    }
