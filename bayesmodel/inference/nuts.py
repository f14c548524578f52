"""NUTS by nutpie: on the compiled density, on the one whitened by Laplace, or on PyMC's own graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.inference.warm_compile import compiled_in_background
from bayesmodel.messages import _
from bayesmodel.model.build import BuiltModel
from bayesmodel.parallel import Map, cores, one_thread_of_blas

if TYPE_CHECKING:
    from bayesmodel.laplace.joint import Model
    from bayesmodel.laplace.whitened import WhitenedDensity
    from bayesmodel.logp.density import Density

Floats = NDArray[np.float64]
Kind = Literal["graph", "whitened", "compiled"]
Progress = Callable[[int, int, int], None]
"""Called with draws done, draws in all (warm-up counted) and divergences so far."""

CHECKED = 16
"""Draws whose quadrature is checked."""
SMALL, FEW = 1000, 10
"""With fewer counts, or fewer groups in a level, an sd may come near zero, where larger steps diverge."""


def sample(
    built: BuiltModel,
    progress: Progress | None = None,
    draws: Sequence[Mapping[str, Floats]] = (),
    notify: Callable[[str], None] | None = None,
) -> xr.DataTree:
    """Draw from the posterior with the settings of the study.

    With a compiled density the areas' own effects are integrated out; each is drawn from its exact conditional, given
    its count and a draw of all else, when the chains have ended.

    Parameters
    ----------
    built : BuiltModel
    progress : callable, optional
        ``progress(done, total, divergences)``, called about four times a second.
    draws : sequence of mapping of str to ndarray
        Variables of draws of an approximation, where chains on the compiled density start.
    notify : callable, optional
        Called with a sentence where PyMC's graph takes over, as there is no mode to whiten by.

    Returns
    -------
    DataTree
        Groups ``posterior`` and ``sample_stats``, with the variables `Fit` describes; the attributes of
        ``sample_stats`` say how it was sampled (`density`, `target_accept`, `warm_up`), and with a compiled density
        `quadrature_error`, as `Diagnostics` has it.
    """
    kind = density_kind(built)
    if kind == "whitened":
        try:
            return _sample_whitened(built, progress)
        except np.linalg.LinAlgError as lost:
            if notify is not None:
                going_on = _(
                    "No mode of this posterior was found ({why}): NUTS runs on PyMC's graph, which takes longer."
                )
                notify(going_on.format(why=lost))
            built = on_graph(built)
            kind = "graph"
    if kind == "graph":
        import nutpie

        return _tidy(built, _run(built, nutpie.compile_pymc_model(built.pymc), progress))
    from bayesmodel.logp.density import density_callback, density_of

    with compiled_in_background(built.counts.study) as ready:
        density_callback()  # eleven seconds in one function, beside which the rest is compiled
        ready()
        density = density_of(built, draws)
        tree = _tidy(built, _run(built, _from_density(density), progress))
    return _with_own(built, density, tree)


def _sample_whitened(built: BuiltModel, progress: Progress | None) -> xr.DataTree:
    """Draw with the density that is whitened by Laplace."""
    from bayesmodel.laplace.whitened import whitened_density

    compiling = compiled_in_background(built.counts.study)
    with compiling as ready, one_thread_of_blas(), ThreadPoolExecutor(cores()) as pool:
        ready()
        density = whitened_density(built, pool.map)
        tree = _run(built, _from_whitened(density), progress)
        tree = _named(built, density.model, tree, pool.map)
    return _with_own(built, density.model, tree)


def _run(built: BuiltModel, model: Any, progress: Progress | None) -> xr.DataTree:
    """Run nutpie's chains to their end."""
    import nutpie

    settings = built.counts.study.inference
    chains = nutpie.sample(
        model,
        draws=settings.draws_per_chain,
        tune=warm_up(built),
        chains=settings.chains,
        cores=min(settings.chains, cores()),
        seed=settings.seed,
        target_accept=target_accept(built),
        save_warmup=False,
        progress_bar=False,
        progress_callback=_reporter(progress) if progress else None,
        progress_rate=250,
        blocking=False,
    )
    try:
        tree: xr.DataTree = chains.wait()
    except KeyboardInterrupt:  # nutpie itself would give back the draws so far, as if they were all
        chains.cancel()
        raise
    how = {"density": density_kind(built), "target_accept": target_accept(built), "warm_up": warm_up(built)}
    stats = tree["sample_stats"].to_dataset().assign_attrs(how)
    return xr.DataTree.from_dict({"posterior": tree["posterior"].to_dataset(), "sample_stats": stats})


