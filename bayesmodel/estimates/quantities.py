"""Quantities by name (use, expectation, difference): for areas, for groups, and for more areas than fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.data import CONCEALED, Status
from bayesmodel.errors import SHOWN, ComparisonError, UnknownNameError
from bayesmodel.estimates.definition import Definition, Scale, of_everybody, together
from bayesmodel.estimates.difference import DifferenceScale, contrast_samples, difference_definition
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import expectation_named, expectation_names
from bayesmodel.estimates.expected import expected, expected_definition
from bayesmodel.estimates.group_totals import everybody_in, whole_groups
from bayesmodel.estimates.groups import Grouping, Groups, groups_of
from bayesmodel.estimates.labels import labelled, with_labels
from bayesmodel.estimates.use import Of, use, use_definition
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.study import Study

SCALES: dict[str, tuple[Scale, ...]] = {
    "use": ("share", "count"),
    "expected": ("share", "count"),
    "difference": ("ratio", "points", "count"),
}
"""Scales of each kind of quantity, the default first."""


@dataclass(frozen=True)
class Quantity:
    """A use, an expectation, or the difference between the two.

    Parameters
    ----------
    of : str, optional
        ``actual`` or ``underlying``; None for an expectation.
    expectation : str, optional
        None for a use.
    scale : {"count", "share", "points", "ratio"}
    """

    of: Of | None
    expectation: str | None
    scale: Scale


def quantity_names(study: Study) -> tuple[str, ...]:
    """Return the names of all quantities of a study.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> quantity_names(invented_fit().study)[:4]
    ('use.underlying', 'use.actual', 'expected.determinants', 'expected.typical')
    """
    uses: tuple[Of, Of] = ("underlying", "actual")
    expectations = expectation_names(study)
    return (
        *(f"use.{of}" for of in uses),
        *(f"expected.{expectation}" for expectation in expectations),
        *(f"difference.{of}.{expectation}" for of in uses for expectation in expectations),
    )


def quantity_named(study: Study, name: str, scale: Scale | None) -> Quantity:
    """Return the quantity of a name on a scale; the default scale is the share, or the ratio.

    Raises
    ------
    UnknownNameError
        There is no such quantity, or it has no such scale.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> quantity_named(invented_fit().study, "difference.actual.gemeente", None)
    Quantity(of='actual', expectation='gemeente', scale='ratio')
    """
    if name not in quantity_names(study):
        level = name.rpartition(".")[2]
        if level in study.level_names and level not in study.effect_names:
            expectation_named(study, level)  # raises: the level has no effect
        raise UnknownNameError(_("quantity"), name, quantity_names(study))
    kind, *parts = name.split(".")
    if scale is not None and scale not in SCALES[kind]:
        raise UnknownNameError(_("scale of {name}").format(name=name), scale, SCALES[kind])
    of: Of | None = None if kind == "expected" else ("actual" if parts[0] == "actual" else "underlying")
    return Quantity(of, None if kind == "use" else parts[-1], scale or SCALES[kind][0])


def estimate_of(fit: Fit, quantity: Quantity, groups: Groups) -> Estimate:
    """Return draws of a quantity for groups of areas: counts are added up first, then divided.

    Where the totals of the groups are in the model, of everybody in them, those in none of their areas included.

    Parameters
    ----------
    fit : Fit
    quantity : Quantity
    groups : Groups

    Returns
    -------
    Estimate
        Draws (chain, draw, group). A group where nobody lives has a count but no share or ratio (NaN).
    """
    people = groups.total(fit.counts.population[groups.rows]).astype(float)
    chosen = fit.counts.areas.codes[groups.rows]
    parts_scale: Literal["count"] = "count"
    codes = None if len(groups.rows) == len(fit.counts) else list(chosen)
    parts = [use(fit, quantity.of, parts_scale, codes)] if quantity.of else []
    parts += [expected(fit, quantity.expectation, parts_scale, codes)] if quantity.expectation else []
    everybody, samples = everybody_in(fit, groups), [part.samples for part in parts]
    if everybody is not None and quantity.of == "underlying":
        samples[0] = everybody.raise_areas(samples[0], groups.rows)
    totals = [groups.total(counts) for counts in samples]
    if everybody is not None:
        people = people + everybody.people
        if quantity.of:
            totals[0] = (everybody.actual if quantity.of == "actual" else everybody.underlying)(totals[0])
        if quantity.expectation:
            totals[-1] = everybody.expected(totals[-1])
    result = totals[0]
    if quantity.scale == "share":
        with np.errstate(invalid="ignore"):
            result = totals[0] / np.where(people > 0, people, np.nan)
    elif quantity.of and quantity.expectation:
        result = contrast_samples(totals[0], totals[1], quantity.scale, people)
    definition = of_groups(fit, definition_of(fit.study, quantity), groups)
    return Estimate(named(fit, result, groups), definition, fit.study)


def of_groups(fit: Fit, definition: Definition, groups: Groups) -> Definition:
    """Return a definition that says of groups whether it is of their areas together or of everybody in them."""
    if groups.dim == fit.study.area:
        return definition
    return (together if whole_groups(fit.counts, groups) is None else of_everybody)(definition, fit.study)


def definition_of(study: Study, quantity: Quantity) -> Definition:
    """Return the definition of a quantity."""
    scale: Literal["count", "share"] = "share" if quantity.scale == "share" else "count"
    if quantity.expectation is None:
        return use_definition(study, quantity.of or "underlying", scale)
    subtrahend = expected_definition(study, expectation_named(study, quantity.expectation), scale)
    if quantity.of is None:
        return subtrahend
    of_difference: DifferenceScale = "count" if quantity.scale == "share" else quantity.scale  # never a share
    return difference_definition(study, use_definition(study, quantity.of, scale), subtrahend, of_difference)


def country_share(fit: Fit) -> float:
    """Return the posterior mean of the country's underlying share."""
    share = estimate_of(fit, Quantity("underlying", None, "share"), groups_of(fit.counts, None))
    return float(share.draws.mean())


