"""What workers are told to do: at the top of a module, where another process finds it."""

import os
import signal
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from bayesmodel.data import Status


def hide_first(counts, number):
    """Do as if the first counts had not been delivered."""
    first = np.arange(len(counts)) < number
    return replace(
        counts,
        lower=np.where(first, 0, counts.lower),
        upper=np.where(first, counts.population, counts.upper),
        status=np.where(first, str(Status.MISSING), counts.status),
    )


def fail(counts):
    """Raise an error that cannot travel between processes."""

    class LocalError(Exception):
        pass

    raise LocalError(f"no mask for {len(counts)} wijken")


def die(counts):
    """End the process without a word, as when the system has no memory left."""
    os.kill(os.getpid(), signal.SIGKILL)


def circumstances():
    """Threads that libraries may use here, and whether three billion bytes can be had; slowly, so that all answer."""
    time.sleep(0.5)
    threads = {name: os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    try:
        return threads, np.ones(3 * 10**9, dtype=np.int8).nbytes > 0
    except MemoryError:
        return threads, False


def one_row(fit):
    """The smallest summary."""
    return pd.DataFrame({"intercept": [float(fit.posterior["intercept"].mean())], "wijken": [len(fit.counts)]})
