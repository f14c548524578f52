"""Determinants: read as numbers, and checked for what no model can use."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.transforms import domain_faults
from bayesmodel.errors import Fault
from bayesmodel.io.cbs_columns import lost_decimals
from bayesmodel.io.numbers import numbers_in
from bayesmodel.messages import _, number, plural
from bayesmodel.study import Study
from bayesmodel.study.parts import Determinant, HiddenShare

Floats = NDArray[np.float64]


def determinants_in(frame: pd.DataFrame, levels: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the determinants of a study.

    Parameters
    ----------
    frame : DataFrame of str
        The joined tables, indexed by the code of the area.
    levels : DataFrame of str
        Group of each area, one column per level, on the same index.
    study : Study
        Says which columns are determinants, and which symbols mean not known.

    Returns
    -------
    tuple of DataFrame of float and list of Fault
        Raw values (NaN where not known), one column per determinant; all faults.
    """
    values, faults = {}, []
    for determinant in study.determinants:
        numbers, found = _values(frame, determinant)
        values[determinant.column] = numbers
        faults += found or _faults_of(pd.Series(numbers, index=frame.index), levels, determinant)
    table = pd.DataFrame(values, index=frame.index, columns=list(study.determinant_names), dtype=float)
    return table, [*faults, *_twin_faults(table)]


MORE = 1.1
"""Times the whole that a part may be: both are rounded, each on its own."""
OFTEN = 0.05
"""Share of the areas in which it may be more: in tiny ones 10 of 5 are rounded so."""


def _values(frame: pd.DataFrame, determinant: Determinant) -> tuple[Floats, list[Fault]]:
    """Read a determinant as numbers; as the percentage of another column where it is a share of that."""
    part, found = _numbers(frame[determinant.column], determinant)
    if determinant.share_of is None:
        return part, found
    whole, found_too = _numbers(frame[determinant.share_of], determinant)
    more = pd.Series(part, index=frame.index)[part > MORE * np.where(whole > 0, whole, np.inf)]
    if len(more) > OFTEN * np.isfinite(part).sum():
        said = _("more than {whole}, which it is a share of").format(whole=determinant.share_of)
        advice = _("Look whether share_of is the column that it is a part of.")
        found += [Fault(determinant.column, said, _("a part of it"), advice, list(more.index))]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(whole > 0, 100 * part / whole, np.nan)
    return np.minimum(share, 100.0), [*found, *found_too]


def _numbers(cells: pd.Series, determinant: Determinant) -> tuple[Floats, list[Fault]]:
    """Read cells as numbers, refused where the decimals were lost."""
    lost = lost_decimals(str(cells.name), cells)
    if lost:
        advice = _(
            "A decimal comma was lost before the file came here, and 10 may be 10 or 1.0: that cannot be seen. Take "
            "the table from its source again (bayesmodel fetch, or CSV from StatLine), and open it as text."
        )
        return np.full(len(cells), np.nan), [Fault(str(cells.name), lost, _("numbers with their decimals"), advice)]
    return numbers_in(cells, determinant.missing_symbols)


def highest_of(
    frame: pd.DataFrame, values: pd.DataFrame, population: pd.Series, study: Study
) -> tuple[pd.DataFrame | None, list[Fault]]:
    """Return what hidden shares can be at most: of a count below the limit, over the number it is a share of.

    Parameters
    ----------
    frame : DataFrame of str
        The joined tables, indexed by the code of the area.
    values : DataFrame of float
        Raw values of the determinants, NaN where not known.
    population : Series of int
        People of each area.
    study : Study
        Says which determinants are hidden where they count few, and of what they are a share.

    Returns
    -------
    tuple of DataFrame of float, or None where no determinant is hidden, and list of Fault
        Infinite where a value is known, or where there is nothing to say how high it can be. Faults: a column that
        holds no numbers, and shares that are published although by the rule they would be hidden.
    """
    hidden = [(part.column, part.hidden, part.hidden.of or part.share_of) for part in study.determinants if part.hidden]
    if not hidden:
        return None, []
    highest, faults = pd.DataFrame(np.inf, index=values.index, columns=values.columns), list[Fault]()
    for column, rule, of in hidden:
        whole: Floats = population.to_numpy(float)
        if of is not None:
            whole, found = numbers_in(frame[of], (".",))
            faults += found
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.where(whole > 0, rule.per * np.minimum((rule.below - 1) / whole, 1.0), np.inf)
        gaps = values[column].isna()
        highest[column] = np.where(gaps, most, np.inf)
        faults += _rule_faults(column, values[column], whole, rule)
    return highest, faults


