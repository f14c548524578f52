"""Suppression of counts that were not yet: small counts become hidden ones before anything is made of them.

A study may read exact small counts, such as a gemeente's own microdata. They are then published here as a statistical
office would publish them, by a rule in which small counts and those that protect them have symbols of their own. What
comes after, from the model to the last file, is made of the published table alone: nothing can leak that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.codes import COUNTRY
from bayesmodel.data.complementary import Cells, Complementary, complementary
from bayesmodel.data.publication import PublishedCells, highest_hidden, lowest_hidden, published_cells
from bayesmodel.messages import _, number, plural
from bayesmodel.study import Study
from bayesmodel.study.parts import Publication
from bayesmodel.study.published_parts import Bounds

if TYPE_CHECKING:
    from bayesmodel.data.counts import Counts


@dataclass(frozen=True)
class Suppression:
    """What was hidden of the input, without a single count of it.

    Parameters
    ----------
    limit : int
        Counts below it were hidden.
    small : tuple of str
        Codes of the areas whose count is small.
    protects : mapping of str to (str, str)
        Of each area whose count was hidden to protect another: level and group of the total by which a small count
        would follow.
    totals : tuple of (str, str)
        Level and group of the totals that must stay unknown: they are hidden where the input has them, and are to be
        published nowhere.
    """

    limit: int
    small: tuple[str, ...]
    protects: Mapping[str, tuple[str, str]]
    totals: tuple[tuple[str, str], ...]

    def plain(self) -> dict[str, Any]:
        """Return it as plain values, for a file; `suppression_from` gives it back."""
        return asdict(self)


def suppression_from(plain: Mapping[str, Any] | None) -> Suppression | None:
    """Return what `Suppression.plain` gave; None of nothing.

    Examples
    --------
    >>> made = Suppression(10, ("WK000301",), {"WK000302": ("gemeente", "GM0003")}, ())
    >>> suppression_from(made.plain()) == made
    True
    """
    if plain is None:
        return None
    protects = {code: (level, group) for code, (level, group) in plain["protects"].items()}
    totals = tuple((level, group) for level, group in plain["totals"])
    return Suppression(int(plain["limit"]), tuple(plain["small"]), protects, totals)


def shows_small_counts(study: Study) -> bool:
    """Whether the publication rule of a study lets exact counts below its limit of disclosure be shown.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> shows_small_counts(example_study(areas=60, gemeenten=8, regions=2))
    False
    """
    rule = study.publication
    return rule.rounded_to == 1 and rule.hidden_below < study.disclosure.limit_of(rule)


def small_counts(areas: AreaTable) -> NDArray[np.bool_]:
    """Return which areas show an exact count below the limit of their study (area,)."""
    if not shows_small_counts(areas.study):
        return np.zeros(len(areas), dtype=bool)
    rule = areas.study.publication
    return _cells(areas, published_cells(areas.published, rule, areas.without_count)).small


def suppress(areas: AreaTable) -> AreaTable:
    """Return the areas with small counts hidden, and as many others and totals as it takes that none follows.

    Parameters
    ----------
    areas : AreaTable
        With sound counts, as published or as they are.

    Returns
    -------
    AreaTable
        The same where no count is small, or where the study says that it is not to be protected. Otherwise it is of a
        study whose publication rule says how the counts were hidden, what else was read of them is left out, and
        ``suppression`` says what was done.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmodel import Study, read_areas
    >>> frame = pd.DataFrame({"wijk": ["WK000301", "WK000302"], "jeugdhulp": [4, 61], "jongeren": [80, 410]})
    >>> columns = {"count": "jeugdhulp", "population": "jongeren", "area": "wijk"}
    >>> study = Study.from_dataframe(frame, **columns, year=2023, settings={"disclosure": {"insiders": False}})
    >>> suppress(read_areas(study)).published.tolist()
    ['<10', '>=10']
    """
    study = areas.study
    small = small_counts(areas)
    if not (study.disclosure.protect and small.any()):
        return areas
    cells = published_cells(areas.published, study.publication, areas.without_count)
    found = _others(areas, _cells(areas, cells))
    rule = _rule(study)
    hidden, protecting = rule.hidden_symbols[-1], rule.secondary_symbols[-1]
    published = pd.Series(_numbers(cells).astype(str), areas.codes, name="published", dtype=object)
    published = published.where(cells.number | cells.zero, areas.published)
    published[small] = hidden
    published.iloc[list(found.protects)] = protecting
    codes = areas.codes.astype(str)
    made = Suppression(
        limit=rule.hidden_below,
        small=tuple(codes[small]),
        protects={str(codes[row]): total for row, total in found.protects.items()},
        totals=found.totals,
    )
    return replace(
        areas,
        study=study.without_dataframe().model_copy(update={"publication": rule, "bounds": Bounds()}),
        published=published.astype(str),
        totals=_totals(areas, made, rule),
        figures=pd.DataFrame(index=areas.codes),
        notes=(*areas.notes, *suppression_notes(made, areas)),
        suppression=made,
    )


def exposed(counts: Counts) -> int:
    """Return how many small counts are in the model as they are, as the study does not protect them."""
    return 0 if counts.areas.suppression is not None else int(small_counts(counts.areas).sum())


def shown_windows(counts: Counts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what results show that each count can be at least and at most (area,).

    A hidden count that follows exactly from what else is published keeps the window of the rule that hides it: results
    do not publish what its publisher does not.
    """
    rule, people, setting = counts.study.publication, counts.population, counts.study.disclosure
    single = (counts.status == HIDDEN) & (counts.lower == counts.upper) & setting.protect
    lower = np.where(single, np.minimum(lowest_hidden(rule), people), counts.lower)
    return lower, np.where(single, np.minimum(max(highest_hidden(rule), 0), people), counts.upper)


