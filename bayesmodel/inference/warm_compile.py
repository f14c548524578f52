"""Warm compilation: other processes compile what a fit needs, beside each other and the reading of its data.

numba compiles on one core and holds a lock meanwhile. Where nothing is on disk yet, a process per *stage* runs it on
thirty areas; this process then finds the result on disk. Only the first fit on a machine has anything to compile.
"""

from __future__ import annotations

import atexit
import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import spawn
from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.compiled import machine_code_folder
from bayesmodel.parallel import cores

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel
    from bayesmodel.study import Study

SIZES = {"areas": 30, "gemeenten": 6, "regions": 2}
"""Of the country on which the code is run: as little as there can be."""

STAGES = {"laplace": ("likelihood", "field", "effects"), "nuts": ("likelihood", "effects", "sizes")}
"""What is compiled for a fit by each engine, beside what this process compiles itself."""

Key = tuple[str, str, str]
_running: dict[Key, subprocess.Popen[bytes]] = {}
"""Processes at work, by stage, family and rounding."""


def compile_ahead(study: Study, engine: str | None = None) -> None:
    """Begin to compile what the fit of a study will need, where that was not done before: call it before reading.

    It returns at once; `compiled_in_background` then waits for what was begun. What is still at work when this process
    ends is ended with it.

    Parameters
    ----------
    study : Study
    engine : str, optional
        By which it is fitted, if not by that of the study.
    """
    # one of a pool of processes has others beside it
    if cores() == 1 or multiprocessing.parent_process():
        return
    for stage in STAGES.get(engine or study.inference.engine, ()):
        key = stage, study.model.family, study.publication.rounding
        if key not in _running and not _on_disk(stage, study.model.family):
            with suppress(OSError):
                _running[key] = _started(key)


@contextmanager
def compiled_in_background(study: Study) -> Iterator[Callable[[], None]]:
    """Have the stages of a fit compiled beside what happens inside, where that was not done before.

    Parameters
    ----------
    study : Study
        What is fitted.

    Yields
    ------
    callable
        Called before they are needed: returns when they are done. Should one have failed, this process compiles as if
        there had been none.
    """
    compile_ahead(study)

    def ready() -> None:
        for process in _running.values():
            process.wait()

    try:
        yield ready
    finally:
        stop()


@atexit.register
def stop() -> None:
    """End what is still at work."""
    while _running:
        _key, process = _running.popitem()
        with process:
            process.kill()


def _started(key: Key) -> subprocess.Popen[bytes]:
    """Start the process of a stage."""
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        [spawn.get_executable(), "-P", "-m", __name__, *key], stdin=nothing, stdout=nothing, stderr=nothing
    )


def _on_disk(stage: str, family: str) -> bool:
    """Whether the longest of a stage was compiled before, for any family."""
    names = {
        "likelihood": "area_effects.marginal_loglik",
        "field": "factor.reduced",
        "effects": f"sample_area_effects.add_by_{'metropolis' if family == 'beta-binomial' else 'rejection'}",
        "sizes": "ess._measure",
    }
    return any(machine_code_folder().glob(f"*/{names[stage]}-*.nbi"))


def compile_stage(stage: str, family: str, rounding: str = "nearest") -> None:
    """Run what a stage of a fit does, on very little, so that it is compiled and kept on disk.

    Parameters
    ----------
    stage : str
        One of those of `STAGES`.
    family, rounding : str
        Of the fit that is to come.
    """
    if stage == "sizes":
        from bayesmodel.inference.ess import effective_sizes, r_hat

        draws = np.random.default_rng(1).normal(size=(1, 2, 8))
        effective_sizes(draws)
        r_hat(draws)
        return
    built = _small(family, rounding)
    {"likelihood": _compile_likelihood, "field": _compile_field, "effects": _compile_effects}[stage](built)


def _small(family: str, rounding: str) -> BuiltModel:
    """Return a model of the family on very little."""
    from bayesmodel.data import interpret_counts
    from bayesmodel.example import example_study
    from bayesmodel.io import read_areas
    from bayesmodel.model.build import build_model

    study = example_study(**SIZES)
    rule = {"rounding": rounding, "rounded_to": 3 if rounding == "random" else 1}
    parts = {"model": {"family": family}, "publication": rule}
    changed = {name: getattr(study, name).model_copy(update=part) for name, part in parts.items()}
    return build_model(interpret_counts(read_areas(study.model_copy(update=changed))))


def _compile_likelihood(built: BuiltModel) -> None:
    """Evaluate the likelihood of areas without a count, so that no family is compiled here."""
    from bayesmodel.logp.area_effects import marginal_loglik
    from bayesmodel.logp.arrays import model_arrays
    from bayesmodel.logp.quadrature import LaplaceApprox, gauss_hermite

    arrays = model_arrays(built, 0)
    unseen, shape = arrays._replace(observed_mask=np.zeros(len(arrays.lower))), (arrays.parts, len(arrays.lower))
    approx = LaplaceApprox(np.zeros(shape), np.zeros(shape))
    params, variance = np.full(len(arrays.area_rates), 0.5), np.zeros(len(arrays.terms))
    marginal_loglik(unseen, approx, gauss_hermite(5), np.zeros(len(arrays.lower)), params, variance)


def _compile_effects(built: BuiltModel) -> None:
    """Draw own effects, in one part: of two, the likelihood would be compiled here too."""
    from bayesmodel.logp.arrays import model_arrays
    from bayesmodel.logp.family_callback import callback_of
    from bayesmodel.logp.laplace_approx import laplace_approx
    from bayesmodel.logp.quadrature import gauss_hermite
    from bayesmodel.logp.sample_area_effects import sample_area_effects

    arrays = model_arrays(built, callback_of(built))._replace(parts=1)
    params = np.full((1, len(arrays.area_rates)), 0.5)
    eta, variance = np.zeros((1, len(arrays.lower))), np.ones((1, len(arrays.terms)))
    approx = laplace_approx(arrays, eta[0], params[0], variance[0])
    sample_area_effects(arrays, approx, gauss_hermite(5), params, variance, eta, 1, map)


def _compile_field(built: BuiltModel) -> None:
    """Take a step on the latent field, from a likelihood that says nothing."""
    from bayesmodel.laplace.factor import eliminate, sample_field
    from bayesmodel.laplace.field import field_at, latent_field
    from bayesmodel.laplace.joint import Joint, missing_pairs, missing_slope, missing_variance
    from bayesmodel.laplace.mode import no_correction, parabola_at
    from bayesmodel.logp.area_effects import LogLik
    from bayesmodel.logp.arrays import model_arrays
    from bayesmodel.logp.predictor import missing_variances

    arrays, field, prior = model_arrays(built, 0), latent_field(built), built.hyperprior
    sds, position = np.ascontiguousarray(prior.sds(prior.unit)), np.zeros(len(field.level) + len(field.width))
    eta, beta, _log_prior = field_at(field, sds, position)
    pairs, patterns = missing_pairs(arrays), len(arrays.terms)
    variance, slope = missing_variance(pairs, patterns, beta), missing_slope(pairs, patterns, len(arrays.axes), beta)
    missing_variances(arrays, beta[None])
    none = np.zeros(len(eta))
    joint = Joint(0.0, LogLik(0.0, none, none, none - 1.0, variance, sds[:0], none), eta, beta)
    around = parabola_at(arrays.pattern, no_correction(field), joint, slope)
    gaussian = eliminate(field, sds, around.weight, around.response, around.precision, around.shift)
    sample_field(field, gaussian, position)


if __name__ == "__main__":
    compile_stage(*sys.argv[1:])
