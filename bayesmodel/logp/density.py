"""The compiled log density of a model: for Python, and as the C functions that a sampler calls by address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ctypes import CFUNCTYPE, c_int64, c_uint64, c_void_p, cast
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.logp import initial
from bayesmodel.logp.area_effects import choose_rule
from bayesmodel.logp.arrays import ModelArrays, first_area_parameter, model_arrays, size_of
from bayesmodel.logp.family_callback import callback_of
from bayesmodel.logp.ffi import Table, fields_of, table_of
from bayesmodel.logp.kernel import compiled_log_density
from bayesmodel.logp.laplace_approx import laplace_approx
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.logp.quadrature import NODES, EvalPoint, LaplaceApprox, QuadratureRule, gauss_hermite

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel
from bayesmodel.model.outcomes import OUTCOME
from bayesmodel.model.time import TIME, YEAR

Floats = NDArray[np.float64]

ROUNDS = 2
"""Ascents to a likely position, each with the quadrature re-centred at the last."""
CHECKED = 8
"""Positions at which the number of quadrature nodes is chosen."""


@dataclass(frozen=True)
class Density:
    """The log posterior density of a built model at a flat position, with the areas' own effects integrated out.

    Parameters
    ----------
    built : BuiltModel
    arrays : ModelArrays
        The model flattened.
    approx : LaplaceApprox
        Of each count's log-likelihood, around which the quadrature is placed.
    rule : QuadratureRule
        Of that quadrature.
    mode : ndarray (size,)
        A likely position.
    starts : tuple of ndarray (size,)
        Where chains start; around the mode where there are none.
    """

    built: BuiltModel
    arrays: ModelArrays
    approx: LaplaceApprox
    rule: QuadratureRule
    mode: Floats
    starts: tuple[Floats, ...] = ()

    @property
    def size(self) -> int:
        """Length of a position."""
        return size_of(self.arrays)

    @property
    def number_of_values(self) -> int:
        """Total number of values of all variables."""
        arrays = self.arrays
        return size_of(arrays) + len(arrays.lower)

    @property
    def variables(self) -> dict[str, tuple[str, ...]]:
        """Names and dims of the variables of the model."""
        return variables_of(self.built)

    @property
    def coords(self) -> Mapping[str, tuple[str, ...]]:
        """Coordinates of the dims."""
        return self.built.coords

    @cached_property
    def fields(self) -> list[NDArray[Any]]:
        """The fields that compiled code reads; `table` holds only their addresses."""
        return fields_of(self.arrays, self.approx, self.rule)

    @cached_property
    def table(self) -> Table:
        """Addresses and shapes of the fields."""
        return table_of(self.fields)

    def log_density(self, position: Floats) -> tuple[float, Floats]:
        """Return the log density and its gradient (size,)."""
        position, gradient = np.ascontiguousarray(position, dtype=float), np.empty(self.size)
        return call_log_density(self, position.ctypes.data, gradient), gradient

    def variables_at(self, position: Floats) -> dict[str, Floats]:
        """Return the variables at a position; linear predictors exclude the areas' own effects."""
        position, values = np.ascontiguousarray(position, dtype=float), np.empty(self.number_of_values)
        write = variables_callback(self).function
        write(self.size, len(values), position.ctypes.data, values.ctypes.data, None)
        return unpack_variables(self.built, values)

    def start(self, seed: int) -> Floats:
        """Return an overdispersed starting position: about one posterior sd from the mode, in random directions.

        The gradient there reflects the posterior scales, from which the sampler initialises its mass matrix. Where
        there are `starts`, one of them.
        """
        rng = np.random.default_rng(seed)
        if self.starts:
            return self.starts[rng.integers(len(self.starts))]
        sides = rng.choice([-1.0, 1.0], self.size)
        return self.mode + initial.posterior_scales(self.built, self.arrays) * sides

    def eval_point(self, position: Floats) -> EvalPoint:
        """Return the point at which the likelihood is evaluated at a position."""
        variables_at = self.variables_at(position)
        beta = variables_at.get("beta", np.empty(0))
        variance = missing_variances(self.arrays, beta[None])[0]
        return EvalPoint(
            variables_at["linear_predictor"], np.exp(position[first_area_parameter(self.arrays) :]), variance
        )


