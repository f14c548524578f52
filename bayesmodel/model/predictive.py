"""Draws from the prior: what the model expects before it has seen a count."""

from __future__ import annotations

import xarray as xr

from bayesmodel.model.build import BuiltModel


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

    from bayesmodel.model.density.draws import variables_of

    chosen = built.counts.study.inference.seed if seed is None else seed
    names = [*variables_of(built), "count"]
    # the interpreted mode: a few hundred draws are not worth compiling for
    tree: xr.DataTree = pm.sample_prior_predictive(
        draws, model=built.pymc, var_names=names, random_seed=chosen, compile_kwargs={"mode": "FAST_COMPILE"}
    )
    return tree
