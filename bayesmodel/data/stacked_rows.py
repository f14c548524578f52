"""Counts of the same areas stacked into one table of rows, of several years or outcomes, with the areas as a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.codes import no_totals
from bayesmodel.data.counts import Counts
from bayesmodel.study import Study
from bayesmodel.study.parts import Level

Indices = NDArray[np.int64]


def stack_rows(
    parts: Sequence[Counts], keys: Sequence[str], identities: Sequence[pd.Series], dim: str, *, determinants: bool
) -> Counts:
    """Return the counts of all parts as one, by the study of the last.

    Parameters
    ----------
    parts : sequence of Counts
        With the same levels.
    keys : sequence of str
        Of the parts; a row is called after its area and its part.
    identities : sequence of Series of str
        What each area of a part is in all of them, by its code.
    dim : str
        What the parts are: rows are called ``<area>_<dim>``, and ``<area>`` is a level of the areas of all parts.
    determinants : bool
        Whether all parts have the same determinants; else the rows have none.

    Returns
    -------
    Counts

    Examples
    --------
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> same = pd.Series(counts.areas.codes.astype(str), counts.areas.codes)
    >>> rows = stack_rows([counts, counts], ["a", "b"], [same, same], "outcome", determinants=False)
    >>> len(rows), rows.study.level_names
    (120, ('wijk', 'gemeente', 'jeugdzorgregio'))
    """
    last = parts[-1].study
    row = f"{last.area}_{dim}"
    codes = [f"{code} {key}" for counts, key in zip(parts, keys, strict=True) for code in counts.areas.codes]
    index = pd.Index(codes, name=row)
    tables = [counts.areas for counts in parts]

    def stacked(part: Callable[[AreaTable], Any]) -> Any:
        return pd.concat([part(table) for table in tables]).set_axis(index, axis=0)

    levels = stacked(lambda table: table.levels)
    levels.insert(0, last.area, np.concatenate([each.to_numpy() for each in identities]))
    changed: dict[str, Any] = {
        "area": row,
        "levels": (_area_level(last, levels), *last.levels),
        "model": last.model.model_copy(update={"area_effect": "normal"}),
    }
    known, highest = pd.DataFrame(index=index), None
    if determinants:
        known = stacked(lambda table: table.determinants)
        if any(table.highest is not None for table in tables):
            highest = stacked(lambda table: table.determinants * np.nan if table.highest is None else table.highest)
            highest = highest.fillna(np.inf)
    else:
        changed["determinants"] = ()
    study = last.model_copy(update=changed)
    labels = {
        level: pd.concat([table.level_labels[level] for table in reversed(tables)]).pipe(
            lambda joined: joined[~joined.index.duplicated()].sort_index()
        )
        for level in last.level_names
    }
    areas = replace(
        tables[-1],
        study=study,
        names=stacked(lambda table: table.names),
        levels=levels,
        level_labels=labels,
        published=stacked(lambda table: table.published),
        population=stacked(lambda table: table.population),
        determinants=known,
        highest=highest,
        figures=pd.DataFrame(index=index),
        without_count=frozenset(),
        remarks=(),
        notes=(),
        totals=no_totals(),
        suppression=None,
        neighbours=_neighbours(parts[-1], identities[-1], levels[last.area]),
    )
    lower, upper, status = (
        np.concatenate([getattr(counts, name) for counts in parts]) for name in ("lower", "upper", "status")
    )
    return Counts(areas, lower, upper, status, weights=_weights(parts))


def _neighbours(last: Counts, identities: pd.Series, of_rows: pd.Series) -> Indices | None:
    """Return pairs of areas of the last part that border on each other, by their index among those of all parts."""
    pairs = last.areas.neighbours
    if pairs is None:
        return None
    every = pd.Index(sorted(set(of_rows)))
    return np.asarray(every.get_indexer(pd.Index(identities)), dtype=np.int64)[pairs]


def _area_level(study: Study, levels: pd.DataFrame) -> Level:
    """Return the areas as a level, nested in the finest level that each of them stays in."""
    outer = set(study.effects_within.values())
    within = [name for name in study.effect_names if name not in outer]
    moves = {name: levels[[study.area, name]].drop_duplicates()[study.area].duplicated().any() for name in within}
    stays = [name for name in within if not moves[name]]
    return Level(name=study.area, column=study.area, within=stays[0] if stays else None)


def _weights(parts: Sequence[Counts]) -> NDArray[np.float64] | None:
    """Return the weights of counts in their windows, as wide as the widest table (row, width)."""
    width = max((0 if counts.weights is None else counts.weights.shape[1]) for counts in parts)
    if not width:
        return None
    found = [np.ones((len(counts), 0)) if counts.weights is None else counts.weights for counts in parts]
    return np.concatenate([np.pad(each, ((0, 0), (0, width - each.shape[1])), constant_values=1.0) for each in found])
