"""Names of invented places: syllables that sound Dutch and belong to no real place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
