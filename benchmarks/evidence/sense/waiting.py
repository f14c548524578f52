"""What waiting costs on the file of 2017: the command, the fit inside it, and each command that reads the result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.evidence.record import PROJECT
from benchmarks.evidence.study_2017 import PROGRAM, STUDY

ENGINE = ("--engine", "laplace", "--draws", "250")
"""Four chains of 250: a thousand draws."""
REPEATS = 3

FIT = """
import json, resource
from bayesmodel import build_model, fit_model, interpret_counts, read_areas, read_study, study_from
study = read_study({study!r}).model_dump()
study["inference"] |= {{"engine": "laplace", "chains": 4, "draws": 250}}
counts = interpret_counts(read_areas(read_study({study!r}))).with_study(study_from(study))
def used():
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
fit_model(build_model(counts))
times = []
for _ in range({repeats}):
    begun = used()
    fit_model(build_model(counts))
    times.append(used() - begun)
print(json.dumps(min(times)))
"""
MEASURE = """
import json, resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds, spent = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([seconds, spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1000]))
"""


def figures() -> dict[str, Any]:
    """Return seconds by the clock, seconds of the processor and peak memory, each in processes of their own.

    `command_over_fit_cpu` is processor seconds of the whole warm command `run` (Python's start, imports, reading the
    workbook, the fit, all tables, the workbook, saving; compiled code taken from its cache) over `fit_cpu_seconds`:
    those of `fit_model(build_model(counts))` by itself, in a process where it has run once before. Each warm figure
    is the least of a few; the cold command is run once, with nothing compiled.
    """
    with tempfile.TemporaryDirectory() as folder:
        results = f"{folder}/results"
        run = ("run", str(STUDY), *ENGINE, "--out", results, "--force")
        cache = Path(folder, "compiled")
        cold = _measured(run, cache)
        warm = [_measured(run, cache) for _ in range(REPEATS)]
        fit = _fit_seconds(cache)
        first, second = pd.read_csv(f"{results}/wijken.csv", nrows=2, dtype=str).iloc[:, 0]
        reading = {
            "plot": ("plot", results, "forest", first, second, "--out", f"{folder}/picture.png", "--force"),
            "compare": ("compare", results, first, second),
            "rank": ("rank", results),
            "explain": ("explain", results, first),
        }
        times = {
            f"{name}_cpu_seconds": round(min(_measured(call, cache)[1] for _ in range(REPEATS)), 2)
            for name, call in reading.items()
        }
    whole = min(seconds for _, seconds, _ in warm)
    return {
        "command_wall_seconds_warm": round(min(seconds for seconds, _, _ in warm), 1),
        "command_wall_seconds_cold": round(cold[0], 1),
        "command_cpu_seconds": round(whole, 1),
        "fit_cpu_seconds": round(fit, 2),
        "command_over_fit_cpu": round(whole / fit, 1),
        "peak_mb": round(max(peak for _, _, peak in warm)),
        **times,
    }


def _measured(arguments: tuple[str, ...], cache: Path) -> tuple[float, float, float]:
    """Return seconds by the clock, of the processor, and the peak in MB of one call of the program."""
    call = [sys.executable, "-c", MEASURE, sys.executable, *PROGRAM, *arguments]
    seconds, processor, peak = json.loads(_printed(call, cache))
    return seconds, processor, peak


def _fit_seconds(cache: Path) -> float:
    """Return processor seconds of building and fitting alone, the least of a few after one that does not count."""
    return float(
        _printed([sys.executable, "-c", FIT.format(study=str(STUDY), repeats=REPEATS)], cache).splitlines()[-1]
    )


def _printed(call: list[str], cache: Path) -> str:
    """Return what a process prints; compiled code is kept in the cache."""
    environment = dict(os.environ) | {"NUMBA_CACHE_DIR": str(cache)}
    return subprocess.run(call, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
