"""Hidden counts under the model: whether a count can be as small as its symbol implies, given the area's predictors.

For each hidden area and draw, the area's own effect is left out of the linear predictor and integrated over its prior:

    P(hidden) = mean over draws of P(lowest <= Y <= highest | eta + w),  w ~ Normal(0, variance of the own effect)

Below one in a thousand the symbol probably means something else, such as *not known*, and a verdict on the area would
rest on a misreading.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayesmodel.data import Status
from bayesmodel.data.publication import highest_hidden, lowest_hidden
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.remarks.hidden import UNLIKELY, chance_of_hidden
from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    cluster_effect_of,
    dispersion,
    effect_variance,
    residual_variance_of,
    thinned,
    without_own_effect,
)
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _, number
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.families.family import log_interval

DRAWS = 400
"""Draws used: enough to distinguish a probability of one in a thousand from one in a hundred."""
AT_ONCE = 2_000
"""Areas per block."""


def hidden_probability(fit: Fit) -> pd.Series:
    """Return the probability under the model that the count of each hidden area is one that the rule hides.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Series of float
        Indexed by the codes of the hidden areas that have inhabitants.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> bool((hidden_probability(invented_fit()) > 0.01).all())
    True
    """
    counts = fit.counts
    rows = np.flatnonzero((counts.status == Status.SUPPRESSED) & (counts.population > 0))
    fewer = thinned(fit, DRAWS)
    parts = [_chances(fewer, rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE)]
    return pd.Series(np.concatenate(parts) if parts else np.zeros(0), counts.areas.codes[rows], dtype=float)


def doubtful_hidden(fit: Fit) -> pd.Index:
    """Return the codes of hidden areas whose count is implausibly small, by the check before the fit or by the fit.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> len(doubtful_hidden(invented_fit()))
    0
    """
    before = chance_of_hidden(fit.counts)["probability"]
    after = hidden_probability(fit)
    unlikely = {*before.index[before < UNLIKELY], *after.index[after < UNLIKELY]}
    return fit.counts.areas.codes[fit.counts.areas.codes.isin(list(unlikely))]


def fit_remarks(fit: Fit) -> tuple[Remark, ...]:
    """Return remarks on the data that only the fit can show.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> fit_remarks(invented_fit())
    ()
    """
    chances = hidden_probability(fit)
    unlikely = chances[chances < UNLIKELY].sort_values()
    if unlikely.empty:
        return ()
    highest = highest_hidden(fit.study.publication)

    def say() -> str:
        message = _(
            "Under the model a count of at most {highest}, which hidden stands for, has a probability of less than 1 "
            "in 1,000 (number of areas: {number}). Verdicts on them rest on that symbol: look whether it means not "
            "known there."
        )
        return message.format(highest=highest, number=number(len(unlikely)))

    return (remark(RemarkKind.HIDDEN_UNLIKELY, fit.study.columns.count, say, unlikely.index),)


def _chances(fit: Fit, rows: Indices) -> Floats:
    """Return the probability for each of the areas, averaged over draws (area,)."""
    counts, study, family = fit.counts, fit.study, fit.family
    eta = without_own_effect(fit, rows)
    missing, pattern = residual_variance_of(fit, rows)
    own = effect_variance(fit, (study.area,))[:, None]
    if not family.gaussian:
        rng = np.random.default_rng(study.inference.seed)
        eta = eta + cluster_effect_of(fit, rows).mean
        eta = eta + np.sqrt(own + missing[:, pattern]) * rng.standard_normal(eta.shape)
    spread = np.broadcast_to(dispersion(fit, rows), eta.shape)
    people = counts.population[rows]
    low = np.minimum(lowest_hidden(study.publication), people)
    high = np.minimum(highest_hidden(study.publication), people)
    window = tuple(np.broadcast_to(bound, eta.shape).ravel() for bound in (low, high))
    n = np.broadcast_to(people, eta.shape).ravel()
    with np.errstate(over="ignore", invalid="ignore"):  # draws that did not converge can be extreme
        logs = log_interval(Numpy(), family, (window[0], window[1]), n, eta.ravel(), spread.ravel())
    return np.asarray(np.exp(np.minimum(np.nan_to_num(logs, nan=-np.inf), 0.0)).reshape(eta.shape).mean(axis=0))
