"""Pools: where fits are made. Processes on this machine, or a dask.distributed cluster, behind one interface."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

from bayesmodel.errors import ClusterError, MissingFeatureError
from bayesmodel.inference.cores import cores
from bayesmodel.messages import _

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What libraries read, once, when they are imported."""

LEAST_GB = 2.0
"""Memory of one process where nobody says: a national fit needs half of it."""


@dataclass(frozen=True)
class Pool:
    """Somewhere to make fits.

    Parameters
    ----------
    executor : Executor
    slots : int
        Fits at the same time.
    cores : int
        Cores for each.
    """

    executor: Executor
    slots: int
    cores: int


@contextmanager
def local_pool(workers: int, memory_gb: float | None = None) -> Iterator[Pool]:
    """Give a pool of new processes on this machine that share its cores fairly.

    Parameters
    ----------
    workers : int
        Processes.
    memory_gb : float, optional
        What one process may take (Linux only): a fit that needs more fails, and the machine goes on.

    Yields
    ------
    Pool
    """
    each = max(1, cores() // workers)
    context = multiprocessing.get_context("spawn")
    limit = memory_gb or max(LEAST_GB, 0.9 * _memory_gb() / workers)
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(limit,))
    try:
        with _threads(each):
            # one process starts at each call while none is idle, and takes the environment of that moment
            for _call in range(workers):
                executor.submit(os.getpid)
        yield Pool(executor, workers, each)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def cluster_pool(address: str) -> Iterator[Pool]:
    """Give the workers of a dask.distributed cluster, one core for each of their threads.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Yields
    ------
    Pool

    Raises
    ------
    MissingFeatureError
        The library ``distributed`` is not installed.
    ClusterError
        There is no scheduler at that address, or it has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise MissingFeatureError(_("Fitting on a cluster"), "cluster") from None
    try:
        client = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        silent = _("No dask scheduler answers at {address} ({why}). Start one with `dask scheduler`.")
        raise ClusterError(silent.format(address=address, why=error)) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            idle = _("The scheduler at {address} has no workers. Start some with `dask worker {address}`.")
            raise ClusterError(idle.format(address=address))
        # one more than there are places, so that no worker waits for us
        yield Pool(client.get_executor(pure=False), threads + 1, 1)


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """Tell the libraries of processes started inside how many threads each may use."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, str(number)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _memory_gb() -> float:
    """Return the memory of this machine, in GB; infinite where the system does not say."""
    names = {"SC_PAGE_SIZE", "SC_PHYS_PAGES"} & set(getattr(os, "sysconf_names", ()))
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9 if len(names) == 2 else float("inf")


def _follow(parent: BaseProcess) -> None:
    """End with the parent, however that ends: a worker without one would wait for ever."""
    parent.join()
    os._exit(1)


def _begin(memory_gb: float) -> None:
    """Start a worker: it ends when its parent does, and takes no more memory than it may."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    if sys.platform == "linux" and memory_gb < float("inf"):
        import resource

        most = int(memory_gb * 1e9)
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))
