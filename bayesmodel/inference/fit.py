"""Fit: a posterior with everything needed to read it (study, counts, design, diagnostics, provenance), and methods.

Estimates and tables stand above inference. The methods that forward to them import them when they are called: beside
``.plot()`` the only imports that go back up, see docs/decisions/plots-from-estimates.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from bayesmodel import html
from bayesmodel.data import Counts
from bayesmodel.data.remark import RemarkKind
from bayesmodel.errors import ConvergenceError
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.messages import _, number, plural
from bayesmodel.model.design import Design
from bayesmodel.model.families import Family, family_named
from bayesmodel.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from bayesmodel.checks.sbc import SimulationCalibration
    from bayesmodel.estimates.compare import Comparison
    from bayesmodel.estimates.estimate import Estimate
    from bayesmodel.estimates.groups import Grouping
    from bayesmodel.estimates.publication_check import PublicationCheck
    from bayesmodel.estimates.rank import Ranks
    from bayesmodel.estimates.verdict_rule import VerdictRule
    from bayesmodel.estimates.verdicts import Verdicts
    from bayesmodel.estimates.waterfall import Waterfall


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
    diagnostics : Diagnostics
        Whether the draws may be reported.
    provenance : mapping
        Versions, seeds, hash of the data, timings.
    """

    counts: Counts
    design: Design
    tree: xr.DataTree
    diagnostics: Diagnostics
    provenance: Mapping[str, Any]

    @cached_property
    def memo(self) -> dict[str, Any]:
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
        from bayesmodel.inference.storage import save_fit

        save_fit(self, path)

    def use(self, areas: str | list[str] | None = None) -> Estimate:
        """Return the underlying share of each area: its own level of use, without chance; see `use`."""
        from bayesmodel.estimates.use import use

        return use(self, scale="share", areas=areas)

    def expected(self, expectation: str = "determinants", areas: str | list[str] | None = None) -> Estimate:
        """Return the expected share of each area; see `expected`."""
        from bayesmodel.estimates.expected import expected

        return expected(self, expectation, "share", areas)

    def difference(self, expectation: str = "determinants") -> Estimate:
        """Return underlying use minus the expectation, in percentage points; see `difference`."""
        from bayesmodel.estimates.difference import difference

        return difference(self, expectation=expectation, scale="points")

    def verdicts(
        self, expectation: str = "determinants", areas: Grouping = None, rule: VerdictRule | None = None
    ) -> Verdicts:
        """Return what may be said of each area (or of each group of a level) against an expectation; see `verdicts`."""
        from bayesmodel.estimates.verdicts import verdicts

        return verdicts(self, expectation, areas, rule=rule)

    def compare(self, *areas: str, what: str = "use.underlying") -> Comparison:
        """Compare areas or groups, every pair with the probability that one is higher; see `compare`."""
        from bayesmodel.estimates.compare import compare

        return compare(self, list(areas), what)

    def rank(self, areas: Grouping = None, what: str = "use.underlying") -> Ranks:
        """Rank areas, or the groups of a level, with how sure each rank is; see `rank`."""
        from bayesmodel.estimates.rank import rank

        return rank(self, areas, what)

    def explain(self, *areas: str, expectation: str = "determinants") -> pd.DataFrame:
        """Say in a sentence, in Dutch and English, how areas differ from what is expected; see `explain`."""
        from bayesmodel.estimates.explain import explain

        return explain(self, list(areas), expectation)

    def waterfall(self, *areas: str) -> Waterfall:
        """Split the gap between areas and the mean into what makes it up; see `waterfall`."""
        from bayesmodel.estimates.waterfall import waterfall

        return waterfall(self, list(areas))

    def publication_check(self) -> PublicationCheck:
        """Compare how many areas are hidden or show each small count with what is expected; see `publication_check`."""
        from bayesmodel.estimates.publication_check import publication_check

        return publication_check(self)

    def with_groups(self, *names: str) -> Fit:
        """Return the fit with groups of ArviZ in its tree, such as ``log_likelihood``; see `with_groups`."""
        from bayesmodel.estimates.arviz_groups import with_groups

        return with_groups(self, *names)

    def posterior_sbc(self, replicates: int = 100, *, workers: int | str | None = None) -> SimulationCalibration:
        """Calibrate the computation around this posterior, by refits of simulated counts; see `posterior_sbc`."""
        from bayesmodel.checks.sbc import posterior_sbc

        return posterior_sbc(self, replicates, workers=workers)

    def to_tables(self, folder: str | Path, *, force: bool = False) -> tuple[Path, ...]:
        """Write all tables into a folder, whole or not at all; see `write_tables`."""
        from bayesmodel.tables.results_folder import write_tables

        return write_tables(self, folder, force=force)

    def __repr__(self) -> str:
        state = _("converged")
        if not self.diagnostics.converged:
            state = _("NOT converged") + ": " + "; ".join(self.diagnostics.problems)
        remarks = [_("Worth a look:"), *(f"- {remark}" for remark in self.counts.remarks)]
        return "\n".join([f"{self._title()}, {state}", *(remarks if len(remarks) > 1 else [])])

    def _repr_html_(self) -> str:
        """Return the verdict, the size of each level and how the fit was made, for a notebook."""
        sizes = {str(dim): number(size) for dim, size in self.posterior.sizes.items()}
        made = {name: value for name, value in self.provenance.items() if not isinstance(value, Mapping | list)}
        remarks = html.bullets(map(str, self.counts.remarks))
        return html.page(self._title(), self.diagnostics._repr_html_(), remarks, html.facts(sizes), html.facts(made))

    def _title(self) -> str:
        """Say what was fitted and how many draws there are."""
        said = _("Fit of {study}: {areas} ({area}), {family}, {draws}")
        return said.format(
            study=self.study.name,
            areas=plural("{count} area", "{count} areas", len(self.counts)),
            area=self.study.area,
            family=self.family.name,
            draws=self._drawn(),
        )

    def _drawn(self) -> str:
        """Say how many draws there are, in how many chains; those of the Laplace engine are independent."""
        chains, draws = self.posterior.sizes["chain"], self.posterior.sizes["draw"]
        if self.diagnostics.certificate is not None:
            return plural("{count} independent draw", "{count} independent draws", chains * draws)
        of = plural("{count} draw", "{count} draws", draws)
        return _("{chains} of {draws}").format(chains=plural("{count} chain", "{count} chains", chains), draws=of)


def drawn_together(fits: Iterable[Fit], key: str) -> bool:
    """Return whether the draws of fits belong together: their provenance names the same joint model under a key."""
    joints = {fit.provenance.get(key, {}).get("joint") for fit in fits}
    return None not in joints and len(joints) == 1


def refuse_unconverged(fit: Fit, *, accept: bool) -> None:
    """Refuse draws that did not converge, unless that is accepted.

    Parameters
    ----------
    fit : Fit
        The draws, with their verdict.
    accept : bool
        Whether to let them pass.

    Raises
    ------
    ConvergenceError
        With what was not met and what to do.
    """
    if accept or fit.diagnostics.converged:
        return
    kinds = {RemarkKind.NOT_DELIVERED, RemarkKind.HIDDEN_UNLIKELY}  # that far too few were counted spoils any model
    hidden = [each for each in fit.counts.remarks if each.kind in kinds]
    problems = "\n".join(f"- {problem}" for problem in (*fit.diagnostics.problems, *map(str, hidden)))
    raise ConvergenceError(
        _(
            "The draws did not converge, so no results were written:\n{problems}\n"
            "Only --accept-unconverged (accept_unconverged=True in Python) writes them all the same; every file then "
            "says so."
        ).format(problems=problems)
    )
