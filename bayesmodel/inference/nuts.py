"""NUTS by nutpie, on the compiled density or on PyMC's own graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import xarray as xr

from bayesmodel.inference.cores import cores
from bayesmodel.model import BuiltModel
from bayesmodel.model.build import TYPICAL_SD

Progress = Callable[[int, int, int], None]
"""Called with draws done, draws in all (warm-up counted) and divergences so far."""

SMALL, FEW = 1000, 10
"""With fewer counts, or fewer groups in a level, an sd may come near zero, where larger steps diverge."""


def sample(built: BuiltModel, progress: Progress | None = None) -> xr.DataTree:
    """Draw from the posterior with the settings of the study.

    Parameters
    ----------
    built : BuiltModel
    progress : callable, optional
        ``progress(done, total, divergences)``, called about four times a second.

    Returns
    -------
    DataTree
        Groups ``posterior`` and ``sample_stats``, with the variables `Fit` describes.
    """
    import nutpie

    settings = built.counts.study.inference
    chains = nutpie.sample(
        _from_graph(built) if uses_graph(built) else _from_density(built),
        draws=settings.draws,
        tune=settings.tune,
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
        return _tidy(built, chains.wait())
    except KeyboardInterrupt:  # nutpie itself would give back the draws so far, as if they were all
        chains.cancel()
        raise


def target_accept(built: BuiltModel) -> float:
    """Return the acceptance rate aimed at: the study's, else 0.8, 0.95 where the sds rest on little, 0.99 on less."""
    chosen = built.counts.study.inference.target_accept
    if chosen is not None:
        return chosen
    if any(len(group.codes) < FEW for chain in built.chains for group in chain):
        return 0.99
    return 0.95 if built.counts.observed.sum() < SMALL else 0.8


def uses_graph(built: BuiltModel) -> bool:
    """Whether PyMC's graph is sampled: where the study asks for it, or has a prior the compiled density lacks."""
    study = built.counts.study
    return study.inference.density == "graph" or study.model.priors.coefficient.kind == "horseshoe"


def _from_density(built: BuiltModel) -> Any:
    """Return nutpie's model of the compiled density, by the class that it has for compiled graphs of PyMC."""
    from nutpie.compile_pymc import CompiledPyMCModel

    from bayesmodel.model.density import density_of
    from bayesmodel.model.density.called import density_called, variables_called

    density = density_of(built)
    names = density.variables
    # nutpie takes numbers as coordinates here; the codes are put in when the draws are back
    coords = {name: np.arange(len(values)) for name, values in density.coords.items()}
    shapes = [tuple(len(coords[dim]) for dim in dims) for dims in names.values()]
    return CompiledPyMCModel(
        compiled_logp_func=density_called(),
        compiled_expand_func=variables_called(density),
        initial_point_func=lambda seed: density.start(TYPICAL_SD * built.priors.scale, seed),
        shared_data=dict(zip(density.forest._fields, density.fields, strict=True)),
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


def _from_graph(built: BuiltModel) -> Any:
    """Return nutpie's model of PyMC's graph."""
    import nutpie

    return nutpie.compile_pymc_model(built.pymc)


def _reporter(progress: Progress) -> Callable[[Sequence[Any]], None]:
    """Return what nutpie calls with the state of its chains."""

    def report(chains: Sequence[Any]) -> None:
        done = sum(chain.finished_draws for chain in chains)
        progress(done, sum(chain.total_draws for chain in chains), sum(chain.divergences for chain in chains))

    return report


def _tidy(built: BuiltModel, tree: xr.DataTree) -> xr.DataTree:
    """Keep what is reported: the model's own variables and the statistics a verdict needs."""
    from bayesmodel.model.density.draws import variables_of

    names = variables_of(built)
    used = {dim for dims in names.values() for dim in dims}
    codes = {dim: np.array(values, dtype=object) for dim, values in built.coords.items() if dim in used}
    posterior = tree["posterior"].to_dataset()[list(names)].assign_coords(codes)
    stats = tree["sample_stats"].to_dataset()
    kept = [name for name in ("diverging", "energy", "logp", "n_steps", "depth", "step_size") if name in stats]
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats[kept]})
