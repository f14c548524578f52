"""The model of a study: design, levels, family, priors and geometry, ready for either engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bayesmodel import html
from bayesmodel.data import Counts
from bayesmodel.errors import ModelError
from bayesmodel.messages import _
from bayesmodel.model.design import Design, design_of
from bayesmodel.model.families import Family, family_named
from bayesmodel.model.geometry import Geometry, geometry_of
from bayesmodel.model.hyperprior import ExponentialPriors, Hyperprior
from bayesmodel.model.initial_sds import crude_predictor, plausible_sds
from bayesmodel.model.levels import Chain, chains_of
from bayesmodel.model.outcomes import OTHER, OUTCOME, OutcomePriors, OutcomeStructure, outcome_term
from bayesmodel.model.overdispersion import ClusterEffect, cluster_effect
from bayesmodel.model.priors import EXCESS, SPECIAL_SHARE, TYPICAL, PriorScale, prior_scale, rate
from bayesmodel.model.space import SpatialStructure, spatial_structure
from bayesmodel.model.terms import Term, level_term, space_term
from bayesmodel.model.time import YEAR, TimeStructure, space_time_term, time_terms

if TYPE_CHECKING:
    import pymc as pm

TYPICAL_SD = 0.15
"""Standard deviation of an effect, on the logit scale, that the geometry starts from; it changes no result."""
LEAST_START = 0.1
"""Smallest value at which the search for a hyperparameter starts, beside a typical one."""


@dataclass(frozen=True)
class BuiltModel:
    """A study's model: the PyMC model and what it is built from.

    Parameters
    ----------
    counts : Counts
    design : Design
    chains : tuple of Chain
    family : Family
    priors : PriorScale
    geometry : Geometry
    space : SpatialStructure, optional
        Where areas that border on each other are alike.
    time : TimeStructure, optional
        Where the rows are of several years.
    outcomes : OutcomeStructure, optional
        Where the rows are of several outcomes.
    start : mapping of str to float
        Where the search for hyperparameters starts, by name: what an earlier fit said of them. It changes no result.
    """

    counts: Counts
    design: Design
    chains: tuple[Chain, ...]
    family: Family
    priors: PriorScale
    geometry: Geometry
    space: SpatialStructure | None = None
    time: TimeStructure | None = None
    outcomes: OutcomeStructure | None = None
    start: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def coords(self) -> dict[str, tuple[str, ...]]:
        """Coordinates of the dims: the area, the levels and the determinants."""
        coords = {self.counts.study.area: tuple(map(str, self.counts.areas.codes))}
        coords |= {group.name: group.codes for chain in self.chains for group in chain}
        coords |= {} if self.time is None else {YEAR: tuple(map(str, self.time.years))}
        coords |= {} if self.outcomes is None else {OUTCOME: self.outcomes.names, OTHER: self.outcomes.names}
        return coords | {"determinant": self.design.names}

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Random effects beside those of the areas: of levels (along each chain, coarsest first), space and time."""
        levels = [group for chain in self.chains for group in reversed(chain)]
        if self.outcomes is not None:
            return tuple(outcome_term(group, self.outcomes) for group in levels)
        terms = [level_term(group) for group in levels]
        if self.space is not None:
            terms.append(space_term(self.space, *self._areas()))
        if self.time is None:
            return tuple(terms)
        changing = (space_time_term(self.time, terms[-1]),) if self.time.space and self.space is not None else ()
        return (*terms, *time_terms(self.time, levels), *changing)

    @property
    def extra_columns(self) -> NDArray[np.float64]:
        """Columns of what differs by year or outcome in all areas alike (row, E)."""
        if self.outcomes is not None:
            return self.outcomes.columns
        return np.zeros((len(self.counts), 0)) if self.time is None else self.time.basis[self.time.of_row]

    @property
    def column_sds(self) -> NDArray[np.float64]:
        """Prior sds of the coefficients of determinants, and then of those columns (K + E,)."""
        extra = self.priors.coefficient_sd if self.outcomes is None else self.priors.intercept_sd
        of_columns = np.full(self.extra_columns.shape[1], extra)
        return np.append(np.full(len(self.design.names), self.priors.coefficient_sd), of_columns)

    @cached_property
    def hyperprior(self) -> Hyperprior:
        """The prior of the hyperparameters."""
        priors, scale, terms = self.counts.study.model.priors, self.priors.scale, self.terms
        rates = [rate(priors.of_level(term.name, term.groups), scale) for term in terms]
        typical = TYPICAL_SD * scale
        if self.outcomes is not None:
            own = tuple(term.name == self.outcomes.area for term in terms)
            others = np.array(list(self.area_rates.values())[1:])
            return OutcomePriors(len(self.outcomes), np.array(rates), own, typical, others, self.typical_others)
        first, *_others = self.area_parameters
        units = {f"sd_{term.name}": typical for term in terms} | {first: TYPICAL_SD if self._relative else typical}
        units |= dict(zip(self._others, self.typical_others.tolist(), strict=True))
        unit = [max(self.start.get(name, value), LEAST_START * value) for name, value in units.items()]
        signed = len(terms) + (not self._relative)
        return ExponentialPriors(np.array([*rates, *self.area_rates.values()]), np.array(unit), signed, len(terms))

    def _areas(self) -> tuple[NDArray[np.int64], int, str]:
        """Return the index of the area of each row, how many areas there are, and their dimension."""
        study = self.counts.study
        if self.time is None:
            return np.arange(len(self.counts)), len(self.counts), study.area
        area = next(group for chain in self.chains for group in chain if group.name == self.time.area)
        return area.of_area, len(area.codes), area.name

    @property
    def area_parameters(self) -> tuple[str, ...]:
        """Names of the parameters of the areas' own variation: an sd or dispersion; share of special areas; excess."""
        return f"sd_{self.counts.study.area}" if self.family.area_effect else "dispersion", *self._others

    @property
    def _others(self) -> dict[str, str]:
        """Of those but the first, by name, the name of their prior."""
        others = {SPECIAL_SHARE: SPECIAL_SHARE} if self.parts > 1 else {}
        if not self.counts.study.model.estimates_overdispersion:
            return others
        of = [EXCESS] if self.outcomes is None else [f"{EXCESS}_{name}" for name in self.outcomes.names]
        return others | dict.fromkeys(of, EXCESS)

    @property
    def typical_others(self) -> NDArray[np.float64]:
        """Typical values of those but the first (A - 1,)."""
        return np.array([TYPICAL[kind] for kind in self._others.values()], dtype=float)

    @cached_property
    def clusters(self) -> ClusterEffect:
        """What overdispersion adds to the linear predictors, to be multiplied by its excess where it is estimated."""
        table = self.time or self.outcomes
        return cluster_effect(self.counts, None if table is None else table.of_row)

    @property
    def excess_at(self) -> NDArray[np.int64]:
        """Index among the parameters of the areas of the excess of each row (row,); -1 where it is not estimated."""
        if not self.counts.study.model.estimates_overdispersion:
            return np.full(len(self.counts), -1)
        of_row = 0 if self.outcomes is None else self.outcomes.of_row
        return self.parts + np.zeros(len(self.counts), dtype=np.int64) + of_row

    @property
    def parts(self) -> int:
        """Parts of the distribution of the areas' own effects: 2 where some are special."""
        return 2 if self.family.area_effect and self.counts.study.model.area_effect == "two-part" else 1

    @property
    def area_rates(self) -> dict[str, float]:
        """Rates of the exponential priors of those parameters, by name."""
        priors, first = self.counts.study.model.priors, self.area_parameters[0]
        prior = priors.sd_of.get(self.counts.study.area, priors.sd) if self.family.area_effect else priors.sd
        scale = 1.0 if self._relative else self.priors.scale
        others = {name: rate(getattr(priors, kind), 1.0) for name, kind in self._others.items()}
        return {first: rate(prior, scale)} | others

    @property
    def _relative(self) -> bool:
        """Whether the first of them is a dispersion, which has no scale."""
        return not (self.family.area_effect or self.family.gaussian)

    @cached_property
    def pymc(self) -> pm.Model:
        """The PyMC model, made at first use; data ``observed_mask`` (area,) is 1 where a count is in the likelihood."""
        import pymc as pm

        from bayesmodel.model.pymc_model import add_likelihood, add_outcomes, add_predictor

        with pm.Model(coords=self.coords) as model:
            if self.outcomes is not None:
                add_likelihood(self, *add_outcomes(self, self.outcomes))
            else:
                add_likelihood(self, add_predictor(self))
        return model

    def __repr__(self) -> str:
        from bayesmodel.model.describe import describe

        return describe(self)

    def _repr_html_(self) -> str:
        """Return equations, priors, dims and sampling choices for a notebook."""
        title, _, rest = repr(self).partition("\n")
        return html.page(title, html.preformatted(rest.strip("\n")))


