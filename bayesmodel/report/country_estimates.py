"""A country estimated once: everything that reports of its groups are cut from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import main_names
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.groups import Groups, groups_of
from bayesmodel.estimates.linear_predictor import thinned
from bayesmodel.estimates.peers import nearest_groups
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.verdicts import Verdicts, verdicts
from bayesmodel.estimates.waterfall import Waterfall, waterfall
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.plots.map_sheet import polygons_of
from bayesmodel.tables.collect import Tables, tables_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SIMILAR = 5
"""Groups like a group, in its report."""
WATERFALL_DRAWS = 400


@dataclass(frozen=True, eq=False)
class Country:
    """Estimates of all areas and groups, from one fit.

    Parameters
    ----------
    fit : Fit
    level : str
        Of the groups that are reported on.
    expectation : str
        The main expectation, that of differences and verdicts.
    tables : Tables
    groups : Groups
        Of the level.
    of_areas : Verdicts
        Of all areas.
    differences : Estimate
        Underlying minus expected use of all areas, in points.
    made_of : Waterfall
        Of the groups.
    whole : DataFrame
        Use, expectation and difference of all areas together: rows ``use``, ``expected``, ``difference``; columns
        ``mean, lower, upper``.
    sentences : DataFrame
        Of the groups, by code; columns ``nl``, ``en``.
    similar : ndarray of int (group, SIMILAR)
        Places of the groups most like each group; -1 where there are too few.
    shapes : GeoDataFrame, optional
        Of the areas, by code.
    """

    fit: Fit
    level: str
    expectation: str
    tables: Tables
    groups: Groups
    of_areas: Verdicts
    differences: Estimate
    made_of: Waterfall
    whole: pd.DataFrame
    sentences: pd.DataFrame
    similar: NDArray[np.int64]
    shapes: GeoDataFrame | None = None

    def members(self, code: str) -> list[str]:
        """Return the codes of the areas of a group.

        Raises
        ------
        UnknownNameError
            There is no such group.
        """
        codes = [str(each) for each in self.groups.codes]
        if code not in codes:
            raise UnknownNameError(self.level, code, codes)
        rows = self.groups.rows_of_each[codes.index(code)]
        return [str(each) for each in self.fit.counts.areas.codes[rows]]


def country_of(
    fit: Fit,
    level: str = "gemeente",
    polygons: str | Path | GeoDataFrame | Mapping[str, Any] | None = None,
    code: str | None = None,
) -> Country:
    """Estimate a country for reports on the groups of a level.

    Parameters
    ----------
    fit : Fit
    level : str
        A level of the study.
    polygons : str, Path, GeoDataFrame, or mapping, optional
        As in `area_map`; no maps when left out.
    code : str, optional
        The column of the polygons with the codes.

    Returns
    -------
    Country

    Raises
    ------
    UnknownNameError
        The study has no such level.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> country_of(invented_fit()).members("GM0001")
    ['WK000100', 'WK000101', 'WK000102']
    """
    refuse_unknown_level(fit, level)
    main = main_names(fit.study)[0]
    groups = groups_of(fit.counts, level)
    difference = f"difference.underlying.{main}"
    whole = {
        "use": aggregate(fit, None, "use.underlying", "share").summary().iloc[0],
        "expected": aggregate(fit, None, f"expected.{main}", "share").summary().iloc[0],
        "difference": aggregate(fit, None, difference, "points").summary().iloc[0],
    }
    lived = [str(each) for each, total in zip(groups.codes, groups.total(fit.counts.population), strict=True) if total]
    return Country(
        fit,
        level,
        main,
        tables_of(fit),
        groups,
        verdicts(fit, main),
        aggregate(fit, fit.study.area, difference, "points"),
        waterfall(thinned(fit, WATERFALL_DRAWS), lived),
        pd.DataFrame(whole).T[["mean", "lower", "upper"]],
        explain(fit, level, main),
        nearest_groups(fit, groups, SIMILAR),
        None if polygons is None else polygons_of(polygons, fit.counts.areas.codes, code),
    )


def refuse_unknown_level(fit: Fit, level: str) -> None:
    """Raise `UnknownNameError` if the study has no such level."""
    if level not in fit.study.level_names:
        raise UnknownNameError(_("level"), level, fit.study.level_names)
