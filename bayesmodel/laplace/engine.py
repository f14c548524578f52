"""Nested Laplace: from a built model to equally weighted draws of its exact posterior, with a certificate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.errors import ApproximationError, ModelError
from bayesmodel.inference.certificate import ENOUGH, QUADRATURE, Certificate, unseen_mass
from bayesmodel.inference.warm_compile import compiled_in_background
from bayesmodel.laplace.adapted_proposal import MANY, AdaptedProposal, adapted_proposal
from bayesmodel.laplace.field import AREAS_AT_ONCE, predictors
from bayesmodel.laplace.hard_groups import LEFT, LEFT_OF_FEW, HardGroups, hard_groups
from bayesmodel.laplace.hyperparameters import (
    SdsProposal,
    Surface,
    sds_at_mode,
    sds_proposal,
    surface_of,
    tilted,
)
from bayesmodel.laplace.importance import certify, resampled, smoothed
from bayesmodel.laplace.joint import Model, log_joint
from bayesmodel.laplace.leaf_effects import LeafEffects, leaf_effects
from bayesmodel.laplace.mode import (
    Mode,
    SkewnessCorrection,
    mean_log_weights,
    newton,
    no_correction,
    skewness_correction,
    spread_of_weights,
    step,
)
from bayesmodel.laplace.problem import (
    MODE_TOLERANCE,
    eval_points,
    problem_of,
    quadrature_error,
    recentred,
    with_nodes,
    with_rule,
)
from bayesmodel.laplace.proposals import Batch, Proposer
from bayesmodel.laplace.warm_start import WarmStart, moved_surface
from bayesmodel.logp.density import variables_of
from bayesmodel.logp.group_sums import GroupSums, group_sums, sample_own_effects
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.messages import _
from bayesmodel.model.build import BuiltModel
from bayesmodel.model.outcomes import OUTCOME
from bayesmodel.model.time import TIME
from bayesmodel.parallel import Map, cores, one_thread_of_blas

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Progress = Callable[[int, int, int], None]

MORE = 1.1
"""Proposals per draw: with some to spare, resampling hardly repeats any."""
LATER = 0.5
"""Size of later batches relative to the first: often a few more are enough."""
MOST, FEWEST = 12, 3
"""Proposals, in sizes of the first batch, beyond which the Gaussians are poor, and below which that is not yet known:
the first batch, without wider Gaussians, hardly tells what more would give."""
COARSE_NODES = (3, 7, 15)
"""Quadrature nodes for proposals: with 5 the same share of draws is effective as with 3, unless many are needed."""
GOOD = 0.5
"""Sd of log weights with which nearly all proposals are effective."""
WORSE = 0.1
"""Sd of log weights that fewer nodes may add."""
CHECKED = 16
"""Draws of the posterior at which the quadrature is checked, and nodes at which it is chosen."""


def laplace(
    built: BuiltModel, progress: Progress | None = None, start: WarmStart | None = None
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
    start : WarmStart, optional
        Of similar counts: the search goes on from there.

    Returns
    -------
    DataTree, Certificate
        Groups ``posterior`` and ``sample_stats`` (``log_weight`` of the proposal that a draw was), as `Fit` describes.

    Raises
    ------
    ModelError
        The study has a horseshoe prior, or large levels that cross.
    ApproximationError
        No mode of the posterior can be found, or no approximation around it.
    """
    settings = built.counts.study.inference
    _check_prior(built)
    rng = np.random.default_rng(settings.seed)
    compiling = compiled_in_background(built.counts.study)
    with compiling as ready, one_thread_of_blas(), ThreadPoolExecutor(cores()) as pool:
        ready()
        try:
            proposer = _proposer(built, rng, pool.map, start)
            sums = _centred_sums(built, proposer)
            batch, drawn, certificate = _certified(built, proposer, sums, rng, pool.map, progress)
        except np.linalg.LinAlgError as lost:
            said = _("The Laplace engine found no mode of this posterior ({why}). Use inference.engine = 'nuts'.")
            raise ApproximationError(said.format(why=lost)) from None
        model = proposer.model
        kept, draws = drawn.kept, draws_at(model, batch.sds[drawn.kept], batch.positions[drawn.kept])
        known = None if sums is None or drawn.counts is None else (sums, drawn.counts)
        eta = with_area_effects(model, draws, settings.seed, pool.map, known)
    if progress:
        progress(len(batch), len(batch), 0)
    posterior = posterior_of(built, posterior_variables(built, model, draws) | {"linear_predictor": eta})
    weighed = (("chain", "draw"), batch.log_weights[kept].reshape(settings.chains, -1))
    stats = xr.Dataset({"log_weight": weighed}, {name: posterior[name] for name in ("chain", "draw")})
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats}), certificate


