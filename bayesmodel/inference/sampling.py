"""Fit a built model: sample, judge, and write down how it was done."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import xarray as xr
from pandas.util import hash_pandas_object

from bayesmodel import __version__
from bayesmodel.data import AreaTable, Counts, interpret_counts
from bayesmodel.errors import ApproximationError
from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.diagnostics import certified_diagnostics, diagnose
from bayesmodel.inference.fallback import Refusal, for_nuts
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.nuts import Kind, Progress, sample
from bayesmodel.inference.warm_compile import compile_ahead
from bayesmodel.messages import _
from bayesmodel.model.build import BuiltModel
from bayesmodel.study import Study, read_study, study_from

if TYPE_CHECKING:
    from bayesmodel.laplace import WarmStart

Engine = Literal["nuts", "laplace"]
LIBRARIES = ("pymc", "nutpie", "arviz", "numpy", "pandas", "xarray", "scipy", "numba")


def fit_model(
    built: BuiltModel,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
    start: WarmStart | None = None,
) -> Fit:
    """Draw from the posterior of a built model, by the engine of its study, and judge the draws.

    Where the Laplace engine is refused, NUTS goes on from its draws, unless the study says ``inference.fallback =
    "none"``; ``fit.provenance["refused"]`` then says so.

    Parameters
    ----------
    built : BuiltModel
    progress : callable, optional
        ``progress(done, total, divergences)``, called about four times a second while sampling.
    notify : callable, optional
        Called with a sentence where NUTS takes over.
    start : WarmStart, optional
        What the fit of similar counts found, for the Laplace engine to begin with.

    Returns
    -------
    Fit
        With its verdict; draws that did not converge are returned too, and say so.

    Examples
    --------
    >>> from bayesmodel import build_model, example_study, fit_model, interpret_counts, read_areas
    >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> fit_model(build_model(counts)).diagnostics.converged  # doctest: +SKIP
    True
    """
    begun, refusal, seconds = perf_counter(), None, dict[str, float]()
    if built.counts.study.inference.engine == "laplace":
        drawn = _by_laplace(built, progress, start)
        seconds["laplace" if isinstance(drawn, Refusal) else "sampling"] = round(perf_counter() - begun, 2)
        if not isinstance(drawn, Refusal):
            tree, certificate = drawn
            provenance = _provenance(built, {"engine": "nested laplace, weighted to the exact posterior"}, seconds)
            return Fit(built.counts, built.design, tree, certified_diagnostics(certificate), provenance)
        refusal = drawn
        if notify is not None:
            notify(str(refusal))
    chosen, begun = (built if refusal is None else for_nuts(built, refusal)), perf_counter()
    tree = sample(chosen, progress, refusal.starts() if refusal else (), notify)
    seconds["sampling"], begun = round(perf_counter() - begun, 2), perf_counter()
    verdict = replace(diagnose(tree), laplace_refused=refusal is not None)
    seconds["judging"] = round(perf_counter() - begun, 2)
    how = _how_sampled(chosen, tree) | ({"refused": refusal.plain()} if refusal else {})
    return Fit(built.counts, built.design, tree, verdict, _provenance(built, how, seconds))


def _by_laplace(
    built: BuiltModel, progress: Progress | None, start: WarmStart | None
) -> tuple[xr.DataTree, Certificate] | Refusal:
    """Return draws of the Laplace engine with their certificate, or that NUTS is to go on."""
    from bayesmodel.laplace import laplace

    goes_on = built.counts.study.inference.fallback == "nuts"
    try:
        tree, certificate = laplace(built, progress, start)
    except ApproximationError:
        if start is None and not goes_on:
            raise
        return Refusal() if start is None else _by_laplace(built, progress, None)
    if not certificate.problems or certificate.few_draws:
        return tree, certificate
    if start is not None:  # the counts are not so similar
        return _by_laplace(built, progress, None)
    return Refusal(certificate, tree) if goes_on else (tree, certificate)


def fit(
    data: Study | Counts | str | Path,
    *,
    draws: int | None = None,
    seed: int | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Go from a study, or from its counts, to a fit: read, interpret, build, draw, judge.

    Parameters
    ----------
    data : Study, Counts, str or Path
        A study reads its tables, or the DataFrame it was made of; a path is that of a study file.
    draws, seed, engine : optional
        As in `[inference]` of the study, which decides when they are left out.
    progress : callable, optional
        ``progress(done, total, divergences)``.

    Returns
    -------
    Fit
        With its verdict; draws that did not converge are returned too, and say so.

    Raises
    ------
    DataError
        The tables hold something they cannot hold; all faults at once.

    Examples
    --------
    >>> from bayesmodel import example_study, fit
    >>> fit(example_study(areas=60, gemeenten=8, regions=2), engine="laplace").diagnostics.converged  # doctest: +SKIP
    True
    """
    from bayesmodel.io import read_areas
    from bayesmodel.model.build import build_model

    if isinstance(data, str | Path):
        data = read_study(data)
    if not isinstance(data, Counts | Study):
        found = _("`fit` takes a study, its counts, or the path of a study file; found {kind}.")
        raise TypeError(found.format(kind=type(data).__name__))
    compile_ahead(data.study if isinstance(data, Counts) else data, engine)
    counts = data if isinstance(data, Counts) else interpret_counts(read_areas(data))
    said = {"draws": draws, "seed": seed, "engine": engine}
    changes = {name: value for name, value in said.items() if value is not None}
    if changes:
        values = counts.study.model_dump(mode="json", exclude_none=True)
        checked = study_from(values | {"inference": values["inference"] | changes}, subject=_("What `fit` was given"))
        counts = counts.with_study(counts.study.model_copy(update={"inference": checked.inference}))
    return fit_model(build_model(counts), progress)