def build_model(
    counts: Counts,
    design: Design | None = None,
    time: TimeStructure | None = None,
    outcomes: OutcomeStructure | None = None,
) -> BuiltModel:
    """Build the model of a study; nothing is sampled.

    ``eta_i = intercept + x_i' beta + effects of the groups of i (+ effect of i)``, and every count is an interval:
    ``log P(lower_i <= Y_i <= upper_i | n_i, eta_i)``.

    Parameters
    ----------
    counts : Counts
    design : Design, optional
        The determinants as they entered a fit; made from those of the areas when left out.
    time : TimeStructure, optional
        Which rows are of which year, where they are of several.
    outcomes : OutcomeStructure, optional
        Which rows are of which outcome, where they are of several.

    Returns
    -------
    BuiltModel

    Raises
    ------
    ModelError
        No area says anything, or fewer than three do; or the areas lack the neighbours that the study asks for.

    Examples
    --------
    >>> from bayesmodel import build_model, example_study, interpret_counts, read_areas
    >>> built = build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2))))
    >>> sorted(built.coords)
    ['determinant', 'gemeente', 'jeugdzorgregio', 'wijk']
    """
    known = int(counts.observed.sum())
    if known < 3:
        raise ModelError(
            _("Only {told} of {count} areas have a published count; a model needs at least 3.").format(
                told=known, count=len(counts)
            )
        )
    family = family_named(counts.study.model.family)
    design = design_of(counts.areas) if design is None else design
    chains, priors = chains_of(counts.areas), prior_scale(counts, family)
    information = information_of(counts, priors)
    sds = plausible_sds(crude_predictor(counts, family), information, design.x, chains, TYPICAL_SD * priors.scale)
    geometry = geometry_of(design.x, chains, information, sds)
    geometry = _forced(geometry, counts.study.inference.parameterisation)
    return BuiltModel(counts, design, chains, family, priors, geometry, _structure(counts, time), time, outcomes)


