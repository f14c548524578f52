"""The log density that NUTS samples: sds, and the latent field in coordinates whitened by its Laplace Gaussian.

Given the sds the field has a Gaussian, as `eliminate` factorises it: the likelihood is taken to the second order around
the mode at the most likely sds, once, and the prior is that of the sds at hand. A position is ``mean + L^-T z`` of that
Gaussian, so that z has the density

    p(counts, position, sds) / Gaussian(position) * Normal(z; 0, 1)

whose first ratio is the importance weight of Laplace: about constant. Neither position nor scale of the effects of a
level then depends on its sd, whether its groups are known well or not at all.

Sds of levels take either sign, as only ``sd * score`` matters: so zero, where many of them lie, is no boundary. Scores
that sum to zero are those without the condition, moved by ``- gain C x`` (`Gaussian`); the sums that this takes away
stay coordinates, and are standard normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled
from bayesmodel.laplace.factor import Gaussian, draw_field, eliminate, solve_lower
from bayesmodel.laplace.field import LatentField, by_parts, gradient_of_log_prior
from bayesmodel.laplace.hyperparameters import principal_axes, sds_at_mode
from bayesmodel.laplace.joint import Joint, Model, log_joint
from bayesmodel.laplace.mode import Parabola, newton, no_correction, parabola_at
from bayesmodel.laplace.problem import MODE_TOLERANCE, problem_of, recentred, with_rule
from bayesmodel.model.build import BuiltModel
from bayesmodel.model.hyperprior import Hyperprior
from bayesmodel.parallel import Map
from bayesmodel.sparse_factor import forward_solve

Floats = NDArray[np.float64]

CHECKED = 8
"""Positions at which the number of quadrature nodes is chosen."""
STEP = 1e-5
"""Step of the differences by which a position follows an sd, relative to its mode.

