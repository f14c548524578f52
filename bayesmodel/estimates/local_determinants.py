"""Determinants that are known of some areas only: read from a table of a region, checked, and standardised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from bayesmodel.data import Counts
from bayesmodel.data.codes import normalise_codes, upper_codes
from bayesmodel.data.remarks.determinants_in_disguise import ALIKE, published_outcome
from bayesmodel.data.remarks.disguise import Disguise, disguise_of
from bayesmodel.data.transforms import transformed
from bayesmodel.data.validation import code_faults, code_kind
from bayesmodel.errors import ArgumentError, DataError, Fault, UnknownNameError, raise_faults
from bayesmodel.estimates.groups import Grouping, groups_of
from bayesmodel.estimates.linear_predictor import Floats, Indices
from bayesmodel.inference.fit import Fit
from bayesmodel.io.determinants import determinants_in
from bayesmodel.io.table import read_table, table_of_dataframe
from bayesmodel.io.text_table import TextTable
from bayesmodel.messages import _, number, plural
from bayesmodel.study.parts import Determinant, TableForm

EXAMPLE = '["waiting_list"]'
"""Of determinants as they are given."""
EACH = 3
"""Areas with a count that every determinant needs at the least."""


@dataclass(frozen=True, eq=False)
class LocalDeterminants:
    """Determinants of some areas of a fit.

    Parameters
    ----------
    parts : tuple of Determinant
    rows : ndarray of int64 (area,)
        Indices of the areas that have a value of each of them.
    raw : DataFrame of float
        Their values by code, in the units of the table.
    z : ndarray (area, determinant)
        Transformed and standardised over these areas, weighted as the study says.
    centre, scale : ndarray (determinant,)
        What was subtracted and divided by, on the transformed scale.
    left_out : DataFrame
        Codes that were read and are not used: index of codes, column ``reason``.
    remarks : tuple of str
        What may not be meant, in the language of messages.
    """

    parts: tuple[Determinant, ...]
    rows: Indices
    raw: pd.DataFrame
    z: Floats
    centre: Floats
    scale: Floats
    left_out: pd.DataFrame
    remarks: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the determinants."""
        return tuple(part.column for part in self.parts)


def local_determinants(
    fit: Fit,
    table: pd.DataFrame | str | Path,
    determinants: Sequence[str | Determinant],
    areas: Grouping = None,
    code: str | None = None,
    form: TableForm | None = None,
) -> LocalDeterminants:
    """Read determinants of some areas and check them against a fit; the parameters are those of `explain_locally`."""
    parts = _parts_of(determinants)
    name = Path(table).name if isinstance(table, str | Path) else _("the table")
    text = read_table(table, form=form) if isinstance(table, str | Path) else table_of_dataframe(table, name, form)
    _check_columns(text, parts, name)
    column = _code_column(fit.counts, text, name, code)
    known, cells = fit.counts.areas.codes, text.frame[column]
    if text.lines:
        cells = cells.set_axis(list(text.lines))
    kind = code_kind(pd.Series(known), "text", fit.study.area)
    codes = normalise_codes(cells, kind) if kind else upper_codes(cells)
    subject = _("The table of local determinants, {name},").format(name=name)
    inside = codes.isin(known)
    faults = list(code_faults(codes[inside | (codes == "")], None, fit.study.area))
    frame = text.frame.set_axis(pd.Index(codes, name=fit.study.area))[inside.to_numpy()]
    frame = frame[~frame.index.duplicated()]
    local = fit.study.model_copy(update={"determinants": parts, "blocks": ()})
    levels = fit.counts.areas.levels.reindex(frame.index)
    raw, found = determinants_in(frame, levels, local) if len(frame) else (pd.DataFrame(), [])
    raise_faults(DataError, subject, [*faults, *found])
    raw, left_out = _usable(fit, raw, codes[~inside & (codes != "")], areas)
    rows = np.asarray(known.get_indexer(raw.index), dtype=np.int64)
    z, centre, scale = _standardised(fit, raw, rows, parts)
    counts = _subset(fit.counts, rows, raw)
    found, remarks = _sense(counts, raw)
    found += _too_few(fit, rows, raw, scale)
    raise_faults(DataError, subject, found)
    remarks += _known_nationally(fit, rows, z, raw)
    return LocalDeterminants(parts, rows, raw, z / scale, centre, scale, left_out, tuple(remarks))


