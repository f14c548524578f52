"""Fit: a posterior with everything needed to read it: study, counts, design, verdict, provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel import html
from bayesmodel.counts import Counts
from bayesmodel.inference.verdict import Verdict
from bayesmodel.messages import _, number
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

    @cached_property
    def memo(self) -> dict[str, NDArray[np.float64]]:
        """What estimates work out once per fit and need again; not saved, and empty in a changed copy."""
        return {}

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
        if self.verdict.converged:
            return f"{self._title()}, " + _("converged")
        return f"{self._title()}, " + _("NOT converged") + ": " + "; ".join(self.verdict.problems)

    def _repr_html_(self) -> str:
        """Return the verdict, the size of each level and how the fit was made, for a notebook."""
        sizes = {str(dim): number(size) for dim, size in self.posterior.sizes.items()}
        made = {name: value for name, value in self.provenance.items() if not isinstance(value, Mapping)}
        return html.page(self._title(), self.verdict._repr_html_(), html.facts(sizes), html.facts(made))

    def _title(self) -> str:
        """Say what was fitted and how many draws there are."""
        said = _("Fit of {study}: {areas} areas ({area}), {family}, {chains} chains of {draws} draws")
        return said.format(
            study=self.study.name,
            areas=number(len(self.counts)),
            area=self.study.area,
            family=self.family.name,
            chains=number(self.posterior.sizes["chain"]),
            draws=number(self.posterior.sizes["draw"]),
        )
