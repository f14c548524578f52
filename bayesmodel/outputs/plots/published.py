"""What was published of each area, in per cent of its people: a number, a window of what is possible, or nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayesmodel.areas.cells import whole_numbers
from bayesmodel.counts import Status
from bayesmodel.inference.fit import Fit

KINDS = {Status.SUPPRESSED: "hidden", Status.MISSING: "missing"}


def published_rows(fit: Fit) -> pd.DataFrame:
    """Return what was published of each area.

    Returns
    -------
    DataFrame
        One row per area; ``people``; ``kind``: published, hidden or missing; ``share``: the published percentage, NaN
        where there is none; ``lowest`` and ``highest``: what the percentage can be.
    """
    counts = fit.counts
    people = np.where(counts.population > 0, counts.population, np.nan)
    kind = np.array([KINDS.get(Status(status), "published") for status in counts.status])
    numbers = np.where(kind == "published", whole_numbers(counts.areas.published)[0], np.nan)
    table = {
        "share": 100 * numbers / people,
        "lowest": 100 * counts.lower / people,
        "highest": 100 * counts.upper / people,
    }
    return pd.DataFrame({"people": people, "kind": kind} | table, index=counts.areas.codes)
