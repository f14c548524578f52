"""Comparison: two or a few places side by side, with how likely the one is above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.estimates.comparison import Comparison
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.numbers import chance
from bayesmodel.outputs.plots.posteriors import posteriors
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIGHER = Label(
    nl="De kans dat {place} hoger is dan {other}: {chance}.",
    en="The probability that {place} is above {other}: {chance}.",
)


def comparison(compared: Comparison, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the posteriors of the places compared, and say how likely the first is above each other.

    Parameters
    ----------
    compared : Comparison
        Of `compare`; up to about eight places.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        The probability is that of the draws: where both hills overlap it can still be clear, as what places share
        moves them together.

    Raises
    ------
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel import compare
    >>> from bayesmodel.testing import invented_fit
    >>> picture = comparison(compare(invented_fit(), ["WK000100", "GM0002"]))
    >>> "De kans dat Wijk 000100 hoger is dan Gemeente 0002: 44%." in picture.get_label()
    True
    """
    chosen = language or compared.study.report.language
    names = compared.names
    first, *others = names.index
    note = " ".join(
        HIGHER[chosen].format(
            place=names[first], other=names[other], chance=chance(compared.p_higher.loc[first, other], chosen)
        )
        for other in others
    )
    return posteriors(compared.estimate, note=note, axes=axes, language=chosen)