def named(fit: Fit, samples: NDArray[Any], groups: Groups) -> xr.DataArray:
    """Return draws (sample, group) labelled by chain, draw, code and name, with each group's number of hidden counts.

    A group of one area has the status of that area, and one in which nothing was counted that of a missing count; other
    groups have an empty one.
    """
    if groups.dim == fit.study.area:
        return labelled(fit, samples, groups.rows[groups.members])
    single = np.diff([*groups.starts, len(groups.members)]) == 1
    first = groups.rows[groups.members[groups.starts]]
    counted = groups.total(fit.counts.observed[groups.rows].astype(np.int64)) > 0
    lived = groups.total(fit.counts.population[groups.rows]) > 0
    coordinates = {
        f"{groups.dim}_name": np.array(groups.names, dtype=object),
        "hidden": groups.total(np.isin(fit.counts.status, CONCEALED)[groups.rows].astype(np.int64)),
        "status": np.where(single, fit.counts.status[first], np.where(lived & ~counted, str(Status.MISSING), "")),
    }
    return with_labels(fit, samples, groups.dim, groups.codes, coordinates)


def refuse_empty(fit: Fit, groups: Groups) -> None:
    """Raise if a group has no inhabitants: it would have no share and no ratio.

    Raises
    ------
    ComparisonError
        Nobody lives in a group; the message names up to five.
    """
    people = groups.total(fit.counts.population[groups.rows])
    nobody = groups.codes[people == 0].tolist()
    if nobody:
        who = fit.study.outcome.population[fit.study.report.language]
        said = _(
            "There are no {who} in {count} of the areas, so they have no share and no ratio: {codes}. Leave them out."
        )
        raise ComparisonError(said.format(who=who, count=len(nobody), codes=", ".join(nobody[:SHOWN])))


def aggregate(
    fit: Fit, areas: Grouping = None, what: str = "use.underlying", scale: Scale | None = "count"
) -> Estimate:
    """Return a quantity of groups of areas: the counts of their areas added up on every draw, hidden ones included.

    Count: sum_i Y_i. Share: sum_i Y_i / sum_i n_i. Difference: summed use compared with summed expected use.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str, sequence of str, mapping, Series, or None
        The whole country when None; the name of a level; codes of areas or groups; ``{"centre": ["WK000100", ...]}``;
        or a Series with the name of a group for each code, such as a column of team areas.
    what : str
        ``use.actual``, ``use.underlying``, ``expected.<which>`` or ``difference.<use>.<which>``.
    scale : {"count", "share", "points", "ratio"}, optional
        A difference has count, points and ratio; the others have count and share.

    Returns
    -------
    Estimate
        Draws (chain, draw, group).

    Raises
    ------
    UnknownNameError
        There is no such quantity, scale, area or group.
    ComparisonError
        A group is empty, or nobody lives in it and the scale is per head.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> aggregate(invented_fit(), "gemeente", "use.actual").summary()["mean"].round(0).tolist()
    [143.0, 232.0, 1.0]
    """
    quantity = quantity_named(fit.study, what, scale)
    groups = groups_of(fit.counts, areas)
    if quantity.scale != "count" and groups.dim != fit.study.area:
        refuse_empty(fit, groups)
    return estimate_of(fit, quantity, groups)


ARRAYS = 4
"""Arrays of draws in memory at once while an estimate is made and summarised (measured: 2.9 for a difference)."""


def summary_in_parts(
    fit: Fit, estimate: Callable[[Sequence[str]], Estimate], memory_gb: float = 1.0, prob: float | None = None
) -> pd.DataFrame:
    """Return the summary of an estimate for all areas, in blocks of areas that fit in the given memory.

    The figures are those of ``estimate(all codes).summary()``; for hundreds of thousands of areas that would need
    ``8 bytes x draws x areas`` several times over.

    Parameters
    ----------
    fit : Fit
        The posterior.
    estimate : callable
        Takes codes of areas and returns their estimate.
    memory_gb : float
        Memory for the draws of one block, in GB, not counting the fit itself.
    prob : float, optional
        Probability of the interval; defaults to the study's.

    Returns
    -------
    DataFrame
        As `Estimate.summary`, one row per area.

    Examples
    --------
    >>> from bayesmodel.estimates.difference import difference
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> summary_in_parts(fit, lambda codes: difference(fit, areas=codes)).loc["WK000101"].round(1).tolist()
    [-0.1, 11.2, -0.4, -18.0, 19.2]
    """
    sizes, codes = fit.tree["posterior"].sizes, fit.counts.areas.codes.to_list()
    width = max(1, int(memory_gb * 1e9 / (8 * ARRAYS * sizes["chain"] * sizes["draw"])))
    parts = [estimate(codes[start : start + width]).summary(prob) for start in range(0, len(codes), width)]
    table = pd.concat(parts)
    table.attrs = parts[0].attrs
    return table
