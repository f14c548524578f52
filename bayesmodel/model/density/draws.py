"""From a position of the sampler to the named variables of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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
