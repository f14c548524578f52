"""Parts of a study: what else is published of its counts (subtotals, percentages, totals), and partial deliveries."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bayesmodel.messages import _
from bayesmodel.study.parts import Name, Part, Positive


class Subtotals(Part):
    """Columns with parts of the count, such as its ages, published by the same rule as the count.

    Parts add up to the count. With `overlap` true a person may be in several of them, as in forms of care: then no part
    is larger than the count, and together they are at least the count.
    """

    columns: Annotated[tuple[str, ...], Field(min_length=2)]
    overlap: bool = False

    @model_validator(mode="after")
    def _different(self) -> Subtotals:
        if len(set(self.columns)) < len(self.columns):
            raise ValueError(_("subtotals name different columns"))
        return self


class Percentage(Part):
    """A column with the count as a percentage, which bounds it where it is computed from the count as it is.

    With `per` 1000 it is a number per thousand; `decimals` is how many it is published with. `of` is the column of the
    people that it is a percentage of, the population when left out; `of_rounded_to` 5 says that their number is off by
    less than 5, as it is rounded at random. Nothing is used of a percentage unless `of_unrounded_counts` is true: one
    that is computed from rounded counts tells no more than the count.
    """

    column: str
    of: str | None = None
    per: Positive = 100.0
    decimals: Annotated[int, Field(ge=0, le=6)] = 1
    of_rounded_to: Annotated[int, Field(ge=1, le=1000)] = 1
    of_unrounded_counts: bool = False


class Bounds(Part):
    """What else is published of the same counts: each narrows what a hidden or rounded count can be, and none guesses.

    With `totals` the areas of a group are together at most its total: those whose address is not known are in none. A
    cell that no count fits is an error, which names what contradicts what.
    """

    subtotals: tuple[Subtotals, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    totals: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of published figures, each once."""
        parts = [name for each in self.subtotals for name in each.columns]
        return tuple(dict.fromkeys([*parts, *(each.column for each in self.percentages)]))


class Delivery(Part):
    """Groups of a level whose registration is known to be incomplete.

    Counts of `none` were not delivered: whatever their cells hold, they are predicted. Those of `partial` are too low;
    they are predicted as well, or taken as published where `read_partial_as` says so. Tables and sentences name both.
    """

    level: Name = "gemeente"
    none: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    read_partial_as: Literal["missing", "published"] = "missing"

    @model_validator(mode="after")
    def _one_of_two(self) -> Delivery:
        both = sorted(set(self.none) & set(self.partial))
        if both:
            said = _("delivered in part or not at all, not both: {codes}")
            raise ValueError(said.format(codes=", ".join(both)))
        return self
