"""Which areas of a study border on each other: from its polygons, or from a csv file of pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.boundaries import neighbours_of, polygon_remarks, read_boundaries
from bayesmodel.boundaries.odd_polygons import shuffled_remarks
from bayesmodel.data.codes import normalise_codes
from bayesmodel.data.remark import Remark
from bayesmodel.errors import DataError, Fault, listed, suggest
from bayesmodel.io.table import read_table
from bayesmodel.messages import _, plural
from bayesmodel.study import Study
from bayesmodel.study.model_parts import Space

Indices = NDArray[np.int64]

COLUMNS = ("code", "neighbour")
"""Of a file of pairs."""


Polygons = Callable[[Study], Mapping[str, Any]]


class Found(NamedTuple):
    """Which areas border on each other.

    Parameters
    ----------
    pairs : ndarray of int (pair, 2), or None
        Rows of both areas, each pair once, in rising order; None in a study without effects of them.
    notes : tuple of str
        What was found, in a sentence.
    remarks : tuple of Remark
        What looks odd about it.
    """

    pairs: Indices | None = None
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


def neighbour_pairs(study: Study, codes: pd.Index, polygons: Polygons | None = None) -> Found:
    """Return the pairs of areas that border on each other, where the study has effects of these.

    Parameters
    ----------
    study : Study
    codes : Index of str
        The areas that are kept; others are no neighbours of any.
    polygons : callable, optional
        Gives the polygons of a study without a file of them.

    Returns
    -------
    Found

    Raises
    ------
    DataError
        The file cannot be read, lacks a column, or no two areas border on each other.

    Examples
    --------
    >>> from bayesmodel import example_study, read_areas
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> neighbour_pairs(study, read_areas(study).codes).pairs is None
    True
    """
    space = study.model.space
    if space is None:
        return Found()
    drawn, odd = codes, tuple[Remark, ...]()
    if space.neighbours is not None:
        first, second = _listed(study, space.neighbours, codes)
    else:
        first, second, drawn, odd = _bordering(study, space, codes, polygons)
    rows = np.stack([codes.get_indexer(first), codes.get_indexer(second)], axis=1)
    rows = np.sort(rows[(rows >= 0).all(axis=1) & (rows[:, 0] != rows[:, 1])], axis=1)
    pairs = np.unique(rows, axis=0).astype(np.int64).reshape(-1, 2)
    if not len(pairs):
        none = Fault("model.space", _("no two areas that border on each other"), _("pairs of neighbours"))
        raise DataError(_("The neighbours of study {name}").format(name=study.name), [none])
    if space.neighbours is not None:
        odd = tuple(shuffled_remarks(codes, pairs))
    without = [str(code) for code in codes.difference(drawn, sort=False)]
    alone = len(codes) - len(np.unique(pairs)) - len(without)
    of_pairs = plural("{count} pair of neighbours", "{count} pairs of neighbours", len(pairs))
    lonely = [
        *([plural("{count} area has no polygon", "{count} areas have no polygon", len(without))] if without else []),
        *([plural("{count} area has no neighbour", "{count} areas have no neighbour", alone)] if alone else []),
    ]
    if without:
        lonely[0] += f" ({listed(without)})"
    if not lonely:
        found = _("Space: {pairs}.")
    elif space.islands == "none":
        found = _("Space: {pairs}; {lonely}, and no effect of space.")
    else:
        found = _("Space: {pairs}; {lonely}; the effect of space there depends on no other area.")
    return Found(pairs, (found.format(pairs=of_pairs, lonely="; ".join(lonely)),), odd)


def _listed(study: Study, path: str, codes: pd.Index) -> tuple[pd.Index, pd.Index]:
    """Return the codes of both areas of each pair in a file."""
    frame = read_table(Path(study.folder, path)).frame
    columns = [str(name) for name in frame]
    faults = [
        Fault(
            path, _("no column {name}").format(name=name), _("the columns code and neighbour"), suggest(name, columns)
        )
        for name in COLUMNS
        if name not in frame
    ]
    if faults:
        raise DataError(_("The neighbours of study {name}").format(name=study.name), faults)
    kind = study.tables[0].code if study.tables else "wijk"
    first, second = (frame[name] if kind == "text" else normalise_codes(frame[name], kind) for name in COLUMNS)
    unknown = ~first.isin(codes) & ~second.isin(codes)
    if unknown.all():
        other = Fault(
            path,
            _("no pair of areas of this study, such as {code}").format(code=first.iloc[0] if len(first) else "-"),
            _("codes such as {code}").format(code=codes[0]),
        )
        raise DataError(_("The neighbours of study {name}").format(name=study.name), [other])
    return pd.Index(first), pd.Index(second)


def _bordering(
    study: Study, space: Space, codes: pd.Index, polygons: Polygons | None
) -> tuple[pd.Index, pd.Index, pd.Index, tuple[Remark, ...]]:
    """Return the codes of both areas of each pair that borders, of all with a polygon, and what is odd about these."""
    if (own := study.boundaries) is not None:
        path = Path(study.folder, own.path)
        found = read_boundaries(path, code=own.code, codes=codes, layer=own.layer, where=own.where)
    else:
        assert polygons is not None
        found = read_boundaries(polygons(study), codes=codes)
    found = found.of(codes)
    neighbours = neighbours_of(found, space.tolerance)
    first, second = neighbours.pairs.T
    odd = tuple(polygon_remarks(found, neighbours))
    return neighbours.codes[first], neighbours.codes[second], found.codes, odd
