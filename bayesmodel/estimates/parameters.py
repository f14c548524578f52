"""Summaries of parameters, and the reliability of every reported quantity: effective sample sizes and R-hat.

The definitions are those of ArviZ (rank-normalised split R-hat, bulk and tail effective sample size), computed here for
all areas at once instead of one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.estimates.estimate import Estimate, summarise, summary_of_ordered
from bayesmodel.estimates.linear_predictor import overdispersion_of
from bayesmodel.format import between, interval_name
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, number
from bayesmodel.model.priors import EXCESS, SPECIAL_SHARE
from bayesmodel.parallel import in_blocks

# compiled code is imported where it is used: reading a Laplace fit does not need it

Floats = NDArray[np.floating[Any]]


def parameters(fit: Fit) -> pd.DataFrame:
    """Return the posterior of the parameters: intercept, standard deviations, coefficients.

    Parameters
    ----------
    fit : Fit
        The posterior.

    Returns
    -------
    DataFrame
        Indexed by ``parameter`` (``intercept``, ``sd_<level>``, ``sd_<area>`` or ``dispersion``, ``special_share``,
        ``excess_dispersion``, which is an estimated overdispersion less 1, ``beta[<determinant>]``). Intercept, sds
        and coefficients are on the scale of the link; a coefficient is per standard deviation of its determinant.
        Columns ``mean, sd, median, lower, upper, ess_bulk, ess_tail, r_hat``. Its ``attrs`` give the interval. The
        draws of Laplace are weighed proposals, of which some stand twice: their number tells nothing, and both sizes
        are the fewest that its certificate found of any quantity.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> parameters(invented_fit())["median"].round(1).to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'intercept': -2.1, 'sd_gemeente': 0.1, 'sd_regio': 0.2, 'sd_wijk': 0.1, 'special_share': 0.0,
     'beta[poverty]': 0.2, 'beta[divorce]': 0.1}
    """
    from bayesmodel.inference.ess import effective_sizes, r_hat

    study, posterior = fit.study, fit.tree["posterior"].dataset
    own = f"sd_{study.area}" if fit.family.area_effect else "dispersion"
    names = ["intercept", *(f"sd_{level}" for level in study.random_effects), own]
    names += [name for name in (SPECIAL_SHARE, EXCESS) if name in posterior]
    draws = [posterior[name].to_numpy() for name in names]
    if fit.design.names:
        names += [f"beta[{name}]" for name in fit.design.names]
        draws += list(np.moveaxis(posterior["beta"].to_numpy(), 2, 0))
    values = np.stack(draws)
    report = study.report
    table: dict[str, Floats] = dict(summarise(values.reshape(len(values), -1).T, report.interval, report.interval_kind))
    certificate = fit.diagnostics.certificate
    bulk, tail = effective_sizes(values) if certificate is None else [np.full(len(values), certificate.effective)] * 2
    frame = pd.DataFrame(
        table | {"ess_bulk": bulk, "ess_tail": tail, "r_hat": r_hat(values)}, index=pd.Index(names, name="parameter")
    )
    frame.attrs = {"interval": report.interval, "interval_kind": report.interval_kind}
    return frame


def overdispersion_in_words(fit: Fit, reader: Language) -> str:
    """Return how many times that of chance the variance of a count is; with its interval where it is estimated.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> overdispersion_in_words(invented_fit(), "en")
    '1'
    """
    draws, prob = overdispersion_of(fit), fit.study.report.interval
    factor = number(float(draws.mean()), ".3g", reader)
    if not fit.study.model.estimates_overdispersion:
        return factor
    low, high = (number(float(each), ".3g", reader) for each in np.quantile(draws, [(1 - prob) / 2, (1 + prob) / 2]))
    return f"{factor} ({between(low, high, reader)}, {interval_name(prob, reader)})"


def reliability(estimate: Estimate) -> pd.DataFrame:
    """Return how well the draws support an estimate, per area.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, area).

    Returns
    -------
    DataFrame
        One row per area; columns ``ess_bulk``, ``ess_tail`` (effective draws; at least 400 are needed) and ``r_hat``
        (at most 1.01 is needed). A quantity that does not vary, such as a published count, has as many effective
        draws as draws and no R-hat; one with NaN has NaN.

    Examples
    --------
    >>> from bayesmodel.estimates.expected import expected
    >>> from bayesmodel.testing import invented_fit
    >>> bool(reliability(expected(invented_fit()))["ess_bulk"].min() > 400)
    True

    Notes
    -----
    Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding, and localization.
    """
    return pd.DataFrame(_measured(estimate, ("ess_bulk", "ess_tail", "r_hat"), _all_measures), index=estimate.index)


def smallest_size(estimate: Estimate) -> Floats:
    """Return the smaller of bulk and tail effective sample size of each quantity."""
    from bayesmodel.inference.ess import effective_sizes

    sizes = _measured(estimate, ("bulk", "tail"), effective_sizes)
    return np.minimum(sizes["bulk"], sizes["tail"])


def summary_with_size(estimate: Estimate) -> pd.DataFrame:
    """Return the summary of an estimate with the smaller effective sample size, sorting the draws only once.

    Returns
    -------
    DataFrame
        One row per area; columns ``mean, sd, median, lower, upper, ess_min``.
    """
    from bayesmodel.inference.ess import ordered_keys, sizes_of_ordered, values_of

    chains, length = estimate.draws.shape[:2]
    report, samples = estimate.report, estimate.samples.reshape(chains * length, -1)
    table = {name: np.empty(samples.shape[1]) for name in ("mean", "sd", "median", "lower", "upper", "ess_min")}
    if length % 2:
        summary = summarise(samples, report.interval, report.interval_kind)
        return pd.DataFrame(summary | {"ess_min": smallest_size(estimate)}, index=estimate.index)

    def work(part: slice) -> None:
        draws = np.ascontiguousarray(samples[:, part].T)
        keys, bits = ordered_keys(draws.astype(float, copy=False))
        ordered = values_of(keys, bits).astype(draws.dtype, copy=False)
        for name, values in summary_of_ordered(ordered, report.interval, report.interval_kind).items():
            table[name][part] = values
        table["ess_min"][part] = np.minimum(*sizes_of_ordered(keys, bits, draws.reshape(-1, chains, length)))

    in_blocks(work, samples.shape[1], len(samples))
    return pd.DataFrame(table, index=estimate.index)


def _all_measures(draws: Floats) -> tuple[Floats, ...]:
    """Return bulk and tail effective sample size, and R-hat."""
    from bayesmodel.inference.ess import effective_sizes, r_hat

    return (*effective_sizes(draws), r_hat(draws))


def _measured(
    estimate: Estimate, names: tuple[str, ...], measure: Callable[[Floats], tuple[Floats, ...]]
) -> dict[str, Floats]:
    """Return measures of draws (quantity, chain, draw), computed in blocks of quantities."""
    chains, draws = estimate.draws.shape[:2]
    values = estimate.draws.to_numpy().reshape(chains, draws, -1)
    table: dict[str, Floats] = {name: np.empty(values.shape[2]) for name in names}

    def work(part: slice) -> None:
        block = np.ascontiguousarray(np.moveaxis(values[:, :, part], 2, 0))
        for name, result in zip(names, measure(block), strict=True):
            table[name][part] = result

    in_blocks(work, values.shape[2], chains * draws)
    return table
