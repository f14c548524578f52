"""From a position of the sampler to the named variables of the model, and to where the sampler may start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.forest import Forest, size_of

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]


def variables_of(built: BuiltModel) -> dict[str, tuple[str, ...]]:
    """Return the names and dims of the variables in a posterior, as `Fit` describes them."""
    area = built.counts.study.area
    levels = [group.name for chain in built.chains for group in reversed(chain)]
    names: dict[str, tuple[str, ...]] = {"intercept": ()}
    if built.design.names:
        names["beta"] = ("determinant",)
    names |= {f"sd_{name}": () for name in levels}
    names |= {f"sd_{area}" if built.family.area_effect else "dispersion": ()}
    names |= {f"effect_{name}": (name,) for name in levels}
    return names | {"linear_predictor": (area,)}


def laid_out(built: BuiltModel, values: Floats) -> dict[str, Floats]:
    """Return the variables of the model from where `kernel.log_density` wrote them, in the order of `variables_of`."""
    names, coords = variables_of(built), built.coords
    shapes = [tuple(len(coords[dim]) for dim in dims) for dims in names.values()]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    parts = zip(names, np.split(values, ends), shapes, strict=True)
    return {name: part.reshape(shape) for name, part, shape in parts}


def start(forest: Forest, typical_sd: float, seed: int) -> Floats:
    """Return a position near which the posterior may lie: no determinant counts, effects are small."""
    rng = np.random.default_rng(seed)
    position = rng.normal(0, 0.1, size_of(forest))
    columns, levels, groups = len(forest.axes), len(forest.level_rate), len(forest.parent)
    first = 1 + columns
    position[0] = forest.intercept_mean + forest.intercept_sd * 0.01 * rng.normal()
    position[first : first + levels] += np.log(typical_sd)
    position[first + levels + groups] += np.log(typical_sd)
    position[1:first] = 0.0
    # a raw value is centred by its weight: put it at the intercept, with a z-score of a tenth
    chain = np.array([forest.parent[g] == -1 for g in range(groups)], dtype=bool)
    for g in range(groups):
        chain[g] |= forest.parent[g] >= 0 and chain[forest.parent[g]]
    raw = position[first + levels : first + levels + groups]
    raw *= typical_sd**forest.group_centring
    raw += np.where(chain, forest.group_centring * position[0], 0.0)
    if forest.area_effect:
        areas = position[first + levels + groups + 1 :]
        areas *= typical_sd**forest.area_centring
        areas += forest.area_centring * position[0]
    return position
