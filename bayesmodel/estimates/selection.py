"""Selection: from codes and names to where they stand, with help where one does not exist."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.counts import Counts
from bayesmodel.estimates.places import called, places_called


def places(codes: str | Sequence[str] | None, names: pd.Series, kind: str) -> NDArray[np.int64]:
    """Return where codes or names stand in an index, in their order.

    Parameters
    ----------
    codes : str, sequence of str, or None
        One code or name, several, or all of them when None.
    names : Series of str
        The names there are, by code.
    kind : str
        What they are codes of, for the message.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    UnknownNameError
        A code is not in the index, nor a name; names near misses.
    AmbiguousNameError
        Several places have that name; lists them.

    Examples
    --------
    >>> import pandas as pd
    >>> names = pd.Series(["Noord", "Zuid", "Centrum"], ["WK000100", "WK000200", "WK000201"])
    >>> places(["WK000201", "noord"], names, "wijk").tolist()
    [2, 0]
    """
    if codes is None:
        return np.arange(len(names))
    wanted = [codes] if isinstance(codes, str) else list(codes)
    found = names.index.get_indexer(pd.Index(wanted, dtype=names.index.dtype))
    if (found < 0).any():
        meant = called([str(code) for code in wanted], {kind: names}, lambda place: ())
        found = names.index.get_indexer(pd.Index([place.code for place in meant], dtype=names.index.dtype))
    return np.asarray(found, dtype=np.int64)


def areas_called(counts: Counts, codes: str | Sequence[str] | None) -> NDArray[np.int64]:
    """Return where areas stand among all of them, by code or by name as in `places_called`; all when None."""
    index = counts.areas.codes
    if codes is None:
        return np.arange(len(index))
    wanted = [codes] if isinstance(codes, str) else list(codes)
    found = index.get_indexer(pd.Index(wanted, dtype=index.dtype))
    if (found < 0).any():
        area = counts.study.area
        found = index.get_indexer(pd.Index([place.code for place in places_called(counts, wanted, [area])]))
    return np.asarray(found, dtype=np.int64)
