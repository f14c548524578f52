"""The verdict rule: six verdicts, and how they follow from three probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError
from bayesmodel.messages import LANGUAGES, _, number
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Label, Study

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
            message = _("A margin is a share, at least 0 and below 1 (0.1 for 10%); found {margin:g}.")
            raise ComparisonError(message.format(margin=self.margin))

    @property
    def margin_label(self) -> Label:
        """The margin as a part of a title."""
        margin = {reader: number(self.margin or 0.0, ".0%", reader) for reader in LANGUAGES}
        return Label(nl=f"marge {margin['nl']}", en=f"margin {margin['en']}")

    def with_margin(self, study: Study) -> VerdictRule:
        """Return the rule with the margin of a study, where it has none of its own."""
        return self if self.margin is not None else replace(self, margin=study.report.margin)


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


def from_high_to_low(classes: pd.Series, higher: pd.Series, lower: pd.Series, ratio: pd.Series) -> pd.Index:
    """Return the codes from clearly higher to clearly lower.

    Within a verdict they are sorted by probability rounded to one per cent, then by the ratio rounded to hundredths,
    then by code, so that another run of the sampler hardly changes the order.

    Parameters
    ----------
    classes : Series of VerdictClass
        By code.
    higher, lower : Series
        Their probabilities of being higher and lower.
    ratio : Series
        How large the difference is: the mean of what the probabilities are of.

    Examples
    --------
    >>> import pandas as pd
    >>> classes = pd.Series([VerdictClass.INCONCLUSIVE, *[VerdictClass.CLEARLY_HIGHER] * 2], ["a", "b", "c"])
    >>> higher, lower = pd.Series([0.5, 1.0, 0.999], classes.index), pd.Series([0.2, 0.0, 0.0], classes.index)
    >>> from_high_to_low(classes, higher, lower, pd.Series([1.1, 1.3, 1.8], classes.index)).tolist()
    ['c', 'b', 'a']
    """
    order = classes.map({verdict: place for place, verdict in enumerate(VerdictClass)})
    tilt, size = (lower - higher).round(2), -ratio.round(2)
    keys = pd.DataFrame({"order": order, "tilt": tilt, "size": size, "code": classes.index}, classes.index)
    return keys.sort_values(["order", "tilt", "size", "code"], kind="stable").index


def numbers_of(classes: pd.Series, words: Mapping[VerdictClass, Label]) -> pd.DataFrame:
    """Return how many areas have each verdict, in the words of a result: a column ``areas``, indexed by ``verdict``."""
    sizes = classes.value_counts()
    rows = {words[verdict].en: int(sizes.get(verdict, 0)) for verdict in VerdictClass}
    return pd.Series(rows, name="areas").rename_axis("verdict").to_frame()


def judged(ratio: Floats, codes: pd.Index, rule: VerdictRule) -> tuple[pd.DataFrame, pd.Series]:
    """Return the probabilities of a ratio (sample, area) beyond the margin of a rule, and the verdicts, by code."""
    higher, within, lower = beyond(ratio, rule.margin or 0.0)
    chances = pd.DataFrame({"p_higher": higher, "p_within": within, "p_lower": lower}, index=codes)
    return chances, pd.Series(classify(higher, within, lower, rule), codes, name="verdict", dtype=object)


def beyond(ratio: Floats, margin: float) -> tuple[Floats, Floats, Floats]:
    """Return the share of samples above 1 + margin, within the margin, and below 1 - margin (area,); NaN for NaN."""
    counted: list[NDArray[np.int64]] = []  # one per block of draws; appending is thread-safe

    def work(part: slice) -> None:
        block = ratio[part]
        counted.append(np.stack([(block > 1 + margin).sum(axis=0), (block < 1 - margin).sum(axis=0)]))

    in_blocks(work, len(ratio), ratio.shape[1])
    higher, lower = np.where(np.isnan(ratio[0]), np.nan, np.sum(counted, axis=0) / len(ratio))
    return higher, 1 - higher - lower, lower
