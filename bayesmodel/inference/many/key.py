"""The key of a finished fit: a hash of everything that decides what comes out."""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

from bayesmodel import __version__
from bayesmodel.counts import Counts
from bayesmodel.inference.sampling import data_hash


def key_of(counts: Counts, summary: Callable[..., Any] | None) -> str:
    """Return the key of the fit of some counts: 32 hexadecimal digits.

    It covers the study with its seed (not the folder it was read from), the intervals after masking, levels and
    determinants, the version of this package, and the function that summarises, with its text.

    Parameters
    ----------
    counts : Counts
        As they are fitted.
    summary : callable, optional
        What is kept of the fit.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> key_of(counts, None) == key_of(counts, None), len(key_of(counts, None))
    (True, 32)
    """
    digest = hashlib.sha256(__version__.encode())
    digest.update(counts.study.model_dump_json(exclude={"folder"}).encode())
    digest.update(data_hash(counts).encode())
    digest.update(repr(tuple(counts.status.tolist())).encode())
    if summary is not None:
        # by name and arguments, and by text, so that a changed function is not taken for the old one
        digest.update(pickle.dumps(summary))
        digest.update(_text_of(summary).encode())
    return digest.hexdigest()[:32]


def _text_of(function: Callable[..., Any]) -> str:
    """Return the source text of a function, or nothing where it has none."""
    while isinstance(function, partial):
        function = function.func
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""
