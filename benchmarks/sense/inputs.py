"""All senseless inputs."""

from __future__ import annotations

from benchmarks.sense import columns_by_newcomers, counts, determinants, groups, rows_by_newcomers, spoiled
from benchmarks.sense.judge import Input

INPUTS: tuple[Input, ...] = (
    *determinants.INPUTS,
    *counts.INPUTS,
    *groups.INPUTS,
    *spoiled.INPUTS,
    *columns_by_newcomers.INPUTS,
    *rows_by_newcomers.INPUTS,
)
