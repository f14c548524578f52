"""Out of sample: visible areas left out in ten folds and predicted from the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from bayesmodel import Counts, Fit, Status, build_model, fit_model, study_from
from bayesmodel.estimates.arviz_groups import with_groups
from bayesmodel.estimates.linear_predictor import area_sd, coefficients, flat, group_of, missing_variance_of

Floats = NDArray[np.float64]

FOLDS = 10
SETTINGS = {"chains": 2, "tune": 300, "draws": 400}
"""Enough for a mean and a log score over 800 draws; nothing else is read from these fits."""
VISIBLE = (Status.EXACT, Status.ROUNDED)


@dataclass(frozen=True)
class Predictions:
    """Predictions of areas that were left out.

    Parameters
    ----------
    rows : ndarray (visible area,)
    share : ndarray (visible area,)
        Expected share.
    log_score : ndarray (visible area,)
        Log predictive probability of what was published of the area that was left out.
    """

    rows: NDArray[np.int64]
    share: Floats
    log_score: Floats


def cross_validate(counts: Counts, model: Mapping[str, Any], inference: Mapping[str, Any] = SETTINGS) -> Predictions:
    """Predict every visible area from the other nine tenths, with the same folds for every model."""
    study = counts.study.model_dump()
    study["model"] |= model
    study["inference"] |= inference
    counts = counts.with_study(study_from(study))
    visible = np.flatnonzero(np.isin(counts.status, VISIBLE))
    fold = np.random.default_rng(2017).permutation(len(visible)) % FOLDS
    share, score = np.empty(len(visible)), np.empty(len(visible))
    for number in range(FOLDS):
        out = fold == number
        fit = fit_model(build_model(without(counts, visible[out])))
        share[out], score[out] = _predict(fit, visible[out], counts)
    return Predictions(visible, share, score)


def compare_families(counts: Counts, families: Iterable[str]) -> dict[str, Any]:
    """Cross-validate families on the same folds; the log score also as the gain over the study's own family.

    Returns
    -------
    dict
        ``logscore_cv``, ``r2_weighted_cv`` and ``r2_unweighted_cv`` per family, and ``logscore_gain`` with its standard
        error over the areas, per family but the study's own.
    """
    found = {family: cross_validate(counts, {"family": family}) for family in families}
    reference = found[counts.study.model.family].log_score
    result: dict[str, Any] = {
        "logscore_cv": {name: round(float(each.log_score.mean()), 4) for name, each in found.items()},
        "r2_weighted_cv": {name: round(r_squared(counts, each, weighted=True), 4) for name, each in found.items()},
        "r2_unweighted_cv": {name: round(r_squared(counts, each, weighted=False), 4) for name, each in found.items()},
        "logscore_gain": {},
    }
    for name, each in found.items():
        if name != counts.study.model.family:
            gain = each.log_score - reference
            error = gain.std(ddof=1) / np.sqrt(len(gain))
            result["logscore_gain"][name] = {"mean": round(float(gain.mean()), 4), "error": round(float(error), 4)}
    return result


def r_squared(counts: Counts, predictions: Predictions, *, weighted: bool) -> float:
    """Return 1 - residual / total sum of squares of the share, weighted by people or not."""
    people = counts.population[predictions.rows]
    share = (counts.lower + counts.upper)[predictions.rows] / 2 / people
    weights = people if weighted else np.ones(len(people))
    total = weights * (share - np.average(share, weights=weights)) ** 2
    return float(1 - np.sum(weights * (share - predictions.share) ** 2) / total.sum())


def without(counts: Counts, rows: NDArray[np.int64]) -> Counts:
    """Return the counts with those of some areas not delivered."""
    nothing = np.zeros(len(rows), dtype=np.int64)
    return counts.with_bounds(rows.tolist(), nothing, counts.population[rows], Status.MISSING)


def _predict(fit: Fit, rows: NDArray[np.int64], counts: Counts) -> tuple[Floats, Floats]:
    """Return the expected share and the log predictive probability of a published count (area,)."""
    eta = flat(fit, "intercept")[:, None] + coefficients(fit) @ fit.design.x[rows].T
    for level in fit.study.random_effects:
        eta = eta + flat(fit, f"effect_{level}")[:, group_of(fit, level, rows)]
    missing, pattern = missing_variance_of(fit, rows)
    variance = np.zeros_like(eta) if fit.family.gaussian else missing[:, pattern]
    if fit.family.area_effect:
        variance = variance + area_sd(fit)[:, None] ** 2
    # the posterior of the rest, and the likelihood of what was left out
    told = with_groups(replace(fit, counts=counts), "log_likelihood").tree["log_likelihood"]["published"]
    scores = told.sel({fit.study.area: counts.areas.codes[rows].to_numpy()}).to_numpy().reshape(-1, len(rows))
    return fit.family.marginal_mean(eta, variance).mean(axis=0), logsumexp(scores, axis=0) - np.log(len(scores))
