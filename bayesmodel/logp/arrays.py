"""The model as flat arrays for compiled code: groups of all levels in one list, parents first, areas below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bayesmodel.compiled import compiled
from bayesmodel.errors import ModelError
from bayesmodel.logp.interval_loglik import NARROW
from bayesmodel.messages import _
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.families import Family
from bayesmodel.model.families.binomial import log_choose
from bayesmodel.model.missing import missing_terms
from bayesmodel.model.priors import SPECIAL_RATIO, rate

if TYPE_CHECKING:
    from bayesmodel.data import Counts
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

LOG_CONCAVE = frozenset({"binomial", "poisson", "negative-binomial", "normal-share"})
"""Families whose interval log-likelihood is concave in the linear predictor."""
FAMILY_CODES = {"binomial": 0, "poisson": 1, "negative-binomial": 2, "beta-binomial": 3, "normal-share": 4}
"""Families as compiled code branches on them; everywhere else a family is an object."""
INTERCEPT, NOTHING = -1, -2
"""Parent of a group at the top of the first chain of levels, and of every other chain."""
OF_AREAS = (
    "pattern",
    "lower",
    "upper",
    "people",
    "log_people",
    "observed_mask",
    "weights",
    "cluster_mean",
    "cluster_variance",
    "excess_at",
)
"""Fields with a row for each area that its likelihood needs."""
BLOCK = 512
"""Areas processed together, so that their determinants and intermediate results stay in the first-level cache."""


class ModelArrays(NamedTuple):
    """Everything the log density needs, as arrays (a named tuple: numba does not take dataclasses).

    The position is ``[intercept, raw_beta (K), log sd per level (V), raw groups (G), logs of the area's parameters
    (A)]``; the areas' own effects are integrated out. The area's parameters are the sd of its effect, or the
    dispersion, with a two-part effect the share of special areas, and the excess of an overdispersion that is
    estimated. Where the top level of the first chain is not
    centred, the first value is the intercept plus the mean effect of that level: the sum is what the data identify,
    and the shift has unit Jacobian.
    """

    family: int
    area_effect: bool
    gaussian: bool
    intercept_mean: float
    intercept_sd: float
    axes: Floats  # (K, K) prior sd of the coefficients times a rotation
    level_rate: Floats  # (V,)
    level_of: Indices  # (G,)
    parent: Indices  # (G,)
    group_x: Floats  # (K, G)
    group_centring: Floats  # (G,)
    shifted_level: int  # level whose mean effect is added to the intercept, or -1
    area_groups: Indices  # (chain, N)
    area_x: Floats  # (block K, BLOCK) blocks of areas stacked, padded with zeros
    area_rates: Floats  # (A,) of the exponential priors of the area's parameters
    special_ratio: float  # sd of a special area's effect over that of the others
    pattern: Indices  # (N,)
    first: Indices  # (T,) pairs of determinants in the variance of a missing-data pattern
    second: Indices  # (T,)
    terms: Floats  # (P, T)
    lower: Floats  # (N,)
    upper: Floats  # (N,)
    people: Floats  # (N,)
    log_people: Floats  # (N,)
    constant: float  # terms of the log-likelihood that do not depend on parameters
    observed_mask: Floats  # (N,) 1, or 0 where the count is missing
    family_callback: int  # address of the C function that evaluates counts of this family
    log_concave: bool
    weights: Floats  # (N, width) of the counts in each window; no width where all are 1
    cluster_mean: Floats  # (N,) of what overdispersion adds to the linear predictor, times its excess where estimated
    cluster_variance: Floats  # (N,) likewise
    excess_at: Indices  # (N,) which of the area's parameters that excess is, or -1
    parts: int  # of the distribution of the areas' own effects

    def besides(self, area_params: Floats, variance: Floats) -> tuple[Floats, Floats]:
        """Return mean and variance (N,) of what overdispersion and missing determinants, by pattern, add."""
        excess = np.append(area_params, 1.0)[self.excess_at]
        return excess * self.cluster_mean, variance[self.pattern] + excess * self.cluster_variance


def model_arrays(built: BuiltModel, family_callback: int) -> ModelArrays:
    """Flatten a built model.

    Parameters
    ----------
    built : BuiltModel
    family_callback : int
        Address of `family_callback.compiled_callback` of the family.
    """
    counts, family, geometry = built.counts, built.family, built.geometry
    priors = counts.study.model.priors
    parent, level_of, group_x, centring = [], [], [], []
    rates: list[float] = []
    area_groups, offset, columns = [], 0, len(built.design.names)
    for order, chain in enumerate(built.chains):
        starts: dict[int, int] = {}
        for step in range(len(chain) - 1, -1, -1):
            group, size = chain[step], len(chain[step].codes)
            top = step == len(chain) - 1
            starts[step] = offset
            root = np.full(size, INTERCEPT if order == 0 else NOTHING)
            parent.append(root if top else starts[step + 1] + chain[step + 1].members)
            level_of.append(np.full(size, len(rates)))
            group_x.append(geometry.within[step + 1] if order == 0 else np.zeros((size, columns)))
            centring.append(geometry.centring[group.name])
            rates.append(rate(priors.of_level(group.name, size), built.priors.scale))
            offset += size
        area_groups.append(starts[0] + chain[0].members)
    missing = missing_terms(built.design.covariances)
    people = np.maximum(counts.population, 1)
    lower = np.where(counts.observed, counts.lower, 0)
    group_rows = np.concatenate([np.zeros((0, columns)), *group_x])
    return ModelArrays(
        family=_code_of(family),
        area_effect=family.area_effect,
        gaussian=family.gaussian,
        intercept_mean=built.priors.intercept_mean,
        intercept_sd=built.priors.intercept_sd,
        axes=np.ascontiguousarray(built.priors.coefficient_sd * geometry.axes),
        level_rate=np.array(rates, dtype=float),
        level_of=_joined(level_of),
        parent=_joined(parent),
        group_x=np.ascontiguousarray(group_rows.T),
        group_centring=np.concatenate([np.zeros(0), *centring]),
        shifted_level=_shifted_level(built, len(level_of)),
        area_groups=np.array(area_groups, dtype=np.int64).reshape(len(area_groups), len(counts)),
        area_x=_blocks(geometry.within[0]),
        area_rates=np.array(list(built.area_rates.values())),
        special_ratio=SPECIAL_RATIO,
        pattern=built.design.pattern.copy(),  # one that may not be written is another type to compile for
        first=missing.first,
        second=missing.second,
        terms=missing.weights,
        lower=lower.astype(float),
        upper=np.where(counts.observed, counts.upper, 0).astype(float),
        people=people.astype(float),
        log_people=np.log(people),
        constant=float(log_constants(family.name, lower, people)[counts.observed].sum()),
        observed_mask=counts.observed.astype(float),
        family_callback=family_callback,
        log_concave=family.name in LOG_CONCAVE,
        weights=_padded(counts),
        cluster_mean=built.clusters.mean,
        cluster_variance=built.clusters.variance,
        excess_at=built.excess_at,
        parts=built.parts,
    )


def at_rows(arrays: ModelArrays, rows: Indices) -> ModelArrays:
    """Return the same model with the likelihood of some areas only, or of areas several times (row,)."""
    per_area: dict[str, Any] = {name: np.ascontiguousarray(getattr(arrays, name)[rows]) for name in OF_AREAS}
    return arrays._replace(**per_area)


def _padded(counts: Counts) -> Floats:
    """Return the weights of the counts in each window, as wide as those that are summed together."""
    if counts.weights is None:
        return np.zeros((len(counts), 0))
    alone = np.arange(counts.weights.shape[1]) == 0  # of areas that say nothing, which have a window of one count
    weights = np.where(counts.observed[:, None], counts.weights, alone)
    return np.pad(weights, ((0, 0), (0, max(NARROW + 1 - weights.shape[1], 0))), constant_values=1.0)


def _code_of(family: Family) -> int:
    """Return the code of a family for compiled code; help where a new one has none yet."""
    if family.name not in FAMILY_CODES:
        said = _(
            "The family {name} is not compiled yet: use inference.engine = 'nuts' with inference.density = 'graph'."
        )
        raise ModelError(said.format(name=family.name))
    return FAMILY_CODES[family.name]


def size_of(arrays: ModelArrays) -> int:
    """Return the length of a position."""
    return first_area_parameter(arrays) + len(arrays.area_rates)


@compiled
def first_area_parameter(arrays: ModelArrays) -> int:
    """Return the index in a position at which the area's parameters begin."""
    return 1 + len(arrays.axes) + len(arrays.level_rate) + len(arrays.parent)


def _blocks(x: Floats) -> Floats:
    """Return a design matrix (row, K) in blocks of rows, each block with determinants first (block K, BLOCK)."""
    rows, columns = x.shape
    number = -(-rows // BLOCK)
    padded = np.zeros((number * BLOCK, columns))
    padded[:rows] = x
    return np.ascontiguousarray(padded.reshape(number, BLOCK, columns).transpose(0, 2, 1)).reshape(-1, BLOCK)


def _shifted_level(built: BuiltModel, levels: int) -> int:
    """Return the index of the top level of the first chain where its effects are not centred, else -1."""
    if not levels or np.any(built.geometry.centring[built.chains[0][-1].name]):
        return -1
    return 0


def _joined(parts: list[Indices]) -> Indices:
    """Return index arrays concatenated."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)


def log_constants(family: str, lower: Indices, people: Indices) -> Floats:
    """Return the terms of the log-likelihood that `interval_loglik` leaves out (area,)."""
    if family in {"binomial", "beta-binomial"}:
        return np.asarray(log_choose(Numpy(), people, lower))
    if family in {"poisson", "negative-binomial"}:
        return np.asarray(-special.gammaln(lower + 1.0))
    return np.zeros(len(lower))
