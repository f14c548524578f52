"""Many fits on a pool of processes or a dask.distributed cluster: handed out, collected, resumed after failures."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import perf_counter

import pandas as pd

from bayesmodel.batch.collection import FitCollection
from bayesmodel.batch.fit_store import FitStore, Outcome
from bayesmodel.batch.variation import Variation, key_of
from bayesmodel.errors import BayesModelError, ClusterError, Fault, MissingFeatureError, StudyError, raise_faults
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.sampling import fit_model
from bayesmodel.messages import _
from bayesmodel.parallel import at_most, cores

Progress = Callable[[int, int, Outcome], None]
"""Called with variations done, variations in all, and what became of the last one."""
Report = Callable[[Outcome], None]


def fit_many(
    variations: Sequence[Variation],
    folder: str | Path,
    *,
    workers: int | str | None = None,
    summary: Summary | None = None,
    memory_gb: float | None = None,
    progress: Progress | None = None,
) -> FitCollection:
    """Make many fits at once; keep each as it finishes, and go on where an earlier call stopped.

    A finished fit is kept under a hash of all that decides it: study, seed, masked data, version of this package.
    Calling again with the same variations makes only what is not there yet. One variation that fails, or kills its
    process, leaves the others alone.

    Parameters
    ----------
    variations : sequence of Variation
        With different names.
    folder : str or Path
        New, empty, or of an earlier call. Workers on other machines must see it under the same path.
    workers : int or str, optional
        Processes on this machine (one per core when left out; each uses its share of the cores), or the address of a
        ``dask.distributed`` scheduler.
    summary : callable, optional
        From a fit to a DataFrame, which is kept instead of the fit: for hundreds of fits. It is called where the fit is
        made, so it must be defined at the top of a module.
    memory_gb : float, optional
        Memory of one process on this machine, in GB (Linux only); a fit that needs more fails, and no other. When left
        out, nine tenths of the machine shared by the workers, and at least 2. A cluster has its own setting.
    progress : callable, optional
        ``progress(done, total, outcome)``, after each.

    Returns
    -------
    FitCollection
        In the order of the variations; failed ones with their error.

    Raises
    ------
    StudyError
        Two variations have one name, or a change is impossible: all at once, before anything is fitted.
    OutputError
        The folder holds something else.
    MissingFeatureError, ClusterError
        No library for clusters, or no cluster at that address.

    Notes
    -----
    Where a study asks for Laplace and that is refused, its fit goes on with NUTS, unless it says ``inference.fallback =
    "none"``. What a national fit takes in memory and on disk, whole or as a summary: `docs/decisions/many-fits.md`. New
    processes import the script that started them: call this under ``if __name__ == "__main__":``.

    Examples
    --------
    >>> from bayesmodel import Variation, example_study, fit_many
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> families = [Variation(name, study, {"model.family": name}) for name in ("binomial", "poisson")]
    >>> fit_many(families, "fits").frame["state"].tolist()  # doctest: +SKIP
    ['converged', 'converged']
    """
    raise_faults(StudyError, _("The list of variations"), _faults(variations, summary))
    shelf = FitStore(Path(folder).resolve())
    shelf.open()
    finished: dict[str, Outcome] = {}

    def report(outcome: Outcome) -> None:
        finished[outcome.name] = outcome
        shelf.write([finished[item.name] for item in variations if item.name in finished])
        if progress is not None:
            progress(len(finished), len(variations), outcome)

    tasks = deque(Task(variation, shelf, summary) for variation in variations)
    if isinstance(workers, str):
        with cluster_pool(workers) as pool:
            work_through(pool, tasks, report)
    else:
        _on_this_machine(tasks, workers, memory_gb, report)
    shelf.clear()
    return FitCollection(shelf.folder, tuple(finished[variation.name] for variation in variations))


def work_through(pool: Pool, waiting: deque[Task], report: Report) -> list[Task]:
    """Hand out tasks as places come free and report each outcome, until all are done or the pool breaks.

    Parameters
    ----------
    pool : Pool
    waiting : deque of Task
        Emptied from the left; what is in it after the pool broke was never handed out.
    report : callable
        Gets each outcome.

    Returns
    -------
    list of Task
        Those that were being made when a process of the pool died; one of them did it.
    """
    running: dict[Future[Outcome], Task] = {}
    while waiting or running:
        while waiting and len(running) < pool.slots:
            try:
                future = pool.executor.submit(carry_out, waiting[0], pool.cores)
            except BrokenExecutor:
                return list(running.values())
            running[future] = waiting.popleft()
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            error = future.exception()
            if isinstance(error, BrokenExecutor):
                return list(running.values())
            task = running.pop(future)
            report(future.result() if error is None else Outcome(task.variation.name, error=repr(error)))
    return []


def _on_this_machine(waiting: deque[Task], workers: int | None, memory_gb: float | None, report: Report) -> None:
    """Work through tasks on pools of processes; after a death, what was being made is tried again one by one."""
    suspects: deque[Task] = deque()
    while waiting or suspects:
        if not suspects:
            with local_pool(min(workers or cores(), len(waiting)), memory_gb) as pool:
                suspects.extend(work_through(pool, waiting, report))
            continue
        suspect = suspects.popleft()
        with local_pool(1, memory_gb) as pool:
            if work_through(pool, deque([suspect]), report):
                report(Outcome(suspect.variation.name, error=_died()))


def _died() -> str:
    """Say why a process that is gone most likely went."""
    return _(
        "Its process ended without a word, also when it was the only one: most likely it ran out of memory. Lower "
        "inference.draws, or raise memory_gb."
    )


def _faults(variations: Sequence[Variation], summary: Summary | None) -> list[Fault]:
    """Return what is wrong with a list of variations, before anything is read."""
    times = Counter(variation.name for variation in variations)
    twice = [name for name, count in times.items() if count > 1]
    faults = [fault for variation in variations for fault in variation.faults()]
    if twice:
        faults.append(Fault(_("names"), _("one name for several variations"), _("different names"), rows=twice))
    given = [summary, *(each for variation in variations for each in (variation.mask, variation.build))]
    functions = {id(function): function for function in given}
    for function in functions.values():
        try:
            pickle.dumps(function)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            advice = _("Define it at the top of a module; give it arguments with functools.partial.")
            faults.append(Fault(repr(function), str(error), _("a function another process can find"), advice))
    return faults


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


Summary = Callable[[Fit], pd.DataFrame]


@dataclass(frozen=True)
class Task:
    """All a worker needs to know.

    Parameters
    ----------
    variation : Variation
    shelf : FitStore
    summary : callable, optional
        What to keep instead of the whole fit.
    """

    variation: Variation
    shelf: FitStore
    summary: Summary | None


def carry_out(task: Task, cores: int) -> Outcome:
    """Make one fit on some cores, unless it is there, and put it on the shelf; a failure comes back as an outcome.

    Errors are turned into text here because not every error survives the way to another process, and one that does not
    would take the whole pool down.
    """
    begun = perf_counter()
    try:
        with at_most(cores), _by_itself():
            return _carry_out(task, begun)
    except BayesModelError as error:
        text = str(error)
    except Exception as error:  # whatever a mask, a summary or a library raises: the other fits go on
        text = "".join(traceback.format_exception(error)[-3:]).strip()
    return Outcome(task.variation.name, error=text, seconds=round(perf_counter() - begun, 2), peak_mb=peak_mb())


def _carry_out(task: Task, begun: float) -> Outcome:
    """Make one fit, unless it is there."""
    task.shelf.check()
    counts = task.variation.counts()
    key = key_of(counts, task.summary, task.variation.build, task.variation.start)
    found = task.shelf.find(key)
    if found is not None:
        return replace(found, name=task.variation.name, kept=True)
    fit = fit_model(task.variation.build(counts), start=task.variation.start)
    result = fit if task.summary is None else task.summary(fit)
    outcome = Outcome(
        name=task.variation.name,
        key=key,
        diagnostics=fit.diagnostics,
        seconds=round(perf_counter() - begun, 2),
        peak_mb=peak_mb(),
    )
    task.shelf.keep(outcome, result)
    return outcome


def _by_itself() -> AbstractContextManager[object]:
    """Let xarray write here and now: in a dask worker it asks the cluster for a lock, which no file in memory has."""
    dask = sys.modules.get("dask")
    return dask.config.set(scheduler="synchronous") if dask else nullcontext()


def peak_mb() -> float:
    """Return the largest memory this process has used, in MB; 0 on a system that does not say.

    Examples
    --------
    >>> peak_mb() > 1
    True
    """
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)
