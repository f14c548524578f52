"""The wait of a user: from command to finished folder, and from a saved fit to an answer, in processes of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, Popen
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.evidence.record import PROJECT
from benchmarks.evidence.study_2017 import PROGRAM, STUDY

TURNS = 3
ASKED = {
    "compare": ("compare", "WK036301", "WK036302"),
    "rank": ("rank", "--highest", "20"),
    "explain": ("explain", "WK036301"),
    "plot": ("plot", "caterpillar", "--out"),
}
"""Commands on the results of the file of 2017, whose processor time is measured."""

FIT = """
import resource
from bayesmodel import build_model, fit_model, interpret_counts, read_areas, read_study
counts = interpret_counts(read_areas(read_study({study!r})))
inference = counts.study.inference.model_copy(update={{"engine": "laplace"}})
counts = counts.with_study(counts.study.model_copy(update={{"inference": inference}}))
fit_model(build_model(counts))
def used(): return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
before = used()
fit_model(build_model(counts))
print(used() - before)
"""


def figures() -> dict[str, Any]:
    """Time the whole command on the file of 2017 by Laplace, warm and with nothing compiled, and reading commands.

    Returns
    -------
    dict
        Wall seconds of `bayesmodel run` (`command_wall_seconds_warm`, median of three, and `_cold`, once, with an empty
        cache of compiled code); its processor seconds and those of building and fitting alone in a process that did so
        before (`command_over_fit_cpu` is the first over the second); peak memory; processor seconds of four commands on
        the results, imports included.
    """
    with TemporaryDirectory() as folder:
        out = Path(folder, "results")
        run = ("run", str(STUDY), "--engine", "laplace", "--out", str(out), "--force", "--quiet")
        cold = _timed(run, {"NUMBA_CACHE_DIR": f"{folder}/compiled"})
        _timed(run)
        warm = [_timed(run) for _turn in range(TURNS)]
        fit_cpu = float(_printed(FIT.format(study=str(STUDY))))
        asked = {}
        for name, words in ASKED.items():
            extra = (f"{folder}/picture.png", "--force") if name == "plot" else ()
            command = (words[0], str(out), *words[1:], *extra)
            asked[f"{name}_cpu_seconds"] = round(median(_timed(command)["cpu"] for _turn in range(TURNS)), 2)
        size = (out / "fit.nc").stat().st_size
    command_cpu = median(each["cpu"] for each in warm)
    return {
        "command_wall_seconds_warm": round(median(each["wall"] for each in warm), 1),
        "command_wall_seconds_cold": round(cold["wall"], 1),
        "command_cpu_seconds": round(command_cpu, 1),
        "command_cpu_seconds_cold": round(cold["cpu"], 1),
        "fit_cpu_seconds": round(fit_cpu, 2),
        "command_over_fit_cpu": round(command_cpu / fit_cpu, 1),
        "peak_mb": round(max(each["peak_mb"] for each in warm)),
        "fit_file_mb": round(size / 1e6, 1),
        **asked,
    }


def _timed(words: tuple[str, ...], environment: dict[str, str] | None = None) -> dict[str, float]:
    """Run the program and return wall seconds, processor seconds of it and of what it started, and peak memory."""
    begun = perf_counter()
    process = Popen(
        [sys.executable, *PROGRAM, *words],
        cwd=PROJECT,
        env=_plain() | (environment or {}),
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
    wall = perf_counter() - begun
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1000}


def _plain() -> dict[str, str]:
    """Return the environment, less what forbids Python to keep the bytecode of modules: then each start compiles it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _printed(code: str) -> str:
    """Return what a process prints."""
    from subprocess import run

    done = run([sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True)
    return done.stdout.strip().splitlines()[-1]
