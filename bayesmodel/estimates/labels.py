"""Labels: draws as arrays become draws with chain, draw, codes, and what a table or picture needs beside the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.extent import extent_of
from bayesmodel.inference.fit import Fit

Codes = Sequence[Any] | pd.Index | NDArray[Any]


def with_labels(fit: Fit, samples: NDArray[Any], dim: str, codes: Codes, beside: Mapping[str, Codes]) -> xr.DataArray:
    """Return draws (sample, code) with labels, and with what is to be said where they did not converge.

    Parameters
    ----------
    fit : Fit
        Whose chains and draws they are.
    samples : ndarray (sample, code)
    dim : str
        What the codes are of.
    codes : sequence (code,)
    beside : mapping of str to sequence (code,)
        Coordinates along the codes, such as their names.

    Returns
    -------
    DataArray (chain, draw, `dim`)
    """
    posterior = fit.tree["posterior"]
    coords = {"chain": posterior["chain"].to_numpy(), "draw": posterior["draw"].to_numpy(), dim: pd.Index(codes)}
    along = {name: (dim, np.asarray(values)) for name, values in beside.items()}
    shape = posterior.sizes["chain"], posterior.sizes["draw"], len(codes)
    told = warning(fit) | whereabouts(fit, dim, codes)
    return xr.DataArray(samples.reshape(shape), coords | along, ("chain", "draw", dim), attrs=told)


def warning(fit: Fit) -> dict[str, str]:
    """Return what is to be said with draws that did not converge, as their attributes; nothing of those that did."""
    return {} if fit.verdict.converged else {"problems": "; ".join(fit.verdict.problems)}


def whereabouts(fit: Fit, dim: str, codes: Codes) -> dict[str, str]:
    """Return as attributes that codes are not all there are, and what they are together where that has a name."""
    areas = fit.counts.areas
    known = areas.names if dim == fit.study.area else areas.level_labels.get(dim)
    if known is None or len(codes) >= len(known):
        return {}
    if dim == fit.study.area:
        rows = areas.codes.get_indexer(pd.Index(codes))
    else:
        rows = np.flatnonzero(areas.levels[dim].isin(list(codes)).to_numpy())
    return {"part": "yes", "extent": extent_of(fit.counts, rows) if len(codes) > 1 else ""}


def among(fit: Fit, estimate: Estimate, codes: Sequence[str]) -> Estimate:
    """Return the estimate of some areas, which says where they are."""
    chosen = estimate.select(codes)
    dim = str(chosen.draws.dims[-1])
    told = whereabouts(fit, dim, chosen.draws.indexes[dim])
    return Estimate(chosen.draws.assign_attrs(told), chosen.definition, chosen.study)
