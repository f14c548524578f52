"""Aggregate: use, expectation and difference of any set of areas, added up on draws."""

from __future__ import annotations

from bayesmodel.estimates.definition import Scale
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping, groups_of
from bayesmodel.estimates.quantity import estimate_of, quantity_named, refuse_empty
from bayesmodel.inference.fit import Fit


def aggregate(
    fit: Fit, places: Grouping = None, what: str = "use.underlying", scale: Scale | None = "count"
) -> Estimate:
    """Return a quantity of groups of areas: the counts of their areas added up on every draw, hidden ones included.

    Count: sum_i Y_i. Share: sum_i Y_i / sum_i n_i. Difference: sum of use against sum of expected use.

    Parameters
    ----------
    fit : Fit
        The posterior.
    places : str, sequence of str, mapping, Series, or None
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
        A group is empty, or on a scale per head holds nobody.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> aggregate(invented_fit(), "gemeente", "use.actual").summary()["mean"].round(0).tolist()
    [143.0, 232.0, 1.0]
    """
    quantity = quantity_named(fit.study, what, scale)
    groups = groups_of(fit.counts, places)
    if quantity.scale != "count" and groups.dim != fit.study.area:
        refuse_empty(fit, groups)
    return estimate_of(fit, quantity, groups)
