"""Agreement: means and sds of an entrant against those of a long run of this package's NUTS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Estimates = Mapping[str, Mapping[str, float | None]]


def agreement(found: Estimates, reference: Estimates) -> dict[str, float | None]:
    """Compare parameters that both have.

    Returns
    -------
    dict
        ``mean_difference``: the largest difference of means, in sds of the reference. ``sd_ratio_min`` and
        ``sd_ratio_max``: of sds to those of the reference; nothing where the entrant gives none.
    """
    shared = [name for name in reference if name in found]
    differences = [
        abs(_of(found, name, "mean") - _of(reference, name, "mean")) / _of(reference, name, "sd") for name in shared
    ]
    ratios = [_of(found, name, "sd") / _of(reference, name, "sd") for name in shared if found[name]["sd"] is not None]
    return {
        "mean_difference": round(max(differences), 3) if differences else None,
        "sd_ratio_min": round(min(ratios), 3) if ratios else None,
        "sd_ratio_max": round(max(ratios), 3) if ratios else None,
        "parameters": len(shared),
    }


def _of(estimates: Estimates, name: str, figure: str) -> float:
    """Return one figure of one parameter."""
    value: Any = estimates[name][figure]
    return float(value)
