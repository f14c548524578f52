"""The model's log-density as compiled code: one object that a sampler can drive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density import called, draws
from bayesmodel.model.density.address import Table, fields_of, table_of
from bayesmodel.model.density.forest import Forest, forest_of, size_of

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Density:
    """The log posterior density of a built model over one flat position.

    Parameters
    ----------
    built : BuiltModel
    forest : Forest
        The model as arrays.
    """

    built: BuiltModel
    forest: Forest

    @property
    def size(self) -> int:
        """Number of values in a position."""
        return size_of(self.forest)

    @property
    def number_of_values(self) -> int:
        """Number of values that the variables have together."""
        forest = self.forest
        return 2 + len(forest.axes) + len(forest.level_rate) + len(forest.parent) + len(forest.lower)

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
        return fields_of(self.forest)

    @cached_property
    def table(self) -> Table:
        """Where the fields are."""
        return table_of(self.fields)

    def log_density(self, position: Floats) -> tuple[float, Floats]:
        """Return the log-density and its gradient (size,)."""
        position, gradient = np.ascontiguousarray(position, dtype=float), np.empty(self.size)
        return called.evaluate(self, position.ctypes.data, gradient), gradient

    def named(self, position: Floats) -> dict[str, Floats]:
        """Return the variables at a position."""
        position, values = np.ascontiguousarray(position, dtype=float), np.empty(self.number_of_values)
        called.evaluate(self, position.ctypes.data, np.empty(self.size), (values.ctypes.data, len(values)))
        return draws.laid_out(self.built, values)

    def start(self, typical_sd: float, seed: int) -> Floats:
        """Return where a chain may start."""
        return draws.start(self.forest, typical_sd, seed)


def density_of(built: BuiltModel) -> Density:
    """Return the compiled density of a built model.

    Examples
    --------
    >>> from bayesmodel import build_model, example_study, interpret_counts, read_areas
    >>> from bayesmodel.model.density import density_of
    >>> density = density_of(build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))))
    >>> value, gradient = density.log_density(density.start(0.15, seed=1))
    >>> bool(value < 0), len(gradient) == density.size
    (True, True)
    """
    return Density(built, forest_of(built))
