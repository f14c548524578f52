"""Nested Laplace: from a built model to equally weighted draws of its exact posterior, with a certificate."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.errors import ModelError
from bayesmodel.inference.certificate import ENOUGH, QUADRATURE, Certificate
from bayesmodel.inference.warm_compile import compiled_in_background
from bayesmodel.laplace.field import AREAS_AT_ONCE, level_names, predictors, values_at
from bayesmodel.laplace.hyperparameters import draw_sds, sds_at_mode, surface_of
from bayesmodel.laplace.importance import certify, resampled
from bayesmodel.laplace.joint import Model
from bayesmodel.laplace.mode import Map as MapPositions
from bayesmodel.laplace.mode import Mode, SkewnessCorrection, newton, no_correction, propose, skewness_correction
from bayesmodel.laplace.problem import (
    MODE_TOLERANCE,
    problem_of,
    quadrature_error,
    recentred,
    with_coarse_rule,
    with_rule,
)
from bayesmodel.logp.density import variables_of
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.logp.sample_area_effects import Map, sample_area_effects
from bayesmodel.messages import _
from bayesmodel.model.build import BuiltModel
from bayesmodel.parallel import cores

Floats = NDArray[np.float64]

MORE = 1.1
"""Proposals per draw: with some to spare, resampling hardly repeats any."""
MAX_BATCHES = 12
"""Batches of proposals until the certificate holds: where it needs many, the Gaussians are poor."""
CHECKED = 16
"""Draws at which the quadrature is checked, and nodes at which it is chosen."""
PROPOSALS_AT_ONCE = 50
"""Proposals per task of a thread, and between reports of progress."""


def laplace(
    built: BuiltModel, progress: Callable[[int, int, int], None] | None = None
) -> tuple[xr.DataTree, Certificate]:
    """Draw from the posterior by nested Laplace and importance weights.

    The field given the sds is proposed from the Gaussian at its mode, the sds from their Laplace posterior, and each
    proposal is weighted to the exact posterior with the areas' own effects integrated out. Draws are resampled to
    equal weights; then each area's own effect is drawn from its exact conditional.

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
    with compiled_in_background(built) as ready, ThreadPoolExecutor(cores()) as pool:
        try:
            problem, unit = problem_of(built)

            def follow(sds: Floats) -> None:
                nonlocal problem
                problem = recentred(problem, sds)

            best, steps = sds_at_mode(lambda sds: list(pool.map(problem.evidence, sds)), unit, follow)
            surface = surface_of(lambda sds: list(pool.map(problem.evidence, sds)), best, steps)
            checked = surface.nodes[:CHECKED]
            problem = with_rule(problem, checked, surface.field_modes(checked), pool.map)
            model, coarse = problem.model, with_coarse_rule(problem.model)
            mode = newton(model, best, problem.start, MODE_TOLERANCE)
        except np.linalg.LinAlgError as lost:
            said = _("The Laplace engine found no mode of this posterior ({why}). Use inference.engine = 'nuts'.")
            raise ModelError(said.format(why=lost)) from None
        correction = _corrected(model, coarse, best, mode, pool.map)
        batches: list[tuple[Draws, Floats]] = []
        size = int(np.ceil(MORE * count))

        def propose_block(batch: Batch, first: int) -> int:
            for i in range(first, min(first + PROPOSALS_AT_ONCE, size)):
                batch.positions[i], log_weight = _proposed(
                    model, coarse, correction, batch.sds[i], batch.near[i], batch.noise[i]
                )
                batch.log_weights[i] += log_weight
            return first

        certificate = None
        while certificate is None or _needs_more(certificate, len(batches)):
            sds, log_density = draw_sds(surface, size, rng)
            near = surface.field_modes(sds)
            batch = Batch(
                sds,
                near,
                rng.standard_normal(near.shape),
                np.empty_like(near),
                problem.log_prior(sds) - log_density,
            )
            size = len(sds)
            for done in pool.map(partial(propose_block, batch), range(0, size, PROPOSALS_AT_ONCE)):
                if progress:
                    progress(len(batches) * size + done, (len(batches) + 1) * size, 0)
            batches.append((draws_at(model, sds, batch.positions), batch.log_weights))
            draws, log_weights = _joined(batches)
            if certificate is None:
                error = quadrature_error(model, sds[:CHECKED], batch.positions[:CHECKED], pool.map)
            certificate, weights = certify(log_weights, posterior_variables(built, model, draws), error, count)
        kept = resampled(weights, count, rng)
        draws = draws.subset(kept)
        ready()
        eta = with_area_effects(model, draws, settings.seed, pool.map)
    if progress:
        progress(len(log_weights), len(log_weights), 0)
    posterior = posterior_of(built, posterior_variables(built, model, draws) | {"linear_predictor": eta})
    weighed = (("chain", "draw"), log_weights[kept].reshape(settings.chains, -1))
    stats = xr.Dataset({"log_weight": weighed}, {name: posterior[name] for name in ("chain", "draw")})
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats}), certificate


@dataclass(frozen=True)
class Batch:
    """Proposals: their sds, where their search starts, random numbers, and what becomes of them (proposal, ...)."""

    sds: Floats
    near: Floats
    noise: Floats
    positions: Floats
    log_weights: Floats


