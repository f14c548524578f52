"""From Laplace to NUTS where Laplace is refused: why, with what settings, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.nuts import on_graph
from bayesmodel.messages import _, number
from bayesmodel.model.build import BuiltModel
from bayesmodel.study.model_parts import DRAWS

Floats = NDArray[np.float64]

STARTS = 16
"""Draws of Laplace that chains may start at."""


@dataclass(frozen=True)
class Refusal:
    """That Laplace was refused, and what it leaves to NUTS.

    Parameters
    ----------
    certificate : Certificate or None
        None where no approximation was found.
    tree : DataTree or None
        Its draws, as `laplace` returns them.
    """

    certificate: Certificate | None = None
    tree: xr.DataTree | None = None

    def __str__(self) -> str:
        going_on = _(
            "Laplace is refused ({why}); going on with NUTS, which takes longer. To stop here instead: "
            'inference.fallback = "none".'
        )
        return going_on.format(why=self._why())

    def _why(self) -> str:
        """Say why in a few words."""
        if self.certificate is None:
            return _("it found no approximation of this posterior")
        found = _("Pareto k {k}, at least {ess} effective draws, quadrature {error} off")
        certificate = self.certificate
        return found.format(
            k=number(certificate.pareto_k, ".2f"),
            ess=number(certificate.effective, ",.0f"),
            error=number(certificate.quadrature_error, ".2f"),
        )

    def plain(self) -> dict[str, Any]:
        """Return it for the provenance of a fit: figures only, of one language."""
        if self.certificate is None:
            return {"engine": "laplace", "approximation": False}
        names = ("pareto_k", "effective", "quadrature_error", "proposals")
        figures = {name: float(getattr(self.certificate, name)) for name in names}
        return {"engine": "laplace", "approximation": True} | {
            name: round(value, 3) if np.isfinite(value) else None for name, value in figures.items()
        }

    def starts(self) -> list[Mapping[str, Floats]]:
        """Return different draws that are spread over those of Laplace; none where there are none."""
        if self.tree is None:
            return []
        posterior = self.tree["posterior"].to_dataset().drop_vars("linear_predictor", errors="ignore")
        flat = {str(name): values.to_numpy() for name, values in posterior.items()}
        flat = {name: values.reshape(-1, *values.shape[2:]) for name, values in flat.items()}
        different = np.unique(flat["intercept"], return_index=True)[1]
        chosen = different[np.linspace(0, len(different) - 1, min(STARTS, len(different))).astype(int)]
        return [{name: values[draw] for name, values in flat.items()} for draw in chosen]


def for_nuts(built: BuiltModel, refusal: Refusal) -> BuiltModel:
    """Return the same model with the settings of NUTS.

    At least the draws that NUTS takes when nothing is said: those of Laplace are independent and fewer. On PyMC's own
    graph where only the quadrature was too far off, as that of the compiled density is the same.
    """
    study = built.counts.study
    inference = study.inference.model_copy(
        update={"engine": "nuts", "draws": max(study.inference.draws or 0, DRAWS["nuts"])}
    )
    chosen = replace(built, counts=built.counts.with_study(study.model_copy(update={"inference": inference})))
    only_quadrature = refusal.certificate is not None and refusal.certificate.only_quadrature
    return on_graph(chosen) if only_quadrature else chosen