The error that is left changes no draw's distribution: a leapfrog step by any force is reversible and keeps volume.
"""


class FieldDraw(NamedTuple):
    """The field at some coordinates, given the sds."""

    gaussian: Gaussian
    position: Floats  # (S + D,)
    away: Floats  # (M,) sums before they were taken away, less their mean
    log_volume: float  # of the position per coordinate, and the log density of the sums less that of their coordinates


def field_draw(field: LatentField, around: Parabola, sds: Floats, noise: Floats) -> FieldDraw:
    """Return the position at coordinates (S + D,) given sds."""
    gaussian = eliminate(field, sds, around.weight, around.response, around.precision, around.shift)
    position, away = draw_field(field, gaussian, noise)
    log_volume = -0.5 * gaussian.log_determinant - 0.5 * float(away @ gaussian.of_sums @ away)
    return FieldDraw(gaussian, position, away, log_volume)


def slopes(model: Model, sds: Floats, here: FieldDraw, joint: Joint) -> tuple[Floats, Floats]:
    """Return the gradient of the log joint density to scores (S + D,), and to the sds at these scores (P,)."""
    field, missing = model.field, model.missing_gradient(joint)
    groups = len(field.level)
    by_beta, by_scores, by_sd = by_parts(field, sds, here.position, joint.loglik.slope)
    by_beta[: len(missing)] += missing
    slope = gradient_of_log_prior(field, here.position)
    slope[:groups] += by_scores
    slope[groups:] += field.width * by_beta
    by_sd[len(sds) - len(joint.loglik.by_params) :] = joint.loglik.by_params
    return slope, by_sd


def gradient_to_noise(field: LatentField, here: FieldDraw, slope: Floats) -> Floats:
    """Return the gradient to coordinates (S + D,) of log volume and a density with this gradient to scores."""
    groups, gaussian = len(field.level), here.gaussian
    right, dense = slope[:groups, None].copy(), slope[groups:].copy()
    forward_solve(field.elimination, gaussian.lower, right)
    scores = right[:, 0]
    add_through_coupling(gaussian, -scores, dense)
    if field.components:  # a slope to the sums themselves, which these coordinates do not move, is taken off
        change = here.away + dense @ gaussian.with_sums + gaussian.sums.T @ (scores / gaussian.diagonal)
        taken = gaussian.sums @ (gaussian.of_sums @ change)
        scores -= taken
        add_through_coupling(gaussian, taken, dense)
    return np.concatenate([scores / np.sqrt(gaussian.diagonal), solve_lower(gaussian.factor, dense)])


@compiled
def add_through_coupling(gaussian: Gaussian, scores: Floats, dense: Floats) -> None:
    """Add to what belongs to the columns (D,) what scores (S,) give through their coupling, over their precision."""
    for g in range(len(scores)):
        factor = scores[g] / gaussian.diagonal[g]
        for j in range(len(dense)):
            dense[j] += factor * gaussian.coupling[g, j]


@dataclass(frozen=True)
class WhitenedDensity:
    """The log posterior density of a built model in whitened coordinates, the areas' own effects integrated out.

    Parameters
    ----------
    model : Model
    around : Parabola
        The log-likelihood to the second order.
    prior : Hyperprior
        Of P hyperparameters: those that may take either sign do, of the others it is the logarithm.
    best : ndarray (P,)
        Their mode.
    axes : ndarray (P, P)
        From coordinates to relative distances from that mode.
    """

    model: Model
    around: Parabola
    prior: Hyperprior
    best: Floats
    axes: Floats

    @property
    def size(self) -> int:
        """Number of coordinates: of the field, then of the hyperparameters."""
        return len(self.model.field.level) + len(self.model.field.width) + len(self.best)

    def values(self, coordinates: Floats) -> Floats:
        """Return the hyperparameters at coordinates (size,), with their sign (P,)."""
        relative, signed = self.axes @ coordinates[-len(self.best) :], self.prior.signed
        relative[:signed] += 1.0
        relative[signed:] = np.exp(relative[signed:])
        return np.asarray(self.best * relative)

    def at(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """Return the sds, with their sign, and the scores of the field (S + D,) at coordinates (size,)."""
        sds = self.prior.sds(self.values(coordinates))
        here = field_draw(self.model.field, self.around, sds, coordinates[: -len(self.best)])
        return sds, here.position

    def log_density(self, coordinates: Floats) -> tuple[float, Floats]:
        """Return the log density at coordinates (size,), up to a constant, and its gradient (size,).

        Where the sds are so large that there is no Gaussian, it is -inf.
        """
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                return self._log_density(coordinates)
        except np.linalg.LinAlgError:
            return -np.inf, np.zeros(self.size)

    def _log_density(self, coordinates: Floats) -> tuple[float, Floats]:
        """Return the same where there is a Gaussian."""
        field, prior, signed = self.model.field, self.prior, self.prior.signed
        values, noise = self.values(coordinates), coordinates[: -len(self.best)]
        sds = prior.sds(values)
        here = field_draw(field, self.around, sds, noise)
        joint = log_joint(self.model, sds, here.position)
        slope, by_sd = slopes(self.model, sds, here, joint)
        by_value = prior.slope(values)
        for k in range(len(values)):
            moved, step = values.copy(), STEP * self.best[k]
            moved[k] += step
            there = prior.sds(moved)
            by_value[k] += by_sd @ (there - sds) / step
            if k < prior.of_field:
                draw = field_draw(field, self.around, there, noise)
                by_value[k] += (slope @ (draw.position - here.position) + draw.log_volume - here.log_volume) / step
        total = joint.total + here.log_volume + prior.log_density(values) + np.log(values[signed:]).sum()
        by_relative = by_value * self.best
        by_relative[signed:] = by_value[signed:] * values[signed:] + 1.0
        gradient = np.concatenate([gradient_to_noise(field, here, slope), by_relative @ self.axes])
        return float(total), gradient

    def start(self, seed: int) -> Floats:
        """Return coordinates where a chain may start: standard normal numbers."""
        return np.random.default_rng(seed).standard_normal(self.size)


def whitened_density(built: BuiltModel, each: Map) -> WhitenedDensity:
    """Return the density of a built model in whitened coordinates.

    Parameters
    ----------
    built : BuiltModel
    each : callable
        `map`, or that of a pool of threads.

    Raises
    ------
    LinAlgError
        No mode of the sds can be found, or none of the field there.
    """
    problem, prior = problem_of(built), built.hyperprior

    def follow(values: Floats) -> None:
        nonlocal problem
        problem = recentred(problem, values)

    def evidence(values: Sequence[Floats]) -> list[tuple[float, Floats]]:
        return list(each(problem.evidence, values))

    best, steps = sds_at_mode(evidence, prior.unit, follow)
    # coordinates there are roots of the sds, which move twice as much
    axes = 2.0 * principal_axes(evidence, best, steps)
    problem = recentred(problem, best)
    sds = np.ascontiguousarray(prior.sds(best))
    mode = newton(problem.model, sds, problem.start, MODE_TOLERANCE)
    joint = log_joint(problem.model, sds, mode.position)
    model, none = problem.model, no_correction(problem.model.field)
    around = parabola_at(model.arrays.pattern, none, joint, model.missing_slope(joint))
    density = WhitenedDensity(problem.model, around, prior, best, axes)
    checked, positions = zip(*(density.at(density.start(seed)) for seed in range(CHECKED)), strict=True)
    return replace(density, model=with_rule(problem, np.array(checked), np.array(positions), each).model)
