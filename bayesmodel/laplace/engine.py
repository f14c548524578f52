"""Nested Laplace: from a built model to equally weighted draws of its exact posterior, with a certificate."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.errors import ModelError
from bayesmodel.inference.ahead import compiled_ahead
from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.laplace.bend import bend_at
from bayesmodel.inference.laplace.joint import Model
from bayesmodel.inference.laplace.mode import Bend, newton, propose
from bayesmodel.inference.laplace.posterior import draws_at, named, posterior_of, with_own
from bayesmodel.inference.laplace.problem import SETTLED, centred, problem_of, quadrature_error, roughly, with_rule
from bayesmodel.inference.laplace.spreads import draw_sds, most_likely, surface_of
from bayesmodel.inference.laplace.weights import certify, resampled
from bayesmodel.messages import _
from bayesmodel.model import BuiltModel

Floats = NDArray[np.float64]

MORE = 1.1
"""Proposals for each draw: with some to spare, resampling takes hardly any twice."""
CHECKED = 16
"""Draws whose quadrature is checked, and nodes at which it is chosen."""
BLOCK = 50
"""Proposals that a thread makes at a time, and between two reports of progress."""


def laplace(
    built: BuiltModel, progress: Callable[[int, int, int], None] | None = None
) -> tuple[xr.DataTree, Certificate]:
    """Draw from the posterior by nested Laplace and importance weights.

    The field given the sds is proposed from the Gaussian at its mode, the sds from their Laplace posterior, and each
    proposal is weighted to the exact posterior with the areas' own effects integrated out. The draws kept are resampled
    by weight, so that they count the same; then each area's own effect is drawn from its exact conditional.

    Parameters
    ----------
    built : BuiltModel
    progress : callable, optional
        ``progress(done, total, 0)``.

    Returns
    -------
    DataTree, Certificate
        Groups ``posterior`` and ``sample_stats`` (``log_weight`` of the proposal that a draw was), as `Fit` describes.

    Raises
    ------
    ModelError
        The study has a horseshoe prior, or large levels that cross; or the posterior has no mode that can be found.
    """
    settings = built.counts.study.inference
    _check_prior(built)
    count = settings.chains * settings.draws_per_chain
    rng = np.random.default_rng(settings.seed)
    with compiled_ahead(built) as ready, ThreadPoolExecutor(os.cpu_count()) as pool:
        problem, unit = problem_of(built)
        try:
            best, steps = most_likely(lambda sds: list(pool.map(problem.evidence, sds)), unit)
            problem = centred(problem, best)
            surface = surface_of(lambda sds: list(pool.map(problem.evidence, sds)), best, steps)
        except np.linalg.LinAlgError as lost:
            said = _("The Laplace engine found no mode of this posterior ({why}). Use inference.engine = 'nuts'.")
            raise ModelError(said.format(why=lost)) from None
        problem = with_rule(problem, surface.nodes[:CHECKED], surface.near(surface.nodes[:CHECKED]), pool.map)
        model, rough = problem.model, roughly(problem.model)
        bend = bend_at(model, rough, best, newton(model, best, problem.start, SETTLED), pool.map)
        sds, log_density = draw_sds(surface, int(np.ceil(MORE * count)), rng)
        near = surface.near(sds)
        noise = rng.standard_normal(near.shape)
        positions, log_weights = np.empty_like(near), problem.log_prior(sds) - log_density

        def propose_block(first: int) -> int:
            for place in range(first, min(first + BLOCK, len(sds))):
                positions[place], log_weight = _proposed(model, rough, bend, sds[place], near[place], noise[place])
                log_weights[place] += log_weight
            return first

        for done in pool.map(propose_block, range(0, len(sds), BLOCK)):
            if progress:
                progress(done, len(sds), 0)
        draws = draws_at(model, sds, positions)
        error = quadrature_error(model, sds[:CHECKED], positions[:CHECKED], pool.map)
        certificate, weights = certify(log_weights, named(built, model, draws), error)
        kept = resampled(weights, count, rng)
        draws = draws.taken(kept)
        ready()
        eta = with_own(model, draws, settings.seed, pool.map)
    if progress:
        progress(len(sds), len(sds), 0)
    posterior = posterior_of(built, named(built, model, draws) | {"linear_predictor": eta})
    weighed = (("chain", "draw"), log_weights[kept].reshape(settings.chains, -1))
    stats = xr.Dataset({"log_weight": weighed}, {name: posterior[name] for name in ("chain", "draw")})
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats}), certificate


def _proposed(model: Model, rough: Model, bend: Bend, sds: Floats, near: Floats, noise: Floats) -> tuple[Floats, float]:
    """Return a proposal with its log-weight; where there is no Gaussian, one that counts for nothing."""
    try:
        position, log_weight = propose(model, rough, bend, sds, near, noise)
    except np.linalg.LinAlgError:
        return near, -np.inf
    return position, log_weight if np.isfinite(log_weight) else -np.inf


def _check_prior(built: BuiltModel) -> None:
    """Refuse what the field cannot hold."""
    if built.counts.study.model.priors.coefficient.kind == "horseshoe":
        raise ModelError(
            _(
                "The Laplace engine takes a normal prior of the coefficients; this study has a horseshoe. Use "
                "inference.engine = 'nuts', or model.priors.coefficient.kind = 'normal'."
            )
        )
