"""Codes and names of invented wijken, gemeenten and regions: they sound Dutch and belong to no real place."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.example.geography import Geography, stream

Names = NDArray[np.str_]

STEMS = (
    "Ablo Bruim Dwolle Elfer Fluu Gramel Hoze Ibbel Jolver Knoeter Lummel Mierzel Nabber Ompel Prunel Quibbe Rilde "
    "Snorre Trompel Uddel Vlimme Wobbel IJzel Zwammer Bliete Drosse Fobber Glimme Hurkel Kwakel Lompe Mosker Plodde "
    "Roffel Stibbe Tjoffe Vunze Wrikke Zonnel Krumel"
)
MIDDLES = ",ba,do,ke,li,mo,na,ri,to,ver"
PLACE_ENDINGS = (
    "baken brink dal dorp drift gaarde haven horst kamp kerke kuil laar meet mond rade schans sluis stad stede terp "
    "veen voort waard zijl"
)
REGION_ENDINGS = "land streek gouw marke kwartier"


def place_names(number: int, rng: np.random.Generator) -> Names:
    """Return so many names of places, all different as long as there are (9,600)."""
    return _different(number, PLACE_ENDINGS, rng)


def region_names(number: int, rng: np.random.Generator) -> Names:
    """Return so many names of regions, all different as long as there are (2,000)."""
    return _different(number, REGION_ENDINGS, rng)


def _different(number: int, endings: str, rng: np.random.Generator) -> Names:
    """Draw names, none a second time before all were used."""
    known = [
        stem + middle + ending for stem in STEMS.split() for middle in MIDDLES.split(",") for ending in endings.split()
    ]
    rounds = -(-number // len(known))
    return np.concatenate([rng.permutation(known) for _ in range(rounds)])[:number]


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