def target_accept(built: BuiltModel) -> float:
    """Return the acceptance rate aimed at: the study's, else 0.8, 0.95 where the sds rest on little, 0.99 on less."""
    chosen = built.counts.study.inference.target_accept
    if chosen is not None:
        return chosen
    if density_kind(built) == "whitened":  # there an sd near zero changes no scale
        return 0.8
    if _has_few_groups(built):
        return 0.99
    return 0.95 if _has_few_counts(built) else 0.8


def warm_up(built: BuiltModel) -> int:
    """Return the number of warm-up steps of each chain: the study's, else 200, 500 where the sds rest on little."""
    chosen = built.counts.study.inference.tune
    if chosen is not None:
        return chosen
    kind = density_kind(built)
    if kind == "whitened":
        return 200
    return 500 if kind == "graph" or _has_few_groups(built) or _has_few_counts(built) else 200


def _has_few_groups(built: BuiltModel) -> bool:
    """Whether a level has so few groups that its sd may be near zero."""
    return any(len(group.codes) < FEW for chain in built.chains for group in chain)


def _has_few_counts(built: BuiltModel) -> bool:
    """Whether the sds rest on few counts."""
    return int(built.counts.observed.sum()) < SMALL


def density_kind(built: BuiltModel) -> Kind:
    """Return what is sampled.

    PyMC's graph where the study asks for it or has a horseshoe prior; the density whitened by Laplace with effects of
    space, over years or of several outcomes, which it knows of; else the compiled density.
    """
    study = built.counts.study
    if study.inference.density == "graph" or study.model.priors.coefficient.kind == "horseshoe":
        return "graph"
    nested = built.space is None and built.time is None and built.outcomes is None
    return "compiled" if nested else "whitened"


def on_graph(built: BuiltModel) -> BuiltModel:
    """Return the same model, to be sampled on PyMC's graph."""
    study = built.counts.study
    inference = study.inference.model_copy(update={"density": "graph"})
    return replace(built, counts=built.counts.with_study(study.model_copy(update={"inference": inference})))


def _from_whitened(density: WhitenedDensity) -> Any:
    """Return nutpie's model of a whitened density, whose draws are sds and scores of the field."""
    from nutpie.compiled_pyfunc import from_pyfunc

    sds, scores = (len(values) for values in density.at(np.zeros(density.size)))

    def expanded(*_seeds: int) -> Callable[[Floats], dict[str, Floats]]:
        return lambda coordinates: dict(zip(("sds", "scores"), density.at(coordinates), strict=True))

    return from_pyfunc(
        density.size,
        make_logp_fn=lambda: density.log_density,
        make_expand_fn=expanded,
        expanded_dtypes=[np.dtype(float), np.dtype(float)],
        expanded_shapes=[(sds,), (scores,)],
        expanded_names=["sds", "scores"],
        make_initial_point_fn=density.start,
    )


def _named(built: BuiltModel, model: Model, tree: xr.DataTree, each: Map) -> xr.DataTree:
    """Return draws of sds and scores as the variables of the model, without the areas' own effects."""
    from bayesmodel.laplace.engine import draws_at, field_of, posterior_of, posterior_variables

    drawn = {name: values.to_numpy() for name, values in tree["posterior"].dataset.items()}
    flat = {name: np.ascontiguousarray(array.reshape(-1, array.shape[-1])) for name, array in drawn.items()}
    draws = draws_at(model, flat["sds"], flat["scores"])
    _params, _variance, eta = field_of(model, draws, each)
    posterior = posterior_of(built, posterior_variables(built, model, draws) | {"linear_predictor": eta})
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": _kept(tree)})


def _from_density(density: Density) -> Any:
    """Return nutpie's model of the compiled density, by the class that it has for compiled graphs of PyMC."""
    from nutpie.compile_pymc import CompiledPyMCModel

    from bayesmodel.logp.density import density_callback, variables_callback

    names = density.variables
    # nutpie takes numbers as coordinates here; the codes are put in when the draws are back
    coords = {name: np.arange(len(values)) for name, values in density.coords.items()}
    shapes = [tuple(len(coords[dim]) for dim in dims) for dims in names.values()]
    return CompiledPyMCModel(
        compiled_logp_func=density_callback(),
        compiled_expand_func=variables_callback(density),
        initial_point_func=density.start,
        shared_data={str(place): field for place, field in enumerate(density.fields)},
        shared_var_keys={},
        user_data=density.table,
        n_expanded=density.number_of_values,
        shape_info=(list(names), None, shapes),
        logp_func=None,
        expand_func=None,
        dims=names,
        _n_dim=density.size,
        _shapes=dict(zip(names, shapes, strict=True)),
        _coords=coords,
    )


