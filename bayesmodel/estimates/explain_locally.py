"""Local explanation: determinants that are known of some areas only, beside a national model that stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.errors import ApproximationError
from bayesmodel.estimates.effects import label_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping
from bayesmodel.estimates.labels import labelled, with_labels
from bayesmodel.estimates.linear_predictor import Floats, Indices, area_sd, dispersion, missing_variance_of, thinned
from bayesmodel.estimates.local_determinants import LocalDeterminants, local_determinants
from bayesmodel.estimates.local_explanation import (
    COEFFICIENTS,
    EFFECTS,
    EXPLAINED,
    OWN,
    SHARE,
    TOGETHER,
    Gain,
    LocalExplanation,
)
from bayesmodel.estimates.local_posterior import KEPT, LocalPosterior, local_posterior
from bayesmodel.estimates.local_rows import local_rows
from bayesmodel.estimates.use import weights_of
from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.fit import Fit
from bayesmodel.logp.sample_area_effects import sample_area_effects
from bayesmodel.messages import _, number
from bayesmodel.model.priors import EXCESS, SPECIAL_SHARE
from bayesmodel.study.parts import Determinant, TableForm

DRAWS = 250
"""Draws of the national fit that are used."""
ERRORS, NATS = 2.0, 4.0
"""Standard errors, and nats, of a gain that says something: of less than four nats the error itself is not known
(Sivula, Magnusson, Matamoros and Vehtari, 2020)."""


def explain_locally(
    fit: Fit,
    table: pd.DataFrame | str | Path,
    determinants: Sequence[str | Determinant],
    areas: Grouping = None,
    *,
    code: str | None = None,
    form: TableForm | None = None,
) -> LocalExplanation:
    """Return what determinants that are known of some areas only add to a national model, which stays as it is.

    On each draw of the national fit its intercept, coefficients and standard deviations are fixed; of the local areas

        eta_i = fixed part + effects of groups + z_i' gamma + e_i,   gamma ~ Normal(0, prior sd of the study),

    with the own effects e_i, of a sd of their own, integrated out of the likelihood of each published interval.

    Parameters
    ----------
    fit : Fit
        The national posterior.
    table : DataFrame, str or Path
        A row for each local area, with its code; a DataFrame, or a file that `read_table` reads.
    determinants : sequence of str or Determinant
        Columns of the table; a `Determinant` says more of one, such as its label, transform or symbols of gaps.
    areas : str, sequence of str, mapping, Series, or None
        Areas, or groups with all of their areas, as in `aggregate`; all areas of the table when None.
    code : str, optional
        The column of codes; found when left out.
    form : TableForm, optional
        How the table is written, for what cannot be found in it.

    Returns
    -------
    LocalExplanation
        Of the determinants, of each area, and of all together, with what they add out of sample.

    Raises
    ------
    DataError
        A determinant is no number, does not vary, or is the outcome itself; codes are given twice; or fewer than three
        areas with a count are left for each determinant.
    UnknownNameError
        There is no such column or area.
    ApproximationError
        The draws of the local model are too far from its posterior.

    Notes
    -----
    Areas without a value of each determinant are left out and listed, as are codes that the fit does not have. Effects
    of groups are estimated anew where a fifth of their areas is local, as fixed they would hold what a determinant
    explains between groups; those of space stay fixed. The gain is that of leave-one-out on each draw of the
    national fit, with the effects of groups, gamma and e integrated out (docs/decisions/local-explanation.md).

    Plummer (2015), Cuts in Bayesian graphical models; Vehtari, Mononen, Tolvanen, Sivula and Winther (2016), Bayesian
    leave-one-out cross-validation approximations for Gaussian latent variable models.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit(areas=40)
    >>> codes = fit.counts.areas.codes[:20]
    >>> extra = pd.DataFrame({"wijk": codes, "waiting": [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]})
    >>> found = explain_locally(fit, extra, ["waiting"])
    >>> found.summary().index.tolist(), found.gains["verdict"].tolist()
    (['waiting'], ['inconclusive', 'inconclusive'])
    """
    local = local_determinants(fit, table, determinants, areas, code, form)
    thin = thinned(fit, DRAWS)
    full, others = _posteriors(thin, local)
    certificates = [each.certificate for each in (full, *others.values())]
    certificate = max(certificates, key=lambda each: (len(each.problems), each.pareto_k))
    _refuse_poor(certificate)
    gains, points = _compared(fit, local, full, others)
    made = _local_fit(thin, full)
    own, explained = _own_and_explained(made, local, full)
    along = {"determinant_name": [label_of(part)[fit.study.report.language] for part in local.parts]}
    coefficients, effects = (
        with_labels(made, draws, "determinant", list(local.names), along)
        for draws in (full.coefficients, 100 * _per_sd(made, local, full))
    )
    share = _explained_share(own, explained, fit.counts.population[local.rows]).reshape(effects.shape[:2])
    shares = effects.isel(determinant=0, drop=True).copy(data=share)
    return LocalExplanation(
        local,
        Estimate(coefficients, COEFFICIENTS, fit.study),
        Estimate(effects, EFFECTS, fit.study),
        Estimate(labelled(made, 100 * own, local.rows), OWN, fit.study),
        Estimate(labelled(made, 100 * explained, local.rows), EXPLAINED, fit.study),
        Estimate(shares, SHARE, fit.study),
        gains,
        points,
        certificate,
    )


def _posteriors(thin: Fit, local: LocalDeterminants) -> tuple[LocalPosterior, dict[str, LocalPosterior]]:
    """Return draws of the model with all local determinants, and of those without one, or without any."""
    rows, seed = local_rows(thin, local.rows), thin.study.inference.seed
    without = {TOGETHER: local.z[:, :0]}
    if len(local.names) > 1:
        without |= {name: np.delete(local.z, column, axis=1) for column, name in enumerate(local.names)}
    try:
        full = local_posterior(rows, local.z, seed)
        return full, {name: local_posterior(rows, z, seed) for name, z in without.items()}
    except np.linalg.LinAlgError as lost:
        said = _("The local model has no mode that can be found ({why}). Look at the values of the determinants.")
        raise ApproximationError(said.format(why=lost)) from None


def _refuse_poor(certificate: Certificate) -> None:
    """Refuse draws that are too far from the posterior."""
    if certificate.problems:
        said = _(
            "The local explanation cannot be relied on: Pareto k {size} of its weights, {effective} effective draws of "
            "{worst}, quadrature {error} off. Give fewer determinants or more areas."
        )
        raise ApproximationError(
            said.format(
                size=number(certificate.pareto_k, ".2f"),
                effective=number(certificate.effective, ".0f"),
                worst=certificate.worst,
                error=number(certificate.quadrature_error, ".2f"),
            )
        )


def _compared(
    fit: Fit, local: LocalDeterminants, full: LocalPosterior, others: dict[str, LocalPosterior]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the gain of each determinant beside the others and of all, and that of all per area with a count."""
    told = np.isin(local.rows, fit.counts.informative)
    gain = {name: (full.log_scores() - each.log_scores())[told] for name, each in others.items()}
    gains = {name: _gain(gain.get(name, gain[TOGETHER])) for name in (*local.names, TOGETHER)}
    points = pd.DataFrame({"gain": gain[TOGETHER]}, pd.Index(local.raw.index[told], name=fit.study.area))
    return pd.DataFrame.from_dict(gains, orient="index", columns=["gain", "error", "verdict"]), points


