"""Race: one command under a time limit, with its seconds and its peak memory."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from time import perf_counter

LAST = 6
"""Lines of what a failing command said that are kept."""


@dataclass(frozen=True)
class Run:
    """How a command ran.

    Parameters
    ----------
    seconds : float
        From command to end, imports and compiling counted.
    cpu_seconds : float
        Of the processor, over all its processes: what a busy machine changes least.
    peak_mb : float
        Largest memory of its largest process.
    problem : str
        Why it has no result; empty when it has.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    problem: str = ""


def run(command: Sequence[str], cwd: Path, environment: Mapping[str, str], limit: float) -> Run:
    """Run a command and wait for it, no longer than a limit in seconds; all its processes end with it."""
    begun = perf_counter()
    with (cwd / "log.txt").open("w+", encoding="utf-8") as log:
        child = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **environment}, start_new_session=True
        )
        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            os.killpg(child.pid, signal.SIGKILL)

        timer = Timer(limit, stop)
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds, cpu, peak = perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000
        if late:
            return Run(seconds, cpu, peak, f"not finished in {limit:.0f} s, {cpu:.0f} s of the processor")
        if child.returncode:
            log.seek(0)
            return Run(seconds, cpu, peak, "failed: " + " / ".join(log.read().splitlines()[-LAST:]))
    return Run(seconds, cpu, peak)
