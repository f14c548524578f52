"""Levels as chains of indices: area -> gemeente -> jeugdzorgregio, and any other chain that crosses it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesmodel.data import AreaTable

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """One level: its groups, and which of them each member of the finer level belongs to.

    Parameters
    ----------
    name : str
        Name of the level.
    codes : tuple of str
        Codes of the groups, sorted.
    members : ndarray of int (member,)
        Index of the group of each member: areas for the first level of a chain, else groups of the level before.
    of_area : ndarray of int (area,)
        Index of the group of each area.
    """

    name: str
    codes: tuple[str, ...]
    members: Indices
    of_area: Indices


Chain = tuple[Group, ...]
"""Levels nested in each other, finest first."""


def chains_of(areas: AreaTable) -> tuple[Chain, ...]:
    """Return the chains of nested levels that have an effect; levels that cross are in different chains, each in one.

    Examples
    --------
    >>> from bayesmodel import example_study, read_areas
    >>> from bayesmodel.model.levels import chains_of
    >>> areas = read_areas(example_study(areas=60, gemeenten=8, regions=2))
    >>> [[(group.name, len(group.codes)) for group in chain] for chain in chains_of(areas)]
    [[('gemeente', 8), ('jeugdzorgregio', 2)]]
    """
    within = areas.study.effects_within
    finest = [name for name in within if name not in within.values()]
    chains, used = [], set[str]()
    for name in finest:
        chain: list[Group] = []
        following: str | None = name
        while following is not None and following not in used:
            used.add(following)
            chain.append(_group(areas, following, chain[-1] if chain else None))
            following = within[following]
        chains.append(tuple(chain))
    return tuple(chains)


def _group(areas: AreaTable, name: str, finer: Group | None) -> Group:
    """Return one level with the membership of the level before it in the chain."""
    codes, of_area = np.unique(areas.levels[name].to_numpy(dtype=str), return_inverse=True)
    members = of_area
    if finer is not None:
        _, first = np.unique(finer.of_area, return_index=True)
        members = of_area[first]
    return Group(name, tuple(map(str, codes)), members, of_area)
