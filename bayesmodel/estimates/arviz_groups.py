"""ArviZ groups made from a fit, for its posterior predictive checks, PSIS-LOO and prior sensitivity.

A hidden or rounded count is known only to lie in a window, so groups are expressed in windows. The log-likelihood is
that of the window, with the area's own effect integrated out: otherwise each area would keep a parameter that only its
own count informs, and importance-weighted leave-one-out would fail. Replicates go through the study's publication rule
before they are compared with the published counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import xarray as xr

from bayesmodel.data.interpret import mask
from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.linear_predictor import Floats, coefficients, dispersion, flat, without_own_effect
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.model.build import build_model
from bayesmodel.model.hyperprior import ExponentialPriors
from bayesmodel.parallel import cores

POINTS = 8
"""Draws used to choose the quadrature."""


def with_groups(fit: Fit, *names: str) -> Fit:
    """Return the fit with more groups in its tree, for use with ArviZ.

    Parameters
    ----------
    fit : Fit
        The posterior.
    *names : {"observed_data", "posterior_predictive", "log_likelihood", "log_prior"}
        All four if none is named.

    Returns
    -------
    Fit
        Its ``tree`` holds them; all but the last cover the areas whose count is informative: it was delivered, and its
        window excludes at least one possible count.
        ``observed_data``: ``published`` (area), the midpoint of the window of each count, which is the count itself
        where it was shown. ``posterior_predictive``: ``published`` (chain, draw, area), the same for replicates, hidden
        and rounded by the study's own rule. ``log_likelihood``: ``published`` (chain, draw, area), log P(the count lies
        in its window), the area's own effect integrated out. ``log_prior``: intercept, coefficients and sds (chain,
        draw, ...), on the scale of the link; group effects, whose prior is not the user's choice, are left out.

    Raises
    ------
    UnknownNameError
        There is no such group.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> tree = with_groups(invented_fit(), "observed_data", "posterior_predictive").tree
    >>> tree["posterior_predictive"]["published"].shape, tree["observed_data"]["published"].shape
    ((4, 250, 5), (5,))

    Notes
    -----
    Vehtari, Gelman and Gabry (2017), Practical Bayesian model evaluation using leave-one-out cross-validation and
    WAIC; Kallioinen, Paananen, Bürkner and Vehtari (2024), Detecting and diagnosing prior and likelihood sensitivity
    with power-scaling.
    """
    for name in names:
        if name not in GROUPS:
            raise UnknownNameError(_("group"), name, GROUPS)
    made = {name: GROUPS[name](fit) for name in names or GROUPS}
    known = {str(name): group.to_dataset() for name, group in fit.tree.children.items()}
    return replace(fit, tree=xr.DataTree.from_dict(known | made))


def _observed(fit: Fit) -> xr.Dataset:
    """Return the midpoint of the window of each count (area,)."""
    counts = fit.counts
    return _dataset(fit, {"published": ((counts.lower + counts.upper) / 2)[fit.counts.informative]}, ())


def _replicated(fit: Fit) -> xr.Dataset:
    """Return the midpoint of the window of each replicate, hidden and rounded as the data are (chain, draw, area)."""
    rows, counts = fit.counts.informative, fit.counts
    eta = np.asarray(flat(fit, "linear_predictor")[:, rows], dtype=float)
    rng = np.random.default_rng(fit.study.inference.seed)
    people = counts.population[rows]
    drawn = fit.family.draw(rng, np.broadcast_to(people, eta.shape), eta, dispersion(fit, rows))
    lower, upper, _status = mask(np.clip(drawn, 0, people), people, fit.study.publication, rng)
    return _dataset(fit, {"published": (lower + upper) / 2}, ("chain", "draw"))


def _log_likelihood(fit: Fit) -> xr.Dataset:
    """Return log P(the count lies in its window), own effects integrated out (chain, draw, area)."""
    eta = without_own_effect(fit, np.arange(len(fit.counts)))
    return _dataset(fit, {"published": area_loglik(fit)(eta)}, ("chain", "draw"))


def area_loglik(fit: Fit) -> Callable[[Floats], Floats]:
    """Return the log-likelihood of the windows as a function of the predictor without areas' own effects.

    Parameters
    ----------
    fit : Fit
        Its draws of coefficients, sds and dispersion are used.

    Returns
    -------
    callable
        From linear predictors (sample, area) to log P(the count lies in its window), the area's own effect integrated
        out (sample, informative area).
    """
    from bayesmodel.logp.area_effects import choose_rule, marginal_loglik
    from bayesmodel.logp.arrays import log_constants, model_arrays
    from bayesmodel.logp.family_callback import callback_of
    from bayesmodel.logp.laplace_approx import laplace_approx
    from bayesmodel.logp.predictor import missing_variances
    from bayesmodel.logp.quadrature import EvalPoint

    built, counts, chosen = build_model(fit.counts, fit.design), fit.counts, fit.counts.informative
    arrays = model_arrays(built, callback_of(built))
    area_params = np.stack([flat(fit, name).astype(float) for name in built.area_parameters], axis=1)
    variances = missing_variances(arrays, np.ascontiguousarray(coefficients(fit), dtype=float))
    constants = log_constants(fit.family.name, counts.lower[chosen], counts.population[chosen])

    def at(eta: Floats) -> Floats:
        points = list(map(EvalPoint, eta, area_params, variances))
        halfway = points[len(points) // 2]
        approx = laplace_approx(arrays, eta.mean(axis=0), area_params.mean(axis=0), halfway.variance)
        rule = choose_rule(arrays, approx, points[:: max(1, len(points) // POINTS)])

        def value(point: EvalPoint) -> Floats:
            return np.asarray(marginal_loglik(arrays, approx, rule, *point).value[chosen] + constants)

        with ThreadPoolExecutor(cores()) as pool:
            return np.array(list(pool.map(value, points)))

    return at


def _log_prior(fit: Fit) -> xr.Dataset:
    """Return the log prior densities of intercept, coefficients and sds (chain, draw, ...)."""
    from scipy import stats

    built, posterior = build_model(fit.counts, fit.design), fit.tree["posterior"].dataset
    scale, prior = built.priors, built.hyperprior
    densities = {"intercept": stats.norm(scale.intercept_mean, scale.intercept_sd).logpdf(posterior["intercept"])}
    if fit.design.names and fit.study.model.priors.coefficient.kind == "normal":
        densities["beta"] = stats.norm(0, scale.coefficient_sd).logpdf(posterior["beta"])
    assert isinstance(prior, ExponentialPriors)  # a model of one table has an sd for each term
    names = [*(f"sd_{term.name}" for term in built.terms), *built.area_parameters]
    for name, of_sd in zip(names, prior.rates, strict=True):
        densities[name] = stats.expon(scale=1 / of_sd).logpdf(posterior[name])
    return posterior[list(densities)].copy(data=densities)


def _dataset(fit: Fit, values: Mapping[str, Floats], sample_dims: tuple[str, ...]) -> xr.Dataset:
    """Return values of the areas with an informative count, labelled by code, with a note on the windows."""
    posterior, area = fit.tree["posterior"].dataset, fit.study.area
    shape = tuple(posterior.sizes[dim] for dim in sample_dims)
    arrays = {name: ((*sample_dims, area), array.reshape(*shape, -1)) for name, array in values.items()}
    codes = {dim: posterior[dim] for dim in sample_dims} | {area: fit.counts.areas.codes[fit.counts.informative]}
    return xr.Dataset(arrays, codes, {"windows": "a hidden or rounded count stands at the middle of its window"})


GROUPS: dict[str, Callable[[Fit], xr.Dataset]] = {
    "observed_data": _observed,
    "posterior_predictive": _replicated,
    "log_likelihood": _log_likelihood,
    "log_prior": _log_prior,
}
