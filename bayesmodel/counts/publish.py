"""Publishing counts as a publisher would: the inverse of interpreting, for simulation and for hide and seek."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.counts.intervals import intervals
from bayesmodel.counts.rules import Integers, are_hidden, round_counts
from bayesmodel.errors import Fault, StudyError
from bayesmodel.messages import _
from bayesmodel.study.parts import Publication


def publish(counts: Integers, publication: Publication) -> NDArray[np.str_]:
    """Write raw counts as they would be published, with the first symbol of each kind.

    A zero gets the symbol of zero where the study states one; otherwise it is treated like any count.

    Parameters
    ----------
    counts : ndarray of int64
        Raw counts, any shape.
    publication : Publication
        The rule.

    Returns
    -------
    ndarray of str
        The cells, of the same shape; `interpret_counts` gives intervals that hold the raw counts.

    Raises
    ------
    StudyError
        The rule hides counts and the study has no symbol for hidden.

    Examples
    --------
    >>> from bayesmodel.study.parts import Publication
    >>> publish(np.array([7, 8, 14]), Publication(hidden_below=8, rounded_to=5, hidden_symbols=(".",))).tolist()
    ['.', '10', '15']
    """
    hidden, zero = _concealed(counts, publication)
    if hidden.any() and not publication.hidden_symbols:
        where, expected = "publication.hidden_symbols", _("the symbol of a hidden count")
        raise StudyError(_("The study"), [Fault(where, _("no symbol"), expected, _("State one, or hidden_below = 0."))])
    cells = round_counts(counts, publication.rounded_to).astype(str).astype(object)
    cells[hidden] = next(iter(publication.hidden_symbols), "")
    cells[zero] = next(iter(publication.zero_symbols), "")
    return cells.astype(str)


def mask(
    counts: Integers, population: Integers, publication: Publication
) -> tuple[Integers, Integers, NDArray[np.str_]]:
    """Return what would be known of raw counts once published: bounds and status, without passing through text.

    Parameters
    ----------
    counts : ndarray of int64 (..., area)
        Raw counts, such as draws.
    population : ndarray of int64 (area,)
        People over whom is counted.
    publication : Publication
        The rule.

    Returns
    -------
    lower, upper : ndarray of int64 (..., area)
        Bounds, inclusive, within 0..population.
    status : ndarray of str (..., area)
        A `Status` each.

    Examples
    --------
    >>> from bayesmodel.study.parts import Publication
    >>> lower, upper, status = mask(np.array([4, 40]), np.array([90, 400]), Publication(hidden_below=10))
    >>> lower.tolist(), upper.tolist(), status.tolist()
    ([0, 40], [9, 40], ['suppressed', 'exact'])
    """
    population = np.broadcast_to(population, counts.shape)
    hidden, zero = _concealed(counts, publication)
    missing = np.zeros_like(hidden)
    published = round_counts(counts, publication.rounded_to)
    return intervals(published, population, publication, hidden=hidden, missing=missing, zero=zero)


def _concealed(counts: Integers, publication: Publication) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which counts are hidden, and which are published as a symbol of zero."""
    zero = (counts == 0) & bool(publication.zero_symbols)
    return are_hidden(counts, publication) & ~zero, zero