def _parts_of(determinants: Sequence[str | Determinant]) -> tuple[Determinant, ...]:
    """Return determinants as parts of a study."""
    if isinstance(determinants, str) or not determinants:
        expected = _("Local determinants are a list of one column or more, such as {example}.")
        raise ArgumentError(expected.format(example=EXAMPLE))
    parts = [Determinant(column=each) if isinstance(each, str) else each for each in determinants]
    if any(part.curved for part in parts):
        raise ArgumentError(_("Local determinants are not curved: leave out curved = true."))
    return tuple({part.column: part for part in parts}.values())


def _check_columns(text: TextTable, parts: tuple[Determinant, ...], name: str) -> None:
    """Refuse determinants without a column, and columns whose numbers have two readings."""
    known = list(map(str, text.frame))
    wanted = [each for part in parts for each in (part.column, part.share_of) if each is not None]
    unknown = [column for column in wanted if column not in known]
    if unknown:
        raise UnknownNameError(_("column of {name}").format(name=name), unknown[0], known)
    raise_faults(DataError, name, [text.doubts[column] for column in wanted if column in text.doubts])


def _code_column(counts: Counts, text: TextTable, name: str, code: str | None) -> str:
    """Return the column of codes: the one that is named, or the one in which most codes of the fit are found."""
    if code is not None and code not in text.frame:
        raise UnknownNameError(_("column"), code, list(map(str, text.frame)))
    kind, known = code_kind(pd.Series(counts.areas.codes), "text", counts.study.area), counts.areas.codes
    found = {
        str(column): int((normalise_codes(cells, kind) if kind else upper_codes(cells)).isin(known).sum())
        for column, cells in text.frame.items()
        if code is None or column == code
    }
    best = max(found, key=lambda column: found[column], default="")
    if not found.get(best):
        expected = _("a column with codes such as {codes}").format(codes=", ".join(map(str, known[:2])))
        advice = _("Codes are those of the boundaries of {year}.").format(year=counts.study.outcome.vintage)
        fault = Fault(code or name, _("only cells that are no code of an area of the fit"), expected, advice)
        raise DataError(_("The table of local determinants, {name},").format(name=name), [fault])
    return best