def _gain(gains: Floats) -> list[object]:
    """Return the sum of gains over areas, its standard error, and what it says."""
    total, error = float(gains.sum()), float(np.sqrt(len(gains)) * gains.std(ddof=1)) if len(gains) > 1 else np.inf
    clear = abs(total) > max(ERRORS * error, NATS)
    return [total, error, str(Gain.INCONCLUSIVE if not clear else Gain.ADDS if total > 0 else Gain.WORSE)]


def _local_fit(thin: Fit, full: LocalPosterior) -> Fit:
    """Return the national fit with each draw as often as it was used, and the local sd in place of the national one."""
    posterior = thin.tree["posterior"].to_dataset()
    own = f"sd_{thin.study.area}" if thin.family.area_effect else "dispersion"
    kept = posterior[[name for name in ("intercept", "beta", own, SPECIAL_SHARE, EXCESS) if name in posterior]]
    times = kept.isel(draw=np.repeat(np.arange(kept.sizes["draw"]), KEPT))
    times = times.assign_coords(draw=np.arange(times.sizes["draw"]))
    times[own] = times[own].copy(data=full.sd.reshape(times[own].shape))
    return replace(thin, tree=xr.DataTree.from_dict({"posterior": times}))


def _own_and_explained(made: Fit, local: LocalDeterminants, full: LocalPosterior) -> tuple[Floats, Floats]:
    """Return own use, and the part that goes with the local determinants, as shares (sample, area)."""
    eta = full.eta + full.coefficients @ local.z.T
    missing, pattern = missing_variance_of(made, local.rows)
    own_variance = area_sd(made)[:, None] ** 2 if made.family.area_effect else 0.0
    expected, reached = (made.family.marginal_mean(each, missing + own_variance, pattern) for each in (full.eta, eta))
    return _underlying(made, local.rows, full, eta) - expected, reached - expected