def suppression_notes(made: Suppression, areas: AreaTable) -> tuple[str, ...]:
    """Return what was hidden and why, in sentences for who holds the data."""
    small = _("{small} below {limit} were in the data: they are hidden from the model and from all results.")
    notes = [small.format(small=plural("{count} count", "{count} counts", len(made.small)), limit=number(made.limit))]
    if made.protects:
        others = _("{others} more are hidden, as small ones would follow from totals: {codes}.")
        codes = ", ".join(f"{code} ({group})" for code, (_level, group) in list(made.protects.items())[:SHOWN])
        more = ", ..." if len(made.protects) > SHOWN else ""
        notes.append(others.format(others=number(len(made.protects)), codes=f"{codes}{more}"))
    if made.totals:
        totals = _("Publish no total of {groups}: with what is shown a small count would follow from it.")
        groups = ", ".join(group for _level, group in made.totals[:SHOWN])
        notes.append(totals.format(groups=groups + (", ..." if len(made.totals) > SHOWN else "")))
    if areas.study.bounds != Bounds():
        notes.append(_("[bounds] is not used: what is counted in parts would tell small counts."))
    return tuple(notes)


HIDDEN = "suppressed"
"""Status of a count that is hidden because it is small."""
SHOWN = 8
"""Codes that a note spells out; all of them are in provenance.json."""


def _numbers(cells: PublishedCells) -> NDArray[np.int64]:
    """Return the counts of cells that hold one, symbols of zero among them."""
    return np.where(cells.zero, 0, cells.numbers)


def _cells(areas: AreaTable, cells: PublishedCells) -> Cells:
    """Return the counts that the holder of the data knows and that the rule may hide."""
    setting, rule, value = areas.study.disclosure, areas.study.publication, _numbers(cells)
    known = (cells.number | cells.zero) & (value >= rule.hidden_from)
    people = areas.population.to_numpy(dtype=np.int64)
    return Cells(value, people, known, setting.limit_of(rule), rule.hidden_from, setting.insiders)


def _others(areas: AreaTable, cells: Cells) -> Complementary:
    """Return what else is hidden: nothing where no total is public."""
    if not areas.study.disclosure.public_totals:
        return Complementary({}, ())
    nested = nested_levels(areas.study)
    tree = areas.levels[list(nested)].assign(**{COUNTRY: COUNTRY})
    return complementary(cells, tree, areas.levels.drop(columns=list(nested)))


def nested_levels(study: Study) -> tuple[str, ...]:
    """Return the longest row of levels that each lie in the next, the finest first.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> nested_levels(example_study(areas=60, gemeenten=8, regions=2))
    ('gemeente', 'jeugdzorgregio')
    """
    parents = {level.name: level.within for level in study.levels}

    def upwards(name: str) -> tuple[str, ...]:
        within = parents[name]
        return (name, *(upwards(within) if within is not None else ()))

    return max(map(upwards, parents), key=len, default=())


def _rule(study: Study) -> Publication:
    """Return the rule by which the counts are published from now on."""
    before, limit = study.publication, study.disclosure.limit_of(study.publication)
    taken = {*before.hidden_symbols, *before.missing_symbols, *before.secondary_symbols}

    def free(symbol: str) -> str:
        return free(symbol + "*") if symbol in taken else symbol

    return Publication(
        hidden_below=limit,
        hidden_from=before.hidden_from,
        hidden_symbols=(*before.hidden_symbols, free(f"<{limit}")),
        missing_symbols=before.missing_symbols,
        secondary_symbols=(*before.secondary_symbols, free(f">={limit}")),
        secondary_from=0 if before.secondary_symbols else limit,
    )


def _totals(areas: AreaTable, made: Suppression, rule: Publication) -> pd.DataFrame:
    """Return the totals of groups with those hidden that must be, and nothing exact of areas that are left out."""
    totals = areas.totals.copy()
    if totals.empty:
        return totals
    cells = published_cells(totals["published"].astype(str), areas.study.publication)
    number = cells.number | cells.zero
    shown = totals["published"].astype(object).where(~number, _numbers(cells).astype(str))
    withheld = [pair in set(made.totals) for pair in zip(totals["level"], totals["group"], strict=True)]
    shown = shown.where(~(number & np.array(withheld)), rule.secondary_symbols[-1])
    shown = shown.where(~(number & (_numbers(cells) < rule.hidden_below)), rule.hidden_symbols[-1])
    some = totals["aside_population"] > 0
    most = totals["aside_population"].where(some, totals["aside_upper"])
    return totals.assign(published=shown, aside_lower=totals["aside_lower"].where(~some, 0), aside_upper=most)
