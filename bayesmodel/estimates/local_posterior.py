"""Draws of local coefficients, effects of groups and the local sd, given each draw of a frozen national fit.

A cut posterior: draws of the national fit are taken as they are, and each gives a small model

    eta = offset + Z gamma + groups u + e,   gamma ~ Normal(0, prior sd),  u ~ Normal(0, sd of the draw),
    e ~ Normal(0, local sd), or of two parts,   local sd ~ Exponential,

whose counts are intervals with e integrated out by quadrature. The sd is proposed from Student's t, with the moments of
its posterior for the average draw, in as many strata as there are proposals; gamma and u from the Gaussian at their
mode given the sd and the draw; each proposal is weighted to the exact density, within its draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_solve, solve_triangular
from scipy.special import logsumexp
from scipy.stats import t as student

from bayesmodel.estimates.linear_predictor import Floats, Indices
from bayesmodel.estimates.local_rows import Fixed, LocalRows
from bayesmodel.inference.certificate import Certificate
from bayesmodel.laplace.importance import certify, resampled
from bayesmodel.logp.area_effects import LogLik, marginal_loglik, rule_error
from bayesmodel.logp.quadrature import REFERENCE_NODES, EvalPoint, gauss_hermite

TRIES, KEPT = (6, 24), 4
"""Proposals per draw of the national fit, more of them where few are not certified, and how many are kept."""
STEPS, SETTLED, HALVINGS = 50, 1e-6, 12
"""Most Newton steps; gain in log density below which the mode is found; and halvings of a step that goes too far."""
FREEDOM = 5.0
"""Degrees of freedom of the proposal of the log sd: it is wider than the posterior of the average draw."""
MOVES, WIDER = 8, 2.0
"""Most moves of its centre to that of one draw, and how much wider it may be there; never narrower, as it may have two
tops."""
GRIDS, POINTS, REACH = 3, 25, 4.0
"""Grids of the log sd, one after the other, their points, and their ends in sds of the one before."""
CHECKED = 8
"""Draws at which the quadrature is chosen and checked."""
FINE = gauss_hermite(REFERENCE_NODES)
"""Quadrature of a count that is left out, whose predictor varies more than that of one that is not."""
LEAST = 0.01
"""Share of the precision of a predictor that is left at the least when its own count is left out."""


@dataclass(frozen=True)
class Mode:
    """The mode of the field given the sd.

    Parameters
    ----------
    position : ndarray (field,)
    factor : ndarray (field, field)
        Lower factor of the negative Hessian of the log density.
    value : float
        Log density there.
    slope, weight : ndarray (row,)
        First derivative of the log-likelihood of each count to its predictor, and minus the second, at least zero.
    """

    position: Floats
    factor: Floats
    value: float
    slope: Floats
    weight: Floats

    @property
    def log_determinant(self) -> float:
        """Half the log determinant of the negative Hessian."""
        return float(np.log(np.diag(self.factor)).sum())

    def sample(self, away: Floats) -> Floats:
        """Return the position that lies standard normal values away, by the Gaussian at the mode."""
        return self.position + np.asarray(solve_triangular(self.factor, away, lower=True, trans="T"))


@dataclass(frozen=True)
class LocalPosterior:
    """Draws of a local model.

    Parameters
    ----------
    coefficients : ndarray (sample, determinant)
    sd : ndarray (sample,)
        Of the areas' own effects, or the dispersion.
    eta : ndarray (sample, area)
        Linear predictor of local areas without local determinants and own effects.
    log_predictive : ndarray (sample, area)
        Log-probability of each local count given all others and the sd, without its constant.
    draw : ndarray of int64 (sample,)
        The draw of the national fit that each was made from, `KEPT` for each in turn.
    rows : LocalRows
        With the quadrature that was used.
    certificate : Certificate
    """

    coefficients: Floats
    sd: Floats
    eta: Floats
    log_predictive: Floats
    draw: Indices
    rows: LocalRows
    certificate: Certificate

    def log_scores(self) -> Floats:
        """Return the log-probability of each local count given all others, without its constant (area,).

        On each draw of the national fit, which stays as it is, the local sd without an area has its weights with it
        over the probability of its count; then the mean over the draws.
        """
        by_draw = self.log_predictive.reshape(-1, KEPT, len(self.rows.local))
        given_draw = np.log(KEPT) - logsumexp(-by_draw, axis=1)
        return np.asarray(logsumexp(given_draw, axis=0) - np.log(len(given_draw)))


@dataclass(frozen=True)
class LocalModel:
    """The rows, and the determinants of the local areas, standardised (area, determinant)."""

    rows: LocalRows
    z: Floats

    @property
    def design(self) -> Floats:
        """Columns of the field: determinants, zero for other areas, then groups (row, field)."""
        others = np.zeros((len(self.rows.others), self.z.shape[1]))
        return np.hstack([np.vstack([self.z, others]), self.rows.groups])

    def precision(self, fixed: Fixed) -> Floats:
        """Return the prior precision of the field (field,)."""
        return np.concatenate([np.full(self.z.shape[1], self.rows.coefficient_sd), fixed.group_sd]) ** -2.0

    def logliks(self, fixed: Fixed, sd: float, eta: Floats) -> Iterator[LogLik]:
        """Yield the log-likelihood of the local areas, and of the others where there are any."""
        areas = (self.rows.here, self.rows.around)
        for counted, point in zip(areas, self.rows.split(eta, fixed, sd), strict=True):
            if len(point.eta):
                yield marginal_loglik(counted.arrays, counted.approx, counted.rule, *point)

    def log_density(self, design: Floats, fixed: Fixed, sd: float, position: Floats) -> tuple[float, list[LogLik]]:
        """Return log p(counts, field | sd), up to a constant of the sd and the field, and the log-likelihoods."""
        precision = self.precision(fixed)
        parts = list(self.logliks(fixed, sd, fixed.offset + design @ position))
        prior = 0.5 * float(np.log(precision).sum() - precision @ position**2)
        return sum(part.total for part in parts) + prior, parts

    def mode(self, design: Floats, fixed: Fixed, sd: float, start: Floats) -> Mode:
        """Return the mode of the field given the sd, by Newton's method with halved steps where they go too far."""
        precision, position = self.precision(fixed), start
        value, parts = self.log_density(design, fixed, sd, position)
        for _step in range(STEPS):
            slope = np.concatenate([part.slope for part in parts])
            # where a count cannot tell an ordinary from a special area, its log-likelihood is not concave
            weight = np.maximum(-np.concatenate([part.curvature for part in parts]), 0.0)
            gradient = design.T @ slope - precision * position
            factor = np.linalg.cholesky((design.T * weight) @ design + np.diag(precision))
            step = cho_solve((factor, True), gradient)
            mode = Mode(position, factor, value, slope, weight)
            if gradient @ step < SETTLED:
                break
            for halving in range(HALVINGS):
                nearer = position + step / 2**halving
                reached, parts_there = self.log_density(design, fixed, sd, nearer)
                if reached >= value:
                    break
            else:
                break
            position, value, parts = nearer, reached, parts_there
        return mode

    def log_prior(self, sd: float) -> float:
        """Return the log prior density of the log sd, up to a constant."""
        return float(np.log(sd) - self.rows.sd_rate * sd)

    def log_evidence(self, design: Floats, fixed: Fixed, sd: float, start: Floats) -> float:
        """Return the Laplace approximation of the log posterior density of the log sd, up to a constant."""
        mode = self.mode(design, fixed, sd, start)
        return mode.value - mode.log_determinant + self.log_prior(sd)

    def log_predictive(self, design: Floats, fixed: Fixed, sd: float, mode: Mode) -> Floats:
        """Return log P(the count of a local area | all other counts, sd), with the field integrated out (area,).

        Without an area the field has about the Gaussian at the mode, less what its count contributes to it: a predictor
        with mean ``eta - v slope / (1 - v weight)`` and variance ``v / (1 - v weight)``, v that with the count. The
        variance is added to that of the area's own effect.
        """
        rows, size = self.rows, len(self.rows.local)
        # scipy's triangular solver wakes a pool of threads for these few numbers, which takes half of all time
        variance = ((design[:size] @ np.linalg.inv(mode.factor).T) ** 2).sum(axis=1)
        variance = variance / np.maximum(1.0 - variance * mode.weight[:size], LEAST)
        eta = fixed.offset[:size] + design[:size] @ mode.position - variance * mode.slope[:size]
        point, arrays = rows.split(eta, fixed, sd)[0], rows.here.arrays
        alone = arrays._replace(pattern=np.arange(size))
        wide = fixed.variance[arrays.pattern] + variance
        return np.asarray(marginal_loglik(alone, rows.here.approx, FINE, point.eta, point.area_params, wide).value)

    def placed(self, sds: Floats, start: Floats) -> LocalModel:
        """Return the model with its quadrature placed at the mode on average, and accurate at some draws and sds."""
        rows, design = self.rows, self.design
        fixed = [rows.on_average(), *map(rows.at, _spread_over(len(rows.fixed.offset)))]
        mode = self.mode(design, fixed[0], float(sds[0]), start).position
        points = [rows.split(each.offset + design @ mode, each, float(sd)) for sd in sds for each in fixed]
        here, around = ([point[part] for point in points] for part in (0, 1))
        return replace(self, rows=replace(rows, here=rows.here.placed(here), around=rows.around.placed(around)))