def _underlying(made: Fit, rows: Indices, full: LocalPosterior, eta: Floats) -> Floats:
    """Return the rate that underlies each local count (sample, area)."""
    here, seed = full.rows.here, made.study.inference.seed
    params = np.ascontiguousarray(full.rows.fixed.area_params[full.draw])
    params[:, 0] = full.sd
    drawn = eta.copy()
    variance = np.ascontiguousarray(full.rows.fixed.variance[full.draw])
    sample_area_effects(here.arrays, here.approx, here.rule, params, variance, drawn, seed, map)
    if made.family.area_effect:
        return np.asarray(made.family.mean(drawn))
    spread = np.broadcast_to(dispersion(made, rows), drawn.shape)
    counts, family, rng = made.counts, made.family, np.random.default_rng([seed, 1])
    for column, row in enumerate(map(int, rows)):
        window, n = (int(counts.lower[row]), int(counts.upper[row])), int(counts.population[row])
        own = drawn[:, column].copy(), spread[:, column]
        count = family.draw_count(rng, window, n, *own, weights_of(made, row, window))
        drawn[:, column] = family.draw_rate(rng, count, np.asarray(n), *own)
    return drawn


def _per_sd(made: Fit, local: LocalDeterminants, full: LocalPosterior) -> Floats:
    """Return the difference in share per sd of each determinant, averaged over people (sample, determinant)."""
    weights = made.counts.population[local.rows] / made.counts.population[local.rows].sum()
    missing, pattern = missing_variance_of(made, local.rows)
    variance = missing + (area_sd(made)[:, None] ** 2 if made.family.area_effect else 0.0)
    base = made.family.marginal_mean(full.eta, variance, pattern)
    return np.column_stack([
        (made.family.marginal_mean(full.eta + coefficient[:, None], variance, pattern) - base) @ weights
        for coefficient in full.coefficients.T
    ])  # fmt: skip


def _explained_share(own: Floats, explained: Floats, people: Indices) -> Floats:
    """Return Cov(explained, own) / Var(own) over areas, weighted by people (sample,)."""
    weights = people / people.sum()
    own, explained = (values - (values @ weights)[:, None] for values in (own, explained))
    return np.asarray((own * explained) @ weights / (own**2 @ weights))
