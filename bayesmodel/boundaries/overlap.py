"""What two maps have in common: the parts of old areas that lie in new ones, and the bridge that they make."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmodel.arguments import explaining
from bayesmodel.boundaries.read_boundaries import Boundaries
from bayesmodel.data.bridge import Bridge, bridge_of
from bayesmodel.errors import DataError, Fault, raise_faults
from bayesmodel.messages import _, number

SLIVER_OF_OLD, SLIVER_OF_NEW = 0.03, 0.05
"""A part that is at most so much of either area is taken for imprecision of the maps: docs/decisions/vintages.md."""


class Finer(NamedTuple):
    """Smaller areas with the people in them, such as buurten: where in an area people live.

    Parameters
    ----------
    boundaries : Boundaries
    people : Series of float
        By code.
    """

    boundaries: Boundaries
    people: pd.Series


def overlap_of(old: Boundaries, new: Boundaries) -> pd.DataFrame:
    """Return the parts that areas of two maps have in common.

    Parameters
    ----------
    old, new : Boundaries

    Returns
    -------
    DataFrame
        A row for each pair of areas that overlap: ``old, new`` (codes), ``hectares`` of the part, and ``of_old``,
        ``of_new``, the share that it is of either area.

    Examples
    --------
    >>> from bayesmodel import example_polygons, example_study, read_boundaries
    >>> found = read_boundaries(example_polygons(example_study(areas=60, gemeenten=8, regions=2)))
    >>> parts = overlap_of(found, found)
    >>> int((parts["of_old"] > 0.999).sum())
    60
    """
    from shapely import STRtree, area, intersection

    before, after = old.shapes.geometry.to_numpy(), new.shapes.geometry.to_numpy()
    first, second = STRtree(after).query(before, predicate="intersects")
    sizes = area(intersection(before[first], after[second]))
    kept = sizes > 0
    first, second, sizes = first[kept], second[kept], sizes[kept]
    return pd.DataFrame(
        {
            "old": old.codes[first],
            "new": new.codes[second],
            "hectares": sizes / 1e4,
            "of_old": sizes / area(before)[first],
            "of_new": sizes / area(after)[second],
        }
    )


@explaining
def bridge_through_areas(
    old: Boundaries, new: Boundaries, *, finer: Finer | tuple[Boundaries, pd.Series] | None = None
) -> Bridge:
    """Make a bridge from the areas of one map to those of another, by the parts they have in common.

    Parameters
    ----------
    old, new : Boundaries
        Maps of two years.
    finer : tuple of Boundaries and Series, optional
        Smaller areas and the people in them, by code: people are then spread as they live there, and within such an
        area as its surface. Without it they are spread over the whole surface of each old area, lakes and woods too.

    Returns
    -------
    Bridge
        Approximate where an old area is cut. A part that is at most 3 % of the old area and 5 % of the new one is taken
        for imprecision of the maps.

    Raises
    ------
    DataError
        The maps have hardly anything in common, or the finer areas do not cover them.

    Examples
    --------
    >>> from bayesmodel import bridge_through_areas, example_polygons, example_study, read_boundaries
    >>> found = read_boundaries(example_polygons(example_study(areas=60, gemeenten=8, regions=2)))
    >>> bridge_through_areas(found, found).approximate
    False
    """
    parts = overlap_of(old, new)
    covered = parts.groupby("old")["of_old"].sum().reindex(old.codes).fillna(0.0)
    if covered.mean() < 0.5:
        found = _("{share} of the old areas lies in new ones").format(share=number(float(covered.mean()), ".0%"))
        advice = _("Are both maps of the same part of the country?")
        raise_faults(
            DataError, _("The bridge"), [Fault(_("polygons"), found, _("maps that lie on each other"), advice)]
        )
    sliver = (parts["of_old"] <= SLIVER_OF_OLD) & (parts["of_new"] <= SLIVER_OF_NEW)
    parts = parts[~sliver].rename(columns={"hectares": "size"})
    notes = [_("Through areas: people are supposed to be spread evenly over the surface of each area; approximate.")]
    through = "areas"
    if finer is not None:
        parts, through = _by_people(parts, Finer(*finer), old, new), "people"
        notes = [_("Through areas, by where people live in smaller ones; approximate.")]
    said = _(
        "Parts of at most {of_old} of an old area and {of_new} of a new one are taken for imprecision of the maps."
    )
    notes.append(said.format(of_old=number(SLIVER_OF_OLD, ".0%"), of_new=number(SLIVER_OF_NEW, ".0%")))
    years = (old.vintage, new.vintage)
    return replace(bridge_of(old.codes, new.codes, parts, through, years), notes=tuple(notes))


def _by_people(parts: pd.DataFrame, finer: Finer, old: Boundaries, new: Boundaries) -> pd.DataFrame:
    """Return the same parts with the people in them as their size; by surface where nobody is known to live."""
    from shapely import STRtree, area, intersection

    before, after = old.shapes.geometry.to_numpy(), new.shapes.geometry.to_numpy()
    shapes = intersection(
        before[old.codes.get_indexer(pd.Index(parts["old"]))], after[new.codes.get_indexer(pd.Index(parts["new"]))]
    )
    small = finer.boundaries.shapes.geometry.to_numpy()
    people = finer.people.astype(float).reindex(finer.boundaries.codes).fillna(0.0).to_numpy()
    part, inside = STRtree(small).query(shapes, predicate="intersects")
    sizes = area(intersection(shapes[part], small[inside])) / area(small)[inside] * people[inside]
    found = np.bincount(part, weights=sizes, minlength=len(parts))
    total = pd.Series(found).groupby(parts["old"].to_numpy()).transform("sum").to_numpy()
    return parts.assign(size=np.where(total > 0, found, parts["size"]))
