"""Places: codes and names of wijken, gemeenten and jeugdzorgregio's, none of them of a real place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayesmodel.sources.example.geography import Geography
from bayesmodel.sources.example.names import place_names, region_names
from bayesmodel.sources.example.streams import stream

FIRST_GEMEENTE = 5001
"""The numbers of real gemeenten are lower."""


def make_places(geography: Geography, seed: int) -> pd.DataFrame:
    """Return code and name of each wijk, its gemeente and its jeugdzorgregio, indexed by the code of the wijk.

    Wijk 00 of a gemeente is its centre.
    """
    rng = stream(seed, "names")
    gemeente = geography.gemeente
    region = geography.region[gemeente]
    number = np.arange(len(gemeente)) - np.searchsorted(gemeente, gemeente)
    gemeenten, wijken = np.split(place_names(len(geography.region) + len(gemeente), rng), [len(geography.region)])
    wijken = np.where(number == 0, np.char.add(gemeenten[gemeente], " Centrum"), wijken)
    return pd.DataFrame(
        {
            "wijk_naam": wijken,
            "gemeente_code": [f"GM{FIRST_GEMEENTE + g}" for g in gemeente],
            "gemeente_naam": gemeenten[gemeente],
            "jeugdzorgregio_code": [f"JZ{r + 1:02d}" for r in region],
            "jeugdzorgregio_naam": region_names(int(region.max()) + 1, rng)[region],
        },
        index=pd.Index(
            [f"WK{FIRST_GEMEENTE + g}{n:02d}" for g, n in zip(gemeente, number, strict=True)], name="wijk_code"
        ),
    )
