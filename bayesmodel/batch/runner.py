"""Make many fits: hand out, collect, go on after failures and broken workers."""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from pathlib import Path

from bayesmodel.errors import Fault, StudyError, raise_faults
from bayesmodel.inference.cores import cores
from bayesmodel.inference.many.collection import FitCollection
from bayesmodel.inference.many.outcome import Outcome
from bayesmodel.inference.many.pools import Pool, cluster_pool, local_pool
from bayesmodel.inference.many.shelf import Shelf
from bayesmodel.inference.many.variation import Variation
from bayesmodel.inference.many.work import Summary, Task, carry_out
from bayesmodel.messages import _

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
    What a national fit takes in memory and on disk, whole or as a summary: `docs/decisions/many-fits.md`. New processes
    import the script that started them: call this under ``if __name__ == "__main__":``.

    Examples
    --------
    >>> from bayesmodel import Variation, example_study, fit_many
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> families = [Variation(name, study, {"model.family": name}) for name in ("binomial", "poisson")]
    >>> fit_many(families, "fits").frame["state"].tolist()  # doctest: +SKIP
    ['converged', 'converged']
    """
    raise_faults(StudyError, _("The list of variations"), _faults(variations, summary))
    shelf = Shelf(Path(folder).resolve())
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
    functions = {id(function): function for function in (summary, *(variation.mask for variation in variations))}
    for function in functions.values():
        try:
            pickle.dumps(function)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            advice = _("Define it at the top of a module; give it arguments with functools.partial.")
            faults.append(Fault(repr(function), str(error), _("a function another process can find"), advice))
    return faults
