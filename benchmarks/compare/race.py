"""Race: one command under a limit, with its seconds, those of the processor, and its peak memory."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

LAUNCHER = Path(__file__).with_name("launcher.py")
SLACK = 10
"""Times the limit that a run may take by the clock."""
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
    """Run a command until it ends or one of its processes used up a limit in seconds of the processor.

    The processor is what a machine shared with others measures fairly; ten times the limit by the clock ends it too.

    Parameters
    ----------
    command : sequence of str
    cwd : Path
        Where its log and what it used are written.
    environment : mapping of str to str
        Added to the one there is.
    limit : float
        Seconds.
    """
    used = cwd / "used.json"
    used.unlink(missing_ok=True)
    begun = perf_counter()
    with (cwd / "log.txt").open("w", encoding="utf-8") as log:
        child = subprocess.Popen(
            [sys.executable, "-S", str(LAUNCHER), str(used), str(math.ceil(limit)), *command],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        try:
            child.wait(SLACK * limit)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    seconds = perf_counter() - begun
    if not used.is_file():
        return Run(seconds, math.nan, math.nan, f"not finished in {seconds:.0f} s by the clock")
    found = json.loads(used.read_text("utf-8"))
    problem = ""
    if found["late"]:
        problem = f"not finished in {limit:.0f} s of the processor, {seconds:.0f} by the clock"
    elif found["code"]:
        said = (cwd / "log.txt").read_text("utf-8").splitlines()
        problem = "failed: " + " / ".join(_last_words(said))
    return Run(seconds, found["cpu_seconds"], found["peak_mb"], problem)


def _last_words(said: Sequence[str]) -> list[str]:
    """Return the last lines, of a traceback the error alone: its frames name places on one machine."""
    error = [number for number, line in enumerate(said) if line.startswith("Traceback ")]
    lines = [line for line in said[error[-1] + 1 :] if not line.startswith(" ")] if error else list(said)
    return [line.strip() for line in lines[-LAST:]]