def _needs_more(certificate: Certificate, batches: int) -> bool:
    """Whether more proposals would certify what so many batches do not."""
    if certificate.quadrature_error > QUADRATURE or not certificate.problems or batches >= MAX_BATCHES:
        return False
    return certificate.effective * MAX_BATCHES >= ENOUGH * batches and certificate.draws > ENOUGH


def _joined(batches: list[tuple[Draws, Floats]]) -> tuple[Draws, Floats]:
    """Return all draws of the batches and their log weights."""
    draws = [each for each, _ in batches]
    return Draws(
        np.concatenate([each.sds for each in draws]),
        np.concatenate([each.beta for each in draws]),
        np.concatenate([each.values for each in draws]),
    ), np.concatenate([log_weights for _, log_weights in batches])


def _corrected(model: Model, coarse: Model, sds: Floats, mode: Mode, each: MapPositions) -> SkewnessCorrection:
    """Return the correction of proposals, or none where it cannot be computed: the certificate judges what they are."""
    try:
        return skewness_correction(model, coarse, sds, mode, each)
    except np.linalg.LinAlgError:
        return no_correction(model.field)


def _proposed(
    model: Model,
    coarse: Model,
    correction: SkewnessCorrection,
    sds: Floats,
    near: Floats,
    noise: Floats,
) -> tuple[Floats, float]:
    """Return a proposal with its log weight, which is -inf where there is no Gaussian."""
    try:
        position, log_weight = propose(model, coarse, correction, sds, near, noise)
    except np.linalg.LinAlgError:
        return near, -np.inf
    return position, log_weight if np.isfinite(log_weight) else -np.inf


def _check_prior(built: BuiltModel) -> None:
    """Refuse priors that are not Gaussian given the sds."""
    if built.counts.study.model.priors.coefficient.kind == "horseshoe":
        raise ModelError(
            _(
                "The Laplace engine takes a normal prior of the coefficients; this study has a horseshoe. Use "
                "inference.engine = 'nuts', or model.priors.coefficient.kind = 'normal'."
            )
        )


Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Draws:
    """Draws of the field and the sds.

    Parameters
    ----------
    sds : ndarray (draw, level + A)
        Of the levels; then the area's parameters.
    beta : ndarray (draw, D)
        Coefficients of determinants, then effects of the groups of crossing levels.
    values : ndarray (draw, G + 1)
        Of the groups of the nested chain; the intercept last.
    """

    sds: Floats
    beta: Floats
    values: Floats

    def subset(self, indices: Indices) -> Draws:
        """Return a subset of the draws."""
        return Draws(self.sds[indices], self.beta[indices], self.values[indices])


def draws_at(model: Model, sds: Floats, positions: Floats) -> Draws:
    """Transform positions of the field to coefficients and values of groups."""
    groups, columns = len(model.field.parent), len(model.field.column_level)
    beta, values = np.empty((len(sds), columns)), np.empty((len(sds), groups))
    for i, (scale, position) in enumerate(zip(sds, positions, strict=True)):
        beta[i], values[i] = values_at(model.field, scale, position)
    return Draws(sds, beta, values)


def posterior_variables(built: BuiltModel, model: Model, draws: Draws) -> dict[str, Floats]:
    """Return the variables of the posterior except the linear predictor, each (draw, ...)."""
    field, names = model.field, level_names(built)
    known = len(built.design.names)
    result = {"intercept": draws.values[:, -1]}
    if known:
        result["beta"] = draws.beta[:, :known]
    result |= {f"sd_{name}": draws.sds[:, i] for i, name in enumerate(names)}
    result |= {name: draws.sds[:, len(names) + i] for i, name in enumerate(built.area_parameters)}
    effects = draws.values[:, :-1] - draws.values[:, field.parent[:-1]]
    for i, name in enumerate(names):
        inside = field.level == i
        result[f"effect_{name}"] = effects[:, inside] if inside.any() else draws.beta[:, field.column_level == i]
    return result


def with_area_effects(model: Model, draws: Draws, seed: int, each: Map) -> Floats:
    """Return linear predictors with each area's own effect, drawn from its exact conditional (draw, area)."""
    areas = len(model.field.group)
    determinants = np.ascontiguousarray(draws.beta[:, : len(model.arrays.axes)])
    variance = missing_variances(model.arrays, determinants)
    eta = np.empty((len(draws.sds), areas))
    for _done in each(
        lambda first: predictors(model.field, draws.beta, draws.values, first, eta), range(0, areas, AREAS_AT_ONCE)
    ):
        pass
    area_params = draws.sds[:, len(model.arrays.level_rate) :]
    sample_area_effects(model.arrays, model.approx, model.rule, area_params, variance, eta, seed, each)
    return eta


def posterior_of(built: BuiltModel, variables: dict[str, Floats]) -> xr.Dataset:
    """Return variables (draw, ...) as the dataset of a fit, in as many chains as the study has."""
    chains = built.counts.study.inference.chains
    dims = variables_of(built)
    used = {dim for name in dims.values() for dim in name}
    codes = {dim: np.array(values, dtype=object) for dim, values in built.coords.items() if dim in used}
    arrays = {
        name: (("chain", "draw", *dims[name]), variables[name].reshape(chains, -1, *variables[name].shape[1:]))
        for name in dims
    }
    length = len(variables["intercept"]) // chains
    return xr.Dataset(arrays, codes | {"chain": np.arange(chains), "draw": np.arange(length)})
