"""The work on one variation, where the fit is made: read, mask, fit, keep."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from time import perf_counter

import pandas as pd

from bayesmodel.errors import BayesModelError
from bayesmodel.inference.cores import at_most
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.many.key import key_of
from bayesmodel.inference.many.outcome import Outcome
from bayesmodel.inference.many.shelf import Shelf
from bayesmodel.inference.many.variation import Variation
from bayesmodel.inference.sampling import fit_model
from bayesmodel.model import build_model

Summary = Callable[[Fit], pd.DataFrame]


@dataclass(frozen=True)
class Task:
    """All a worker needs to know.

    Parameters
    ----------
    variation : Variation
    shelf : Shelf
    summary : callable, optional
        What to keep instead of the whole fit.
    """

    variation: Variation
    shelf: Shelf
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
    key = key_of(counts, task.summary)
    found = task.shelf.find(key)
    if found is not None:
        return replace(found, name=task.variation.name, kept=True)
    fit = fit_model(build_model(counts))
    result = fit if task.summary is None else task.summary(fit)
    outcome = Outcome(
        name=task.variation.name,
        key=key,
        verdict=fit.verdict,
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