def _with_own(built: BuiltModel, density: Density | Model, tree: xr.DataTree) -> xr.DataTree:
    """Add the areas' own effects to the linear predictors, and tell how far their quadrature was off.

    The chains do not know of totals: draws are first resampled, in their order, by the evidence of these. What the
    diagnostics then see is what is left.
    """
    from bayesmodel.laplace.importance import resampled, smoothed
    from bayesmodel.logp.area_effects import rule_error
    from bayesmodel.logp.group_sums import group_sums, sample_own_effects
    from bayesmodel.logp.predictor import missing_variances
    from bayesmodel.logp.quadrature import EvalPoint

    posterior, stats = tree["posterior"].dataset, tree["sample_stats"].to_dataset()
    arrays = density.arrays
    area_params = np.stack([posterior[name].to_numpy().ravel() for name in built.area_parameters], axis=1)
    beta = posterior["beta"].to_numpy() if "beta" in posterior else np.empty(0)
    variance = missing_variances(arrays, np.ascontiguousarray(beta.reshape(len(area_params), -1)))
    predictors = posterior["linear_predictor"].to_numpy().reshape(len(area_params), -1)  # a view: filled in below
    checked = np.linspace(0, len(area_params) - 1, CHECKED).astype(int)
    points = [EvalPoint(predictors[draw].copy(), area_params[draw], variance[draw]) for draw in checked]
    stats = stats.assign_attrs(quadrature_error=rule_error(arrays, density.approx, density.rule, points))
    sums, seed, told = group_sums(built, arrays), built.counts.study.inference.seed, None
    with ThreadPoolExecutor(cores()) as pool:
        if sums is not None:
            sums = sums.centred(points[0])
            evidence, counts = sums.sample_counts(density.rule, predictors, area_params, variance, seed, pool.map)
            weights, shape = smoothed(evidence)
            stats = stats.assign_attrs(totals_pareto_k=float(shape))
            kept = np.sort(resampled(weights, len(weights), np.random.default_rng(seed)))
            posterior = _taken(posterior, kept)
            area_params, variance, told = area_params[kept], variance[kept], (sums, counts[kept])
            predictors = posterior["linear_predictor"].to_numpy().reshape(len(kept), -1)
        sample_own_effects(
            told, arrays, density.approx, density.rule, area_params, variance, predictors, seed, pool.map
        )
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})


def _taken(posterior: xr.Dataset, kept: NDArray[np.int64]) -> xr.Dataset:
    """Return draws of all chains, one chain after the other, by their number."""
    taken = {}
    for name, values in posterior.items():
        array = values.to_numpy()
        taken[name] = (values.dims, array.reshape(-1, *array.shape[2:])[kept].reshape(array.shape))
    return posterior.assign(taken)


def _reporter(progress: Progress) -> Callable[[Sequence[Any]], None]:
    """Return what nutpie calls with the state of its chains."""

    def report(chains: Sequence[Any]) -> None:
        done = sum(chain.finished_draws for chain in chains)
        progress(done, sum(chain.total_draws for chain in chains), sum(chain.divergences for chain in chains))

    return report


def _tidy(built: BuiltModel, tree: xr.DataTree) -> xr.DataTree:
    """Keep what is reported: the model's own variables and the statistics a verdict needs."""
    from bayesmodel.logp.density import variables_of

    names = variables_of(built)
    used = {dim for dims in names.values() for dim in dims}
    codes = {dim: np.array(values, dtype=object) for dim, values in built.coords.items() if dim in used}
    posterior = tree["posterior"].to_dataset()[list(names)].assign_coords(codes)
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": _kept(tree)})


def _kept(tree: xr.DataTree) -> xr.Dataset:
    """Return the statistics that a verdict needs."""
    stats = tree["sample_stats"].to_dataset()
    kept = [name for name in ("diverging", "energy", "logp", "n_steps", "depth", "step_size") if name in stats]
    return stats[kept]
