"""Several outcomes of the same areas, such as provisions or age groups: effects that are correlated between them.

The effects of a group on P outcomes are normal with an sd for each outcome and a correlation for each two. They are
``L score``, with P independent standard normal scores of the group and L the Cholesky factor of their covariance.

The effects of an area have a covariance S of that form too. Rows have independent effects of their own, which are
integrated out: these get as much as all outcomes can spare, a variance s^2 that is the smallest root of S. What is
left, ``S - s^2 I``, has rank P - 1, and so many scores of the area make it.

A correlation r is kept as ``(4 + atanh r)^2``: inference takes square roots of hyperparameters, which for an sd makes
its posterior about normal, and for a correlation Fisher's z does. The 4 stands for a correlation of -.9993, beyond
which none is looked for. Of more than two outcomes these are partial correlations, given the outcomes before, which may
take any values; their priors make every correlation matrix equally likely (Lewandowski, Kurowicka and Joe 2009).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array
from scipy.special import betaln

from bayesmodel.model.levels import Group
from bayesmodel.model.terms import NO_SCORE, Term

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

OUTCOME, OTHER = "outcome", "other_outcome"
"""Names of the dimensions of the outcomes."""
FARTHEST = 4.0
"""Fisher's z of the most negative correlation."""
LEAST = 1e-12
"""Smallest variance that is divided by."""


@dataclass(frozen=True)
class OutcomeStructure:
    """Which rows are of which outcome.

    Parameters
    ----------
    names : tuple of str
        Of the outcomes, that with the largest differences between areas first.
    of_row : ndarray of int (row,)
        Index of the outcome of each row.
    area : str
        Level of what the areas are for all outcomes.
    """

    names: tuple[str, ...]
    of_row: Indices
    area: str

    def __len__(self) -> int:
        return len(self.names)

    @property
    def columns(self) -> Floats:
        """Columns of a coefficient for each outcome but the first: the difference of its intercept (row, P - 1)."""
        return np.eye(len(self))[self.of_row, 1:]


@dataclass(frozen=True)
class OutcomeTerm(Term):
    """The effects of the groups of a level on each outcome: its sds are the entries of L, row by row.

    Parameters
    ----------
    outcomes : OutcomeStructure, optional
    own : bool
        Whether rows have effects of their own too, whose variance belongs to it: those of areas.
    """

    outcomes: OutcomeStructure | None = None
    own: bool = False

    @property
    def places(self) -> tuple[Indices, Indices]:
        """Outcome and score of each sd."""
        return _places(len(self._outcomes), self.own)

    @property
    def _outcomes(self) -> OutcomeStructure:
        assert self.outcomes is not None
        return self.outcomes

    @property
    def sds(self) -> int:
        """How many sds it has."""
        return len(self.places[0])

    @property
    def sd(self) -> Indices:
        """Index of the sd by which each score of a row is multiplied (row, K)."""
        index = np.zeros((len(self._outcomes), self.columns.shape[1]), dtype=np.int64)
        index[self.places] = np.arange(self.sds)
        return np.asarray(index[self._outcomes.of_row])

    @property
    def variables(self) -> dict[str, tuple[str, ...]]:
        """Names and dims of what a posterior says of it."""
        return {
            f"sd_{self.name}": (OUTCOME,),
            f"correlation_{self.name}": (OUTCOME, OTHER),
            f"effect_{self.name}": self.dims,
        }

    def values(self, sds: Floats, scores: Floats, area: Floats) -> dict[str, Floats]:
        """Return sds (draw, P), correlations (draw, P, P) and effects (draw, G, P); of areas without those of rows."""
        size, each = len(self._outcomes), self.columns.shape[1]
        factor = np.zeros((len(sds), size, each))
        factor[:, *self.places] = sds
        covariance = factor @ factor.transpose(0, 2, 1)
        if self.own:
            covariance += area[:, None, None] ** 2 * np.eye(size)
        spread = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
        correlation = covariance / np.maximum(spread[:, :, None] * spread[:, None, :], LEAST)
        effects = scores.reshape(len(sds), -1, each) @ factor.transpose(0, 2, 1)
        return dict(zip(self.variables, (spread, correlation, effects), strict=True))


def outcome_term(group: Group, outcomes: OutcomeStructure) -> OutcomeTerm:
    """Return the term of a level whose groups have an effect on each outcome.

    Parameters
    ----------
    group : Group
        Of rows.
    outcomes : OutcomeStructure

    Examples
    --------
    >>> outcomes = OutcomeStructure(("youth", "wmo"), np.array([0, 1, 0]), "wijk")
    >>> term = outcome_term(Group("gemeente", ("GM1", "GM2"), np.array([0, 0, 1]), np.array([0, 0, 1])), outcomes)
    >>> term.columns.tolist(), term.sds
    ([[0, -1], [0, 1], [2, -1]], 3)
    """
    own = group.name == outcomes.area
    size, groups = len(outcomes), len(group.codes)
    each = size - own
    columns = group.of_area[:, None] * each + np.arange(each)
    columns = np.where(np.arange(each) > outcomes.of_row[:, None], NO_SCORE, columns)
    return OutcomeTerm(
        name=group.name,
        columns=columns,
        loading=np.ones(columns.shape),
        precision=csc_array(eye_array(groups * each)),
        component=np.full(groups * each, NO_SCORE),
        groups=groups,
        dims=(group.name, OUTCOME),
        outcomes=outcomes,
        own=own,
    )


def _places(size: int, own: bool) -> tuple[Indices, Indices]:
    """Return row and column of the entries of L that are not zero."""
    rows, columns = np.tril_indices(size)
    kept = columns < size - own
    return rows[kept], columns[kept]