def local_posterior(rows: LocalRows, z: Floats, seed: int) -> LocalPosterior:
    """Draw from the posterior of a local model, given each draw of the national fit.

    Parameters
    ----------
    rows : LocalRows
    z : ndarray (area, determinant)
        Determinants of the local areas, standardised; without columns for the model without them.
    seed : int

    Returns
    -------
    LocalPosterior
        `KEPT` samples for each draw of the national fit.
    """
    model, start = LocalModel(rows, z), np.zeros(z.shape[1] + rows.groups.shape[1])
    model = model.placed(np.full(1, rows.unit), start)
    centre, spread = _log_sd(model, start)
    model = model.placed(np.exp(centre + spread * np.array([0.0, -2.0, 2.0])), start)
    start = model.mode(model.design, rows.on_average(), float(np.exp(centre)), start).position
    for tries in TRIES:
        made = _sampled(model, (centre, spread), start, tries, seed)
        if not made.certificate.problems:
            break
    return made


def _sampled(model: LocalModel, log_sd: tuple[float, float], start: Floats, tries: int, seed: int) -> LocalPosterior:
    """Return samples of so many proposals for each draw, from the mean and sd of the log sd for the average draw."""
    rows, design, known = model.rows, model.design, model.z.shape[1]
    draws, rng = len(rows.fixed.offset), np.random.default_rng(seed)
    strata = student.ppf((np.arange(tries) + rng.random((draws, tries))) / tries, FREEDOM)
    sds, away = np.empty((draws, tries)), rng.standard_normal((draws, tries, len(start)))
    # log of the densities of the proposals; that of the field but for its determinant
    log_weights = -student.logpdf(strata, FREEDOM) + 0.5 * (away**2).sum(axis=-1)
    positions, kept, left_out = np.empty_like(away), np.empty((draws, KEPT), dtype=np.int64), list[Floats]()
    for draw in range(draws):
        fixed, modes = rows.at(draw), list[Mode]()
        centre, width = _log_sd_of_draw(model, design, fixed, log_sd, start)
        sds[draw] = np.exp(centre + width * strata[draw])
        for i, sd in enumerate(map(float, sds[draw])):
            modes.append(model.mode(design, fixed, sd, modes[-1].position if modes else start))
            positions[draw, i] = modes[-1].sample(away[draw, i])
            density, _parts = model.log_density(design, fixed, sd, positions[draw, i])
            log_weights[draw, i] += density - modes[-1].log_determinant + model.log_prior(sd)
        log_weights[draw] -= logsumexp(log_weights[draw])
        kept[draw] = resampled(np.exp(log_weights[draw]), KEPT, rng)
        left_out += [model.log_predictive(design, fixed, float(sds[draw, i]), modes[i]) for i in kept[draw]]
    chosen = np.arange(draws)[:, None], kept
    variables = {"coefficient": positions[..., :known], "group": positions[..., known:], "sd": sds}
    flat = {name: values.reshape(draws * tries, -1) for name, values in variables.items()}
    certificate, _smoothed = certify(log_weights.ravel(), flat, draws * KEPT)
    samples, field, own = np.repeat(np.arange(draws), KEPT), positions[chosen].reshape(draws * KEPT, -1), sds[chosen]
    error = _quadrature_error(model, design, samples, field, own.ravel())
    certificate = replace(certificate, quadrature_error=error)
    eta = (rows.fixed.offset[samples] + field[:, known:] @ rows.groups.T)[:, : len(rows.local)]
    return LocalPosterior(field[:, :known], own.ravel(), eta, np.array(left_out), samples, rows, certificate)


