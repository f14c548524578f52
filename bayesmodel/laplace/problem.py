"""A model prepared for Laplace: quadrature centred and chosen, and the evidence at any hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bayesmodel.laplace.field import coefficients_of, latent_field, predictor
from bayesmodel.laplace.joint import Model, log_joint, missing_pairs
from bayesmodel.laplace.mode import newton
from bayesmodel.logp.area_effects import choose_rule, rule_error
from bayesmodel.logp.arrays import model_arrays
from bayesmodel.logp.family_callback import callback_of
from bayesmodel.logp.laplace_approx import laplace_approx
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.logp.quadrature import NODES, EvalPoint, gauss_hermite
from bayesmodel.model.build import BuiltModel
from bayesmodel.model.hyperprior import Hyperprior
from bayesmodel.parallel import Map

Floats = NDArray[np.float64]

NO_EVIDENCE = -1e10
"""Log evidence of sds so large that no mode can be computed."""
MODE_TOLERANCE = 1e-2
"""Change of a linear predictor at which a mode is taken as found: what is left makes no difference to proposals."""


@dataclass(frozen=True)
class Problem:
    """A model prepared for Laplace.

    Parameters
    ----------
    model : Model
    prior : Hyperprior
    start : ndarray (S + D,)
        Near the mode of the field.
    """

    model: Model
    prior: Hyperprior
    start: Floats

    def evidence(self, values: Floats) -> tuple[float, Floats]:
        """Return the approximate log p(counts, hyperparameters), or `NO_EVIDENCE`, and the mode of the field."""
        try:
            mode = newton(self.model, np.ascontiguousarray(self.prior.sds(values)), self.start, MODE_TOLERANCE)
        except np.linalg.LinAlgError:
            return NO_EVIDENCE, self.start
        return mode.log_evidence + float(self.prior.log_density(values)), mode.position


def problem_of(built: BuiltModel) -> Problem:
    """Return the problem with its quadrature centred at typical values of the hyperparameters."""
    arrays, field, prior = model_arrays(built, callback_of(built)), latent_field(built), built.hyperprior
    levels = sum(term.sds for term in built.terms)
    arrays = arrays._replace(level_rate=np.zeros(levels))  # their prior is not that of the arrays
    flat, none = np.full(len(field.x), field.intercept_mean), np.zeros(len(arrays.terms))
    approx = laplace_approx(arrays, flat, prior.sds(prior.unit)[levels:], none)
    position = np.zeros(len(field.level) + len(field.width))
    model = Model(arrays, field, approx, gauss_hermite(NODES[0]), missing_pairs(arrays))
    return recentred(Problem(model, prior, position), prior.unit)


def recentred(problem: Problem, values: Floats) -> Problem:
    """Return the problem with its quadrature re-centred at the mode of the field given the hyperparameters."""
    sds = np.ascontiguousarray(problem.prior.sds(values))
    position = newton(problem.model, sds, problem.start, MODE_TOLERANCE).position
    joint = log_joint(problem.model, sds, position)
    variance = missing_variances(problem.model.arrays, joint.beta[None])[0]
    levels = len(problem.model.arrays.level_rate)
    approx = laplace_approx(problem.model.arrays, joint.eta, sds[levels:], variance)
    return replace(problem, model=problem.model._replace(approx=approx), start=position)


def with_rule(problem: Problem, sds: Floats, positions: Floats, each: Map) -> Problem:
    """Return the problem with the smallest quadrature rule that is accurate at all given positions."""
    model = problem.model
    rule = choose_rule(model.arrays, model.approx, eval_points(model, sds, positions), each)
    return replace(problem, model=model._replace(rule=rule))


def with_nodes(model: Model, nodes: int) -> Model:
    """Return the model with another number of quadrature nodes: few are enough for proposals."""
    return model._replace(rule=gauss_hermite(nodes))


def eval_points(model: Model, sds: Floats, positions: Floats) -> list[EvalPoint]:
    """Return the arguments of the likelihood at positions (point, ...)."""
    points = []
    for scale, position in zip(sds, positions, strict=True):
        eta, beta = predictor(model.field, scale, position), coefficients_of(model.field, position)
        points.append(
            EvalPoint(eta, scale[len(model.arrays.level_rate) :], missing_variances(model.arrays, beta[None])[0])
        )
    return points


def quadrature_error(model: Model, sds: Floats, positions: Floats, each: Map) -> float:
    """Return the largest quadrature error of the log posterior over positions, apart from their common error."""
    return rule_error(model.arrays, model.approx, model.rule, eval_points(model, sds, positions), each)
