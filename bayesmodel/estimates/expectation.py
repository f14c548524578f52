"""Given: which effects an expectation takes at their draws, and which it averages over."""

from __future__ import annotations

from dataclasses import dataclass

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.messages import _
from bayesmodel.study import Study


@dataclass(frozen=True)
class Given:
    """What an expectation is given.

    Parameters
    ----------
    name : str
        ``determinants``, ``typical``, or a level.
    levels : tuple of str
        Levels whose effects are taken at their draws.
    averaged : tuple of str
        Levels, and the area, whose effects are averaged over; all other effects are zero.
    """

    name: str
    levels: tuple[str, ...]
    averaged: tuple[str, ...]


def given_names(study: Study) -> tuple[str, ...]:
    """Return the names of all expectations of a study, the levels from coarse to fine.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> given_names(example_study(areas=60, gemeenten=8, regions=2))
    ('determinants', 'typical', 'jeugdzorgregio', 'gemeente')
    """
    coarse_first = sorted(study.effect_names, key=lambda name: len(_given_with(study, name)))
    return ("determinants", "typical", *coarse_first)


def main_names(study: Study) -> tuple[str, ...]:
    """Return the expectations that differences are reported to: the determinants, and each level with none inside it.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> main_names(example_study(areas=60, gemeenten=8, regions=2))
    ('determinants', 'gemeente')
    """
    outer = set(study.effects_within.values())
    return ("determinants", *(name for name in given_names(study)[2:] if name not in outer))


def given_named(study: Study, name: str) -> Given:
    """Return what the expectation of that name is given.

    A level brings the levels it lies within: given the gemeente is given its region too. Levels that cross it are
    averaged over.

    Parameters
    ----------
    study : Study
        Its levels.
    name : str
        ``determinants``, ``typical``, or a level.

    Returns
    -------
    Given

    Raises
    ------
    UnknownNameError
        There is no such level.
    ComparisonError
        The level has no effect in the model.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> given_named(example_study(areas=60, gemeenten=8, regions=2), "gemeente").levels
    ('gemeente', 'jeugdzorgregio')
    """
    if name not in given_names(study):
        if name in study.level_names:
            said = _("Level {name} has no effect in the model, so nothing is expected given it. There are: {names}.")
            raise ComparisonError(said.format(name=name, names=", ".join(given_names(study))))
        raise UnknownNameError(_("expectation"), name, given_names(study))
    if name == "typical":
        return Given(name, (), ())
    levels = () if name == "determinants" else _given_with(study, name)
    others = tuple(level for level in study.effect_names if level not in levels)
    return Given(name, levels, (*others, study.area))


def _given_with(study: Study, name: str) -> tuple[str, ...]:
    """Return a level and the levels with an effect it lies within, from fine to coarse."""
    return tuple(level for level in lineage(study, name) if level in study.effect_names)


def lineage(study: Study, name: str) -> tuple[str, ...]:
    """Return a level and all levels it lies within, from fine to coarse."""
    parents = {level.name: level.within for level in study.levels}
    found = [name]
    while (parent := parents[found[-1]]) is not None:
        found.append(parent)
    return tuple(found)
