"""All senseless inputs."""

from __future__ import annotations

from benchmarks.sense import counts, determinants, groups, spoiled
from benchmarks.sense.judge import Input

INPUTS: tuple[Input, ...] = (*determinants.INPUTS, *counts.INPUTS, *groups.INPUTS, *spoiled.INPUTS)
