"""A study of a DataFrame: what `study.toml` says of a file, said in Python of a table in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bayesmodel.errors import Fault, StudyError, raise_faults, suggest
from bayesmodel.messages import _
from bayesmodel.study.schema import Study
from bayesmodel.study.toml_file import study_from

if TYPE_CHECKING:
    import pandas as pd

AREA_OF_PREFIX = {"WK": "wijk", "BU": "buurt", "GM": "gemeente"}
YEAR_COLUMNS = ("year", "jaar")


def study_from_dataframe(
    frame: pd.DataFrame,
    *,
    count: str,
    population: str,
    area: str,
    year: int | None = None,
    levels: Sequence[str] = (),
    determinants: Sequence[str] = (),
    hidden_below: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> Study:
    """Make a study of a DataFrame with one row per area; see `Study.from_dataframe`."""
    levels, determinants = ([each] if isinstance(each, str) else list(each) for each in (levels, determinants))
    named = {
        "count": [count],
        "population": [population],
        "area": [area],
        "levels": levels,
        "determinants": determinants,
    }
    _refuse_twice({"levels": levels, "determinants": determinants}, settings or {})
    cells = frame.reset_index(drop=frame.index.names == [None])
    known = [str(name) for name in cells.columns]
    faults = [
        Fault(
            key,
            _("{name}, which is no column of the table").format(name=name),
            _("a column"),
            suggest(name, known).strip(),
        )
        for key, names in named.items()
        for name in names
        if name not in known
    ]
    raise_faults(StudyError, _("The study"), faults)
    kind = _kind(cells[area])
    found = year if year is not None else _only_year(cells)
    if found is None:
        advice = _("Say it: Study.from_dataframe(..., year=2021).")
        raise StudyError(_("The study"), [Fault("outcome.year", _("nothing"), _("the year of the counts"), advice)])
    values: dict[str, Any] = {
        "name": "dataframe",
        "area": kind or _as_name(area),
        "outcome": {
            "count": {"nl": count, "en": count},
            "population": {"nl": population, "en": population},
            "year": found,
            "vintage": found,
        },
        "tables": [{"path": "DataFrame", "format": "dataframe", "key": area, "code": kind or "text"}],
        "columns": {"area": area, "count": count, "population": population},
        "levels": _levels(cells, levels),
        "determinants": [{"column": name} for name in determinants],
        "publication": {"hidden_below": hidden_below},
    }
    study = study_from(_merged(values, settings or {}))
    return study.with_dataframe(frame)


def _refuse_twice(said: Mapping[str, Sequence[str]], settings: Mapping[str, Any]) -> None:
    """Refuse lists that are given as an argument and in the settings: one would replace the other."""
    faults = [
        Fault(
            f"settings.{key}",
            _("what the argument {key} says too").format(key=key),
            _("one of both"),
            _("Leave the argument out, and list all {key} in settings.").format(key=key),
        )
        for key, names in said.items()
        if names and key in settings
    ]
    raise_faults(StudyError, _("The study"), faults)


def _kind(codes: pd.Series) -> str | None:
    """Return what most codes are codes of, by how they are written."""
    begins = codes.astype(str).str.strip().str.upper().str.extract(r"^(WK|BU|GM)[0-9]+$")[0]
    return AREA_OF_PREFIX[begins.mode().iloc[0]] if begins.notna().mean() > 1 / 2 else None


def _only_year(cells: pd.DataFrame) -> int | None:
    """Return the year in a column of that name, where it holds one."""
    for name in cells.columns:
        if str(name).lower() in YEAR_COLUMNS and cells[name].dropna().nunique() == 1:  # noqa: PD101 (NaN is no value)
            found = re.fullmatch(r"((?:19|20)[0-9]{2})(?:\.0)?", str(cells[name].dropna().iloc[0]))
            return int(found[1]) if found else None
    return None


def _levels(cells: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the levels, each within the next where all of its groups lie in one group of that."""
    levels = [{"name": _as_name(column), "column": column} for column in columns]
    for first, second in pairwise(columns):
        sizes = cells[first].nunique(), cells[second].nunique()
        if 1 < sizes[0] < sizes[1] and cells.groupby(second)[first].nunique().le(1).all():
            found = _("{outer} before {inner}, which lies within it").format(outer=first, inner=second)
            advice = _('Write levels = ["{inner}", "{outer}"].').format(inner=second, outer=first)
            raise StudyError(_("The study"), [Fault("levels[0]", found, _("the finest level first"), advice)])
    for inner, outer in pairwise(levels):
        if cells.groupby(inner["column"])[outer["column"]].nunique().le(1).all():
            inner["within"] = outer["name"]
    return levels


def _as_name(column: str) -> str:
    """Write the name of a column as a study names things: lower case letters, digits and _."""
    name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
    return name if name[:1].isalpha() else f"area_{name}".strip("_")


def _merged(values: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested values with others laid over them."""
    merged = dict(values)
    for key, value in more.items():
        inner = merged.get(key)
        merged[key] = _merged(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return merged