SEEN = 0.1
"""Published shares that may count fewer than the limit, by rounding, for each that is hidden."""


def _rule_faults(column: str, values: pd.Series, whole: Floats, rule: HiddenShare) -> list[Fault]:
    """Find a rule that the publisher does not keep: what is hidden because it is small cannot be published as well."""
    counted = values.to_numpy() * whole / rule.per
    under = (counted > 0) & (counted < rule.below - 1)
    if under.sum() <= SEEN * values.isna().sum():
        return []
    found = _("{number} published shares that count fewer than {below}").format(
        number=number(int(under.sum())), below=rule.below
    )
    advice = _("Set `below` and `of` to what the publisher says, or take [determinants.hidden] out.")
    rows = list(values.index[under])
    return [Fault(column, found, _("shares that count fewer hidden"), advice, rows)]


def filled_within_levels(values: pd.DataFrame, levels: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, list[str]]:
    """Give every area of a group the group's own value of a determinant that is measured per group.

    Parameters
    ----------
    values : DataFrame of float
        Raw values, NaN where not known, one column per determinant.
    levels : DataFrame of str
        Group of each area, one column per level, on the same index.
    study : Study
        Says at which level a determinant is measured.

    Returns
    -------
    tuple of DataFrame and list of str
        The values, and a note on each determinant of which values were taken over from the other areas of the group.
    """
    notes, filled = list[str](), values.copy()
    for part in study.determinants:
        if part.level is None or part.column not in values or part.level not in levels:
            continue
        own = values[part.column]
        groups = own.groupby(levels[part.level])
        # a column that varies within a group is a fault, and is left as it is
        known = groups.transform("first").where(groups.transform("nunique") == 1)
        taken = own.isna() & known.notna()
        if taken.any():
            filled[part.column] = own.fillna(known)
            said = _("{column}: {values} taken over from the other areas of the {level}.")
            values_taken = plural("{count} empty value", "{count} empty values", int(taken.sum()))
            notes.append(said.format(column=part.column, values=values_taken, level=part.level))
    return filled, notes


def _faults_of(values: pd.Series, levels: pd.DataFrame, determinant: Determinant) -> list[Fault]:
    """Find a determinant that says nothing, that its transformation cannot take, or that varies within its level."""
    known = values.dropna()
    if known.nunique() < 2:
        found = (
            _("one value everywhere ({value})").format(value=number(known.iloc[0], "g"))
            if len(known)
            else _("no value anywhere")
        )
        advice = _("It cannot explain differences: take it out of [[determinants]].")
        return [Fault(determinant.column, found, _("values that differ between areas"), advice)]
    faults = domain_faults(values, determinant)
    if determinant.level is not None:
        differing = known.groupby(levels.loc[known.index, determinant.level]).nunique()
        groups = differing.index[differing > 1].tolist()
        if groups:
            found = _("more than one value within a {level}").format(level=determinant.level)
            advice = _('Correct the table, or take level = "{level}" out if it is a trait of the area.').format(
                level=determinant.level
            )
            faults.append(
                Fault(
                    determinant.column,
                    found,
                    _("one value per {level}").format(level=determinant.level),
                    advice,
                    groups,
                )
            )
    return faults


def _twin_faults(table: pd.DataFrame) -> list[Fault]:
    """Find determinants that are the same in every area."""
    varying = [str(column) for column in table if table[column].nunique() > 1]  # noqa: PD101 (NaN is no value)
    return [
        Fault(
            second,
            _("the same values as {first}").format(first=first),
            _("determinants that differ"),
            _("Keep one of the two."),
        )
        for first, second in combinations(varying, 2)
        if table[first].equals(table[second])
    ]