def warm_start_of(built: BuiltModel) -> WarmStart | None:
    """Return what the fits of similar counts can begin with; None where there is no surface over the sds.

    Parameters
    ----------
    built : BuiltModel

    Raises
    ------
    ModelError
        The study has a horseshoe prior.
    """
    _check_prior(built)
    rng = np.random.default_rng(built.counts.study.inference.seed)
    with one_thread_of_blas(), ThreadPoolExecutor(cores()) as pool:
        try:
            proposer = _proposer(built, rng, pool.map)
        except np.linalg.LinAlgError:
            return None
    if not isinstance(proposer.sds, SdsProposal):  # too many sds
        return None
    nodes, coarse_nodes = (len(model.rule.nodes) for model in (proposer.model, proposer.coarse))
    return WarmStart(proposer.sds.surface, proposer.correction, proposer.leaves, nodes, coarse_nodes)


def _proposer(built: BuiltModel, rng: np.random.Generator, each: Map, start: WarmStart | None = None) -> Proposer:
    """Return what proposals are made from: the surface over the sds, and the Gaussian of the field given them."""
    problem, prior = problem_of(built), built.hyperprior
    one_part = built.parts == 1

    def follow(values: Floats) -> None:
        nonlocal problem
        problem = recentred(problem, values)

    def evidence(values: Sequence[Floats]) -> list[tuple[float, Floats]]:
        return list(each(problem.evidence, values))

    def hard_at(
        model: Model, correction: SkewnessCorrection, sds: Floats, positions: Floats, left: float = LEFT
    ) -> HardGroups | None:
        points = zip(sds, positions, strict=True)
        return hard_groups(
            model, [(at, step(model, correction, at, log_joint(model, at, x))[0]) for at, x in points], each, left
        )

    if start is not None:
        moved = moved_surface(start, evidence, follow)
        model = with_nodes(problem.model, start.nodes)
        coarse, hard = with_nodes(model, start.coarse_nodes), None
        if not one_part:
            around = moved.around[:: len(moved.best)]  # along the widest axis
            hard = hard_at(coarse, start.correction, prior.sds(around), moved.field_modes(around), LEFT_OF_FEW)
        return Proposer(model, coarse, start.correction, hard, start.leaves, sds_proposal(moved, rng), prior)
    at_mode, steps = sds_at_mode(evidence, prior.unit, follow)
    surface: Surface | AdaptedProposal
    if one_part and len(at_mode) > MANY:
        surface = adapted_proposal(evidence, at_mode, steps, rng)
    else:
        surface = surface_of(evidence, at_mode, steps, len(built.counts))
    nodes, best = surface.nodes[:CHECKED], np.ascontiguousarray(prior.sds(at_mode))
    model = with_rule(problem, prior.sds(nodes), surface.field_modes(nodes), each).model
    mode = newton(model, best, problem.start, MODE_TOLERANCE)
    coarse, correction = _cheapest(model, best, mode, each)
    leaves = _leaves(model, coarse, correction, best, mode, each) if one_part else None
    if isinstance(surface, AdaptedProposal):
        return Proposer(model, coarse, correction, None, leaves, surface, prior)
    around, near = prior.sds(surface.around), surface.field_modes(surface.around)
    hard = None if one_part else hard_at(coarse, correction, around, near)
    if leaves is not None or not one_part:
        errors = mean_log_weights(model, coarse, correction, hard, around, near, each, leaves)
        surface = tilted(surface, errors + prior.log_density(surface.around))
    return Proposer(model, coarse, correction, hard, leaves, sds_proposal(surface, rng), prior)


def _leaves(
    model: Model, coarse: Model, correction: SkewnessCorrection, sds: Floats, mode: Mode, each: Map
) -> LeafEffects | None:
    """Return the effects that are better drawn from their own conditional, or None where that gains nothing."""
    leaves = leaf_effects(model, sds, mode.position)
    if leaves is None:
        return None
    plain, apart = (
        spread_of_weights(model, coarse, correction, sds, mode.position, each, which) for which in (None, leaves)
    )
    return leaves if plain > GOOD and apart < plain - WORSE else None


