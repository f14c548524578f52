"""Traits: the determinants of the example country, how they hang together, and what they do to use.

On its transformed scale a trait is ``t(median) + spread * z``, where z is standard normal and made of four unseen
factors and a rest: ``z = loadings' (town, hardship, family, tradition) + rest``. The coefficient is the change of
logit p for one unit of z. The figures are in ``traits.csv``, invented at orders of magnitude that occur.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bayesmodel.study.parts import Block, Determinant, Label

FACTORS = ("town", "hardship", "family", "tradition")


@dataclass(frozen=True)
class Trait:
    """One determinant of the example country.

    Parameters
    ----------
    determinant : Determinant
        As it stands in the study.
    median, spread : float
        Median in natural units; standard deviation on the transformed scale.
    loadings : tuple of float (factor,)
        On town, hardship, family and tradition; their squares add up to less than 1.
    coefficient : float
        Change of logit p for one standard deviation.
    decimals : int
        To which it is published.
    hidden_near : int or None
        Number of young people at which half of the areas have it hidden; never hidden where None.
    """

    determinant: Determinant
    median: float
    spread: float
    loadings: tuple[float, ...]
    coefficient: float
    decimals: int
    hidden_near: int | None

    @property
    def binary(self) -> bool:
        """Whether it is 0 or 1, which the upper half has."""
        return self.determinant.transform == "none"


BLOCKS = (
    Block(name="onderwijs", label=Label(nl="kind: onderwijs", en="child: education"), direction="institutional"),
    Block(name="gezin", label=Label(nl="gezin: samenstelling", en="family: composition")),
    Block(name="problemen", label=Label(nl="gezin: problemen", en="family: problems")),
    Block(name="welstand", label=Label(nl="omgeving: welstand", en="surroundings: prosperity"), direction="economic"),
    Block(name="cultuur", label=Label(nl="omgeving: cultuur", en="surroundings: culture"), direction="cultural"),
    Block(name="wonen", label=Label(nl="omgeving: wonen", en="surroundings: housing")),
    Block(name="beleid", label=Label(nl="toegang en beleid", en="access and policy"), direction="policy"),
)


@cache
def traits() -> tuple[Trait, ...]:
    """Return the determinants of the example country, in the order of the study."""
    text = files(__package__).joinpath("traits.csv").read_text(encoding="utf-8")
    return tuple(_trait(row) for row in csv.DictReader(text.splitlines()))


def _trait(row: dict[str, str]) -> Trait:
    """Read one row; an empty cell is None."""
    cells = {name: cell or None for name, cell in row.items()}
    label = {"nl": row["nl"], "en": row["en"]}
    determinant = {name: cells[name] for name in ("column", "block", "level", "transform")} | {"label": label}
    return Trait(
        determinant=Determinant.model_validate(determinant),
        median=float(row["median"]),
        spread=float(row["spread"]),
        loadings=tuple(float(row[factor]) for factor in FACTORS),
        coefficient=float(row["coefficient"]),
        decimals=int(row["decimals"]),
        hidden_near=int(row["hidden_near"]) if row["hidden_near"] else None,
    )
