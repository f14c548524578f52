"""Counts that a fit does not follow: areas whose use was drawn so far towards that of others that theirs is unlikely.

For an area whose count is shown let m and v be mean and variance of a new count at its own underlying use, of chance
and of the posterior of that use together. A negative binomial of that mean and variance gives the probability of a
count as far out. Where areas have one normal effect, an institution is such an area: docs/decisions/special-areas.md.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import betainc, betaincc

from bayesmodel.data import Status
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.estimates.linear_predictor import Floats
from bayesmodel.estimates.use import underlying_share
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _, number, plural

UNLIKELY = 1e-3
"""Probability of a count as far out below which the fit does not follow it."""
AT_ONCE = 2_000
"""Areas per block."""
LEAST = 1e-9
"""Part of the mean that the variance of a count exceeds it by at least."""


def far_counts(fit: Fit) -> pd.DataFrame:
    """Return the counts that the fit does not follow, the most unlikely first.

    Parameters
    ----------
    fit : Fit
        Of a family with an effect of the area.

    Returns
    -------
    DataFrame
        One row per area: ``count``, the middle of what is shown; ``expected``, a count at its own underlying use; and
        ``probability`` of one as far out or farther. Empty for other families.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> len(far_counts(invented_fit()))
    0
    """
    counts = fit.counts
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (counts.population > 0)
    rows = np.flatnonzero(shown) if fit.family.area_effect else np.zeros(0, dtype=np.int64)
    blocks = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
    parts = [_moments(fit, block) for block in blocks]
    mean, variance = (np.concatenate([part[nth] for part in parts]) if parts else np.zeros(0) for nth in (0, 1))
    low, high = counts.lower[rows], counts.upper[rows]
    chance = np.where(low > mean, _at_least(low, mean, variance), _at_most(high, mean, variance))
    chance[(low <= mean) & (mean <= high)] = 1.0
    table = pd.DataFrame(
        {"count": (low + high) / 2, "expected": mean, "probability": chance}, index=counts.areas.codes[rows]
    )
    return table[table["probability"] < UNLIKELY].sort_values("probability", kind="stable")


def far_remarks(fit: Fit) -> tuple[Remark, ...]:
    """Return a remark on counts that the fit does not follow, with what may be done.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> far_remarks(invented_fit())
    ()
    """
    found = far_counts(fit)
    if found.empty:
        return ()
    from bayesmodel.inference.outcomes_fit import OUTCOMES  # with all of fitting, which most commands need not
    from bayesmodel.inference.years_fit import YEARS

    joint = YEARS in fit.provenance or OUTCOMES in fit.provenance

    def say() -> str:
        message = plural(
            "In {count} area the fit does not follow the count: its use is drawn towards that of other areas.",
            "In {count} areas the fit does not follow the count: their use is drawn towards that of other areas.",
            len(found),
        )
        example = _("In {code} {found} are counted, where the fit gives {expected}.")
        advice = _("Look whether count and population are right.")
        if joint:
            advice = _(
                "Areas with an institution are such ones: fitted alone, this table lets them be special "
                "(model.area_effect), and gives their use as it is."
            )
        elif fit.study.model.area_effect == "normal":
            advice = _('Areas with an institution are such ones: model.area_effect = "two-part" lets them be special.')
        first = found.iloc[0]
        counted, expected = (number(float(first[name]), ",.0f") for name in ("count", "expected"))
        shown = example.format(code=found.index[0], found=counted, expected=expected)
        return f"{message} {shown} {advice}"

    return (remark(RemarkKind.ODD_SHARE, fit.study.columns.count, say, found.index),)


def _moments(fit: Fit, rows: np.ndarray) -> tuple[Floats, Floats]:
    """Return mean and variance of a new count of each area at its own underlying use."""
    people = fit.counts.population[rows].astype(float)
    share = underlying_share(fit, rows)
    mean = people * share.mean(axis=0)
    return mean, np.maximum(mean + people**2 * share.var(axis=0), mean * (1 + LEAST))


def _at_least(count: np.ndarray, mean: Floats, variance: Floats) -> Floats:
    """Return the probability of a count or more, of a negative binomial."""
    return np.asarray(betainc(np.maximum(count, 1), mean**2 / (variance - mean), 1 - mean / variance))


def _at_most(count: np.ndarray, mean: Floats, variance: Floats) -> Floats:
    """Return the probability of a count or fewer, of a negative binomial."""
    return np.asarray(betaincc(count + 1, mean**2 / (variance - mean), 1 - mean / variance))
