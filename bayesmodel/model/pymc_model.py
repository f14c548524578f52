"""The model in PyMC: coefficients, effects down each chain of levels, own effects, and the interval likelihood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import coo_array, triu

from bayesmodel.model.array_backend import Array, tensor_maths
from bayesmodel.model.families.family import log_interval
from bayesmodel.model.missing import missing_terms, missing_variance
from bayesmodel.model.outcomes import LEAST, OTHER, OUTCOME, OutcomePriors
from bayesmodel.model.priors import MAX_SHARE, SPECIAL_RATIO, SPECIAL_SHARE, rate
from bayesmodel.model.terms import NO_SCORE
from bayesmodel.model.time import TIME, YEAR, time_name
from bayesmodel.study.model_parts import SPACE

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel
    from bayesmodel.model.levels import Chain
    from bayesmodel.model.outcomes import OutcomeStructure
    from bayesmodel.model.space import SpatialStructure
    from bayesmodel.model.terms import Term
    from bayesmodel.model.time import TimeStructure


def add_likelihood(built: BuiltModel, mean: Array, own: Array | None = None) -> None:
    """Add what lies between the linear predictor and the counts, to the model in context.

    What missing determinants leave open is a normal term of known variance given the coefficients: it joins the
    area's own effect, or the sd of a normal share; with the other families it is one effect per incomplete area.

    Parameters
    ----------
    built : BuiltModel
    mean : tensor (area,)
        Linear predictor without the area's own effect.
    own : tensor, optional
        Sd of that effect, where it follows from other sds.
    """
    area = built.counts.study.area
    dispersion: Array = pt.as_tensor(1.0)
    if built.family.area_effect:
        sd = add_sd(built, area) if own is None else own
        of_areas = {name: pm.Exponential(name, built.area_rates[name]) for name in built.area_parameters[1:]}
        estimated = [value for name, value in of_areas.items() if name != SPECIAL_SHARE]
        excess = pt.stack(estimated)[built.excess_at - built.parts] if estimated else 1.0
        besides = _besides(built, excess)
        mean = mean + excess * built.clusters.mean if built.clusters.mean.any() else mean
        spread = _widened(sd, besides)
        if SPECIAL_SHARE in of_areas:
            eta = _two_part(built, mean, (spread, _widened(SPECIAL_RATIO * sd, besides)), of_areas[SPECIAL_SHARE])
        else:
            eta = partly_centred(f"raw_{area}", mean, spread, built.geometry.centring["area"], area)
    else:
        scale = built.priors.scale if built.family.gaussian else 1.0
        dispersion = pm.Exponential("dispersion", rate(built.counts.study.model.priors.sd, scale))
        eta = mean
        if built.family.gaussian:
            dispersion = _widened(dispersion, _besides(built, 1.0))
        elif built.design.incomplete.any():
            eta = mean + _missing_effect(built)
    _add_counts(built, pm.Deterministic("linear_predictor", eta, dims=area), dispersion)


def _two_part(built: BuiltModel, mean: Array, sds: tuple[Array, Array], share: Array) -> Array:
    """Add the predictors of areas whose own effect is normal with one of two sds (area,), centred where counts tell."""
    area, share = built.counts.study.area, pt.minimum(share, MAX_SHARE)
    size = len(built.counts)
    sigma = pt.stack([sd * pt.ones(size) for sd in sds], axis=1)
    weights = pt.stack([1 - share, share])
    if np.mean(built.geometry.centring["area"]) > 0.5:
        return pm.NormalMixture(f"raw_{area}", weights, mean[:, None] * pt.ones((1, 2)), sigma, dims=area)
    return mean + pm.NormalMixture(f"raw_{area}", weights, pt.zeros((size, 2)), sigma, dims=area)


def _missing_variance(built: BuiltModel) -> Array:
    """Return the variance that missing determinants leave (pattern,)."""
    return missing_variance(missing_terms(built.design.covariances), pm.modelcontext(None)["beta"])


def _besides(built: BuiltModel, excess: Array) -> Array | None:
    """Return the variance that missing determinants and overdispersion add (area,), or None where they add nothing."""
    extra = built.clusters.variance
    if not (built.design.incomplete.any() or extra.any()):
        return None
    missing = _missing_variance(built)[built.design.pattern] if built.design.incomplete.any() else 0.0
    return missing + excess * extra


def _widened(sd: Array, besides: Array | None) -> Array:
    """Return the sd, widened by a variance: a scalar, or one per area."""
    return sd if besides is None else pt.sqrt(sd**2 + besides)


def _missing_effect(built: BuiltModel) -> Array:
    """Add the part of the predictor that the missing determinants leave open (area,); zero in complete areas."""
    rows = np.flatnonzero(built.design.incomplete)
    spread = pt.sqrt(_missing_variance(built)[built.design.pattern[rows]] + 1e-12)
    scores = pm.Normal("raw_missing", shape=len(rows))
    return tensor_maths().replace(pt.zeros(len(built.counts)), rows, spread * scores)


def _add_counts(built: BuiltModel, eta: Array, dispersion: Array) -> None:
    """Add the observed intervals as one distribution with log-probability and random draws."""
    counts, family = built.counts, built.family
    people = np.maximum(counts.population, 1)
    # areas that say nothing take part with weight 0; a narrow window keeps their terms finite and cheap
    lower = np.where(counts.observed, counts.lower, 0)
    upper = np.where(counts.observed, counts.upper, 0)
    weights = None if counts.weights is None else np.where(counts.observed[:, None], counts.weights, 1.0)
    observed_mask = pm.Data("observed_mask", counts.observed.astype(float), dims=counts.study.area)

    def log_probability(value: Array, eta: Array, dispersion: Array, observed_mask: Array) -> Array:
        # PyMC hands over one number for all areas as a vector of one, which cannot be indexed by area
        dispersion = dispersion[0] if dispersion.type.shape == (1,) else dispersion
        return observed_mask * log_interval(tensor_maths(), family, (lower, upper), people, eta, dispersion, weights)

    def draw(
        eta: NDArray[np.float64],
        dispersion: NDArray[np.float64],
        observed_mask: NDArray[np.float64],
        rng: Generator,
        size: tuple[int, ...] | None,
    ) -> NDArray[np.int64]:
        return family.draw(rng, people, np.broadcast_to(eta, size or eta.shape), dispersion)

    pm.CustomDist(
        "count",
        eta,
        dispersion,
        observed_mask,
        logp=log_probability,
        random=draw,
        observed=lower,
        dims=counts.study.area,
        dtype="int64",
    )


def add_predictor(built: BuiltModel) -> Array:
    """Add intercept, coefficients and level effects to the model in context.

    Along the first chain each group's value is intercept + its determinants + its effect and those above it, so that
    a coefficient moves the groups with it and what the data pin down is sampled directly.

    Returns
    -------
    tensor (area,)
        The linear predictor without the area's own effect.
    """
    intercept = pm.Normal("intercept", built.priors.intercept_mean, built.priors.intercept_sd)
    if built.design.names:
        beta = _add_coefficients(built)
        drifts = [pt.dot(part, beta) for part in built.geometry.within]
    else:
        drifts = [pt.zeros(len(part)) for part in built.geometry.within]
    first, *others = built.chains or ((),)
    total = _descend(built, first, intercept + drifts[-1], drifts[:-1])
    for chain in others:
        total = total + _descend(built, chain, pt.zeros(len(chain[-1].codes)), [0.0] * len(chain))
    total = total if built.space is None else total + _space_effect(built, built.space)
    return total if built.time is None else total + _time_effects(built, built.time)


def _time_effects(built: BuiltModel, time: TimeStructure) -> Array:
    """Add the effects over the years of the country, of groups and of space (row,): see `bayesmodel.model.time`."""
    each = time.basis.shape[1]
    country = built.priors.coefficient_sd * pm.Normal(f"raw_{TIME}", shape=each)
    pm.Deterministic(f"effect_{TIME}", time.basis @ country, dims=YEAR)
    total = built.extra_columns @ country
    for term in built.terms:
        if term.dims[-1] != YEAR:
            continue
        if term.name == time_name(SPACE) and built.space is not None:
            columns = [_neighbouring(f"raw_{term.name}_{k}", built.space) for k in range(each)]
            scores = pt.stack(columns, axis=1).ravel()
        else:
            scores = pm.Normal(f"raw_{term.name}", shape=len(term))
        scores = add_sd(built, term.name, term.groups) * scores
        effects = pt.reshape(scores, (-1, each)) @ time.basis.T
        if built.space is not None and term.name == time_name(SPACE):
            places = len(built.coords[term.dims[0]])
            effects = pt.set_subtensor(pt.zeros((places, len(time.years)))[built.space.areas], effects)
        shape = [len(built.coords[dim]) for dim in term.dims]
        pm.Deterministic(f"effect_{term.name}", pt.reshape(effects, shape), dims=term.dims)
        total = total + _of_rows(term, scores)
    return total


def add_outcomes(built: BuiltModel, outcomes: OutcomeStructure) -> tuple[Array, Array]:
    """Add intercept, coefficients and effects of several outcomes: see `bayesmodel.model.outcomes`.

    Returns
    -------
    tensor (row,)
        The linear predictor without the rows' own effects.
    tensor
        The sd of these.
    """
    prior = built.hyperprior
    assert isinstance(prior, OutcomePriors)
    apart = built.priors.intercept_sd * pm.Normal(f"raw_{OUTCOME}", shape=len(outcomes) - 1)
    pm.Deterministic(f"effect_{OUTCOME}", pt.concatenate([[0.0], apart]), dims=OUTCOME)
    total = pm.Normal("intercept", built.priors.intercept_mean, built.priors.intercept_sd)
    total = total + built.extra_columns @ apart
    if built.design.names:
        total = total + built.design.x @ _add_coefficients(built)
    sd_of_rows = pt.as_tensor(0.0)
    for level, term in enumerate(built.terms):
        sds = pm.Exponential(f"sd_{term.name}", prior.rates[level], dims=OUTCOME)
        halves = pm.Beta(f"raw_correlation_{term.name}", prior.shape, prior.shape, shape=len(prior.shape))
        correlations = _correlation_factor(len(outcomes), 2 * halves - 1)
        pm.Deterministic(f"correlation_{term.name}", correlations @ correlations.T, dims=(OUTCOME, OTHER))
        factor = sds[:, None] * correlations
        if prior.own[level]:
            covariance = factor @ factor.T
            least = pt.linalg.eigh(covariance)[0][0]
            factor, sd_of_rows = (
                _cholesky(covariance - least * pt.eye(len(outcomes)), len(outcomes) - 1),
                pt.sqrt(least),
            )
        scores = pm.Normal(f"raw_{term.name}", shape=(len(term) // term.columns.shape[1], term.columns.shape[1]))
        effects = pm.Deterministic(f"effect_{term.name}", scores @ factor.T, dims=term.dims)
        total = total + effects[term.columns[:, 0] // term.columns.shape[1], outcomes.of_row]
    return total, pm.Deterministic(f"sd_{built.counts.study.area}", sd_of_rows)


def _correlation_factor(size: int, partial: Array) -> Array:
    """Return the Cholesky factor of correlations with these partial ones, as `outcomes.factor_of` does in numpy."""
    factor, pair = pt.zeros((size, size)), 0
    for i in range(size):
        left: Array = pt.as_tensor(1.0)
        for j in range(i):
            entry = partial[pair] * pt.sqrt(left)
            factor, left, pair = pt.set_subtensor(factor[i, j], entry), left - entry**2, pair + 1
        factor = pt.set_subtensor(factor[i, i], pt.sqrt(left))
    return factor


def _cholesky(rest: Array, rank: int) -> Array:
    """Return the first columns of the Cholesky factor of a matrix of that rank (P, rank)."""
    columns = []
    for k in range(rank):
        column = pt.set_subtensor(rest[:k, k], 0.0)[:, k] / pt.sqrt(pt.maximum(rest[k, k], LEAST))
        columns.append(column)
        rest = rest - column[:, None] * column[None, :]
    return pt.stack(columns, axis=1)


def _space_effect(built: BuiltModel, space: SpatialStructure) -> Array:
    """Add the effects of areas that border on each other (row,): see `bayesmodel.model.space`."""
    term = next(term for term in built.terms if term.name == SPACE)
    scores = add_sd(built, SPACE, term.groups) * _neighbouring(f"raw_{SPACE}", space)
    areas = [len(built.coords[dim]) for dim in term.dims]
    every = pt.set_subtensor(pt.zeros(areas)[space.areas], scores)
    pm.Deterministic(f"effect_{SPACE}", every, dims=term.dims)
    return _of_rows(term, scores)


def _neighbouring(name: str, space: SpatialStructure) -> Array:
    """Add scores of areas that border on each other (S,), of zero sum per component; those of islands are normal.

    The raw scores have a mean per component, of unit precision per area, which is taken off: what is left has the
    intrinsic density given that it sums to zero.
    """
    upper = coo_array(triu(space.precision, k=1))
    first, second = upper.coords
    there, alone = space.connected, np.flatnonzero(space.component == NO_SCORE)
    component, sizes = space.component[there], space.sizes

    def sums(value: Array) -> Array:
        return pt.inc_subtensor(pt.zeros(len(sizes))[component], value[there])

    def log_probability(value: Array) -> Array:
        differences = pt.sum(-upper.data * (value[first] - value[second]) ** 2)
        return -0.5 * (differences + pt.sum(sums(value) ** 2 / sizes) + pt.sum(value[alone] ** 2))

    def draw(rng: Generator, size: tuple[int, ...] | None) -> NDArray[np.float64]:
        del size
        drawn, means = space.draw(rng), rng.standard_normal(len(sizes)) / np.sqrt(sizes)
        drawn[there] += means[component]
        return drawn

    raw = pm.CustomDist(name, logp=log_probability, random=draw, shape=len(space.areas))
    return pt.inc_subtensor(raw[there], -(sums(raw) / sizes)[component])


def _of_rows(term: Term, scores: Array) -> Array:
    """Return what scores, times their sd, add to the linear predictor of each row (row,); zero where it has none."""
    there = term.columns >= 0
    return pt.sum(np.where(there, term.loading, 0.0) * scores[np.where(there, term.columns, 0)], axis=1)


def add_sd(built: BuiltModel, name: str, groups: int | None = None) -> Array:
    """Add the standard deviation of a level's effect (of that many groups) or the area's, with its prior."""
    priors = built.counts.study.model.priors
    prior = priors.sd_of.get(name, priors.sd) if groups is None else priors.of_level(name, groups)
    return pm.Exponential(f"sd_{name}", rate(prior, built.priors.scale))


def partly_centred(name: str, mean: Array, sd: Array, weight: NDArray[np.float64], dim: str) -> Array:
    """Add a normal variable with that mean and sd, sampled centred where `weight` is 1 and as a z-score where it is 0.

    ``raw ~ Normal(w mean, sd^w)`` and ``value = mean + sd^(1-w) (raw - w mean)``, which is Normal(mean, sd) for any w.
    """
    if np.all(weight == 1):
        return pm.Normal(name, mean, sd, dims=dim)
    if np.all(weight == 0):
        return mean + sd * pm.Normal(name, dims=dim)
    log_sd = pt.log(sd)
    raw = pm.Normal(name, weight * mean, pt.exp(weight * log_sd), dims=dim)
    return mean + pt.exp((1 - weight) * log_sd) * (raw - weight * mean)


def _add_coefficients(built: BuiltModel) -> Array:
    """Add the coefficients of the standardised determinants (determinant,)."""
    prior = built.counts.study.model.priors.coefficient
    size = len(built.design.names)
    if prior.kind == "horseshoe":
        return _add_horseshoe(built, size)
    scores = pm.Normal("raw_beta", shape=size)
    beta = built.priors.coefficient_sd * pt.dot(built.geometry.axes, scores)
    return pm.Deterministic("beta", beta, dims="determinant")


def _add_horseshoe(built: BuiltModel, size: int) -> Array:
    """Add regularised-horseshoe coefficients (Piironen and Vehtari 2017): few large, the rest near zero."""
    prior = built.counts.study.model.priors.coefficient
    known = int(built.counts.observed.sum())
    share = built.priors.share
    expected = min(prior.expected_nonzero, size - 0.5)
    tau0 = expected / (size - expected) / np.sqrt(known * share * (1 - share)) * built.priors.scale
    tau = pm.HalfNormal("raw_global", tau0)
    local = pm.HalfStudentT("raw_local", nu=3, sigma=1, dims="determinant")
    slab = built.priors.coefficient_sd
    width = tau * local * slab / pt.sqrt(slab**2 + tau**2 * local**2)
    return pm.Deterministic("beta", width * pm.Normal("raw_beta", dims="determinant"), dims="determinant")


def _descend(built: BuiltModel, chain: Chain, top: Array, drifts: list[Array]) -> Array:
    """Add the effects of a chain from its last level down; return what its members get from it (area,)."""
    mean = top
    for group, drift in zip(reversed(chain), reversed(drifts), strict=True):
        sd = add_sd(built, group.name, len(group.codes))
        value = partly_centred(f"raw_{group.name}", mean, sd, built.geometry.centring[group.name], group.name)
        effect = pm.Deterministic(f"effect_{group.name}", value - mean, dims=group.name)
        mean = (mean + effect)[group.members] + drift
    return mean
