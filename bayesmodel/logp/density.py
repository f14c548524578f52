"""The model's log-density as compiled code: one object that a sampler can drive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density import called, draws, start
from bayesmodel.model.density.address import Table, fields_of, table_of
from bayesmodel.model.density.forest import Forest, forest_of, size_of
from bayesmodel.model.density.forward import missing_variances
from bayesmodel.model.density.own.centres import Centres, centres_at
from bayesmodel.model.density.own.rule import NODES, Place, Rule, fitting_rule, rule_of

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
        return draws.variables_of(self.built)

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
        return called.evaluate(self, position.ctypes.data, gradient), gradient

    def named(self, position: Floats) -> dict[str, Floats]:
        """Return the variables at a position; the linear predictors without the areas' own effects."""
        position, values = np.ascontiguousarray(position, dtype=float), np.empty(self.number_of_values)
        write = called.variables_called(self).function
        write(self.size, len(values), position.ctypes.data, values.ctypes.data, None)
        return draws.laid_out(self.built, values)

    def start(self, seed: int) -> Floats:
        """Return where a chain may start: from the middle as far as the posterior reaches, to either side.

        The slopes there are as steep as the posterior is narrow, from which the sampler makes its first scales.
        """
        sides = np.random.default_rng(seed).choice([-1.0, 1.0], self.size)
        return self.middle + start.reach(self.built, self.forest) * sides

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
    >>> from bayesmodel.model.density import density_of
    >>> density = density_of(build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))))
    >>> value, gradient = density.log_density(density.start(seed=1))
    >>> bool(value < 0), len(gradient) == density.size
    (True, True)
    """
    forest = forest_of(built)
    middle, scale = start.rough_position(built, forest), start.reach(built, forest)
    flat, none = np.full(len(forest.lower), forest.intercept_mean), np.zeros(len(forest.terms))
    called.density_called()  # compiled before the centres, which another process may have compiled by then
    centres = centres_at(forest, flat, float(np.exp(middle[-1])), none)
    density = Density(built, forest, centres, rule_of(NODES[1]), middle)
    for _ in range(ROUNDS):
        middle = start.climbed(density.log_density, density.middle, scale, forest)
        place = density.place(middle)
        density = replace(density, centres=centres_at(forest, *place), middle=middle)
    places = [density.place(density.start(seed)) for seed in range(CHECKED)]
    return replace(density, rule=fitting_rule(forest, density.centres, places))