def density_of(built: BuiltModel, draws: Sequence[Mapping[str, Floats]] = ()) -> Density:
    """Return the compiled density of a built model.

    Parameters
    ----------
    built : BuiltModel
    draws : sequence of mapping of str to ndarray
        Variables of draws of an approximation: the quadrature is placed at the first of them, and chains start at them.

    Examples
    --------
    >>> from bayesmodel import build_model, example_study, interpret_counts, read_areas
    >>> from bayesmodel.logp.density import density_of
    >>> density = density_of(build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))))
    >>> value, gradient = density.log_density(density.start(seed=1))
    >>> bool(value < 0), len(gradient) == density.size
    (True, True)
    """
    arrays = model_arrays(built, callback_of(built))
    mode, scale = initial.initial_position(built, arrays), initial.posterior_scales(built, arrays)
    flat, none = np.full(len(arrays.lower), arrays.intercept_mean), np.zeros(len(arrays.terms))
    approx = laplace_approx(arrays, flat, np.exp(mode[first_area_parameter(arrays) :]), none)
    density = Density(built, arrays, approx, gauss_hermite(NODES[1]), mode)
    for _ in range(ROUNDS):
        mode = initial.ascend(density.log_density, density.mode, scale, arrays)
        eval_point = density.eval_point(mode)
        density = replace(density, approx=laplace_approx(arrays, *eval_point), mode=mode)
    starts = [initial.position_of(built, arrays, draw) for draw in draws]
    starts = [start for start in starts if np.isfinite(density.log_density(start)[0])]
    if starts:
        density = replace(
            density, approx=laplace_approx(arrays, *density.eval_point(starts[0])), mode=starts[0], starts=tuple(starts)
        )
    points = [density.eval_point(density.start(seed)) for seed in range(CHECKED)]
    return replace(density, rule=choose_rule(arrays, density.approx, points))


def variables_of(built: BuiltModel) -> dict[str, tuple[str, ...]]:
    """Return the names and dims of the variables of a posterior, as `Fit` describes them."""
    area = built.counts.study.area
    names: dict[str, tuple[str, ...]] = {"intercept": ()}
    if built.design.names:
        names["beta"] = ("determinant",)
    names |= {} if built.time is None else {f"effect_{TIME}": (YEAR,)}
    names |= {} if built.outcomes is None else {f"effect_{OUTCOME}": (OUTCOME,)}
    of_terms = {name: dims for term in built.terms for name, dims in term.variables.items()}
    names |= {name: dims for name, dims in of_terms.items() if not name.startswith("effect_")}
    names |= dict.fromkeys(built.area_parameters, ())
    names |= {name: dims for name, dims in of_terms.items() if name.startswith("effect_")}
    return names | {"linear_predictor": (area,)}


def unpack_variables(built: BuiltModel, values: Floats) -> dict[str, Floats]:
    """Split the values that `kernel.log_density` wrote into variables, in the order of `variables_of`."""
    names, coords = variables_of(built), built.coords
    shapes = [tuple(len(coords[dim]) for dim in dims) for dims in names.values()]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    parts = zip(names, np.split(values, ends), shapes, strict=True)
    return {name: part.reshape(shape) for name, part, shape in parts}


DENSITY = CFUNCTYPE(c_int64, c_uint64, c_void_p, c_void_p, c_void_p, c_void_p)
VARIABLES = CFUNCTYPE(c_int64, c_uint64, c_uint64, c_void_p, c_void_p, c_void_p)


@dataclass(frozen=True)
class CFunction:
    """A C function pointer; the function lives as long as this object."""

    function: Any

    @property
    def address(self) -> int:
        """Its address."""
        return cast(self.function, c_void_p).value or 0


def density_callback() -> CFunction:
    """Return the C function ``(size, position, gradient, density, table)``; it returns 0 or `kernel.NOT_FINITE`."""
    return CFunction(DENSITY(compiled_log_density().address))


def variables_callback(density: Density) -> CFunction:
    """Return the C function ``(size, number of values, position, values, table)``; it returns 0.

    Called once per draw, so it may go through Python.
    """
    function, plain, spare = DENSITY(compiled_log_density().address), density.table, np.empty(density.size + 1)

    def write(size: int, number: int, position: int, values: int, _: int) -> int:
        table, buffer = plain.copy(), spare.copy()  # chains call this concurrently
        table[-1] = values, 1, number
        address: int = buffer.ctypes.data
        function(size, position, address, address + buffer.itemsize * size, table.ctypes.data)
        return 0

    return CFunction(VARIABLES(write))


def call_log_density(density: Density, position: int, gradient: NDArray[np.float64]) -> float:
    """Return the log density at the address of a position, and write its gradient."""
    value, function = np.empty(1), DENSITY(compiled_log_density().address)
    function(len(gradient), position, gradient.ctypes.data, value.ctypes.data, density.table.ctypes.data)
    return float(value[0])
