"""What every entrant in Python writes: mean, sd and effective size of the parameters, and the smallest of all sizes.

It is also imported by programs of other environments, so it may use nothing but numpy and ArviZ.
"""

import json
from pathlib import Path

import numpy as np


def write_report(folder, seconds, draws, effects):
    """Write ``result.json``.

    Parameters
    ----------
    folder : str
    seconds : dict of str to float
        By stage.
    draws : dict of str to ndarray (chain, draw)
        The parameters that are compared: ``intercept``, ``x0``..., ``sd_<level>``, ``sd_area`` or ``dispersion``.
    effects : list of ndarray (chain, draw, group)
        Counted for the smallest effective size, not compared one by one.
    """
    estimates = {
        name: {"mean": float(np.mean(values)), "sd": float(np.std(values)), "ess": bulk(values)}
        for name, values in draws.items()
    }
    sizes = [found["ess"] for found in estimates.values()]
    sizes += [bulk(values[..., group]) for values in effects for group in range(values.shape[-1])]
    content = {"seconds": seconds, "estimates": estimates, "ess_min": min(sizes)}
    Path(folder, "result.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def bulk(values):
    """Return the bulk effective sample size of draws (chain, draw)."""
    from arviz_stats.base import array_stats

    return float(array_stats.ess(np.asarray(values), chain_axis=0, draw_axis=1, method="bulk"))
