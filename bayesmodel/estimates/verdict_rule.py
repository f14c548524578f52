"""The verdict rule: six verdicts, and how they follow from three probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError
from bayesmodel.messages import _
from bayesmodel.study import Label

Floats = NDArray[np.float64]


class VerdictClass(StrEnum):
    """What may be concluded about an area or group, from high to low."""

    CLEARLY_HIGHER = "clearly higher"
    PROBABLY_HIGHER = "probably higher"
    AS_EXPECTED = "about as expected"
    INCONCLUSIVE = "inconclusive"
    PROBABLY_LOWER = "probably lower"
    CLEARLY_LOWER = "clearly lower"

    @classmethod
    def _missing_(cls, value: object) -> VerdictClass | None:
        """Accept the name used by earlier versions."""
        return cls.INCONCLUSIVE if value == "not to say" else None

    @property
    def label(self) -> Label:
        """In Dutch and English."""
        return Label(nl=_DUTCH[self], en=self.value)


_DUTCH = {
    VerdictClass.CLEARLY_HIGHER: "duidelijk hoger",
    VerdictClass.PROBABLY_HIGHER: "waarschijnlijk hoger",
    VerdictClass.AS_EXPECTED: "ongeveer zoals verwacht",
    VerdictClass.INCONCLUSIVE: "niet te zeggen",
    VerdictClass.PROBABLY_LOWER: "waarschijnlijk lager",
    VerdictClass.CLEARLY_LOWER: "duidelijk lager",
}


@dataclass(frozen=True)
class VerdictRule:
    """When a conclusion about an area may be drawn.

    Parameters
    ----------
    margin : float, optional
        The largest deviation that still counts as expected, as a share of expected use; defaults to the study's.
    false_discovery : float
        At most this expected share of false verdicts among the areas called clearly higher; likewise clearly lower.
    clear : float
        Minimum probability for an individual area to be called clearly higher or lower.
    probable : float
        Minimum probability for ``probably`` and for ``about as expected``.
    """

    margin: float | None = None
    false_discovery: float = 0.05
    clear: float = 0.9
    probable: float = 0.8

    def __post_init__(self) -> None:
        for name in ("margin", "clear", "probable", "false_discovery"):
            value = getattr(self, name)
            if not isinstance(value, Real) and not (name == "margin" and value is None):
                message = _("{name} of a rule of verdicts is a number between 0 and 1; found a {kind}.")
                raise ComparisonError(message.format(name=name, kind=type(value).__name__))
        if not 0.5 < self.probable <= self.clear < 1 or not 0 < self.false_discovery < 1:
            message = _(
                "A rule of verdicts needs 0.5 < probable <= clear < 1 and 0 < false_discovery < 1; found probable "
                "{probable:g}, clear {clear:g}, false_discovery {false_discovery:g}."
            )
            raise ComparisonError(
                message.format(probable=self.probable, clear=self.clear, false_discovery=self.false_discovery)
            )
        if self.margin is not None and not 0 <= self.margin < 1:
            message = _(
                "A margin is a share of what is expected, at least 0 and below 1 (0.1 for 10%); found {margin:g}."
            )
            raise ComparisonError(message.format(margin=self.margin))


def classify(higher: Floats, within: Floats, lower: Floats, rule: VerdictRule) -> list[VerdictClass]:
    """Return the verdict of each area from its three probabilities.

    Examples
    --------
    >>> import numpy as np
    >>> higher, lower = np.array([0.99, 0.85, 0.4]), np.array([0, 0.1, 0.5])
    >>> [str(verdict) for verdict in classify(higher, 1 - higher - lower, lower, VerdictRule())]
    ['clearly higher', 'probably higher', 'inconclusive']
    """
    classes = np.full(len(higher), VerdictClass.INCONCLUSIVE, dtype=object)
    classes[within >= rule.probable] = VerdictClass.AS_EXPECTED
    for chance, clearly, probably in (
        (higher, VerdictClass.CLEARLY_HIGHER, VerdictClass.PROBABLY_HIGHER),
        (lower, VerdictClass.CLEARLY_LOWER, VerdictClass.PROBABLY_LOWER),
    ):
        classes[chance >= rule.probable] = probably
        classes[chance >= max(threshold(chance, rule.false_discovery), rule.clear)] = clearly
    return list(classes)


def threshold(chance: Floats, false_discovery: float) -> float:
    """Return the lowest probability on the longest list that keeps the false-discovery rate; infinite if there is none.

    Examples
    --------
    >>> import numpy as np
    >>> threshold(np.array([0.99, 0.5, 0.93]), 0.05)
    0.93
    """
    ordered = np.sort(chance[~np.isnan(chance)])[::-1]
    rates = np.cumsum(1 - ordered) / np.arange(1, len(ordered) + 1)
    allowed = int(np.searchsorted(rates, false_discovery, side="right"))
    # areas with equal probabilities are listed together or not at all
    while allowed and allowed < len(ordered) and ordered[allowed] == ordered[allowed - 1]:
        allowed -= 1
    return float(ordered[allowed - 1]) if allowed else np.inf
