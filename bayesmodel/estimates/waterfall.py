"""Waterfall: from the country's mean to the use of one area, in steps that add up on every draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.estimates.decomposition import (
    COUNTRY,
    Component,
    ReferenceArea,
    components_of,
    country_average,
    determinant_components,
    other_components,
)
from bayesmodel.estimates.definition import Definition, Kind, in_its_areas, titled, together, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping, Groups, groups_of
from bayesmodel.estimates.linear_predictor import Floats
from bayesmodel.estimates.lookup import indices_of
from bayesmodel.estimates.quantities import named, refuse_empty
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.special import special_areas
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.study import Label, Study

TOTAL = "total"
ACTUAL = Label(nl="feitelijk gebruik", en="actual use")
OWN = Label(nl="{area}: iets eigens", en="{area}: something of its own")
"""Label of the area's own part where the area is probably special."""


@dataclass(frozen=True, eq=False, repr=False)
class Waterfall(Result):
    """The composition of the actual use of areas or groups.

    Parameters
    ----------
    parts : Estimate
        Draws (chain, draw, area, part): the first part is the country's mean, and the sum is the actual use.
    components : tuple of Component
        The parts: name, label, direction of explanation.
    special : frozenset of str
        Codes of the areas that are probably special (`special_areas`); the label of their own part says so.
    """

    shown_rows: ClassVar[int] = 30

    parts: Estimate
    components: tuple[Component, ...]
    special: frozenset[str] = frozenset()

    def labels(self, code: str, language: Language) -> dict[str, str]:
        """Return the labels of an area's parts and of their sum, by name of the part."""
        actual = ACTUAL[language]
        if self.of_groups:
            actual = f"{actual}, {in_its_areas(self._study)[language]}"
        labels = {component.name: component.label[language] for component in self.components} | {TOTAL: actual}
        if code in self.special:
            labels[self._study.area] = OWN[language].format(area=self._study.area)
        return labels

    @property
    def of_groups(self) -> bool:
        """Whether it is of groups: their areas together, without people counted in none of them."""
        return self.parts.index.names[0] != self._study.area

    @property
    def definition(self) -> Definition:
        """What the parts are."""
        return self.parts.definition

    @property
    def total(self) -> Estimate:
        """The actual use (chain, draw, area): the sum of all parts."""
        return Estimate(self.parts.draws.sum("part"), self._summed("total", "alles samen", "all together"), self._study)

    @property
    def gap(self) -> Estimate:
        """The actual use minus the country's mean (chain, draw, area): the sum of all parts but the first."""
        draws = self.parts.draws.drop_sel(part=COUNTRY).sum("part")
        return Estimate(draws, self._summed("gap", "verschil met het gemiddelde", "gap to the mean"), self._study)

    def select(self, areas: str | Sequence[str]) -> Waterfall:
        """Return the waterfall of some areas only, by code or by name.

        Raises
        ------
        UnknownNameError
            There is no area with such a code or name; close matches are suggested.
        AmbiguousNameError
            Several areas have that name; lists them.
        """
        draws, dim = self.parts.draws, str(self.parts.draws.dims[-2])
        names = pd.Series(draws[f"{dim}_name"].to_numpy(), draws.indexes[dim])
        chosen = draws.isel({dim: indices_of(areas, names, dim)})
        return replace(self, parts=Estimate(chosen, self.definition, self._study))

    def by_direction(self) -> Estimate:
        """Return the parts summed by direction of explanation (chain, draw, area, direction).

        Parts without a direction, such as the levels, are summed under ``none``; the country's mean is left out.
        """
        directions = [component.direction or "none" for component in self.components[1:]]
        labelled = self.parts.draws.drop_sel(part=COUNTRY).drop_vars("part_name")
        draws = labelled.assign_coords(part=directions).rename(part="direction").groupby("direction").sum()
        order = [str(dim) for dim in self.parts.draws.dims if dim != "part"]
        return Estimate(draws.transpose(*order, "direction"), self.definition, self._study)

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the parts and their sum.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            Indexed by area and part, the last part ``total``; columns ``name, direction, mean, sd, median, lower,
            upper``. Means add up; bounds of intervals do not.
        """
        language, dim = self._study.report.language, self.parts.index.names[0]
        parts, total = self.parts.summary(prob, kind), self.total.summary(prob, kind)
        total.index = pd.MultiIndex.from_product([total.index, [TOTAL]], names=[dim, "part"])
        names = [*(component.name for component in self.components), TOTAL]
        order = pd.MultiIndex.from_product([self.parts.draws.indexes[str(dim)], names], names=[dim, "part"])
        table = pd.concat([parts, total]).reindex(order)
        directions = {component.name: component.direction for component in self.components}
        table.insert(0, "direction", [directions.get(name) for _, name in order])
        labels = {code: self.labels(code, language) for code in order.unique(0)}
        table.insert(0, "name", [labels[code][name] for code, name in order])
        table.attrs = parts.attrs
        return table

    @property
    def title(self) -> str:
        """What is decomposed."""
        return titled(self.definition, self._study.report)

    @property
    def _study(self) -> Study:
        return self.parts.study

    def _summed(self, name: str, dutch: str, english: str) -> Definition:
        """Return the definition of a sum of parts."""
        of = self.definition
        label = Label(nl=f"{of.label.nl}: {dutch}", en=f"{of.label.en}: {english}")
        return Definition(f"{of.name}.{name}", label, of.answers, of.formula, of.unit)


def waterfall(fit: Fit, areas: Grouping, scale: Literal["points", "count"] = "points") -> Waterfall:
    """Split use into the country's average, the contributions of determinants, levels and the area itself, and chance.

    use = country + sum_b s beta_b' (x_b - xbar_b) + missing + u_regio + ... + (underlying - expected) + (actual -
    underlying), each step as a share of the people. Blocks of determinants share the step between two expectations in
    proportion to what they add on the scale of the link, so their order does not matter; levels come from coarse to
    fine. Over the country as a whole every block of determinants adds up to zero.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str, sequence of str, mapping, Series, or None
        Areas, groups of a level, or user-defined groups, as in `aggregate`.
    scale : {"points", "count"}
        Percentage points of the people, or a number of people.

    Returns
    -------
    Waterfall

    Raises
    ------
    UnknownNameError
        There is no such area or group.
    ComparisonError
        A group is empty, is given twice, or has no inhabitants.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> table = waterfall(invented_fit(), "WK000100").summary().loc["WK000100"]
    >>> table["mean"].round(1).to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'country': 10.3, 'means': 0.0, 'family': 0.0, 'unknown': -0.0, 'regio': 0.0, 'gemeente': 0.0, 'wijk': 0.0,
     'chance': 1.1, 'total': 11.5}

    Notes
    -----
    Within the step of the determinants this is the Aumann-Shapley value, with the country as the point of reference.
    """
    groups = groups_of(fit.counts, areas)
    refuse_empty(fit, groups)
    components, people = components_of(fit), fit.counts.population[groups.rows]
    totals = groups.total(people)
    factor = np.ones(len(totals)) if scale == "count" else 100 / totals
    reference = country_average(fit)
    draws = _determinants(fit, reference, groups, factor)
    for name, share in other_components(fit, reference, groups.rows):
        share *= people
        draws[name] = groups.total(share) * factor
    labelled = xr.concat(
        [named(fit, draws[component.name], groups) for component in components],
        dim=pd.Index([component.name for component in components], name="part"),
        coords="minimal",
        compat="override",
    )
    labels = [component.label[fit.study.report.language] for component in components]
    labelled = labelled.transpose(..., "part").assign_coords(part_name=("part", labels))
    definition = _definition(fit.study, scale)
    if groups.dim != fit.study.area:
        definition = together(definition, fit.study)
    single = groups.dim == fit.study.area
    special = frozenset(special_areas(fit, list(groups.codes)).index) if single else frozenset[str]()
    return Waterfall(Estimate(labelled, definition, fit.study), components, special)


def _determinants(fit: Fit, reference: ReferenceArea, groups: Groups, factor: Floats) -> dict[str, Floats]:
    """Return what each block of determinants adds in each group (sample, group)."""
    weights = fit.counts.population[groups.rows]
    components = determinant_components(fit, reference, groups.rows)
    return {name: groups.total(component * weights) * factor for name, component in components}


def _definition(study: Study, scale: Literal["points", "count"]) -> Definition:
    """Return the definition of the parts of a waterfall."""
    return Definition(
        "waterfall",
        Label(nl="opbouw van het gebruik", en="what use is made of"),
        Label(
            nl=f"Waaruit bestaat het gebruik: het gemiddelde, kenmerken, omgeving, de {study.area} zelf en toeval?",
            en=f"What is use made of: the mean, determinants, surroundings, the {study.area} itself and chance?",
        ),
        "country + blocks + levels + area + chance = Y" + (" / n" if scale == "points" else ""),
        unit_of(study, scale),
    )
