"""Faults in published counts: all of them, with the areas that show them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayesmodel.data.odd_cells import advice_on
from bayesmodel.data.publication import (
    Booleans,
    Integers,
    PublishedCells,
    highest_hidden,
    lowest_hidden,
    published_bounds,
    symbols_in_words,
)
from bayesmodel.data.validation import rows_of
from bayesmodel.errors import Fault
from bayesmodel.messages import _, number
from bayesmodel.study.parts import Publication

BASE, MIN_MULTIPLES = 5, 30
"""To which populations are rounded at random, and how many must be multiples of it to be taken as rounded."""


def count_faults(cells: PublishedCells, population: Integers, publication: Publication) -> list[Fault]:
    """Find all faults in published counts.

    Parameters
    ----------
    cells : PublishedCells
        The counts, their text named as the column they come from.
    population : ndarray of int64 (area,)
        People over whom is counted.
    publication : Publication
        How the publisher hides and rounds.

    Returns
    -------
    list of Fault
        Empty when all is well.
    """
    return [
        *text_faults(cells, publication),
        *number_faults(cells, population, publication),
        *symbol_faults(cells, population, publication),
    ]


def unseen_faults(cells: PublishedCells, population: Integers) -> list[Fault]:
    """Find a column in which no count is shown, from which nothing can be learned."""
    lived = population > 0
    symbols = cells.hidden | cells.missing | cells.zero | cells.secondary
    if not lived.any() or (cells.number & lived).any() or not symbols[lived].all():
        return []
    kinds = {_("hidden"): cells.hidden, _("missing"): cells.missing, _("a symbol of zero"): cells.zero}
    kinds |= {_("hidden to protect another"): cells.secondary}
    message = ", ".join(
        f"{number(int((rows & lived).sum()))} {kind}" for kind, rows in kinds.items() if (rows & lived).any()
    )
    advice = _("Check columns.count and the symbols in [publication]: the model learns from the counts that are shown.")
    return [
        Fault(
            str(cells.text.name),
            _("no count that is shown ({said})").format(said=message),
            _("some counts that are numbers"),
            advice,
        )
    ]


def text_faults(cells: PublishedCells, publication: Publication) -> list[Fault]:
    """Find cells that are neither a whole number nor a stated symbol."""
    unread = ~(cells.hidden | cells.missing | cells.zero | cells.secondary | cells.number)
    negative = unread & cells.text.str.fullmatch(r"-[0-9]+([.,][0-9]+)?").to_numpy(dtype=bool)
    decimal = unread & cells.text.str.fullmatch(r"[0-9]+[.,][0-9]+").to_numpy(dtype=bool)
    empty = (cells.text == "").to_numpy() & unread
    known = "; ".join(
        f"{name} {symbols_in_words(getattr(publication, name))}"
        for name in ("hidden_symbols", "missing_symbols", "zero_symbols", "secondary_symbols")
        if name != "secondary_symbols" or publication.secondary_symbols
    )
    expected = _("a whole number or a symbol that [publication] states ({known})").format(known=known)
    state = _("State in [publication] which symbol it is: nothing is guessed.")
    whole = _("Give counts, not shares, without a mark for thousands.")
    meaning = _(
        'An empty cell may be a hidden count or one that is not known. Say which: hidden_symbols = [""] or '
        'missing_symbols = [""] in [publication].'
    )
    other = unread & ~negative & ~decimal & ~empty
    advice = advice_on(cells.text[other], state, whole)
    return [
        *_faults(negative, cells.text, _("negative numbers"), expected, _("Correct them. {state}").format(state=state)),
        *_faults(decimal, cells.text, _("numbers with decimals"), _("whole numbers"), whole),
        *_faults(empty, cells.text, _("empty cells"), expected, meaning),
        *_faults(other, cells.text, _("text that is no known symbol"), expected, advice),
    ]


def number_faults(cells: PublishedCells, population: Integers, publication: Publication) -> list[Fault]:
    """Find numbers that the publication rule or the population does not allow."""
    lower, upper = published_bounds(cells.numbers, publication)
    # a published 0 where nobody lives discloses nothing and breaks no rule
    shown = cells.number & ((population > 0) | (cells.numbers > 0))
    odd = shown & (cells.numbers % publication.rounded_to != 0)
    disclosed = shown & ~odd & (lower > upper)
    above = shown & ~odd & ~disclosed & (lower > population)
    multiples = _("multiples of {rounded_to}").format(rounded_to=publication.rounded_to)
    limit = _("no number from {lowest} to {highest}, by hidden_from, hidden_below and hidden_when").format(
        lowest=lowest_hidden(publication), highest=highest_hidden(publication)
    )
    zeros = _("Check [publication]; where zeros are shown and only small counts hidden, state hidden_from = 1.")
    agree = _("Check that count and population are of the same year, boundaries and ages.")
    if len(population) >= MIN_MULTIPLES and (population % BASE == 0).all():
        rounded = _("Populations rounded at random can be too low where few live: leave such areas out.")
        agree = f"{agree} {rounded}"
    of = _("{count} of {people}")
    message = [of.format(count=cell, people=people) for cell, people in zip(cells.text, population, strict=True)]
    of_people = pd.Series(message, cells.text.index, dtype=str, name=str(cells.text.name))
    return [
        *_faults(
            odd, cells.text, _("numbers that are no multiple"), multiples, _("Check rounded_to in [publication].")
        ),
        *_faults(disclosed, cells.text, _("numbers that the rule hides"), limit, zeros),
        *_faults(above, of_people, _("counts above the population"), _("at most the population"), agree),
    ]


def symbol_faults(cells: PublishedCells, population: Integers, publication: Publication) -> list[Fault]:
    """Find symbols that cannot mean what the study states."""
    highest, to = highest_hidden(publication), publication.rounded_to
    unhidden = cells.hidden & (highest < 0) & (population > 0)
    rounds_to_zero = int(published_bounds(np.zeros(1, dtype=np.int64), publication)[1][0])
    ambiguous = cells.zero & (cells.text == "0").to_numpy() & (rounds_to_zero > max(highest, 0))
    few = cells.secondary & (population > 0) & (population < publication.secondary_from)
    of = _("{count} of {people}")
    message = [of.format(count=cell, people=people) for cell, people in zip(cells.text, population, strict=True)]
    of_people = pd.Series(message, cells.text.index, dtype=str, name=str(cells.text.name))
    least = _("secondary_from {least} people or more").format(least=publication.secondary_from)
    lower = _("Check secondary_from in [publication], or that count and population are of the same areas.")
    hide = _("State it in missing_symbols, or give hidden_below.")
    alone = _("'0' for zero alone, while rounding to {to} gives it to {rounds_to_zero} too").format(
        to=to, rounds_to_zero=rounds_to_zero
    )
    return [
        *_faults(unhidden, cells.text, _("a symbol of hidden"), _("none, as hidden_below = 0"), hide),
        *_faults(ambiguous, cells.text, _("'0' as a symbol of zero"), alone, _("Take '0' out of zero_symbols.")),
        *_faults(few, of_people, _("a count hidden to protect another, of too few people"), least, lower),
    ]


def _faults(rows: Booleans, cells: pd.Series, found: str, expected: str, advice: str) -> list[Fault]:
    """Return one fault for the rows that show it, or none."""
    return [Fault(str(cells.name), found, expected, advice, rows_of(cells[rows]))] if rows.any() else []
