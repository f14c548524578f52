"""How the publisher hides and rounds, as far as the counts tell: multiples, symbols, the smallest count shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmodel.sources.propose.roles import QUESTION

USUAL_LIMITS = (5, 10)
FEW = 20
"""An area where fewer than this are expected may well have a hidden count; twice the usual limit."""

HIDDEN = re.compile(r"\.|x|\*|geheim|hidden|secret|<\s*([0-9]+)", re.IGNORECASE)
MISSING = re.compile(r"n\.?b\.?|n\.?v\.?t\.?|onbekend|unknown|na|nan|-9+", re.IGNORECASE)


@dataclass(frozen=True)
class PublicationProposal:
    """Values for the keys of [publication], each with what it rests on.

    Parameters
    ----------
    rule : mapping of str to object
        Keys of [publication]; "?" where the data do not tell.
    evidence : mapping of str to str
        Per key: what was seen.
    """

    rule: Mapping[str, object]
    evidence: Mapping[str, str]


def propose_publication(cells: pd.Series, population: pd.Series) -> PublicationProposal:
    """Propose a publication rule from published counts.

    Parameters
    ----------
    cells : Series of str
        The counts as published.
    population : Series of float
        People over whom is counted, on the same index; NaN where not known.

    Returns
    -------
    PublicationProposal
        Values with their evidence; "?" where two readings are possible.

    Examples
    --------
    >>> cells = pd.Series([".", "10", "15", "40", "25"])
    >>> propose_publication(cells, pd.Series([50.0, 90, 150, 500, 300])).rule["rounded_to"]
    5
    """
    numbers = pd.to_numeric(cells, errors="coerce")
    numbers = numbers.where(numbers >= 0)
    shown = numbers.dropna().astype(np.int64)
    symbols = cells[numbers.isna()].value_counts()
    values, evidence = dict[str, object](), dict[str, str]()
    to = _rounded_to(shown[shown > 0])
    values["rounded_to"] = to
    evidence["rounded_to"] = (
        f"all {len(shown):,} counts shown are multiples of {to}"
        if to > 1
        else "the counts shown have no multiple in common"
    )
    _propose_symbols(symbols, cells, numbers, population, values, evidence)
    _propose_limit(shown, symbols, to, values, evidence)
    return PublicationProposal(values, evidence)


def _rounded_to(shown: pd.Series) -> int:
    """Return the multiple that all counts are of."""
    return next((to for to in (10, 5) if len(shown) >= 4 and (shown % to == 0).all()), 1)


def _propose_symbols(
    symbols: pd.Series,
    cells: pd.Series,
    numbers: pd.Series,
    population: pd.Series,
    values: dict[str, object],
    evidence: dict[str, str],
) -> None:
    """Say of each symbol whether it is hidden or missing, and ask where that cannot be seen."""
    hidden = [str(symbol) for symbol in symbols.index if HIDDEN.fullmatch(str(symbol))]
    missing = [str(symbol) for symbol in symbols.index if MISSING.fullmatch(str(symbol))]
    unclear = [str(symbol) for symbol in symbols.index if str(symbol) not in {*hidden, *missing}]
    if unclear == [""] and not hidden:
        small, said = _are_small(cells == "", numbers, population)
        (hidden if small else missing).append("") if small is not None else None
        unclear = [] if small is not None else unclear
        evidence["hidden_symbols"] = said
    elif hidden:
        evidence["hidden_symbols"] = f"{_counted(symbols, hidden)}: the usual signs of CBS for secret"
    values["hidden_symbols"], values["missing_symbols"] = hidden, missing
    if missing:
        evidence["missing_symbols"] = f"{_counted(symbols, missing)}: not known, not hidden"
    if unclear:
        for key in ("hidden_symbols", "missing_symbols"):
            values[key] = QUESTION
        evidence["hidden_symbols"] = f"{_counted(symbols, unclear)}: hidden, missing or zero? Known: {hidden or 'none'}"
        evidence["missing_symbols"] = "symbols that say nothing of the count (not delivered); [] for none"


def _are_small(empty: pd.Series, numbers: pd.Series, population: pd.Series) -> tuple[bool | None, str]:
    """Whether areas with an empty cell are those where few are expected: True hidden, False missing, None unclear."""
    known = numbers.notna() & (population > 0)
    share = numbers[known].sum() / max(population[known].sum(), 1)
    expected = population[empty & (population > 0)] * share
    few = float((expected < FEW).mean()) if len(expected) else 1.0
    said = f"{empty.sum():,} empty cells, {few:.0%} of them in areas where fewer than {FEW} are expected"
    if few >= 0.9:
        return True, f"{said}: hidden counts"
    return (False, f"{said}: not hidden") if few <= 0.1 else (None, said)


def _propose_limit(
    shown: pd.Series, symbols: pd.Series, to: int, values: dict[str, object], evidence: dict[str, str]
) -> None:
    """Propose below which count is hidden."""
    stated = {int(found[1]) for symbol in symbols.index if (found := HIDDEN.fullmatch(str(symbol))) and found[1]}
    positive = shown[shown > 0]
    smallest = int(positive.min()) if len(positive) else 0
    seen = f"the smallest count shown is {smallest:,}" if smallest else "no count is shown"
    usual = [limit for limit in USUAL_LIMITS if limit <= smallest < 2 * limit]
    if len(stated) == 1:
        values["hidden_below"] = stated.pop()
        evidence["hidden_below"] = f"the symbol says so; {seen}"
    elif values["hidden_symbols"] == []:
        values["hidden_below"] = 0
        evidence["hidden_below"] = f"no symbol of hidden counts; {seen}"
    elif to == 5 and smallest == 10:
        values["hidden_below"] = 8
        evidence["hidden_below"] = f"{seen}, which stands for 8 to 12 when rounded: 0 to 7 are hidden, as CBS does"
    elif to == 1 and usual:
        values["hidden_below"] = usual[-1]
        evidence["hidden_below"] = f"{seen}, and {usual[-1]} is a usual limit"
    else:
        values["hidden_below"] = QUESTION
        evidence["hidden_below"] = f"below which count does the publisher hide? {seen[0].upper()}{seen[1:]}"
    if (shown == 0).any() and values["hidden_below"] not in (0, QUESTION):
        values["zero_symbols"] = ["0"] if to == 1 else []
        evidence["zero_symbols"] = f"{(shown == 0).sum():,} zeros are shown"


def _counted(symbols: pd.Series, named: list[str]) -> str:
    """Name symbols with how often they occur."""
    return ", ".join(
        f"{symbol!r} {symbols[symbol]:,} times" if symbol else f"empty {symbols['']:,} times" for symbol in named
    )
