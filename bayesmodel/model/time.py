"""Effects over the years: of the country, and of each group of a level, as a random walk or as independent years.

Those of the country have the prior of coefficients: a few years tell nothing of an sd, and everything of themselves.

The effects of a group over T years sum to zero, as its own effect is beside them. They are ``basis @ scores`` with
T - 1 independent standard normal scores: the columns of the basis are the eigenvectors of the precision of the years,
over the roots of the eigenvalues. So no condition is left to keep. The basis is scaled so that the geometric mean of
the variances over the years is 1: an sd is that of a typical year, whatever the years are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array, kron

from bayesmodel.model.levels import Group
from bayesmodel.model.terms import NO_SCORE, Term

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

TIME = "time"
"""Name of the effect of the years on the country; that of a level is ``<level>_time``."""
YEAR = "year"
"""Name of the dimension of the years."""
YearEffects = Literal["walk", "independent"]
"""How years hang together: each near the one before it, or all alike."""


@dataclass(frozen=True)
class TimeStructure:
    """Which rows are of which year, and how the effects of years hang together.

    Parameters
    ----------
    years : tuple of int
        Ascending.
    of_row : ndarray of int (row,)
        Index of the year of each row.
    basis : ndarray (T, T - 1)
        As `year_basis` returns it.
    area : str
        Level of what the areas are over all years.
    levels : tuple of str
        Levels whose groups each have effects over the years, beside those of the country.
    space : bool
        Whether effects of space change over the years, where the model has them.
    """

    years: tuple[int, ...]
    of_row: Indices
    basis: Floats
    area: str
    levels: tuple[str, ...]
    space: bool = False

    @property
    def variance(self) -> Floats:
        """Variance of the effect of each year, relative to that of a typical one (T,)."""
        return np.asarray((self.basis**2).sum(axis=1))


def time_name(level: str) -> str:
    """Return the name of the effects of years on the groups of a level.

    Examples
    --------
    >>> time_name("gemeente")
    'gemeente_time'
    """
    return f"{level}_{TIME}"


def year_basis(years: Sequence[int], kind: YearEffects = "walk") -> Floats:
    """Return what turns independent scores into effects of years that sum to zero (T, T - 1).

    A random walk takes steps with a variance of the years between two of them; independent years have one variance.

    Parameters
    ----------
    years : sequence of int
        Two or more, ascending.
    kind : {"walk", "independent"}

    Returns
    -------
    ndarray (T, T - 1)

    Examples
    --------
    >>> basis = year_basis([2021, 2022, 2023])
    >>> covariance = basis @ basis.T
    >>> bool(np.allclose(covariance.sum(axis=0), 0)), bool(np.isclose(np.prod(np.diag(covariance)), 1))
    (True, True)
    """
    size = len(years)
    step = np.diff(np.eye(size), axis=0) / np.sqrt(np.diff(np.asarray(years, dtype=float)))[:, None]
    precision = step.T @ step if kind == "walk" else np.eye(size) - 1 / size
    roots, vectors = np.linalg.eigh(precision)
    basis = vectors[:, 1:] / np.sqrt(roots[1:])  # the first root is zero: the mean of the years
    return np.asarray(basis / np.exp(np.log((basis**2).sum(axis=1)).mean() / 2))


def time_terms(time: TimeStructure, groups: Sequence[Group]) -> tuple[Term, ...]:
    """Return the terms of effects over the years of the groups of each level that has them.

    Parameters
    ----------
    time : TimeStructure
    groups : sequence of Group
        All levels.

    Returns
    -------
    tuple of Term
        Effects ``(level, year)``.
    """
    chosen = {group.name: group for group in groups}
    return tuple(_term(time, chosen[name], time_name(name), (name, YEAR)) for name in time.levels)


def space_time_term(time: TimeStructure, space: Term) -> Term:
    """Return the term of effects of space that change over the years, from that of those that stay.

    Over the areas they have the precision of space in every year, over the years that of the walk: the interaction of
    type IV of Knorr-Held (2000), of type III with independent years. They sum to zero over the years, and over the
    areas of a component in each year.

    Parameters
    ----------
    time : TimeStructure
    space : Term
        Effects of space that stay.
    """
    each = time.basis.shape[1]
    component = np.where(space.component[:, None] < 0, NO_SCORE, space.component[:, None] * each + np.arange(each))
    assert space.basis is not None
    return Term(
        name=time_name(space.name),
        columns=np.where(space.columns < 0, NO_SCORE, space.columns * each + np.arange(each)),
        loading=time.basis[time.of_row],
        precision=csc_array(kron(space.precision, eye_array(each))),
        component=component.ravel(),
        groups=len(space) * each,
        dims=(*space.dims, YEAR),
        basis=csc_array(kron(space.basis, time.basis)),
    )


def _term(time: TimeStructure, group: Group, name: str, dims: tuple[str, ...]) -> Term:
    """Return the effects over the years of the groups of one level."""
    groups, each = len(group.codes), time.basis.shape[1]
    size = groups * each
    return Term(
        name=name,
        columns=group.of_area[:, None] * each + np.arange(each),
        loading=time.basis[time.of_row],
        precision=csc_array(eye_array(size)),
        component=np.full(size, NO_SCORE),
        groups=size,
        dims=dims,
        basis=csc_array(kron(eye_array(groups), time.basis)),
    )
