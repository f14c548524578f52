"""Fit: a posterior with everything needed to read it: study, counts, design, verdict, provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from bayesmodel.counts import Counts
from bayesmodel.inference.verdict import Verdict
from bayesmodel.model.design import Design
from bayesmodel.model.families import Family, family_named
from bayesmodel.study import Study


@dataclass(frozen=True)
class Fit:
    """Draws from the posterior, and what they are draws of.

    Parameters
    ----------
    counts : Counts
        The observed intervals, with their areas and study.
    design : Design
        The determinants as they entered the model.
    tree : DataTree
        ArviZ schema: groups ``posterior`` and ``sample_stats``; dims ``chain, draw``, the area, the levels,
        ``determinant``. On the scale of the link: ``intercept``, ``beta`` (determinant), ``effect_<level>`` (level),
        ``linear_predictor`` (area), ``sd_<level>``, and ``sd_<area>`` or ``dispersion`` by family.
    verdict : Verdict
        Whether the draws may be reported.
    provenance : mapping
        Versions, seeds, hash of the data, timings.
    """

    counts: Counts
    design: Design
    tree: xr.DataTree
    verdict: Verdict
    provenance: Mapping[str, Any]

    @property
    def study(self) -> Study:
        """The study that was fitted."""
        return self.counts.study

    @property
    def family(self) -> Family:
        """The family of the counts."""
        return family_named(self.study.model.family)

    @property
    def posterior(self) -> xr.Dataset:
        """The draws, dims ``(chain, draw, ...)``."""
        return self.tree["posterior"].to_dataset()

    def save(self, path: str | Path) -> None:
        """Write the fit to one NetCDF file that `load_fit` reads back identical."""
        from bayesmodel.inference.store import save_fit

        save_fit(self, path)

    def __repr__(self) -> str:
        chains, draws = self.posterior.sizes["chain"], self.posterior.sizes["draw"]
        state = "converged" if self.verdict.converged else "NOT converged: " + "; ".join(self.verdict.problems)
        return (
            f"Fit of {self.study.name}: {len(self.counts):,} areas ({self.study.area}), {self.family.name}, "
            f"{chains} chains of {draws} draws, {state}"
        )