def data_hash(counts: Counts) -> str:
    """Return a hash of everything the model saw: codes, intervals, levels and determinants."""
    areas = counts.areas
    digest = hashlib.sha256()
    for part in (counts.frame, areas.levels, areas.determinants):
        digest.update(repr(list(part.columns)).encode())
        digest.update(hash_pandas_object(part).to_numpy().tobytes())
    for array in (counts.weights, areas.neighbours):
        if array is not None:
            digest.update(array.tobytes())
    return digest.hexdigest()


def input_hashes(areas: AreaTable) -> list[dict[str, Any]]:
    """Return the input files of a study: tables and boundaries, with their size and SHA-256; those in memory have none.

    Where small counts of the input were hidden there are no hashes either: with one, whoever knows the rest of a file
    could try every value of the hidden counts until it fits.

    Examples
    --------
    >>> from bayesmodel import example_study, read_areas
    >>> input_hashes(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    []
    """
    if areas.suppression is not None:
        return []
    study = areas.study
    paths = [table.path for table in study.tables if table.format != "dataframe"]
    paths += [study.boundaries.path] if study.boundaries is not None else []
    found = []
    for path in dict.fromkeys(paths):
        file = Path(study.folder, path)
        if file.is_file():
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            found.append({"path": path, "bytes": file.stat().st_size, "sha256": digest})
    return found


def _provenance(built: BuiltModel, how: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    """Return how a fit was made: by what engine, of what data, in how long, with what."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        **how,
        "seed": built.counts.study.inference.seed,
        "data_sha256": data_hash(built.counts),
        "inputs": input_hashes(built.counts.areas),
        "seconds": seconds,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {"bayesmodel": __version__} | {name: version(name) for name in LIBRARIES},
    }


DENSITIES: dict[Kind, str] = {
    "graph": "the PyMC graph",
    "whitened": "the whitened density",
    "compiled": "the compiled density",
}


def _how_sampled(built: BuiltModel, tree: xr.DataTree) -> dict[str, Any]:
    """Return what the sampler was told."""
    told = tree["sample_stats"].attrs
    centring = {name: float(np.median(weight)) for name, weight in built.geometry.centring.items()}
    of_centring = {} if told["density"] == "whitened" else {"centring_median": centring}
    return {
        "engine": f"nuts (nutpie) on {DENSITIES[told['density']]}",
        "target_accept": told["target_accept"],
        "warm_up": told["warm_up"],
    } | of_centring


def draw_prior(built: BuiltModel, draws: int = 500, seed: int | None = None) -> xr.DataTree:
    """Draw parameters from their priors and counts from those parameters.

    Parameters
    ----------
    built : BuiltModel
    draws : int
        Number of draws.
    seed : int, optional
        The study's seed when left out.

    Returns
    -------
    DataTree
        Group ``prior`` with the variables of the model (chain 1, draw, ...), group ``prior_predictive`` with ``count``
        (chain 1, draw, area): whole numbers, not masked.

    Examples
    --------
    >>> from bayesmodel import build_model, draw_prior, example_study, interpret_counts, read_areas
    >>> built = build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2))))
    >>> draw_prior(built, draws=20)["prior_predictive"]["count"].shape
    (1, 20, 60)
    """
    import pymc as pm

    from bayesmodel.logp.density import variables_of

    chosen = built.counts.study.inference.seed if seed is None else seed
    names = [*variables_of(built), "count"]
    # the interpreted mode: a few hundred draws are not worth compiling for
    tree: xr.DataTree = pm.sample_prior_predictive(
        draws, model=built.pymc, var_names=names, random_seed=chosen, compile_kwargs={"mode": "FAST_COMPILE"}
    )
    return tree