def factor_of(sds: Floats, partial: Floats) -> Floats:
    """Return the Cholesky factor (..., P, P) of a covariance, of sds (..., P) and partial correlations (..., pair).

    Examples
    --------
    >>> factor = factor_of(np.array([1.0, 2.0]), np.array([0.5]))
    >>> (factor @ factor.T).round(12).tolist()
    [[1.0, 1.0], [1.0, 4.0]]
    """
    size = sds.shape[-1]
    factor, pair = np.zeros((*sds.shape, size)), 0
    for i in range(size):
        left = np.ones(sds.shape[:-1])
        for j in range(i):
            factor[..., i, j] = partial[..., pair] * np.sqrt(left)
            left = left - factor[..., i, j] ** 2
            pair += 1
        factor[..., i, i] = np.sqrt(np.maximum(left, 0.0))
    return np.asarray(sds[..., None] * factor)


def shared_and_own(factor: Floats) -> tuple[Floats, Floats]:
    """Split the covariance with factor L (..., P, P) in what has rank P - 1 and what all outcomes can spare.

    Returns
    -------
    shared : ndarray (..., P, P - 1)
        The Cholesky factor of the first.
    own : ndarray (...,)
        The sd of the second.

    Examples
    --------
    >>> shared, own = shared_and_own(factor_of(np.array([1.0, 1.0]), np.array([0.5])))
    >>> (shared @ shared.T + own**2 * np.eye(2)).round(12).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    roots, vectors = np.linalg.eigh(factor @ np.swapaxes(factor, -1, -2))
    roots = np.maximum(roots, LEAST)
    rest = vectors[..., 1:] * np.sqrt(roots[..., None, 1:] - roots[..., None, :1])
    shared = np.swapaxes(np.linalg.qr(np.swapaxes(rest, -1, -2), mode="r"), -1, -2)
    positive = np.where(np.diagonal(shared, axis1=-2, axis2=-1) < 0, -1.0, 1.0)
    return shared * positive[..., None, :], np.sqrt(roots[..., 0])


@dataclass(frozen=True)
class OutcomePriors:
    """Of each level the sds of its effects on the outcomes, with exponential priors, and then correlations.

    Last come further parameters of the areas, which are no sds: the excess of the overdispersion of each outcome.

    Parameters
    ----------
    outcomes : int
    rates : ndarray (level,)
        Of the priors of the sds of each level.
    own : tuple of bool
        Which level is that of the areas.
    typical : float
        A typical sd.
    others : ndarray (other,)
        Rates of the exponential priors of the further parameters.
    typical_others : ndarray (other,)
        Typical values of these.
    """

    outcomes: int
    rates: Floats
    own: tuple[bool, ...]
    typical: float
    others: Floats = field(default_factory=lambda: np.zeros(0))
    typical_others: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def unit(self) -> Floats:
        """Typical values, where a search starts (P,)."""
        size = self.outcomes
        of_level = [self.typical] * size + [FARTHEST**2] * (size * (size - 1) // 2)
        return np.append(np.tile(of_level, len(self.rates)), self.typical_others)

    @property
    def signed(self) -> int:
        """None of them may take either sign: that of one sd turns correlations."""
        return 0

    @property
    def of_field(self) -> int:
        """The latent field depends on all of them but the last."""
        return len(self.unit) - len(self.others)

    @property
    def shape(self) -> Floats:
        """Shape of the beta distribution of ``(1 + r) / 2`` of each partial correlation (pair,)."""
        before = np.array([j for i in range(self.outcomes) for j in range(i)])
        return np.asarray(1 + (self.outcomes - 2 - before) / 2)

    def parts(self, values: Floats) -> tuple[Floats, Floats]:
        """Return sds (..., level, P) and Fisher's z of partial correlations (..., level, pair) of values."""
        by_level = values[..., : self.of_field].reshape(*values.shape[:-1], len(self.rates), -1)
        return by_level[..., : self.outcomes], np.sqrt(by_level[..., self.outcomes :]) - FARTHEST

    def sds(self, values: Floats) -> Floats:
        """Return the entries of L of all levels, the sd of the own effects of rows, and the others (..., sd)."""
        sds, fisher = self.parts(values)
        factors, found, last = factor_of(sds, np.tanh(fisher)), list[Floats](), np.zeros(values.shape[:-1])
        for level, own in enumerate(self.own):
            factor = factors[..., level, :, :]
            if own:
                factor, last = shared_and_own(factor)
            rows, columns = _places(self.outcomes, own)
            found.append(factor[..., rows, columns])
        return np.concatenate([*found, last[..., None], values[..., self.of_field :]], axis=-1)

    def log_density(self, values: Floats) -> Floats:
        """Return the log density (...,) at values (..., P)."""
        sds, fisher = self.parts(values)
        rates, shape = self.rates[:, None], self.shape
        of_half = -2 * shape * np.log(2 * np.cosh(fisher)) - betaln(shape, shape)  # of (1 + r) / 2, by Fisher's z
        of_pairs = of_half + np.log(2) - np.log(2 * (FARTHEST + fisher))
        of_others = (np.log(self.others) - self.others * values[..., self.of_field :]).sum(axis=-1)
        return np.asarray((np.log(rates) - rates * sds).sum(axis=(-1, -2)) + of_pairs.sum(axis=(-1, -2)) + of_others)

    def slope(self, values: Floats) -> Floats:
        """Return the gradient of the log density at values (P,)."""
        _sds, fisher = self.parts(values)
        of_sds, root = np.repeat(-self.rates[:, None], self.outcomes, axis=1), FARTHEST + fisher
        of_levels = np.concatenate([of_sds, (-2 * self.shape * np.tanh(fisher) - 1 / root) / (2 * root)], axis=1)
        return np.append(of_levels.ravel(), -self.others)
