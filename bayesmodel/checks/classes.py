"""Classes of areas, by population or by a trait such as urbanity, for reporting checks by class."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts, Status
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.messages import LANGUAGES, Language, _, language, number
from bayesmodel.study import Label

LIMITS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Populations at which size classes may be separated."""
ENOUGH = 40
"""Fewest areas in a class: with fewer, coverage is not known to within five points."""
PARTS = 4
"""Number of classes of a numeric trait, with as equal numbers of areas as ties allow."""

UNDER = Label(nl="{areas} met minder dan {high} {people}", en="{areas} with fewer than {high} {people}")
FROM = Label(nl="{areas} met ten minste {low} {people}", en="{areas} with at least {low} {people}")
BETWEEN = Label(nl="{areas} met {low} tot {high} {people}", en="{areas} with {low} to {high} {people}")
ALL = Label(nl="alle {areas}", en="all {areas}")
TRAIT = Label(nl="{trait}: {low} tot en met {high}", en="{trait}: {low} to {high}")
UNNAMED = Label(nl="waarde", en="value")
VALUE = Label(nl="{trait}: {value}", en="{trait}: {value}")


@dataclass(frozen=True, eq=False)
class Classes:
    """Areas divided into classes.

    Parameters
    ----------
    labels : tuple of Label
        One per class, for readers.
    codes : ndarray of int64 (area,)
        The class of each area; -1 for none.
    """

    labels: tuple[Label, ...]
    codes: NDArray[np.int64]

    def names(self, language: Language) -> list[str]:
        """Return the names of the classes in a language."""
        return [label[language] for label in self.labels]

    def with_all(self, all_areas: Label) -> list[tuple[Label, NDArray[np.bool_]]]:
        """Return all areas as a class, followed by each class with its areas (area,), if there are several."""
        every = (all_areas, np.ones(len(self.codes), dtype=bool))
        parts = self.labels if len(self.labels) > 1 else ()
        return [every, *((label, self.codes == code) for code, label in enumerate(parts))]


def size_classes(counts: Counts) -> Classes:
    """Classify areas by population, at round numbers, with enough areas whose count is shown in each class.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    Classes

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> size_classes(invented_fit(areas=320).counts).names("en")[0]
    'wijken with fewer than 500 young people'
    """
    people, shown = counts.population, counts.observed & (counts.status != Status.SUPPRESSED)
    edges, first = list[int](), 0
    for limit in LIMITS:
        if (shown & (people >= first) & (people < limit)).sum() >= ENOUGH:
            if (shown & (people >= limit)).sum() < ENOUGH:
                break
            edges.append(limit)
            first = limit
    bounds: list[int | None] = [0, *edges, None]
    labels = [_size_label(counts, low or 0, high) for low, high in pairwise(bounds)]
    return Classes(tuple(labels), np.searchsorted(edges, people, side="right").astype(np.int64))


def trait_classes(counts: Counts, trait: str | pd.Series) -> Classes:
    """Classify areas by a trait: into four classes of a number, or one class per value if there are few values.

    Parameters
    ----------
    counts : Counts
    trait : str or Series
        A determinant of the study, or values by area code, such as urbanity.

    Returns
    -------
    Classes
        Areas whose trait is unknown are in no class.

    Raises
    ------
    UnknownNameError
        The study has no such determinant.
    ComparisonError
        No area has a value, or there are more than eight and some are no numbers.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> urban = pd.Series(["city", "village"] * 4, counts.areas.codes, name="urbanity")
    >>> trait_classes(counts, urban).names("en")
    ['urbanity: city', 'urbanity: village']
    """
    known, called = counts.study.determinant_names, None
    if isinstance(trait, str):
        if trait not in known:
            raise UnknownNameError(_("determinant"), trait, known)
        called = counts.study.determinants[known.index(trait)].label
        trait = counts.areas.determinants[trait]
    values = trait.reindex(counts.areas.codes)
    name = called or (UNNAMED if trait.name is None else Label(**dict.fromkeys(LANGUAGES, str(trait.name))))
    if values.isna().all():
        message = _("Classes by {name}: no area has a value. Give a Series by the codes of the areas, such as {code}.")
        raise ComparisonError(message.format(name=name[language()], code=counts.areas.codes[0]))
    if values.nunique() <= 2 * PARTS:
        codes, found = pd.factorize(values, sort=True)
        labels = [
            Label(**{who: VALUE[who].format(trait=name[who], value=value) for who in LANGUAGES}) for value in found
        ]
        return Classes(tuple(labels), codes.astype(np.int64))
    numbers = pd.to_numeric(values, errors="coerce")
    if (numbers.isna() & values.notna()).any():
        message = _("Classes by {name}: found {number} texts; expected numbers, or at most {most} different values.")
        raise ComparisonError(message.format(name=name[language()], number=number(values.nunique()), most=2 * PARTS))
    cut = pd.qcut(numbers.astype(float), PARTS, labels=False, duplicates="drop")
    codes = cut.fillna(-1).to_numpy(dtype=np.int64)
    labels = [_trait_label(name, values.to_numpy(dtype=float)[codes == code]) for code in range(codes.max() + 1)]
    return Classes(tuple(labels), codes)


def all_label(counts: Counts) -> Label:
    """Return the label for all areas."""
    areas = counts.study.areas_label
    return Label(nl=ALL.nl.format(areas=areas.nl), en=ALL.en.format(areas=areas.en))


def _size_label(counts: Counts, low: int, high: int | None) -> Label:
    """Return the label of areas between two populations; 0 and None mean no bound."""
    areas, people = counts.study.areas_label, counts.study.outcome.population
    form = FROM if high is None else BETWEEN if low else UNDER
    if high is None and not low:
        return all_label(counts)
    texts = {
        reader: form[reader].format(
            areas=areas[reader],
            people=people[reader],
            low=number(low, ",", reader),
            high=number(high or 0, ",", reader),
        )
        for reader in LANGUAGES
    }
    return Label(**texts)


def _trait_label(name: Label, values: NDArray[np.float64]) -> Label:
    """Return what areas with such values of a trait are called."""
    low, high = (float(end) for end in (values.min(), values.max()))
    forms = [",.0f" if abs(end) >= 100 else ",.3g" for end in (low, high)]
    texts = {
        reader: TRAIT[reader].format(
            trait=name[reader], low=number(low, forms[0], reader), high=number(high, forms[1], reader)
        )
        for reader in LANGUAGES
    }
    return Label(**texts)
