"""Parts: a summary of all areas without ever holding all draws of all areas."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.inference.fit import Fit

ARRAYS = 4
"""Arrays of draws that an estimate and its summary hold at once: 2.9 measured for a difference."""


def summary_in_parts(
    fit: Fit, estimate: Callable[[Sequence[str]], Estimate], memory_gb: float = 1.0, interval: float | None = None
) -> pd.DataFrame:
    """Return the summary of an estimate of all areas, worked out for as many areas at a time as fit some memory.

    The figures are those of ``estimate(all codes).summary()``; for hundreds of thousands of areas that would need
    ``8 bytes x draws x areas`` several times over.

    Parameters
    ----------
    fit : Fit
        The posterior.
    estimate : callable
        From codes of areas to the estimate of them.
    memory_gb : float
        Memory that the draws of one part may take, in GB; those of the fit itself are not in it.
    interval : float, optional
        Probability of the interval; the study's when left out.

    Returns
    -------
    DataFrame
        As of `Estimate.summary`, one row per area.

    Examples
    --------
    >>> from bayesmodel.estimates.difference import difference
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> summary_in_parts(fit, lambda codes: difference(fit, areas=codes)).loc["WK000101"].round(1).tolist()
    [-0.1, 11.2, -0.4, -18.0, 19.2]
    """
    sizes, codes = fit.tree["posterior"].sizes, fit.counts.areas.codes.to_list()
    width = max(1, int(memory_gb * 1e9 / (8 * ARRAYS * sizes["chain"] * sizes["draw"])))
    parts = [estimate(codes[start : start + width]).summary(interval) for start in range(0, len(codes), width)]
    table = pd.concat(parts)
    table.attrs = parts[0].attrs
    return table
