"""Warm compilation: a second process compiles what a fit does last while this one compiles what it does first.

This process then finds the result on disk. Only the first fit on a machine has anything to compile.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import spawn
from pathlib import Path
from typing import Any

import numpy as np

from bayesmodel.data import interpret_counts
from bayesmodel.example import example_study
from bayesmodel.io import read_areas
from bayesmodel.model.build import BuiltModel, build_model
from bayesmodel.parallel import cores

SIZES = {"areas": 30, "gemeenten": 6, "regions": 2}
"""Of the country on which the code is run: as little as there can be."""


@contextmanager
def compiled_in_background(built: BuiltModel) -> Iterator[Callable[[], object]]:
    """Have the end of a fit compiled beside what happens inside, where that was not done before.

    Parameters
    ----------
    built : BuiltModel
        What is fitted.

    Yields
    ------
    callable
        Called before the end of the fit: returns when the other process is done. Should that have failed, this one
        compiles as if there had been none.
    """
    # one of a pool of processes has others beside it
    other = None if _on_disk() or cores() == 1 or multiprocessing.parent_process() else _started(built)
    if other is None:
        yield lambda: None
        return
    with other:
        try:
            yield other.wait
        finally:
            other.kill()


def _started(built: BuiltModel) -> subprocess.Popen[bytes] | None:
    """Return the other process, or nothing where the system gives none."""
    study, nothing = built.counts.study, subprocess.DEVNULL
    rounding = study.publication.rounding
    command = [spawn.get_executable(), "-P", "-m", __name__, study.model.family, study.inference.engine, rounding]
    with suppress(OSError):
        return subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)
    return None


def compile_end(family: str, engine: str, rounding: str = "nearest") -> None:
    """Run what a fit does last, on very little, so that it is compiled and kept on disk.

    Parameters
    ----------
    family, engine, rounding : str
        Of the fit that is to come.
    """
    from bayesmodel.inference.ess import effective_sizes, r_hat
    from bayesmodel.logp.arrays import model_arrays
    from bayesmodel.logp.family_callback import callback_of
    from bayesmodel.logp.predictor import missing_variances
    from bayesmodel.logp.quadrature import gauss_hermite, laplace_approx
    from bayesmodel.logp.sample_area_effects import sample_area_effects

    study = example_study(**SIZES)
    rule = {"rounding": rounding, "rounded_to": 3 if rounding == "random" else 1}
    parts = {"model": {"family": family}, "publication": rule}
    changed = {name: getattr(study, name).model_copy(update=part) for name, part in parts.items()}
    built = build_model(interpret_counts(read_areas(study.model_copy(update=changed))))
    arrays = model_arrays(built, callback_of(built))
    flat = np.zeros(len(arrays.lower))
    variance = missing_variances(arrays, np.zeros((1, len(arrays.axes))))
    area_params = np.full((1, len(arrays.area_rates)), 0.5)
    approx = laplace_approx(arrays, flat, area_params[0], variance[0])
    sample_area_effects(arrays, approx, gauss_hermite(5), area_params, variance, flat[None], 1, map)
    if engine == "nuts":
        draws = np.random.default_rng(1).normal(size=(1, 2, 8))
        effective_sizes(draws)
        r_hat(draws)


def _on_disk() -> bool:
    """Whether the longest of it was compiled before, for any family."""
    from bayesmodel.logp.sample_area_effects import add_by_rejection

    machine: Any = add_by_rejection
    return any(Path(machine.stats.cache_path).glob("sample_area_effects.add_by_rejection-*.nbi"))


if __name__ == "__main__":
    compile_end(*sys.argv[1:])
