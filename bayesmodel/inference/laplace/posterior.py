"""From draws of the field to the posterior of a fit: named variables, and each area's own effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.inference.laplace.field import BLOCK, level_names, predictors, values_at
from bayesmodel.inference.laplace.joint import Model
from bayesmodel.model import BuiltModel
from bayesmodel.model.density.draws import variables_of
from bayesmodel.model.density.forward import missing_variances
from bayesmodel.model.density.own.drawn import Map, draw_own

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Draws:
    """Draws of the field and the sds.

    Parameters
    ----------
    sds : ndarray (draw, level + 1)
    beta : ndarray (draw, D)
        Coefficients of determinants, then effects of the groups of crossing levels.
    values : ndarray (draw, G + 1)
        Of the groups of the nested chain; the intercept last.
    """

    sds: Floats
    beta: Floats
    values: Floats

    def taken(self, places: Places) -> Draws:
        """Return some of the draws."""
        return Draws(self.sds[places], self.beta[places], self.values[places])


def draws_at(model: Model, sds: Floats, positions: Floats) -> Draws:
    """Return what positions of the field stand for."""
    groups, columns = len(model.field.parent), len(model.field.column_level)
    beta, values = np.empty((len(sds), columns)), np.empty((len(sds), groups))
    for place, (spread, position) in enumerate(zip(sds, positions, strict=True)):
        beta[place], values[place] = values_at(model.field, spread, position)
    return Draws(sds, beta, values)


def named(built: BuiltModel, model: Model, draws: Draws) -> dict[str, Floats]:
    """Return the variables of the posterior, all but the linear predictor, each (draw, ...)."""
    field, names = model.field, level_names(built)
    known = len(built.design.names)
    result = {"intercept": draws.values[:, -1]}
    if known:
        result["beta"] = draws.beta[:, :known]
    result |= {f"sd_{name}": draws.sds[:, place] for place, name in enumerate(names)}
    result[f"sd_{built.counts.study.area}" if built.family.area_effect else "dispersion"] = draws.sds[:, -1]
    effects = draws.values[:, :-1] - draws.values[:, field.parent[:-1]]
    for place, name in enumerate(names):
        inside = field.level == place
        result[f"effect_{name}"] = effects[:, inside] if inside.any() else draws.beta[:, field.column_level == place]
    return result


def with_own(model: Model, draws: Draws, seed: int, each: Map) -> Floats:
    """Return linear predictors that hold each area's own effect, drawn from its exact conditional (draw, area)."""
    areas = len(model.field.group)
    determinants = np.ascontiguousarray(draws.beta[:, : model.field.covariances.shape[1]])
    variance = missing_variances(model.forest, determinants)
    eta = np.empty((len(draws.sds), areas))
    for _ in each(lambda first: predictors(model.field, draws.beta, draws.values, first, eta), range(0, areas, BLOCK)):
        pass
    draw_own(model.forest, model.centres, draws.sds[:, -1], variance, eta, seed, each)
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
