"""The latent field: coefficients, intercept and group effects, ordered for elimination from the leaves up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.errors import ModelError
from bayesmodel.logp.predictor import sum_of_products
from bayesmodel.messages import _, number
from bayesmodel.model.build import BuiltModel
from bayesmodel.model.levels import Chain

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

AREAS_AT_ONCE = 64
"""Areas whose linear predictors are computed for all draws at once."""
DENSE = 200
"""Most groups of crossing levels in the dense block: time per area grows with the square of its columns."""
DETERMINANT = -1
"""Stands for a level in columns that are determinants."""


class LatentField(NamedTuple):
    """The latent field of a model as arrays (a named tuple: numba does not take dataclasses).

    A position is D + G + 1 standard normal scores: of the columns (determinants, then the groups of crossing levels),
    of the groups of the nested chain with children before parents, and of the intercept. A group's *value* is the value
    above it plus sd times score; the linear predictor of an area is the value of its group plus ``x' beta``.
    """

    x: Floats  # (N, D)
    columns: Floats  # (D, N) transposed, so that sums over areas are contiguous
    column_level: Indices  # (D,) level whose sd scales the column, or DETERMINANT
    group: Indices  # (N,) group of each area; G, the root, where there is no nested level
    parent: Indices  # (G + 1,) the root has -1
    level: Indices  # (G,)
    coefficient_sd: float
    intercept_mean: float
    intercept_sd: float


def latent_field(built: BuiltModel) -> LatentField:
    """Return the latent field of a built model.

    Raises
    ------
    ModelError
        Crossing levels have more groups than fit the dense block.
    """
    chains = built.chains or ((),)
    nested = max(chains, key=_size)
    numbers = {name: i for i, name in enumerate(level_names(built))}
    parent, level, start = [], [], 0
    for i, group in enumerate(nested):
        following = start + len(group.codes)
        above = nested[i + 1].members if i + 1 < len(nested) else np.zeros(len(group.codes), dtype=np.int64)
        parent.append(following + above)
        level.append(np.full(len(group.codes), numbers[group.name]))
        start = following
    columns, column_level = [built.design.x], [np.full(built.design.x.shape[1], DETERMINANT)]
    for chain in chains:
        if chain is not nested:
            _check_size(chain)
            for group in chain:
                columns.append(np.eye(len(group.codes))[group.of_area])
                column_level.append(np.full(len(group.codes), numbers[group.name]))
    x = np.concatenate(columns, axis=1)
    return LatentField(
        x=np.ascontiguousarray(x),
        columns=np.ascontiguousarray(x.T),
        column_level=np.concatenate(column_level).astype(np.int64),
        group=nested[0].of_area.astype(np.int64) if nested else np.zeros(len(built.counts), dtype=np.int64),
        parent=np.concatenate([*parent, [-1]]).astype(np.int64),
        level=np.concatenate([*level, np.zeros(0)]).astype(np.int64),
        coefficient_sd=built.priors.coefficient_sd,
        intercept_mean=built.priors.intercept_mean,
        intercept_sd=built.priors.intercept_sd,
    )


def level_names(built: BuiltModel) -> list[str]:
    """Return the levels in the order of their sds: along each chain, coarsest first."""
    return [group.name for chain in built.chains for group in reversed(chain)]


@inner
def group_sds(field: LatentField, sds: Floats) -> Floats:
    """Return the prior sd of each group's score, the root's last (G + 1,)."""
    result = np.empty(len(field.parent))
    for g in range(len(field.level)):
        result[g] = sds[field.level[g]]
    result[-1] = field.intercept_sd
    return result


@compiled
def column_sds(field: LatentField, sds: Floats) -> Floats:
    """Return the prior sd of each column's coefficient (D,)."""
    result = np.empty(len(field.column_level))
    for j in range(len(result)):
        result[j] = field.coefficient_sd if field.column_level[j] < 0 else sds[field.column_level[j]]
    return result


@compiled
def values_at(field: LatentField, sds: Floats, position: Floats) -> tuple[Floats, Floats]:
    """Return the coefficients (D,) and the values of the groups, the intercept last (G + 1,), at a position."""
    columns, groups = len(field.column_level), len(field.parent)
    scale = group_sds(field, sds)
    values = np.empty(groups)
    for g in range(groups - 1, -1, -1):
        above = field.intercept_mean if field.parent[g] < 0 else values[field.parent[g]]
        values[g] = above + scale[g] * position[columns + g]
    return column_sds(field, sds) * position[:columns], values


@compiled
def predictor(field: LatentField, beta: Floats, values: Floats) -> Floats:
    """Return the linear predictor of each area, without its own effect (N,)."""
    eta = np.empty(len(field.group))
    for i in range(len(eta)):
        eta[i] = values[field.group[i]] + sum_of_products(field.x[i], beta)
    return eta


@compiled
def predictors(field: LatentField, beta: Floats, values: Floats, first: int, result: Floats) -> None:
    """Write the same for draws (draw, ...) and a block of areas from `first` on into `result` (draw, N)."""
    for i in range(first, min(first + AREAS_AT_ONCE, len(field.group))):
        result[:, i] = np.dot(beta, field.x[i]) + values[:, field.group[i]]


def _size(chain: Chain) -> int:
    """Return the number of groups along a chain."""
    return sum(len(group.codes) for group in chain)


def _check_size(chain: Chain) -> None:
    """Refuse a crossing chain with many groups."""
    if _size(chain) > DENSE:
        names = ", ".join(
            _("{name} ({count} groups)").format(name=group.name, count=number(len(group.codes))) for group in chain
        )
        said = _(
            "The Laplace engine takes one chain of nested levels of any size, and crossing ones of at most {most} "
            "groups; crossing here: {names}. Use inference.engine = 'nuts', or say what the level lies within."
        )
        raise ModelError(said.format(most=DENSE, names=names))
