"""Spoilt files through every reader, in processes with bounded memory and time: tracebacks and hangs are counted."""

from __future__ import annotations

import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.faults.readers import KINDS, reader_of
from benchmarks.faults.spoil import spoilt

SEED = 12
INPUTS = 2_000
SECONDS = 20.0
"""After which a reader hangs."""
MEMORY = 6_000_000_000
"""Bytes of addresses that a process may have; numba, GDAL and Arrow take half of it by being there."""


@dataclass(frozen=True)
class Taken:
    """How a reader took an input.

    Parameters
    ----------
    number : int
        Of the input.
    kind, how : str
        Which reader, and what was done to its file.
    end : str
        ``read``, ``help``, ``traceback``, ``hang`` or ``crash``.
    said : str
        The message, or the traceback.
    """

    number: int
    kind: str
    how: str
    end: str
    said: str


def fuzz(inputs: int = INPUTS, seed: int = SEED, workers: int = 2, kinds: tuple[str, ...] = KINDS) -> list[Taken]:
    """Try spoilt files on every reader.

    Parameters
    ----------
    inputs : int
        How many, in turn for each reader.
    seed : int
        The same gives the same files.
    workers : int
        Processes.
    kinds : tuple of str
        Readers.

    Returns
    -------
    list of Taken
        In the order of the inputs.
    """
    with ThreadPoolExecutor(workers) as pool:
        parts = pool.map(lambda first: list(_share(range(first, inputs, workers), seed, kinds)), range(workers))
        return sorted((taken for part in parts for taken in part), key=lambda taken: taken.number)


def figures(inputs: int = INPUTS, seed: int = SEED) -> dict[str, Any]:
    """Try spoilt files and count how they end; see `count`."""
    return count(fuzz(inputs, seed), seed)


def count(found: list[Taken], seed: int) -> dict[str, Any]:
    """Count how spoilt files ended: ``fuzz_inputs``, ``fuzz_tracebacks`` (crashes too), ``fuzz_hangs``, per reader."""
    ends = Counter(taken.end for taken in found)
    return {
        "fuzz_inputs": len(found),
        "fuzz_seed": seed,
        "fuzz_tracebacks": ends["traceback"] + ends["crash"],
        "fuzz_hangs": ends["hang"],
        "fuzz_help": ends["help"],
        "fuzz_read": ends["read"],
        "fuzz_readers": dict(Counter(taken.kind for taken in found)),
    }


def _share(numbers: range, seed: int, kinds: tuple[str, ...]) -> Iterator[Taken]:
    """Yield how the inputs of one worker ended; a worker that ends or hangs is replaced."""
    context = get_context("spawn")
    worker = pipe = None
    for number in numbers:
        if worker is None or pipe is None:
            pipe, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(theirs,), daemon=True)
            worker.start()
            pipe.recv()  # imported
        item = spoilt(number, seed, kinds)
        pipe.send((item.kind, item.content))
        try:
            if pipe.poll(SECONDS):
                yield Taken(number, item.kind, item.how, *pipe.recv())
                continue
            end, said = "hang", f"no answer within {SECONDS:g} s"
        except EOFError:
            worker.join()
            end, said = "crash", f"the process ended with {worker.exitcode}"
        worker.kill()
        worker = None
        yield Taken(number, item.kind, item.how, end, said)
    if worker is not None:
        worker.kill()


def _work(pipe: Connection) -> None:
    """Read files until there are no more; nothing that is printed on the way is left out."""
    import bayesmodel.cli.data_report
    import bayesmodel.inference  # noqa: F401

    _bound_memory()
    with TemporaryDirectory() as folder:
        noise = Path(folder) / "noise"
        os.dup2(os.open(noise, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        sys.stderr = open(2, "w", closefd=False, buffering=1, errors="replace")  # noqa: SIM115
        pipe.send("ready")
        while True:
            kind, content = pipe.recv()
            place = Path(folder) / "x"
            place.mkdir(exist_ok=True)
            path = place / (kind if kind in ("study.toml", "fit.nc") else f"x.{kind}")
            path.write_bytes(content)
            os.truncate(noise, 0)
            end, said = _tried(kind, path)
            heard = noise.read_text("utf-8", "replace")
            if any(sign in heard for sign in ("Traceback", "Exception ignored", "panicked at")):
                end, said = "traceback", heard
            pipe.send((end, said))


def _tried(kind: str, path: Path) -> tuple[str, str]:
    """Read a file and say how that ended."""
    import gc

    from bayesmodel.errors import BayesModelError

    try:
        reader_of(kind).read(path)
    except BayesModelError as error:
        return "help", str(error)
    except BaseException as failure:  # whatever it is, it is counted
        return "traceback", "".join(traceback.format_exception(failure))
    else:
        return "read", ""
    finally:
        gc.collect()  # what a library complains of when it is thrown away


def _bound_memory() -> None:
    """Refuse a reader that takes all memory."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
