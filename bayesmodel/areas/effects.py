"""Which levels of a study can have an effect: those whose groups tell something that nothing else tells."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from bayesmodel.study import Study

MANY = 30
"""Groups from which those of a country may stand for all that could have been."""
Idle = tuple[Literal["lone", "areas", "same"], str]
"""Why a level carries nothing, and the group or level that shows it."""


def idle_levels(study: Study, levels: pd.DataFrame) -> dict[str, Idle]:
    """Return the levels that carry nothing: of one group, of a group for each area, of the groups of another level.

    Parameters
    ----------
    study : Study
    levels : DataFrame of str
        One column per level: the code of the group each area lies in.

    Returns
    -------
    dict of str to Idle
        By name of the level. Of two levels with the same groups the one that the other lies in.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=1)
    >>> levels = pd.DataFrame({"gemeente": ["GM0001", "GM0001", "GM0002"], "jeugdzorgregio": ["JZ01", "JZ01", "JZ01"]})
    >>> idle_levels(study, levels)
    {'jeugdzorgregio': ('lone', 'JZ01')}
    """
    found, parts = dict[str, Idle](), dict[str, pd.Series]()
    outer = {level.within for level in study.levels}
    for level in sorted(study.levels, key=lambda level: level.name in outer):
        part = pd.Series(pd.factorize(levels[level.name])[0])
        same = next((name for name, other in parts.items() if other.equals(part)), None)
        if len(part) and not part.any():
            found[level.name] = ("lone", str(levels[level.name].iloc[0]))
        elif part.is_unique:
            found[level.name] = ("areas", study.area)
        elif same is not None:
            found[level.name] = ("same", same)
        else:
            parts[level.name] = part
    return found


def with_effects(study: Study, levels: pd.DataFrame) -> Study:
    """Return the study with no effect of a level that carries nothing: it would be a second intercept, or effect.

    All its levels are kept, so that areas are still added up to the groups of each.

    Parameters
    ----------
    study : Study
    levels : DataFrame of str
        One column per level: the code of the group each area lies in.

    Returns
    -------
    Study

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=1)
    >>> levels = pd.DataFrame({"gemeente": ["GM0001", "GM0001", "GM0002"], "jeugdzorgregio": ["JZ01", "JZ01", "JZ01"]})
    >>> with_effects(study, levels).effect_names
    ('gemeente',)
    """
    idle = idle_levels(study, levels)
    if not idle:
        return study
    kept = [level.model_copy(update={"effect": False}) if level.name in idle else level for level in study.levels]
    return study.model_copy(update={"levels": tuple(kept)})