def _centred_sums(built: BuiltModel, proposer: Proposer) -> GroupSums | None:
    """Return what totals tell, with its quadrature placed at the mode; None where they tell nothing."""
    model, sums = proposer.model, group_sums(built, proposer.model.arrays)
    if sums is None:
        return None
    nodes = proposer.sds.nodes[:1]
    [point] = eval_points(model, proposer.prior.sds(nodes), proposer.sds.field_modes(nodes))
    return sums.centred(point)


def _certified(
    built: BuiltModel,
    proposer: Proposer,
    sums: GroupSums | None,
    rng: np.random.Generator,
    each: Map,
    progress: Progress | None,
) -> tuple[Batch, Drawn, Certificate]:
    """Return proposals in as many batches as their certificate needs, with it and which of them are draws."""
    settings, model = built.counts.study.inference, proposer.model
    count = settings.chains * settings.draws_per_chain
    first, batch = int(np.ceil(MORE * count)), None
    while True:
        before, size = (0, first) if batch is None else (len(batch), int(np.ceil(LATER * first)))

        def report(done: int, before: int = before, size: int = size) -> None:
            if progress:
                progress(before + done, before + size, 0)

        made = proposer.batch(size, rng, each, report, wider=batch is not None)
        batch = made if batch is None else batch.joined(made)
        variables = posterior_variables(built, model, draws_at(model, batch.sds, batch.positions))
        certificate, weights = certify(batch.log_weights, variables, count)
        checked = resampled(weights, CHECKED, np.random.default_rng(settings.seed))
        error = quadrature_error(model, batch.sds[checked], batch.positions[checked], each)
        certificate = replace(certificate, quadrature_error=error)
        if _needs_more(certificate, len(batch) / first):
            if before == 0 and (choosing := proposer.choosing_special(each)):
                proposer, batch = choosing, None
            continue
        drawn, certificate = _drawn(built, model, sums, batch, weights, certificate, each)
        if not _needs_more(certificate, len(batch) / first):
            return batch, drawn, certificate


def _drawn(
    built: BuiltModel,
    model: Model,
    sums: GroupSums | None,
    batch: Batch,
    weights: Floats,
    certificate: Certificate,
    each: Map,
) -> tuple[Drawn, Certificate]:
    """Return which proposals are draws, by their weights and then by what totals tell, and what that costs.

    The second weights are those of draws of the posterior without totals: the tail of the product is taken to be the
    heavier of the two, and the effective draws the share that the second leave of those there were.
    """
    settings, rng = built.counts.study.inference, np.random.default_rng([built.counts.study.inference.seed, 3])
    count = settings.chains * settings.draws_per_chain
    kept = resampled(weights, count, rng)
    if sums is None:
        return Drawn(kept, None), certificate
    draws = draws_at(model, batch.sds[kept], batch.positions[kept])
    area_params, variance, eta = field_of(model, draws, each)
    evidence, counts = sums.sample_counts(model.rule, eta, area_params, variance, settings.seed, each)
    smooth, shape = smoothed(evidence)
    again, left = resampled(smooth, count, rng), 1 / float(len(smooth) * (smooth**2).sum())
    cost = replace(
        certificate,
        pareto_k=max(certificate.pareto_k, shape),
        effective_share=certificate.effective_share * left,
        effective=certificate.effective * left,
        unseen=certificate.unseen + unseen_mass(float(smooth.max()), shape),
    )
    return Drawn(kept[again], counts[again]), cost


def _needs_more(certificate: Certificate, times: float) -> bool:
    """Whether more proposals would certify what so many times the first batch do not, or confirm a heavy tail."""
    if certificate.quadrature_error > QUADRATURE or times >= MOST:
        return False
    if not certificate.problems:
        return times <= 1 and certificate.pareto_k > certificate.pareto_k_limit
    if certificate.few_draws:
        return False
    return times < FEWEST or certificate.effective * MOST >= min(ENOUGH, certificate.draws) * times


def _cheapest(model: Model, sds: Floats, mode: Mode, each: Map) -> tuple[Model, SkewnessCorrection]:
    """Return the model with the fewest nodes whose proposals are about as good as with all, and their correction.

    Few nodes do unless most counts are hidden: then the Gaussian of few nodes lies elsewhere.
    """
    if len(model.rule.nodes) <= COARSE_NODES[1]:
        coarse = with_nodes(model, COARSE_NODES[0])
        return coarse, _corrected(model, coarse, sds, mode, each)
    correction = _corrected(model, model, sds, mode, each)
    best = spread_of_weights(model, model, correction, sds, mode.position, each)
    for nodes in COARSE_NODES:
        coarse = with_nodes(model, nodes)
        if spread_of_weights(model, coarse, correction, sds, mode.position, each) <= best + WORSE:
            return coarse, correction
    return model, correction