def _structure(counts: Counts, time: TimeStructure | None) -> SpatialStructure | None:
    """Return the precision of effects of areas that border on each other, where the study has these."""
    space = counts.study.model.space
    if space is None:
        return None
    if counts.areas.neighbours is None:
        raise ModelError(
            _("The study has effects of space, but its areas were read without: read them again, with `read_areas`.")
        )
    areas = len(counts) if time is None else counts.areas.levels[time.area].nunique()
    return spatial_structure(counts.areas.neighbours, areas, islands=space.islands == "independent")


def information_of(counts: Counts, priors: PriorScale) -> NDArray[np.float64]:
    """Return about how much each count tells of its own linear predictor: an inverse variance (area,)."""
    variance = np.where(counts.observed, counts.population, 0) * priors.share * (1 - priors.share)
    # a window of w values tells less than one value: its variance (w^2 - 1) / 12 adds to that of the count
    width = counts.upper - counts.lower + 1.0
    chance = variance / priors.scale**2
    return np.asarray(chance * variance / (np.maximum(variance, 1e-9) + (width**2 - 1) / 12))


def _forced(geometry: Geometry, choice: str) -> Geometry:
    """Return the geometry with every effect centred or not, where the study says so."""
    if choice == "auto":
        return geometry
    value = float(choice == "centred")
    centring = {name: np.full(len(weight), value) for name, weight in geometry.centring.items()}
    return replace(geometry, centring=centring)
