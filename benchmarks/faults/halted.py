"""Halts: Ctrl-C at every stage of a run, and a disk that is full: what is said, and what is left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from benchmarks.faults.attempt import PROGRAM, Outcome
from benchmarks.faults.world import write_world

RUN = ("--language", "en", "run", "study.toml", "--accept-unconverged")
# a process started in the background of a shell inherits that Ctrl-C is ignored
HEARD = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {PROGRAM}"
FULL = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({{size}}, {{size}})); {PROGRAM}"


@dataclass(frozen=True)
class Moment:
    """A moment at which a run is stopped.

    Parameters
    ----------
    stage : str or None
        The stage whose name has been printed; None for the start of the program.
    seconds : float
        How long after that.
    """

    stage: str | None
    seconds: float

    def __str__(self) -> str:
        return f"Ctrl-C {self.seconds:g} s after {self.stage or 'the start'}"


MOMENTS = (
    Moment(None, 0.6),
    Moment("read and check", 0.0),
    Moment("build the model", 0.0),
    Moment("fit", 0.0),
    Moment("fit", 2.0),
    Moment("estimate and write", 0.0),
    Moment("estimate and write", 0.3),
)
SIZES = (2_000, 20_000, 60_000)
"""Bytes after which the operating system refuses to write on: in the first file, and in later ones."""


def stopped(folder: Path, moment: Moment) -> Outcome:
    """Stop a run with Ctrl-C.

    Parameters
    ----------
    folder : Path
        An empty folder.
    moment : Moment
        When.

    Returns
    -------
    Outcome
        Exit code 130 is as it should be; a run that was quicker than the signal ends in 0 and leaves its whole results.
    """
    write_world(folder)
    before = {path.name for path in folder.iterdir()}
    process = subprocess.Popen(
        [sys.executable, "-c", HEARD, *RUN], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = []
    while moment.stage is not None and (line := process.stderr.readline()):
        said.append(line)
        if line.strip() == moment.stage:
            break
    sleep(moment.seconds)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    return Outcome(process.returncode, "".join(said) + out + err, _left(folder, before))


def full_disk(folder: Path, size: int) -> Outcome:
    """Run on a disk that takes no file of more than some bytes.

    Parameters
    ----------
    folder : Path
        An empty folder.
    size : int
        The bytes.

    Returns
    -------
    Outcome
        Exit code 4 is as it should be.
    """
    write_world(folder)
    before = {path.name for path in folder.iterdir()}
    done = subprocess.run(
        [sys.executable, "-c", FULL.format(size=size), *RUN], cwd=folder, capture_output=True, text=True, check=False
    )
    return Outcome(done.returncode, done.stdout + done.stderr, _left(folder, before))


def _left(folder: Path, before: set[str]) -> tuple[str, ...]:
    """Return what is in a folder now and was not before."""
    return tuple(sorted({path.name for path in folder.iterdir()} - before))
