"""A small world: seven wijken with one of everything that is hard, for tests and examples."""

from __future__ import annotations

from dataclasses import replace

from bayesmodel.areas.table import AreaTable
from bayesmodel.sources.example.areas import example_areas
from bayesmodel.sources.example.study import example_study

DETERMINANTS = ("eenoudergezin", "bijstand")

SEED = 97
"""A seed whose country has one hidden count, and one unknown determinant in another wijk."""


def small_world() -> AreaTable:
    """Return seven wijken in three gemeenten in two regions, one of them an island.

    Returns
    -------
    AreaTable
        With two determinants, one value of which is not known. One count is hidden (``.``), one was not delivered
        (``x``, the last wijk).

    Examples
    --------
    >>> from bayesmodel.sources.example import small_world
    >>> world = small_world()
    >>> world.published.tolist()
    ['13', '70', '260', '.', '288', '84', 'x']
    >>> world.determinants.isna().sum().to_dict()
    {'eenoudergezin': 0, 'bijstand': 1}
    """
    study = example_study(areas=7, gemeenten=3, regions=2, seed=SEED)
    determinants = tuple(item for item in study.determinants if item.column in DETERMINANTS)
    areas = example_areas(study.model_copy(update={"determinants": determinants}))
    published = areas.published.copy()
    published.iloc[-1] = "x"
    return replace(areas, published=published)
