"""Determinants that are not known everywhere: how well the others predict them, and what that leaves open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayesmodel.estimates.linear_predictor import coefficients, effect_variance
from bayesmodel.inference.fit import Fit


def unknown_determinants(fit: Fit) -> pd.DataFrame:
    """Return, of each determinant that is not known everywhere, what was done without it and how much that mattered.

    A value that is not known is integrated out: the known determinants of the area say what it may be. With S its
    variance given those, and beta its coefficient, both per standard deviation:

    - ``explained`` is 1 - S, averaged over the areas without a value: 1 where the other determinants predict it
      exactly, 0 where they say no more than that it is like that of any area, or where its bounds are unlike most
      areas;
    - ``residual_sd`` is ``|beta| sqrt(S)``, averaged over draws and those areas: on the scale of the link, so that
      under a log link .05 means that the expected use of such an area may be 5 % higher or lower for not knowing the
      value;
    - ``share`` is ``beta^2 S`` over itself plus the variance of the area's own effect: how much of what is not
      explained in such an area is due to not knowing the value (NaN in a family without an effect of the area).

    Parameters
    ----------
    fit : Fit
        The posterior.

    Returns
    -------
    DataFrame
        Indexed by ``determinant``, the one that leaves most first; columns ``areas`` (number without a value),
        ``explained, residual_sd, share``. Without rows where all values are known.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> found = unknown_determinants(invented_fit())
    >>> found.index.tolist(), found["areas"].tolist()
    (['divorce'], [2])
    """
    design, beta = fit.design, coefficients(fit)
    own = effect_variance(fit, (fit.study.area,)) if fit.family.area_effect else np.full(len(beta), np.nan)
    rows = {}
    for column, name in enumerate(fit.study.determinant_names):
        missing = fit.counts.areas.determinants[name].isna().to_numpy()
        if not missing.any():
            continue
        variance = design.covariances[design.pattern[missing], column, column]
        own_columns = np.flatnonzero(design.determinant_of == column)
        among = design.covariances[design.pattern[missing]][:, own_columns][:, :, own_columns]
        unexplained = np.einsum("sj,ajk,sk->sa", beta[:, own_columns], among, beta[:, own_columns])
        residual_sd = np.sqrt(unexplained).mean()
        rows[name] = {
            "areas": int(missing.sum()),
            "explained": float(np.clip(1 - variance, 0, 1).mean()),
            "residual_sd": float(residual_sd),
            "share": float((unexplained / (unexplained + own[:, None])).mean()),
        }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["areas", "explained", "residual_sd", "share"])
    return table.sort_values("residual_sd", ascending=False, kind="stable").rename_axis("determinant")
