"""The model's log-density as compiled code: one object that a sampler can drive.

From a position of the sampler to the named variables of the model.
The density as the two functions in C that a sampler calls by their addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from ctypes import CFUNCTYPE, c_int64, c_uint64, c_void_p, cast
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.logp import initial
from bayesmodel.logp.arrays import Forest, forest_of, size_of
from bayesmodel.logp.ffi import Table, fields_of, table_of
from bayesmodel.logp.kernel import machine
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.logp.quadrature import NODES, Centres, Place, Rule, centres_at, fitting_rule, rule_of

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]

ROUNDS = 2
"""Climbs to a likely position, each with the quadrature around the last."""
CHECKED = 8
"""Positions at which the quadrature is chosen."""


@dataclass(frozen=True)
class Density:
    """The log posterior density of a built model over one flat position, areas' own effects integrated out.

    Parameters
    ----------
    built : BuiltModel
    forest : Forest
        The model as arrays.
    centres : Centres
        Where the areas' own effects are integrated.
    rule : Rule
        Of that quadrature.
    middle : ndarray (size,)
        A likely position.
    """

    built: BuiltModel
    forest: Forest
    centres: Centres
    rule: Rule
    middle: Floats

    @property
    def size(self) -> int:
        """Number of values in a position."""
        return size_of(self.forest)

    @property
    def number_of_values(self) -> int:
        """Number of values that the variables have together."""
        forest = self.forest
        return size_of(forest) + len(forest.lower)

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
        """The fields of the forest as compiled code reads them; `table` holds their addresses only."""
        return fields_of(self.forest, self.centres, self.rule)

    @cached_property
    def table(self) -> Table:
        """Where the fields are."""
        return table_of(self.fields)

    def log_density(self, position: Floats) -> tuple[float, Floats]:
        """Return the log-density and its gradient (size,)."""
        position, gradient = np.ascontiguousarray(position, dtype=float), np.empty(self.size)
        return evaluate(self, position.ctypes.data, gradient), gradient

    def named(self, position: Floats) -> dict[str, Floats]:
        """Return the variables at a position; the linear predictors without the areas' own effects."""
        position, values = np.ascontiguousarray(position, dtype=float), np.empty(self.number_of_values)
        write = variables_called(self).function
        write(self.size, len(values), position.ctypes.data, values.ctypes.data, None)
        return laid_out(self.built, values)

    def start(self, seed: int) -> Floats:
        """Return where a chain may start: from the middle as far as the posterior reaches, to either side.

        The slopes there are as steep as the posterior is narrow, from which the sampler makes its first scales.
        """
        sides = np.random.default_rng(seed).choice([-1.0, 1.0], self.size)
        return self.middle + initial.reach(self.built, self.forest) * sides

    def place(self, position: Floats) -> Place:
        """Return where the counts are listened to at a position."""
        named = self.named(position)
        beta = named.get("beta", np.empty(0))
        variance = missing_variances(self.forest, beta[None])[0]
        return Place(named["linear_predictor"], float(np.exp(position[-1])), variance)


def density_of(built: BuiltModel) -> Density:
    """Return the compiled density of a built model.

    Examples
    --------
    >>> from bayesmodel import build_model, example_study, interpret_counts, read_areas
    >>> from bayesmodel.logp.density import density_of
    >>> density = density_of(build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))))
    >>> value, gradient = density.log_density(density.start(seed=1))
    >>> bool(value < 0), len(gradient) == density.size
    (True, True)
    """
    forest = forest_of(built)
    middle, scale = initial.rough_position(built, forest), initial.reach(built, forest)
    flat, none = np.full(len(forest.lower), forest.intercept_mean), np.zeros(len(forest.terms))
    density_called()  # compiled before the centres, which another process may have compiled by then
    centres = centres_at(forest, flat, float(np.exp(middle[-1])), none)
    density = Density(built, forest, centres, rule_of(NODES[1]), middle)
    for _ in range(ROUNDS):
        middle = initial.climbed(density.log_density, density.middle, scale, forest)
        place = density.place(middle)
        density = replace(density, centres=centres_at(forest, *place), middle=middle)
    places = [density.place(density.start(seed)) for seed in range(CHECKED)]
    return replace(density, rule=fitting_rule(forest, density.centres, places))


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


DENSITY = CFUNCTYPE(c_int64, c_uint64, c_void_p, c_void_p, c_void_p, c_void_p)
VARIABLES = CFUNCTYPE(c_int64, c_uint64, c_uint64, c_void_p, c_void_p, c_void_p)


@dataclass(frozen=True)
class Called:
    """A function in C; what its address points to lives as long as this."""

    function: Any

    @property
    def address(self) -> int:
        """Where it is."""
        return cast(self.function, c_void_p).value or 0


def density_called() -> Called:
    """Return ``(size, position, gradient, density, table)``, which answers 0 or `kernel.NOT_FINITE`."""
    return Called(DENSITY(machine().address))


def variables_called(density: Density) -> Called:
    """Return ``(size, number of values, position, values, table)``, which answers 0; once a draw, so by Python."""
    function, plain, spare = DENSITY(machine().address), density.table, np.empty(density.size + 1)

    def write(size: int, number: int, position: int, values: int, _: int) -> int:
        table, room = plain.copy(), spare.copy()  # chains write at the same time
        table[-1] = values, 1, number
        address: int = room.ctypes.data
        function(size, position, address, address + room.itemsize * size, table.ctypes.data)
        return 0

    return Called(VARIABLES(write))


def evaluate(density: Density, position: int, gradient: NDArray[np.float64]) -> float:
    """Return the log-density at the address of a position, and write its gradient."""
    value, function = np.empty(1), DENSITY(machine().address)
    function(len(gradient), position, gradient.ctypes.data, value.ctypes.data, density.table.ctypes.data)
    return float(value[0])
