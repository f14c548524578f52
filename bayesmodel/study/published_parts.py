"""Parts of a study: what else is published of its counts, partial deliveries, and what results may not disclose."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bayesmodel.messages import _
from bayesmodel.study.parts import Name, Part, Positive, Publication, Share


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


USUAL_LIMIT = 10
"""Counts below this are not published where a study says nothing: the rule of the study of 2017."""


class Disclosure(Part):
    """What results may not disclose, where the input shows small counts, such as a gemeente's own microdata.

    A count that is shown and is below `limit` (`hidden_below` where that is given, else 10) is replaced by all it can
    be, 0 to `limit` - 1, before the model sees it; and so are others, from `limit` up to everyone, as many as it takes
    that no small count follows from totals. With `public_totals` the total of every group of the levels, and of all
    areas together, counts as known to the reader; with `insiders` the reader may also know the count of one hidden area
    in each of those totals, as its school or team does. A hidden count of which one value would be given more
    probability than `most_certain` is spread over its other values until none is.

    With `protect` false small counts enter the model and the results as they are, and every file says that it is not
    for publication.
    """

    protect: bool = True
    limit: Annotated[int, Field(ge=2, le=1_000_000)] | None = Field(
        default=None, description="publication.hidden_below, or 10 where that is 0, when left out"
    )
    public_totals: bool = True
    insiders: bool = True
    most_certain: Share = 0.9

    def limit_of(self, publication: Publication) -> int:
        """Return the smallest count that may be shown.

        Examples
        --------
        >>> Disclosure().limit_of(Publication(hidden_below=0)), Disclosure().limit_of(Publication(hidden_below=8))
        (10, 8)
        """
        return self.limit if self.limit is not None else publication.hidden_below or USUAL_LIMIT