def _corrected(model: Model, coarse: Model, sds: Floats, mode: Mode, each: Map) -> SkewnessCorrection:
    """Return the correction of proposals, or none where it cannot be computed: the certificate judges what they are."""
    try:
        return skewness_correction(model, coarse, sds, mode, each)
    except np.linalg.LinAlgError:
        return no_correction(model.field)


def _check_prior(built: BuiltModel) -> None:
    """Refuse priors that are not Gaussian given the sds."""
    if built.counts.study.model.priors.coefficient.kind == "horseshoe":
        raise ModelError(
            _(
                "The Laplace engine takes a normal prior of the coefficients; this study has a horseshoe. Use "
                "inference.engine = 'nuts', or model.priors.coefficient.kind = 'normal'."
            )
        )


class Drawn(NamedTuple):
    """Which proposals are draws (draw,), and the counts of cells given their totals, if any (draw, cell)."""

    kept: Indices
    counts: Indices | None


@dataclass(frozen=True)
class Draws:
    """Draws of the field and the sds.

    Parameters
    ----------
    sds : ndarray (draw, level + A)
        Of the levels; then the area's parameters.
    beta : ndarray (draw, D)
        Coefficients of determinants; the intercept minus its prior mean last.
    scores : ndarray (draw, S)
        Of the groups of all levels, in the order of the field.
    """

    sds: Floats
    beta: Floats
    scores: Floats


def draws_at(model: Model, sds: Floats, positions: Floats) -> Draws:
    """Transform positions of the field to coefficients and scores of groups."""
    field = model.field
    groups = len(field.level)
    return Draws(sds, positions[:, groups:] * field.width, np.ascontiguousarray(positions[:, :groups]))


def posterior_variables(built: BuiltModel, model: Model, draws: Draws) -> dict[str, Floats]:
    """Return the variables of the posterior except the linear predictor, each (draw, ...)."""
    field, terms = model.field, built.terms
    known, levels = len(built.design.names), len(model.arrays.level_rate)
    result = {"intercept": field.intercept_mean + draws.beta[:, -1]}
    if known:
        result["beta"] = draws.beta[:, :known]
    if built.time is not None:
        result[f"effect_{TIME}"] = draws.beta[:, known:-1] @ built.time.basis.T
    if built.outcomes is not None:
        result[f"effect_{OUTCOME}"] = np.pad(draws.beta[:, known:-1], ((0, 0), (1, 0)))
    of_area, first = np.abs(draws.sds[:, levels:]), 0
    result |= {name: of_area[:, i] for i, name in enumerate(built.area_parameters)}
    for i, term in enumerate(terms):
        inside = np.flatnonzero(field.level == i)
        scores = draws.scores[:, inside[np.argsort(field.order[inside])]]
        values = term.values(draws.sds[:, first : first + term.sds], scores, of_area[:, 0])
        shapes = {name: [len(built.coords[dim]) for dim in dims] for name, dims in term.variables.items()}
        result |= {name: value.reshape(-1, *shapes[name]) for name, value in values.items()}
        first += term.sds
    return result


def with_area_effects(
    model: Model, draws: Draws, seed: int, each: Map, known: tuple[GroupSums, Indices] | None = None
) -> Floats:
    """Return linear predictors with each area's own effect, drawn from its exact conditional (draw, area).

    `known` is what totals tell, with counts drawn given them.
    """
    area_params, variance, eta = field_of(model, draws, each)
    sample_own_effects(known, model.arrays, model.approx, model.rule, area_params, variance, eta, seed, each)
    return eta


def field_of(model: Model, draws: Draws, each: Map) -> tuple[Floats, Floats, Floats]:
    """Return the area's parameters, missing-data variances, and linear predictors without own effects, of draws."""
    areas = len(model.field.x)
    determinants = np.ascontiguousarray(draws.beta[:, : len(model.arrays.axes)])
    eta = np.empty((len(draws.sds), areas))
    for _done in each(
        lambda first: predictors(model.field, draws.sds, draws.scores, draws.beta, first, eta),
        range(0, areas, AREAS_AT_ONCE),
    ):
        pass
    area_params = np.ascontiguousarray(np.abs(draws.sds[:, len(model.arrays.level_rate) :]))
    return area_params, missing_variances(model.arrays, determinants), eta


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
