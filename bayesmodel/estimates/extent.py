"""Extent: what areas are called together, so that a mean and a picture say of where they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.counts import Counts
from bayesmodel.study import Label


def extent_of(counts: Counts, rows: NDArray[np.int64]) -> str:
    """Return the name of the group that areas make up together; empty where they are no whole group of a level.

    Parameters
    ----------
    counts : Counts
    rows : ndarray of int (row,)
        The areas, each once.

    Examples
    --------
    >>> import numpy as np
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> extent_of(counts, np.array([3, 4, 5])), extent_of(counts, np.array([3, 4]))
    ('Gemeente 0002', '')
    """
    areas = counts.areas
    for level in counts.study.level_names:
        codes = areas.levels[level]
        own = list(codes.iloc[rows].unique())
        if len(own) == 1 and not pd.isna(own[0]) and int((codes == own[0]).sum()) == len(rows):
            return str(areas.level_labels[level].get(own[0], own[0]))
    return ""


def mean_label(counts: Counts) -> Label:
    """Return what the mean over all people of a study is called: after what the study covers, and no more.

    A study of one gemeente or region has the mean of that; only of the invented country it is known that it is whole.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> mean_label(invented_fit().counts).en, mean_label(invented_fit(areas=3).counts).en
    ('country mean', 'mean of Gemeente 0001')
    """
    one = extent_of(counts, np.arange(len(counts)))
    if one:
        return Label(nl=f"gemiddelde van {one}", en=f"mean of {one}")
    if counts.study.example is not None:
        return Label(nl="landelijk gemiddelde", en="country mean")
    return Label(nl="gemiddelde van het onderzoeksgebied", en="mean of the study area")
