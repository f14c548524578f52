"""The convergence verdict: no result without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayesmodel import html
from bayesmodel.inference.certificate import ENOUGH, QUADRATURE, Certificate, quadrature_problem
from bayesmodel.messages import _, number, plural
from bayesmodel.parallel import in_blocks

RELIABLE = 0.7
"""Pareto k up to which importance weights may be relied on."""


@dataclass(frozen=True)
class Diagnostics:
    """Whether draws may be reported, and the figures that decide it.

    Parameters
    ----------
    rhat_max : float or None
        Largest rank-normalised R-hat of everything sampled; at most 1.01 is needed. None where no chain was run.
    ess_min : float
        Smallest bulk or tail effective sample size; at least 400 is needed.
    divergences : int
        Divergent transitions; none is allowed.
    bfmi_min : float or None
        Smallest energy Bayesian fraction of missing information of a chain; at least 0.3 is needed. None where no chain
        was run.
    worst : str
        The quantity with the smallest effective sample size.
    certificate : Certificate or None
        Of the Laplace engine, whose draws are judged by it alone.
    quadrature_error : float or None
        Of NUTS on the compiled density: the largest error that the quadrature over areas' own effects makes in the
        log-posterior of a draw, apart from what all draws have in common; at most 0.05 is needed.
    laplace_refused : bool
        Whether these are draws of NUTS because those of the Laplace engine were refused.
    totals_pareto_k : float or None
        Of NUTS with totals in the model: Pareto k of the weights by which the evidence of totals resamples the draws of
        chains that do not know of them; at most 0.7 is needed.
    """

    rhat_max: float | None
    ess_min: float
    divergences: int
    bfmi_min: float | None
    worst: str
    certificate: Certificate | None = None
    quadrature_error: float | None = None
    laplace_refused: bool = False
    totals_pareto_k: float | None = None

    def __repr__(self) -> str:
        rows = (f"  {name}: {found} ({needed})" for name, found, needed in self.figures)
        return "\n".join([self._title(), *rows, *(f"  {problem}" for problem in self.problems)])

    def _repr_html_(self) -> str:
        """Return the figures with what is needed, for a notebook."""
        lines = {name: f"{found} ({needed})" for name, found, needed in self.figures}
        return html.page(self._title(), html.facts(lines), html.bullets(self.problems))

    def _title(self) -> str:
        """Say whether the draws may be reported."""
        return _("Converged") if self.converged else _("NOT converged: these draws may not be relied on")

    @property
    def figures(self) -> tuple[tuple[str, str, str], ...]:
        """Return the name of each figure, the figure, and what is needed."""
        size = _("{size}, of {worst}").format(size=number(self.ess_min, ",.0f"), worst=self.worst)
        if self.certificate is not None:
            kept = self.certificate
            limit = _("at most {limit}").format(limit=number(kept.pareto_k_limit, ".2f"))
            return (
                ("Pareto k", number(kept.pareto_k, ".2f"), limit),
                (_("effective draws"), size, _("at least 400")),
            )
        return (
            ("R-hat", number(self.rhat_max or 0.0, ".3f"), _("at most 1.01")),
            (_("effective draws"), size, _("at least 400")),
            (_("divergences"), number(self.divergences), _("none")),
            ("E-BFMI", number(self.bfmi_min or 0.0, ".2f"), _("at least 0.3")),
        )

    @property
    def converged(self) -> bool:
        """Whether every limit is met."""
        return not self.problems

    @property
    def problems(self) -> tuple[str, ...]:
        """What is not met, in words, with the remedy."""
        if self.certificate is not None:
            return self.certificate.problems
        problems = []
        if self.divergences:
            problems.append(
                plural(
                    "{count} divergent transition: raise inference.target_accept (0.95, then 0.99)",
                    "{count} divergent transitions: raise inference.target_accept (0.95, then 0.99)",
                    self.divergences,
                )
            )
        if self.rhat_max is not None and not self.rhat_max <= 1.01:
            above = _("R-hat {size} above 1.01: raise inference.tune and inference.draws")
            problems.append(above.format(size=number(self.rhat_max, ".3f")))
        if not self.ess_min >= ENOUGH:
            under = _("effective sample size {size} of {worst} under 400: raise inference.draws")
            problems.append(under.format(size=number(self.ess_min, ".0f"), worst=self.worst))
        if self.bfmi_min is not None and not self.bfmi_min >= 0.3:
            low = _("E-BFMI {size} under 0.3: raise inference.tune, or use a tighter prior of the sds")
            problems.append(low.format(size=number(self.bfmi_min, ".2f")))
        if self.totals_pareto_k is not None and not self.totals_pareto_k <= RELIABLE:
            told = _(
                "the totals tell so much of the parameters that draws made without them cannot be weighted (Pareto k "
                '{size} above 0.7): say totals.use = false, or totals.unplaced = "estimated"'
            )
            problems.append(told.format(size=number(self.totals_pareto_k, ".2f")))
        if self.quadrature_error is not None and not self.quadrature_error <= QUADRATURE:
            problems.append(quadrature_problem(self.quadrature_error))
        elif problems and not self.laplace_refused:
            problems.append(_("or try inference.engine = 'laplace', which runs no chains"))
        return tuple(problems)


def certified_diagnostics(certificate: Certificate) -> Diagnostics:
    """Return the verdict of a Laplace fit: that of its certificate."""
    return Diagnostics(None, certificate.effective, 0, None, certificate.worst, certificate)


def diagnostics_from(content: Mapping[str, Any]) -> Diagnostics:
    """Return the verdict that `asdict` took apart."""
    kept = content.get("certificate")
    return Diagnostics(**(dict(content) | {"certificate": kept and Certificate(**kept)}))


def diagnose(tree: xr.DataTree) -> Diagnostics:
    """Judge draws by the worst of all that is in the posterior.

    Parameters
    ----------
    tree : DataTree
        Groups ``posterior`` and ``sample_stats`` (``diverging``, ``energy``; attribute ``quadrature_error``).

    Returns
    -------
    Diagnostics
    """
    least, largest, worst = np.inf, 0.0, ""
    for name, values in tree["posterior"].dataset.items():
        chains, draws = values.shape[:2]
        table = _measured(values.to_numpy().reshape(chains, draws, -1))
        sizes = table[:, :2].min(axis=1)
        largest = max(largest, float(np.nanmax(table[:, 2], initial=0.0)))
        index = int(np.argmin(sizes))
        # argmin finds NaN first, and nothing is below NaN: draws that are no number are the worst there are
        if np.isnan(sizes[index]) or sizes[index] < least:
            least, worst = float(sizes[index]), str(name)
            if values.ndim > 2:
                worst += f"[{values.coords[values.dims[2]].to_numpy()[index]}]"
    stats = tree["sample_stats"].dataset
    energy = stats["energy"].to_numpy()
    bfmi = np.square(np.diff(energy, axis=1)).mean(axis=1) / energy.var(axis=1)
    divergences, error = int(stats["diverging"].sum()), stats.attrs.get("quadrature_error")
    return Diagnostics(
        largest,
        least,
        divergences,
        float(bfmi.min()),
        worst,
        quadrature_error=error,
        totals_pareto_k=stats.attrs.get("totals_pareto_k"),
    )


def _measured(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return bulk and tail effective sample size and R-hat (quantity, 3) of draws (chain, draw, quantity)."""
    from bayesmodel.inference.ess import effective_sizes, r_hat

    table = np.empty((values.shape[2], 3))

    def work(part: slice) -> None:
        block = np.ascontiguousarray(np.moveaxis(values[:, :, part], 2, 0))
        table[part] = np.column_stack([*effective_sizes(block), r_hat(block)])

    in_blocks(work, values.shape[2], values.shape[0] * values.shape[1])
    return table
