"""Parameters: the intercept, the standard deviation of each level and the coefficients, summarised."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayesmodel.estimates.estimate import summarise
from bayesmodel.inference.convergence import effective_sizes, r_hat
from bayesmodel.inference.effective import Floats
from bayesmodel.inference.fit import Fit


def parameters(fit: Fit) -> pd.DataFrame:
    """Return what the model learned about itself: intercept, standard deviations, coefficients.

    Parameters
    ----------
    fit : Fit
        The posterior.

    Returns
    -------
    DataFrame
        Indexed by ``parameter`` (``intercept``, ``sd_<level>``, ``sd_<area>`` or ``dispersion``,
        ``beta[<determinant>]``), on the scale of the link; a coefficient is per standard deviation of its determinant.
        Columns ``mean, sd, median, lower, upper, ess_bulk, ess_tail, r_hat``. Its ``attrs`` tell the interval.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> parameters(invented_fit())["median"].round(1).to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'intercept': -2.1, 'sd_gemeente': 0.1, 'sd_regio': 0.2, 'sd_wijk': 0.1, 'beta[poverty]': 0.2,
     'beta[divorce]': 0.1}
    """
    study, posterior = fit.study, fit.tree["posterior"].dataset
    own = f"sd_{study.area}" if fit.family.area_effect else "dispersion"
    names = ["intercept", *(f"sd_{level}" for level in study.effect_names), own]
    draws = [posterior[name].to_numpy() for name in names]
    if fit.design.names:
        names += [f"beta[{name}]" for name in fit.design.names]
        draws += list(np.moveaxis(posterior["beta"].to_numpy(), 2, 0))
    values = np.stack(draws)
    report = study.report
    table: dict[str, Floats] = dict(summarise(values.reshape(len(values), -1).T, report.interval, report.interval_kind))
    bulk, tail = effective_sizes(values)
    frame = pd.DataFrame(
        table | {"ess_bulk": bulk, "ess_tail": tail, "r_hat": r_hat(values)}, index=pd.Index(names, name="parameter")
    )
    frame.attrs = {"interval": report.interval, "interval_kind": report.interval_kind}
    return frame
