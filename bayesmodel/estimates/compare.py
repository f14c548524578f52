"""Compare: places against each other on the very same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.comparison import Comparison
from bayesmodel.estimates.definition import Scale
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.quantity import estimate_of, quantity_named, refuse_empty
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _


def compare(
    fit: Fit,
    places: str | Sequence[str] | Mapping[str, Sequence[str]] | pd.Series,
    what: str = "use.underlying",
    scale: Scale | None = None,
) -> Comparison:
    """Compare two or more areas, groups of a level, or own groups, keeping the dependence between them.

    P(A > B) is the share of draws in which A is above B; two intervals laid side by side do not tell it.

    Parameters
    ----------
    fit : Fit
        The posterior.
    places : str, sequence of str, mapping, or Series
        Codes of areas or of groups of any level, mixed as you like; the name of a level; or own groups, as in
        `aggregate`.
    what : str
        ``use.actual``, ``use.underlying``, ``expected.<which>`` or ``difference.<use>.<which>``, which compares what is
        left after the determinants (and the levels named).
    scale : {"count", "share", "points", "ratio"}, optional
        The share, or of a difference the ratio, when left out.

    Returns
    -------
    Comparison

    Raises
    ------
    UnknownNameError
        There is no such quantity, scale, area or group.
    ComparisonError
        There are fewer than two places, one is given twice, a group is empty, or nobody lives there.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> pair = compare(invented_fit(), ["WK000100", "GM0002"])
    >>> float(pair.p_higher.loc["WK000100", "GM0002"].round(2))
    0.44
    """
    quantity = quantity_named(fit.study, what, scale)
    groups = groups_of(fit.counts, places)
    if len(groups.codes) < 2:
        said = _("A comparison needs at least two places; given: {codes}. Add another code, of an area or of {levels}.")
        levels = ", ".join(fit.study.level_names) or fit.study.area
        raise ComparisonError(said.format(codes=", ".join(groups.codes), levels=levels))
    if quantity.scale != "count":
        refuse_empty(fit, groups)
    return Comparison(estimate_of(fit, quantity, groups), quantity.scale)
