"""What if: expected use at other values of the determinants, which is not what changing them would cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bayesmodel.data.transforms import natural, transformed
from bayesmodel.errors import SHOWN, ComparisonError, UnknownNameError
from bayesmodel.estimates.definition import Definition, Kind, titled, unit_of
from bayesmodel.estimates.difference import contrast_samples
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import expectation_named, keep_totals
from bayesmodel.estimates.groups import Grouping, groups_of
from bayesmodel.estimates.quantities import Quantity, estimate_of, of_groups, refuse_empty
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _, number
from bayesmodel.model.design import Design, with_squares
from bayesmodel.study import Label

WARNING = Label(
    nl="Dit is wat het model zou verwachten bij deze kenmerken. Het is geen gevolg: wie een kenmerk "
    "verandert, verandert daarmee niet alles wat ermee samenhangt.",
    en="This is what the model would expect at these determinants. It is not a causal effect: changing a "
    "determinant does not change everything that goes with it.",
)


@dataclass(frozen=True, eq=False, repr=False)
class WhatIf(Result):
    """Expected use as it is, and at other values of determinants.

    Parameters
    ----------
    before, after : Estimate
        Draws (chain, draw, area) of the expected share.
    change : Estimate
        After minus before, in percentage points.
    warning : Label
        That this is not a causal effect; part of every summary.
    """

    before: Estimate
    after: Estimate
    change: Estimate
    warning: Label = WARNING

    @property
    def definition(self) -> Definition:
        """What the change is."""
        return self.change.definition

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the areas.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area; ``name``, mean share ``before`` and ``after``, and the change in percentage points:
            ``mean, lower, upper``. Its ``attrs`` hold the warning.
        """
        table = self.change.summary(prob, kind)
        attributes = table.attrs | {"warning": self.warning[self.change.report.language]}
        before, after = (estimate.draws.mean(("chain", "draw")).to_numpy() for estimate in (self.before, self.after))
        table = table[["mean", "lower", "upper"]]
        table.insert(0, "after", after)
        table.insert(0, "before", before)
        table.insert(0, "name", self.change.names)
        table.attrs = attributes
        return table

    def notes(self) -> tuple[str, ...]:
        """Return the warning."""
        return (self.warning[self.change.report.language],)

    def __repr__(self) -> str:
        return "\n".join([super().__repr__(), *self.notes()])

    @property
    def title(self) -> str:
        """What changes."""
        return titled(self.change.definition, self.change.report)


def what_if(
    fit: Fit,
    to: Mapping[str, float] | None = None,
    by: Mapping[str, float] | None = None,
    areas: Grouping = None,
    expectation: str = "determinants",
) -> WhatIf:
    """Return what the model would expect if determinants had other values. This is not causal.

    E[p | x with x_j = value] - E[p | x], with the same change in all areas of a group.

    Parameters
    ----------
    fit : Fit
        The posterior.
    to : mapping of str to float, optional
        The value a determinant is set to in the areas, in the units of its table.
    by : mapping of str to float, optional
        What is added to a determinant in each area. A missing value shifts in mean and stays equally uncertain.
    areas : str, sequence of str, mapping, Series, or None
        As in `aggregate`; defaults to the whole country.
    expectation : str
        The expectation, named as in `expected`, except those from the other areas.

    Returns
    -------
    WhatIf
        With the warning that it is not causal.

    Raises
    ------
    UnknownNameError
        There is no such determinant, expectation, area or group.
    ComparisonError
        The expectation is one from the other areas; nothing is changed; a determinant is changed twice, or to a value
        it cannot take; or nobody lives in an area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> what_if(invented_fit(), by={"poverty": 1}).summary()["mean"].round(2).tolist()
    [1.98]
    """
    groups = groups_of(fit.counts, areas)
    refuse_empty(fit, groups)
    conditioning = expectation_named(fit.study, expectation)
    if conditioning.from_others:
        message = _(
            "A what-if changes the areas themselves, and {name} rests on other areas too. Ask expectation = {level}."
        )
        raise ComparisonError(message.format(name=repr(conditioning.name), level=repr(conditioning.levels[0])))
    changed = replace(fit, design=_changed(fit, to or {}, by or {}))
    quantity = Quantity(None, expectation, "share")
    before = estimate_of(fit, quantity, groups)
    keep_totals(changed, fit)
    after = estimate_of(changed, quantity, groups)
    points = contrast_samples(after.samples, before.samples, "points")
    answers = Label(
        nl=f"Hoeveel procentpunt anders zou de verwachting zijn? {WARNING.nl}",
        en=f"How many percentage points would the expectation differ? {WARNING.en}",
    )
    label = Label(nl="wat als, verschil in verwachting", en="what if, difference in expectation")
    formula = "100 (E[p | x changed] - E[p | x])"
    definition = Definition(f"what_if.{expectation}", label, answers, formula, unit_of(fit.study, "points"))
    definition = of_groups(fit, definition, groups)
    return WhatIf(
        before, after, Estimate(before.draws.copy(data=points.reshape(before.draws.shape)), definition, fit.study)
    )


def _changed(fit: Fit, to: Mapping[str, float], by: Mapping[str, float]) -> Design:
    """Return the design with other values of determinants in all areas."""
    for name in (*to, *by):
        if name not in fit.study.determinant_names:
            raise UnknownNameError(_("determinant"), name, fit.study.determinant_names)
    if not to and not by:
        raise ComparisonError(_("Nothing is changed: give a determinant a value with `to`, or add to it with `by`."))
    if set(to) & set(by):
        twice = ", ".join(sorted(set(to) & set(by)))
        raise ComparisonError(_("Changed twice, with `to` and with `by`: {names}.").format(names=twice))
    linear, curved = fit.design.linear, fit.design.curved
    x, covariances = linear.x.copy(), linear.covariances.copy()
    for name, value in (*to.items(), *by.items()):
        column = linear.names.index(name)
        transform = fit.study.determinants[column].transform
        centre, scale = linear.centre[column], linear.scale[column]
        raw = natural(centre + scale * x[:, column], transform)
        raw = np.full_like(raw, value) if name in to else raw + value
        if name in to:
            covariances[:, column, :] = covariances[:, :, column] = 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            x[:, column] = (transformed(raw, transform) - centre) / scale
        wrong = ~np.isfinite(x[:, column])
        if wrong.any():
            codes = fit.counts.areas.codes[wrong]
            impossible = _(
                "{name} enters by its {transform} and cannot be {value}, in {count} areas: {codes}. "
                "Take a smaller step."
            )
            raise ComparisonError(
                impossible.format(
                    name=name,
                    transform=transform,
                    value=number(raw[wrong][0], "g"),
                    count=number(len(codes)),
                    codes=", ".join(codes[:SHOWN]),
                )
            )
    changed, size = replace(linear, x=x, covariances=covariances), len(linear.names)
    return with_squares(changed, curved, fit.design.centre[size:], fit.design.scale[size:]) if curved else changed
