"""Relative precision: an estimate divided by the width of its interval; areas too imprecise to rank or colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.use import use
from bayesmodel.inference.fit import Fit

WIDTH_OF = 0.95
"""Probability of the interval whose width is used, whatever the interval of the report."""


def relative_precision(estimate: Estimate) -> pd.Series:
    """Return the median divided by the width of the 95 % interval, per area.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, area) of a use or an expectation.

    Returns
    -------
    Series of float
        By code; infinite where the value is known, NaN where there is none.

    Notes
    -----
    Publishers of small-area rates call a rate with a relative precision below 1 unreliable: its interval is wider than
    the rate itself. Quick, Song and Tabb (2021), Evaluating the informativeness of the Besag-York-Mollie CAR model.

    Examples
    --------
    >>> from bayesmodel import use
    >>> from bayesmodel.testing import invented_fit
    >>> relative_precision(use(invented_fit(), scale="share", areas=["WK000100", "WK000102"])).round(1).tolist()
    [1.3, 1.1]
    """
    tail = (1 - WIDTH_OF) / 2
    low, median, high = np.quantile(estimate.samples, [tail, 0.5, 1 - tail], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.Series(median / (high - low), index=estimate.index, name="relative_precision")


def imprecise_areas(fit: Fit, areas: str | Sequence[str] | None = None) -> frozenset[str]:
    """Return the areas whose underlying use is less precise than the study requires; none without a requirement.

    Parameters
    ----------
    fit : Fit
        The posterior; its study gives `report.least_precision`.
    areas : str or sequence of str, optional
        Codes or names; defaults to all areas.

    Returns
    -------
    frozenset of str
        Codes.

    Raises
    ------
    UnknownNameError
        There is no such area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> imprecise_areas(invented_fit())
    frozenset()
    """
    least = fit.study.report.least_precision
    if least is None:
        return frozenset()
    precision = relative_precision(use(fit, "underlying", "share", areas))
    return frozenset(map(str, precision.index[(precision < least).to_numpy()]))
