"""Areas over the years of one model: which is which, and groupings of one year said in the codes of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from bayesmodel.errors import ComparisonError, listed
from bayesmodel.estimates.groups import Grouping
from bayesmodel.estimates.lookup import find_areas
from bayesmodel.inference.fit import Fit, drawn_together
from bayesmodel.inference.outcomes_fit import OUTCOMES
from bayesmodel.inference.years_fit import YEARS
from bayesmodel.messages import _


def check_one_model(fits: Sequence[Fit]) -> None:
    """Refuse fits whose draws do not belong together, or that are not in the order of their years.

    Parameters
    ----------
    fits : sequence of Fit

    Raises
    ------
    ComparisonError
        They were not made by `fit_years`, or not together; or a year does not come before the next.
    """
    if drawn_together(fits, OUTCOMES):
        raise ComparisonError(
            _(
                "These fits are of several outcomes, not of several years. Where use of all of them is high at once is "
                "said by `bayesmodel accumulation`, or `accumulation` in Python."
            )
        )
    if not drawn_together(fits, YEARS):
        raise ComparisonError(
            _(
                "These fits were not made as one model: their draws do not belong together, so nothing can be said of "
                "the change between them. Fit the years together: `bayesmodel years`, or `fit_years` in Python."
            )
        )
    years = [fit.study.outcome.year for fit in fits]
    if sorted(set(years)) != years:
        raise ComparisonError(
            _("Found the years {years}: give them once, the earliest first.").format(
                years=listed(list(map(str, years)))
            )
        )


def codes_in(fit: Fit, last: Fit) -> pd.Series:
    """Return the code in the year of a fit of each area that is in both, by its code in another year.

    Parameters
    ----------
    fit : Fit
    last : Fit
        Of the other year; both from `fit_years`.

    Returns
    -------
    Series of str
    """
    there, here = _lasting(last), _lasting(fit)
    return there.map(pd.Series(here.index, here.to_numpy())).dropna()


def _lasting(fit: Fit) -> pd.Series:
    """Return what each area is over all years, by its code."""
    codes, other = fit.counts.areas.codes.astype(str), fit.provenance[YEARS]["identities"]
    return pd.Series([other.get(code, code) for code in codes], codes)


def in_year(fit: Fit, last: Fit, areas: Grouping) -> Grouping:
    """Return a grouping, said in codes or names of another year, in the codes of the year of a fit.

    Groups of a level are the same under their code, whatever areas they consist of in each year.

    Parameters
    ----------
    fit : Fit
    last : Fit
        Of the year that the grouping is said in; both from `fit_years`.
    areas : str, sequence of str, mapping, Series or None
        As in `aggregate`.

    Raises
    ------
    ComparisonError
        An area cannot be followed: its boundaries, or the meaning of its code, changed.
    """
    if areas is None or areas == last.study.area or (isinstance(areas, str) and areas in last.study.level_names):
        return areas
    if isinstance(areas, pd.Series):
        areas = {str(name): list(codes.index) for name, codes in areas.groupby(areas)}
    codes = codes_in(fit, last)
    if isinstance(areas, Mapping):
        return {name: _followed(fit, last, list(each), codes) for name, each in areas.items()}
    return _followed(fit, last, [areas] if isinstance(areas, str) else list(areas), codes)


def _followed(fit: Fit, last: Fit, areas: list[str], codes: pd.Series) -> list[str]:
    """Return areas and groups by their codes in the year of a fit."""
    keys = find_areas(last.counts, areas, [last.study.area, *last.study.level_names])
    known = {area: {str(code) for code in fit.counts.areas.levels[area]} for area in fit.study.level_names}
    lost = [
        key.code
        for key in keys
        if (key.code not in codes if key.kind == last.study.area else key.code not in known[key.kind])
    ]
    if lost:
        said = _("Not followed from {first} to {last}: {codes}. Their boundaries, or what their code means, changed.")
        years = sorted([fit.study.outcome.year, last.study.outcome.year])
        raise ComparisonError(said.format(first=years[0], last=years[1], codes=listed(lost)))
    return [str(codes[key.code]) if key.kind == last.study.area else key.code for key in keys]
