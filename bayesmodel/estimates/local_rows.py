"""The part of a national model around some areas: what each of its draws fixes, and what is estimated anew.

Each draw of the national fit fixes the intercept, the coefficients, the standard deviations, and the effects of groups
of which few areas are local. Effects of the other groups are estimated anew beside the local determinants: fixed, they
would hold what a determinant explains between these groups (docs/decisions/local-explanation.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bayesmodel.estimates.linear_predictor import Floats, Indices, coefficients, flat, group_of, without_own_effect
from bayesmodel.inference.fit import Fit
from bayesmodel.logp.area_effects import choose_rule
from bayesmodel.logp.arrays import ModelArrays, at_rows, model_arrays
from bayesmodel.logp.family_callback import callback_of
from bayesmodel.logp.laplace_approx import laplace_approx
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.logp.quadrature import EvalPoint, LaplaceApprox, QuadratureRule, gauss_hermite
from bayesmodel.model.build import TYPICAL_SD, build_model
from bayesmodel.study.model_parts import SPACE

LOCAL = 0.2
"""Share of the areas of a group that are local, from which its effect is estimated anew."""
NODES = 7
"""Quadrature nodes until they are chosen."""


@dataclass(frozen=True)
class CountedAreas:
    """Counts of some areas, with the quadrature over their own effects.

    Parameters
    ----------
    arrays : ModelArrays
        Of these areas only, without the constant of their log-likelihood.
    approx : LaplaceApprox
    rule : QuadratureRule
    """

    arrays: ModelArrays
    approx: LaplaceApprox
    rule: QuadratureRule

    def placed(self, points: list[EvalPoint]) -> CountedAreas:
        """Return the same with the quadrature placed at the first of some points, and accurate at all of them."""
        if not len(points[0].eta):
            return self
        approx = laplace_approx(self.arrays, points[0].eta, points[0].area_params, points[0].variance)
        return replace(self, approx=approx, rule=choose_rule(self.arrays, approx, points))


class Fixed(NamedTuple):
    """What one draw of the national fit fixes."""

    offset: Floats  # (row,) part of the linear predictor
    group_sd: Floats  # (group,) of the effects that are estimated anew
    area_params: Floats  # (A,) as in `ModelArrays`, of the national fit
    variance: Floats  # (pattern,) that missing national determinants leave


@dataclass(frozen=True)
class LocalRows:
    """The rows of a local model: the local areas first, then other areas of the groups that are estimated anew.

    Parameters
    ----------
    local, others : ndarray of int64
        Indices of the areas; of the others only those with a count.
    groups : ndarray (row, group)
        1 where a row lies in a group whose effect is estimated anew.
    fixed : Fixed
        Of all draws, each array (draw, ...).
    coefficient_sd : float
        Prior sd of a coefficient.
    sd_rate : float
        Rate of the exponential prior of the local sd of own effects, or of the dispersion.
    unit : float
        A typical sd, or dispersion.
    here, around : CountedAreas
        Counts of the local and of the other areas.
    """

    local: Indices
    others: Indices
    groups: Floats
    fixed: Fixed
    coefficient_sd: float
    sd_rate: float
    unit: float
    here: CountedAreas
    around: CountedAreas

    def __len__(self) -> int:
        return len(self.groups)

    def at(self, draw: int) -> Fixed:
        """Return what one draw fixes."""
        return Fixed(*(values[draw] for values in self.fixed))

    def on_average(self) -> Fixed:
        """Return what the draws fix on average."""
        return Fixed(*(values.mean(axis=0) for values in self.fixed))

    def split(self, eta: Floats, fixed: Fixed, sd: float) -> tuple[EvalPoint, EvalPoint]:
        """Return the arguments of the likelihood of local areas, which have an sd of their own, and of the others."""
        own, size = fixed.area_params.copy(), len(self.local)
        own[0] = sd
        return EvalPoint(eta[:size], own, fixed.variance), EvalPoint(eta[size:], fixed.area_params, fixed.variance)


def local_rows(fit: Fit, local: Indices) -> LocalRows:
    """Return the rows of a model of local areas.

    Parameters
    ----------
    fit : Fit
        The national one, with the draws that are used.
    local : ndarray of int64
        Indices of the areas with local determinants.
    """
    counts = fit.counts
    anew = {level: groups_anew(fit, level, local) for level in fit.study.random_effects if level != SPACE}
    every = np.arange(len(counts))
    touched = np.zeros(len(counts), dtype=bool)
    for level, groups in anew.items():
        touched |= np.isin(group_of(fit, level, every), groups)
    others = np.setdiff1d(np.flatnonzero(touched & counts.observed), local)
    rows = np.concatenate([local, others])
    offset = without_own_effect(fit, rows)
    members, sds = [np.zeros((len(rows), 0))], [np.zeros((len(offset), 0))]
    for level, groups in anew.items():
        inside = (group_of(fit, level, rows)[:, None] == groups).astype(float)
        offset -= flat(fit, f"effect_{level}")[:, groups] @ inside.T
        members.append(inside)
        sds.append(np.repeat(flat(fit, f"sd_{level}")[:, None], len(groups), axis=1))
    built = build_model(counts, fit.design)
    arrays = model_arrays(built, callback_of(built))
    area_params = np.stack([flat(fit, name) for name in built.area_parameters], axis=1).astype(float)
    missing = missing_variances(arrays, np.ascontiguousarray(coefficients(fit), dtype=float))
    relative = not (arrays.area_effect or arrays.gaussian)  # a dispersion
    here, around = (
        CountedAreas(_of_areas(arrays, some), _nothing(arrays.parts, len(some)), gauss_hermite(NODES))
        for some in (local, others)
    )
    return LocalRows(
        local,
        others,
        np.hstack(members),
        Fixed(offset, np.hstack(sds), area_params, missing),
        built.priors.coefficient_sd,
        float(arrays.area_rates[0]),
        TYPICAL_SD * (1.0 if relative else built.priors.scale),
        here,
        around,
    )


def groups_anew(fit: Fit, level: str, local: Indices) -> Indices:
    """Return the groups of a level of whose areas enough are local for their effect to be estimated anew."""
    group = group_of(fit, level, np.arange(len(fit.counts)))
    size = np.bincount(group)
    inside = np.bincount(group[local], minlength=len(size))
    return np.flatnonzero((inside >= LOCAL * size) & (inside > 0))


def _of_areas(arrays: ModelArrays, rows: Indices) -> ModelArrays:
    """Return the arrays of some areas."""
    return at_rows(arrays, rows)._replace(constant=0.0)


def _nothing(parts: int, areas: int) -> LaplaceApprox:
    """Return the approximation of counts that tell nothing."""
    return LaplaceApprox(np.zeros((parts, areas)), np.zeros((parts, areas)))
