"""Remarks: input that is valid but possibly unintended, in Dutch and English, with the areas that show it.

A fault stops the program; a remark is reported by `check-data` and `run`, and travels with the results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bayesmodel.errors import listed
from bayesmodel.messages import _, language, number, speaking
from bayesmodel.study import Label


class RemarkKind(StrEnum):
    """What a remark is about."""

    MOSTLY_UNKNOWN = "mostly_unknown"
    ALIKE = "alike"
    MOSTLY_HIDDEN = "mostly_hidden"
    SAME_NAME = "same_name"
    JOIN_GAP = "join_gap"
    OWN_OUTCOME = "own_outcome"
    IDENTIFIER = "identifier"
    POPULATION = "population"
    CODED = "coded"
    HIDDEN_UNLIKELY = "hidden_unlikely"
    NOT_DELIVERED = "not_delivered"
    DEPENDENT = "dependent"
    ZEROS_SHOWN = "zeros_shown"
    SPELLING = "spelling"
    STRADDLING = "straddling"
    MIXED_UNITS = "mixed_units"
    YEAR = "year"
    PROVISIONAL = "provisional"
    LABEL = "label"
    IDLE_LEVEL = "idle_level"
    FEW_GROUPS = "few_groups"
    REST_GROUP = "rest_group"
    UNPLACED = "unplaced"
    TOTAL_BELOW = "total_below"
    TOTAL_OF_OTHERS = "total_of_others"
    FILLED_IN = "filled_in"
    ROUND = "round"
    SUM_OF_OTHERS = "sum_of_others"
    ODD_SHARE = "odd_share"
    HEAP = "heap"
    HIDING_LIMIT = "hiding_limit"
    COUNT_IS_POPULATION = "count_is_population"
    NO_COUNTS = "no_counts"
    SORTED = "sorted"
    COPIED = "copied"
    NEARLY_CONSTANT = "nearly_constant"
    IMPOSSIBLE_SHARE = "impossible_share"
    ROUNDED_POPULATION = "rounded_population"
    NO_AREA = "no_area"
    POLYGONS = "polygons"
    AGES = "ages"


@dataclass(frozen=True)
class Remark:
    """Something in the input that is worth a look.

    Parameters
    ----------
    kind : RemarkKind
        What it is about.
    where : str
        The column or the key of the study.
    text : Label
        One or more full sentences: what was seen, why it matters, what to do.
    areas : tuple of str
        Codes of the areas (or groups) that show it; five are named, all are counted.
    """

    kind: RemarkKind
    where: str
    text: Label
    areas: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = self.text[language()]
        if not self.areas:
            return text
        return text + " " + _("In {number}: {areas}.").format(number=number(len(self.areas)), areas=listed(self.areas))

    def plain(self) -> dict[str, Any]:
        """Return the remark as plain JSON values; `remark_from` reads it back."""
        return {
            "kind": str(self.kind),
            "where": self.where,
            "text": self.text.model_dump(),
            "areas": list(self.areas),
        }


def remark(kind: RemarkKind, where: str, say: Callable[[], str], areas: Iterable[object] = ()) -> Remark:
    """Make a remark in both languages.

    Parameters
    ----------
    kind : RemarkKind
    where : str
        The column or the key of the study.
    say : callable
        Returns the sentence in the current language.
    areas : iterable
        Codes of the areas that show it.

    Returns
    -------
    Remark

    Examples
    --------
    >>> print(remark(RemarkKind.ALIKE, "rent", lambda: "Rent is income.", ["WK000300"]))
    Rent is income. In 1: WK000300.
    """
    message = {}
    for spoken in ("nl", "en"):
        with speaking(spoken):
            message[spoken] = say()
    return Remark(kind, where, Label(**message), tuple(map(str, areas)))


def remark_from(values: Mapping[str, Any]) -> Remark:
    """Return the remark that `Remark.plain` wrote.

    Examples
    --------
    >>> made = remark(RemarkKind.ALIKE, "rent", lambda: "as income")
    >>> remark_from(made.plain()) == made
    True
    """
    return Remark(RemarkKind(values["kind"]), values["where"], Label(**values["text"]), tuple(values["areas"]))