def _usable(fit: Fit, raw: pd.DataFrame, unknown: pd.Series, areas: Grouping) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the values of areas that have them all, and why other codes are not used."""
    chosen = groups_of(fit.counts, fit.study.area if areas is None else areas).rows
    known = fit.counts.areas.codes
    wanted, people = set(known[chosen]), dict(zip(known, fit.counts.population, strict=True))
    reasons = dict.fromkeys(map(str, unknown), _("not in the fit"))
    for code, values in zip(map(str, raw.index), raw.to_numpy(), strict=True):
        gaps = [str(column) for column, value in zip(raw, values, strict=True) if np.isnan(value)]
        if code not in wanted:
            reasons[code] = _("not in the areas that were named")
        elif gaps:
            reasons[code] = _("no value of {columns}").format(columns=", ".join(gaps))
        elif not people[code]:
            reasons[code] = _("nobody lives there")
    left_out = pd.DataFrame({"reason": reasons}, dtype=object).rename_axis(fit.study.area)
    return raw[~raw.index.isin(left_out.index)], left_out


def _standardised(
    fit: Fit, raw: pd.DataFrame, rows: Indices, parts: tuple[Determinant, ...]
) -> tuple[Floats, Floats, Floats]:
    """Return centred values, and centre and scale, over the areas that are used, weighted as the study says."""
    columns = [transformed(raw[part.column].to_numpy(float), part.transform) for part in parts if len(raw)]
    values = np.column_stack(columns) if columns else np.zeros((0, len(parts)))
    by_people = fit.study.model.standardise == "population"
    weights = fit.counts.population[rows].astype(float) if by_people else np.ones(len(rows))
    if not len(rows):
        return values, np.zeros(len(parts)), np.zeros(len(parts))
    centre = np.average(values, axis=0, weights=weights)
    scale = np.sqrt(np.average((values - centre) ** 2, axis=0, weights=weights))
    return values - centre, centre, scale


def _subset(counts: Counts, rows: Indices, raw: pd.DataFrame) -> Counts:
    """Return the counts of some areas, with other determinants."""
    areas = counts.areas
    some = replace(
        areas,
        names=areas.names.iloc[rows],
        levels=areas.levels.iloc[rows],
        published=areas.published.iloc[rows],
        population=areas.population.iloc[rows],
        determinants=raw,
    )
    weights = None if counts.weights is None else counts.weights[rows]
    return Counts(some, counts.lower[rows], counts.upper[rows], counts.status[rows], weights=weights)


def _sense(counts: Counts, raw: pd.DataFrame) -> tuple[list[Fault], list[str]]:
    """Return determinants that are the outcome itself, and remarks on those that may be something else."""
    faults, remarks, published = list[Fault](), list[str](), published_outcome(counts)
    for column, values in raw.items():
        found = disguise_of(values.to_numpy(dtype=float), published, str(column)) if len(raw) else None
        if found is not None and found[0] is Disguise.OUTCOME:
            what = _("the outcome itself: {why}").format(why=found[1])
            advice = _("It explains the counts by themselves: leave it out.")
            faults.append(Fault(str(column), what, _("a trait that is not made of the count"), advice))
        elif found is not None:
            remarks.append(_("Look whether {column} is a determinant: {why}.").format(column=column, why=found[1]))
    return faults, remarks


def _too_few(fit: Fit, rows: Indices, raw: pd.DataFrame, scale: Floats) -> list[Fault]:
    """Find too few areas with a count for so many determinants, and determinants that do not vary among them."""
    told = int(np.isin(rows, fit.counts.informative).sum())
    needed = EACH * raw.shape[1]
    area = fit.study.areas_label
    if told < needed:
        found = plural(
            "{count} area with a value of each and a count", "{count} areas with a value of each and a count", told
        )
        expected = _("at least {count}: {each} for each determinant").format(count=number(needed), each=EACH)
        advice = _("Give fewer determinants, or look why codes were left out.")
        return [Fault(", ".join(map(str, raw)) or area.en, found, expected, advice)]
    return [
        Fault(
            str(column),
            _("one value in all areas that are used"),
            _("values that differ between areas"),
            _("It cannot explain differences: leave it out."),
        )
        for column, sd in zip(raw, scale, strict=True)
        if not sd > 1e-12
    ]


def _known_nationally(fit: Fit, rows: Indices, z: Floats, raw: pd.DataFrame) -> list[str]:
    """Return remarks on determinants that tell nearly the same as one of the national model."""
    remarks = []
    for column, values in zip(raw, z.T, strict=True):
        for name, other in zip(fit.study.determinant_names, fit.design.linear.x[rows].T, strict=True):
            size = abs(float(np.corrcoef(values, other)[0, 1])) if np.ptp(other) > 0 else 0.0
            if size >= ALIKE:
                said = _(
                    "{column} tells nearly the same as {name} of the national model (correlation {size}): what it adds "
                    "is how these areas differ from the country in it."
                )
                remarks.append(said.format(column=column, name=name, size=number(size, ".2f")))
    return remarks
