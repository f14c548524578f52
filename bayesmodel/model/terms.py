"""Terms of the linear predictor: effects with one sd, as columns of a sparse design matrix and their precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array

from bayesmodel.study.model_parts import SPACE

if TYPE_CHECKING:
    from bayesmodel.model.levels import Group
    from bayesmodel.model.space import SpatialStructure

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

NO_SCORE = -1
"""Stands for the score of a row that has none in a term."""


@dataclass(frozen=True)
class Term:
    """A random effect: ``sd * sum_k loading_ik score_{columns_ik}``, with ``scores ~ Normal(0, precision^-1)``.

    Parameters
    ----------
    name : str
        Its sd is called ``sd_<name>``, its effects ``effect_<name>``.
    columns : ndarray of int (row, K)
        Scores that each row has, from 0; `NO_SCORE` where it has none.
    loading : ndarray (row, K)
        By which they are multiplied.
    precision : csc_array (S, S)
        Of the scores; singular where these sum to zero.
    component : ndarray of int (S,)
        Scores with the same number, from 0, sum to zero together; `NO_SCORE` where they need not.
    groups : int
        How many independent effects tell of the sd, which its prior may depend on.
    dims : tuple of str
        Of the effects.
    basis : csc_array (E, S), optional
        Turns scores, times the sd, into effects; these are the same where it is left out.
    """

    name: str
    columns: Indices
    loading: Floats
    precision: csc_array
    component: Indices
    groups: int
    dims: tuple[str, ...]
    basis: csc_array | None = None

    def __len__(self) -> int:
        return len(self.component)

    @property
    def sds(self) -> int:
        """How many sds it has."""
        return 1

    @property
    def independent(self) -> bool:
        """Whether no two of its scores are in one row, or depend on each other before the counts are seen."""
        return self.columns.shape[1] == 1 and self.precision.nnz <= len(self)

    @property
    def sd(self) -> Indices:
        """Index among its sds of that by which each score of a row is multiplied (row, K)."""
        return np.zeros_like(self.columns)

    @property
    def variables(self) -> dict[str, tuple[str, ...]]:
        """Names and dims of what a posterior says of it."""
        return {f"sd_{self.name}": (), f"effect_{self.name}": self.dims}

    def values(self, sds: Floats, scores: Floats, area: Floats) -> dict[str, Floats]:
        """Return those variables, of sds (draw, sd), scores (draw, S) and the sd of the own effect of a row (draw,)."""
        del area
        return {f"sd_{self.name}": np.abs(sds[:, 0]), f"effect_{self.name}": self.effects(scores * sds)}

    def effects(self, scores: Floats) -> Floats:
        """Return effects (draw, E) of scores times the sd (draw, S)."""
        return scores if self.basis is None else np.asarray((self.basis @ scores.T).T)


def level_term(group: Group) -> Term:
    """Return the term of a level: one score for each of its groups.

    Examples
    --------
    >>> from bayesmodel.model.levels import Group
    >>> term = level_term(Group("gemeente", ("GM1", "GM2"), np.array([0, 1, 1]), np.array([0, 1, 1])))
    >>> term.columns.ravel().tolist(), len(term), term.independent
    ([0, 1, 1], 2, True)
    """
    size = len(group.codes)
    rows = group.of_area[:, None]
    free = np.full(size, NO_SCORE)
    return Term(group.name, rows, np.ones(rows.shape), csc_array(eye_array(size)), free, size, (group.name,))


def space_term(space: SpatialStructure, area_of_row: Indices, areas: int, dim: str) -> Term:
    """Return the term of areas that border on each other.

    Parameters
    ----------
    space : SpatialStructure
    area_of_row : ndarray of int (row,)
        Index of the area of each row, which is the row itself but where rows are of several years.
    areas : int
        How many there are.
    dim : str
        Their dimension.
    """
    node, size = np.full(areas, NO_SCORE), len(space.areas)
    node[space.areas] = np.arange(size)
    columns = node[area_of_row][:, None]
    basis = csc_array((np.ones(size), (space.areas, np.arange(size))), shape=(areas, size))
    return Term(SPACE, columns, np.ones(columns.shape), space.precision, space.component, areas, (dim,), basis)


def sds_of(terms: Sequence[Term]) -> Iterator[Indices]:
    """Return of each term the sds by which the scores of a row are multiplied, numbered over all terms (row, K)."""
    total = 0
    for term in terms:
        yield term.sd + total
        total += term.sds


def components_of(terms: tuple[Term, ...]) -> Iterator[tuple[Indices, int]]:
    """Return the components of each term, numbered over all terms, and how many there are up to and with it."""
    total = 0
    for term in terms:
        own = int(term.component.max(initial=NO_SCORE)) + 1
        yield np.where(term.component < 0, NO_SCORE, term.component + total), total + own
        total += own
