"""How the publisher hides and rounds, as far as the counts tell: multiples, symbols, the smallest count shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bayesmodel.data.delivery import undelivered
from bayesmodel.data.odd_cells import is_broken
from bayesmodel.data.publication import lowest_shown
from bayesmodel.data.publication_evidence import PublishedNumbers
from bayesmodel.data.remarks.coded import coded_counts
from bayesmodel.data.remarks.heaps import other_rule
from bayesmodel.data.remarks.proportions import MIN_FOUND, MIN_RATIO
from bayesmodel.errors import listed
from bayesmodel.messages import _, language, number, plural
from bayesmodel.scaffold.roles import QUESTION, Roles
from bayesmodel.sources.known_tables import PublishedAs
from bayesmodel.study.parts import Publication

USUAL_LIMITS = (5, 10)
VARIATION = (0.005, 0.3)
"""Bounds of the variation between areas around the share of all of them, over the mean squared."""
ENOUGH = 12
"""Counts from which the share of all tells what is expected in one area."""
MANY = 30
"""Expected counts from which zero is none by chance."""
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
    hidden : tuple of str
        Symbols that mean hidden, also where it is asked which others do.
    """

    rule: Mapping[str, object]
    evidence: Mapping[str, str]
    hidden: tuple[str, ...] = ()


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
    rule, evidence = dict[str, object](), dict[str, str]()
    to = _rounded_to(shown[shown > 0])
    rule["rounded_to"] = to
    evidence["rounded_to"] = (
        _("all {number} counts shown are multiples of {to}").format(number=number(len(shown)), to=to)
        if to > 1
        else _("the counts shown have no multiple in common")
    )
    hidden = _propose_symbols(symbols, cells, numbers, population, rule, evidence)
    _propose_limit(shown, symbols, to, rule, evidence)
    _ask_about_codes(shown, rule, evidence)
    _ask_about_heap(cells, numbers, population, rule, evidence)
    _ask_about_zeros(numbers, population, rule, evidence)
    _ask_about_high(numbers, population, rule, evidence)
    return PublicationProposal(rule, evidence, tuple(hidden))


SECRET = frozenset({"", "."})
"""What CBS shows for a secret count, and for others that it does not show."""


def with_known_rule(proposed: PublicationProposal, cells: pd.Series, known: PublishedAs) -> PublicationProposal:
    """Return a proposal with what the publisher says of its rule, where the counts do not contradict it.

    Parameters
    ----------
    proposed : PublicationProposal
        By what the counts show.
    cells : Series of str
        The counts as published.
    known : PublishedAs
        The rule, and who says so.

    Returns
    -------
    PublicationProposal
    """
    numbers = pd.to_numeric(cells, errors="coerce").dropna()
    smallest = lowest_shown(Publication.model_validate(known.rule))
    shown = numbers[numbers > 0]
    if (numbers % known.rounded_to != 0).any() or (smallest is not None and (shown < smallest).any()):
        return proposed
    source = known.source[language()]
    evidence = {
        key: f"{source}; {proposed.evidence[key]}" if key in proposed.evidence else source for key in known.rule
    }
    if proposed.rule.get("hidden_below") == QUESTION:
        evidence["hidden_below"] = source
    rule = {**proposed.rule, **known.rule}
    symbols = set(cells[pd.to_numeric(cells, errors="coerce").isna()])
    if rule.get("hidden_symbols") == QUESTION and known.hidden_below and symbols <= SECRET:
        rule["hidden_symbols"], rule["missing_symbols"] = sorted(symbols), []
        read = _("read as secret; some may be unreliable or not delivered, and check-data says where that shows")
        evidence["hidden_symbols"] = f"{proposed.evidence['hidden_symbols'].split(':')[0]}: {read}"
        evidence["missing_symbols"] = ""
    if known.hidden_below == 0:
        rule.pop("hidden_from", None)
    if known.hidden_below == 0 and rule.get("hidden_symbols") == [""]:
        evidence["hidden_symbols"] = ""
        rule["hidden_symbols"], rule["missing_symbols"] = [], [""]
        evidence["missing_symbols"] = _("{symbols}: not known, not hidden").format(symbols=_("empty"))
    return replace(proposed, rule=rule, evidence={**proposed.evidence, **evidence})


def without_delivery(larger: pd.DataFrame, count: str, people: Sequence[str], roles: Roles) -> dict[str, str]:
    """Return the gemeenten that delivered nothing, as their own row tells, by code with their names.

    Parameters
    ----------
    larger : DataFrame of str
        Rows of larger areas, indexed by code.
    count : str
        Column of the counts.
    people : sequence of str
        Columns whose sum is the number of people.
    roles : Roles
        Of the joined tables.

    Returns
    -------
    dict of str to str
    """
    if count not in larger:
        return {}
    rows = larger[larger.index.astype(str).str.fullmatch(r"GM\d{4}")]
    parts = [pd.to_numeric(rows[name], errors="coerce") for name in people if name in rows]
    held = pd.concat(parts, axis=1).sum(axis=1, min_count=len(people)) if parts else pd.Series(np.nan, rows.index)
    name = next((roles.found[role] for role in ("area_name", "gemeente_name") if roles.found.get(role) in larger), None)
    absent = rows.loc[undelivered(rows[count], held)]
    return {str(code): "" if name is None else str(absent.loc[code, name]) for code in absent.index}


