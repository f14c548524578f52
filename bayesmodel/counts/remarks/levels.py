"""Levels that carry nothing, such as one of one group, and levels of few groups."""

from __future__ import annotations

from collections.abc import Iterator

from bayesmodel.areas.effects import idle_levels
from bayesmodel.areas.remark import Remark, RemarkKind, remark
from bayesmodel.counts.counts import Counts
from bayesmodel.messages import _, number
from bayesmodel.study.parts import FEW_GROUPS, Level


def level_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield levels that carry nothing and are left out of the model, and levels of fewer than five groups."""
    idle = idle_levels(counts.study, counts.areas.levels)
    for level in counts.study.levels:
        groups = sorted(set(counts.areas.levels[level.name]))
        if level.name in idle and not level.effect:
            kind, shown = idle[level.name]

            def carries_nothing(level: Level = level, kind: str = kind, shown: str = shown) -> str:
                said = {
                    "lone": _("All areas lie in one {level} ({shown}): there is no other to differ from."),
                    "areas": _("Each {level} holds one {shown}: what is its own cannot be told from the area's own."),
                    "same": _("Level {level} has the same groups of areas as {shown}: they cannot be told apart."),
                }[kind]
                left_out = _("This level is left out of the model; areas are still added up to it in the tables.")
                return f"{said.format(level=level.name, shown=shown)} {left_out}"

            yield remark(RemarkKind.IDLE_LEVEL, level.column, carries_nothing)
        elif 1 < len(groups) < FEW_GROUPS and level.effect:

            def few(level: Level = level, size: int = len(groups)) -> str:
                said = _(
                    "Level {level} has only {size} groups, which tell little of how much such groups differ: the prior "
                    "of its standard deviation, P(sd > {limit}) = {probability}, decides much. Another is chosen with "
                    "model.priors.sd_of; effect = false at the level leaves it out of the model."
                )
                prior = counts.study.model.priors.of_level(level.name, size)
                return said.format(
                    level=level.name,
                    size=number(size),
                    limit=number(prior.exceeds, "g"),
                    probability=number(prior.probability, "g"),
                )

            yield remark(RemarkKind.FEW_GROUPS, level.column, few, groups)
