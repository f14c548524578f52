"""Outcomes of one model taken together: that their draws belong together, the areas all have, and their study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError, listed
from bayesmodel.estimates.groups import Grouping
from bayesmodel.inference.fit import Fit, drawn_together
from bayesmodel.inference.outcomes_fit import OUTCOMES
from bayesmodel.inference.years_fit import YEARS
from bayesmodel.messages import _
from bayesmodel.study import Label, Study


def check_outcomes(fits: Mapping[str, Fit]) -> None:
    """Refuse fits that are not of different outcomes of one model.

    Parameters
    ----------
    fits : mapping of str to Fit
        By the name of the outcome.

    Raises
    ------
    ComparisonError
        There are fewer than two; they were not made by `fit_outcomes`, or not together; or one is given twice.
    """
    if len(fits) < 2:
        raise ComparisonError(_("Found {number} outcomes: give at least two, of one model.").format(number=len(fits)))
    if drawn_together(fits.values(), YEARS):
        raise ComparisonError(
            _(
                "These fits are of several years, not of several outcomes. What changed between years is said by "
                "`bayesmodel change`, or `change` in Python."
            )
        )
    if not drawn_together(fits.values(), OUTCOMES):
        raise ComparisonError(
            _(
                "These fits were not made as one model: their draws do not belong together, so nothing can be said of "
                "several outcomes at once. Fit the outcomes together: `bayesmodel outcomes`, or `fit_outcomes` in "
                "Python."
            )
        )
    of = pd.Series({name: fit.provenance[OUTCOMES]["outcome"] for name, fit in fits.items()})
    if of.duplicated().any():
        said = _("The same outcome is given more than once: {names}. Give each once.")
        raise ComparisonError(said.format(names=listed(list(of.index[of.duplicated(keep=False)]))))


def shared_areas(fits: Mapping[str, Fit], areas: Grouping) -> Grouping:
    """Return a grouping of areas that can be taken of every outcome.

    Parameters
    ----------
    fits : mapping of str to Fit
    areas : str, sequence of str, mapping, Series or None
        As in `aggregate`; None, or what the areas are called, is each area of the first outcome in which people live
        for all outcomes.
    """
    first = next(iter(fits.values()))
    if areas is not None and not (isinstance(areas, str) and areas == first.study.area):
        return areas
    codes = first.counts.areas.codes
    lived = [fit.counts.areas.population.reindex(codes).gt(0).to_numpy() for fit in fits.values()]
    return list(codes[pd.DataFrame(lived).all(axis=0).to_numpy()])


def study_together(fits: Mapping[str, Fit]) -> Study:
    """Return the study of the last outcome under the names, counts and people of all."""
    studies = [fit.study for fit in fits.values()]
    last = studies[-1]
    outcome = last.outcome.model_copy(
        update={
            "count": _joined([study.outcome.count for study in studies]),
            "population": _joined([study.outcome.population for study in studies]),
        }
    )
    name = " + ".join(dict.fromkeys(study.name for study in studies))
    return last.model_copy(update={"name": name, "outcome": outcome})


def _joined(labels: list[Label]) -> Label:
    """Return different labels as one."""
    return Label(
        nl=" en ".join(dict.fromkeys(label.nl for label in labels)),
        en=" and ".join(dict.fromkeys(label.en for label in labels)),
    )


def in_period(fits: Mapping[str, Fit]) -> dict[str, Any]:
    """Return the years of outcomes as an attribute of draws; nothing where they are of one year."""
    years = sorted({fit.study.outcome.year for fit in fits.values()})
    return {"period": ", ".join(map(str, years))} if len(years) > 1 else {}


def in_both(indexes: Sequence[pd.Index]) -> pd.Index:
    """Return the codes that are in each of several indexes, in the order of the first.

    Examples
    --------
    >>> in_both([pd.Index(["b", "a", "c"]), pd.Index(["a", "b"])]).tolist()
    ['b', 'a']
    """
    return reduce(lambda codes, others: codes[codes.isin(others)], indexes)


OF_ONE = ("status", "people", "published", "hidden")
"""Coordinates of draws that say what was published of one outcome."""


def draws_together(draws: xr.DataArray, samples: NDArray[Any], fits: Mapping[str, Fit]) -> xr.DataArray:
    """Return samples of all outcomes (sample, area) with the labels of draws of one, without what is of that one."""
    own = [name for name in OF_ONE if name in draws.coords]
    return draws.copy(data=samples.reshape(draws.shape)).drop_vars(own).assign_attrs(in_period(fits))