def _log_sd(model: LocalModel, start: Floats) -> tuple[float, float]:
    """Return mean and sd of the log sd for the average draw, by its Laplace posterior on finer and finer grids."""
    design, fixed = model.design, model.rows.on_average()
    start = model.mode(design, fixed, model.rows.unit, start).position
    mean, spread = float(np.log(model.rows.unit)), 1.0
    for _grid in range(GRIDS):
        grid = mean + spread * np.linspace(-REACH, REACH, POINTS)
        weights = np.array([model.log_evidence(design, fixed, float(np.exp(point)), start) for point in grid])
        weights = np.exp(weights - logsumexp(weights))
        mean = float(weights @ grid)
        spread = max(float(np.sqrt(weights @ (grid - mean) ** 2)), float(grid[1] - grid[0]))
    return mean, spread


def _log_sd_of_draw(
    model: LocalModel, design: Floats, fixed: Fixed, on_average: tuple[float, float], start: Floats
) -> tuple[float, float]:
    """Return centre and scale of the log sd for one draw: of the parabola through three points, moved to its top.

    Draws may differ in it by more than its own posterior sd, as they do in a small country.
    """
    centre, spread = on_average
    width = spread
    for _move in range(MOVES):
        left, here, right = (
            model.log_evidence(design, fixed, float(np.exp(centre + side * spread)), start) for side in (-1, 0, 1)
        )
        bend, slope = (left + right - 2 * here) / spread**2, (right - left) / (2 * spread)
        width = float(np.clip(max(-bend, 1e-9) ** -0.5, spread, WIDER * spread))
        step = float(np.clip(slope * width**2, -2 * spread, 2 * spread))
        centre += step
        if abs(step) < spread:
            break
    return centre, width


def _quadrature_error(model: LocalModel, design: Floats, samples: Indices, field: Floats, sd: Floats) -> float:
    """Return the largest quadrature error of the log density over some samples, apart from their common error."""
    rows, worst = model.rows, 0.0
    points = []
    for i in _spread_over(len(samples)):
        fixed = rows.at(int(samples[i]))
        points.append(rows.split(fixed.offset + design @ field[i], fixed, float(sd[i])))
    for part, counted in enumerate((rows.here, rows.around)):
        some: list[EvalPoint] = [point[part] for point in points]
        if len(some[0].eta):
            worst = max(worst, rule_error(counted.arrays, counted.approx, counted.rule, some))
    return worst


def _spread_over(length: int) -> list[int]:
    """Return evenly spaced indices."""
    return [int(index) for index in np.linspace(0, length - 1, CHECKED)]