def _ask_about_codes(shown: pd.Series, rule: dict[str, object], evidence: dict[str, str]) -> None:
    """Ask about a count that occurs far more often than those around it: it may stand for hidden or missing."""
    limit = rule["hidden_below"]
    smallest = int(shown[shown > 0].min()) if isinstance(limit, int) and limit and (shown > 0).any() else None
    odd = coded_counts(shown.to_numpy(), smallest)
    if not odd:
        return
    said = "; ".join(f"{value} {why}" for value, why in odd.items())
    rule["hidden_symbols"] = rule["missing_symbols"] = QUESTION
    before = f"{evidence['hidden_symbols']} " if evidence.get("hidden_symbols") else ""
    evidence["hidden_symbols"] = before + _("{said}: is it a code for hidden or missing counts?").format(said=said)


def _ask_about_heap(
    cells: pd.Series, numbers: pd.Series, population: pd.Series, rule: dict[str, object], evidence: dict[str, str]
) -> None:
    """Ask about another limit, or counts shown as the limit, where the small counts point to it."""
    limit, symbols = rule["hidden_below"], rule["hidden_symbols"]
    if not isinstance(limit, int) or not limit or not isinstance(symbols, list):
        return
    hidden = cells.isin(symbols) & (population > 0)
    known = numbers.notna() & (population > 0)
    values = {key: rule[key] for key in ("hidden_below", "hidden_from", "rounded_to") if key in rule}
    own = Publication.model_validate(values)
    found_numbers = PublishedNumbers.of(int(hidden.sum()), numbers[known].to_numpy(dtype=np.int64))
    share = numbers[known].sum() / max(population[known].sum(), 1)
    mean = population[known] * share
    excess = ((numbers[known] - mean) ** 2 - mean).sum() / max((mean**2).sum(), 1e-9)
    size = float(1 / np.clip(excess, *VARIATION))
    found = other_rule((population[hidden | known] * share).to_numpy(dtype=float), size, found_numbers, own)
    if found is None:
        return
    key = "raised_from" if found.rule.raised_from else "hidden_below"
    rule[key] = QUESTION
    asked = _("{seen} Is it so that {meant}? Then write {value}; look what the publisher says")
    if key == "raised_from":
        asked += " " + _("(0 where no count is shown as another)")
    evidence[key] = asked.format(seen=found.seen(), meant=found.meant(), value=getattr(found.rule, key))


def _ask_about_zeros(
    numbers: pd.Series, population: pd.Series, rule: dict[str, object], evidence: dict[str, str]
) -> None:
    """Ask about zeros in areas where many are expected: they may stand for not known."""
    known = numbers.notna() & (population > 0)
    expected = population[known & (numbers == 0)] * (numbers[known].sum() / max(population[known].sum(), 1))
    if known.sum() < ENOUGH or not (expected >= MANY).any():
        return
    said = plural(
        "{count} zero stands where {{many}} or more are expected: is it a code for not known?",
        "{count} zeros stand where {{many}} or more are expected: are they a code for not known?",
        int((expected >= MANY).sum()),
    )
    rule["missing_symbols"] = QUESTION
    evidence["missing_symbols"] = said.format(many=MANY)


def _ask_about_high(
    numbers: pd.Series, population: pd.Series, rule: dict[str, object], evidence: dict[str, str]
) -> None:
    """Ask about a count that stands in several areas where far fewer are expected: 888 for not known."""
    known = numbers.notna() & (population > 0)
    expected = population * (numbers[known].sum() / max(population[known].sum(), 1))
    high = numbers[known & (numbers >= MIN_FOUND) & (numbers >= MIN_RATIO * expected)]
    if known.sum() < ENOUGH or high.empty:
        return
    value = int(high.mode().iloc[0])
    if (high == value).sum() < max(2, len(high) / 2):
        return  # several that are high by themselves
    said = _("{value} stands in {times} areas where a quarter or less is expected: is it a code for not known?")
    rule["missing_symbols"] = QUESTION
    evidence["missing_symbols"] = said.format(value=value, times=number(int((high == value).sum())))


def _rounded_to(shown: pd.Series) -> int:
    """Return the multiple that all counts are of."""
    return next((to for to in (10, 5) if len(shown) >= 4 and (shown % to == 0).all()), 1)


