"""The counts in PyMC: the area's own effect or dispersion, and the interval likelihood with random draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.model.interval import log_interval
from bayesmodel.model.maths import Array, tensor_maths
from bayesmodel.model.predictor import add_sd, partly_centred
from bayesmodel.model.priors import rate

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel


def add_likelihood(built: BuiltModel, mean: Array) -> None:
    """Add what lies between the linear predictor and the counts, to the model in context.

    What missing determinants leave open is a normal term of known variance given the coefficients: it joins the
    area's own effect, or the sd of a normal share; with the other families it is one effect per incomplete area.

    Parameters
    ----------
    built : BuiltModel
    mean : tensor (area,)
        Linear predictor without the area's own effect.
    """
    area = built.counts.study.area
    dispersion: Array = pt.as_tensor(1.0)
    if built.family.area_effect:
        spread = _with_missing(built, add_sd(built, area))
        eta = partly_centred(f"raw_{area}", mean, spread, built.geometry.centring["area"], area)
    else:
        scale = built.priors.scale if built.family.gaussian else 1.0
        dispersion = pm.Exponential("dispersion", rate(built.counts.study.model.priors.sd, scale))
        eta = mean
        if built.family.gaussian:
            dispersion = _with_missing(built, dispersion)
        elif built.design.incomplete.any():
            eta = mean + _missing_effect(built)
    _add_counts(built, pm.Deterministic("linear_predictor", eta, dims=area), dispersion)


def _missing_variance(built: BuiltModel) -> Array:
    """Return beta' S beta per pattern of missing determinants (pattern,)."""
    first, second = np.triu_indices(len(built.design.names))
    terms = built.design.covariances[:, first, second] * np.where(first == second, 1.0, 2.0)
    used = np.flatnonzero(terms.any(axis=0))
    beta = pm.modelcontext(None)["beta"]
    return pt.dot(terms[:, used], beta[first[used]] * beta[second[used]])


def _with_missing(built: BuiltModel, sd: Array) -> Array:
    """Return the sd, widened by what missing determinants leave open: a scalar, or one per area."""
    if not built.design.incomplete.any():
        return sd
    return pt.sqrt(sd**2 + _missing_variance(built))[built.design.pattern]


def _missing_effect(built: BuiltModel) -> Array:
    """Add the part of the predictor that the missing determinants leave open (area,); zero in complete areas."""
    rows = np.flatnonzero(built.design.incomplete)
    spread = pt.sqrt(_missing_variance(built)[built.design.pattern[rows]] + 1e-12)
    scores = pm.Normal("raw_missing", shape=len(rows))
    return tensor_maths().replace(pt.zeros(len(built.counts)), rows, spread * scores)


def _add_counts(built: BuiltModel, eta: Array, dispersion: Array) -> None:
    """Add the observed intervals as one distribution with log-probability and random draws."""
    counts, family = built.counts, built.family
    people = np.maximum(counts.population, 1)
    # areas that say nothing take part with weight 0; a narrow window keeps their terms finite and cheap
    lower = np.where(counts.observed, counts.lower, 0)
    upper = np.where(counts.observed, counts.upper, 0)
    told = pm.Data("told", counts.observed.astype(float), dims=counts.study.area)

    def log_probability(value: Array, eta: Array, dispersion: Array, told: Array) -> Array:
        # PyMC hands over one number for all areas as a vector of one, which cannot be indexed by area
        dispersion = dispersion[0] if dispersion.type.shape == (1,) else dispersion
        return told * log_interval(tensor_maths(), family, (lower, upper), people, eta, dispersion)

    def draw(
        eta: NDArray[np.float64],
        dispersion: NDArray[np.float64],
        told: NDArray[np.float64],
        rng: Generator,
        size: tuple[int, ...] | None,
    ) -> NDArray[np.int64]:
        return family.draw(rng, people, np.broadcast_to(eta, size or eta.shape), dispersion)

    pm.CustomDist(
        "count",
        eta,
        dispersion,
        told,
        logp=log_probability,
        random=draw,
        observed=lower,
        dims=counts.study.area,
        dtype="int64",
    )
