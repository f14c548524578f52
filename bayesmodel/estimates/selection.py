"""Selection: from codes to places, with help where a code does not exist."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.errors import UnknownNameError


def places(codes: str | Sequence[str] | None, index: pd.Index, kind: str) -> NDArray[np.int64]:
    """Return where codes stand in an index, in the order of the codes.

    Parameters
    ----------
    codes : str, sequence of str, or None
        One code, several, or all of them when None.
    index : Index of str
        The codes there are.
    kind : str
        What they are codes of, for the message.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    UnknownNameError
        A code is not in the index; names its near misses.

    Examples
    --------
    >>> import pandas as pd
    >>> places(["WK000201", "WK000100"], pd.Index(["WK000100", "WK000200", "WK000201"]), "wijk").tolist()
    [2, 0]
    """
    if codes is None:
        return np.arange(len(index))
    wanted = [codes] if isinstance(codes, str) else list(codes)
    found = index.get_indexer(pd.Index(wanted, dtype=index.dtype))
    if (found < 0).any():
        raise UnknownNameError(kind, wanted[int(np.argmax(found < 0))], index)
    return np.asarray(found, dtype=np.int64)