def _propose_symbols(
    symbols: pd.Series,
    cells: pd.Series,
    numbers: pd.Series,
    population: pd.Series,
    rule: dict[str, object],
    evidence: dict[str, str],
) -> list[str]:
    """Say of each symbol whether it is hidden or missing, and ask where that cannot be seen; return the hidden ones."""
    hidden = [str(symbol) for symbol in symbols.index if HIDDEN.fullmatch(str(symbol))]
    missing = [str(symbol) for symbol in symbols.index if MISSING.fullmatch(str(symbol))]
    unclear = [str(symbol) for symbol in symbols.index if str(symbol) not in {*hidden, *missing}]
    doubtful = [symbol for symbol in hidden if "<" not in symbol]
    if unclear == [""] and not hidden:
        doubtful, hidden, unclear = [""], [""], []
    small, said = _are_small(cells.isin(doubtful), numbers, population)
    if hidden and doubtful and not small:
        (missing if small is False and doubtful == [""] else unclear).extend(doubtful)
        hidden = [symbol for symbol in hidden if symbol not in doubtful]
    if hidden:
        evidence["hidden_symbols"] = f"{_counted(symbols, hidden)}, {said}" if doubtful else _counted(symbols, hidden)
    if missing:
        evidence["missing_symbols"] = _("{symbols}: not known, not hidden").format(symbols=_counted(symbols, missing))
    rule["hidden_symbols"], rule["missing_symbols"] = hidden, missing
    if unclear:
        rule["hidden_symbols"] = rule["missing_symbols"] = QUESTION
        asked = (
            _("which of them are hidden counts, beside {hidden}?") if hidden else _("which of them are hidden counts?")
        )
        said = _are_small(cells.isin(unclear), numbers, population)[1]
        shown = listed([repr(symbol) for symbol in hidden])
        evidence["hidden_symbols"] = f"{_counted(symbols, unclear)}, {said}: {asked.format(hidden=shown)}"
        broken = [repr(symbol) for symbol in unclear if is_broken(symbol)]
        if broken:
            mend = _("{cells} is no symbol, but an error, a formula or a date: mend the table")
            evidence["hidden_symbols"] = f"{mend.format(cells=listed(broken))}. {evidence['hidden_symbols']}"
        evidence["missing_symbols"] = _("symbols that say nothing of the count (not delivered); [] for none")
    return hidden


def _are_small(cells: pd.Series, numbers: pd.Series, population: pd.Series) -> tuple[bool | None, str]:
    """Whether areas with a symbol are those where few are expected: True all but, False hardly any, None in between."""
    known = numbers.notna() & (population > 0)
    if cells.any() and not population[cells].notna().any():
        return None, _("and without a population nothing tells whether few are expected there")
    share = numbers[known].sum() / max(population[known].sum(), 1)
    expected = population[cells & (population > 0)] * share
    few = float((expected < FEW).mean()) if len(expected) else 1.0
    shown = number(few if few in (0, 1) else min(max(few, 0.01), 0.99), ".0%")  # 100 % is all of them
    said = _("{share} of them in areas where fewer than {few} are expected").format(share=shown, few=FEW)
    return (True if few >= 0.9 else False if few <= 0.1 else None), said


def _propose_limit(
    shown: pd.Series, symbols: pd.Series, to: int, rule: dict[str, object], evidence: dict[str, str]
) -> None:
    """Propose below which count is hidden."""
    stated = {int(found[1]) for symbol in symbols.index if (found := HIDDEN.fullmatch(str(symbol))) and found[1]}
    positive = shown[shown > 0]
    smallest = int(positive.min()) if len(positive) else 0
    seen = (
        _("the smallest count shown is {number}").format(number=number(smallest))
        if smallest
        else _("no count is shown")
    )
    usual = [limit for limit in USUAL_LIMITS if limit <= smallest < 2 * limit]
    if len(stated) == 1:
        rule["hidden_below"] = stated.pop()
        evidence["hidden_below"] = _("the symbol says so; {seen}").format(seen=seen)
    elif rule["hidden_symbols"] == []:
        rule["hidden_below"] = 0
        evidence["hidden_below"] = _("no symbol of hidden counts; {seen}").format(seen=seen)
    elif to == 5 and smallest == 10:
        rule["hidden_below"] = 8
        evidence["hidden_below"] = _(
            "{seen}, which stands for 8 to 12 when rounded: 0 to 7 are hidden, as CBS does"
        ).format(seen=seen)
    elif to == 1 and usual:
        rule["hidden_below"] = usual[-1]
        evidence["hidden_below"] = _("{seen}, and {limit} is a usual limit").format(seen=seen, limit=usual[-1])
    else:
        rule["hidden_below"] = QUESTION
        evidence["hidden_below"] = _("below which count does the publisher hide? {seen}").format(
            seen=f"{seen[0].upper()}{seen[1:]}"
        )
    if (shown == 0).any() and rule["hidden_below"] != 0:
        rule["hidden_from"] = 1
        evidence["hidden_from"] = plural(
            "{count} zero is shown, so that a hidden count is at least 1",
            "{count} zeros are shown, so that a hidden count is at least 1",
            int((shown == 0).sum()),
        )


def _counted(symbols: pd.Series, named: list[str]) -> str:
    """Name symbols with how often they occur."""
    return ", ".join(
        (repr(symbol) if symbol else _("empty")) + " " + plural("{count} time", "{count} times", int(symbols[symbol]))
        for symbol in named
    )
