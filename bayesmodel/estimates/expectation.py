"""Expectations: which effects each conditions on and which it averages over, scaled to add up to the country."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.linear_predictor import Floats, Indices
from bayesmodel.estimates.use import underlying_share
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.study import Study


@dataclass(frozen=True)
class Expectation:
    """What an expectation conditions on.

    Parameters
    ----------
    name : str
        ``determinants``, ``typical``, a level, or a level and ``_others``.
    levels : tuple of str
        Levels whose effects are taken at their draws, from fine to coarse.
    averaged : tuple of str
        Levels, and the area, whose effects are averaged over; all other effects are zero.
    from_others : bool
        Whether the effects of `levels` are what the use of the other areas tells of them, instead.
    """

    name: str
    levels: tuple[str, ...]
    averaged: tuple[str, ...]
    from_others: bool = False


OTHERS = "_others"
"""Behind the name of a level: as the other areas of the group have it."""


def expectation_names(study: Study) -> tuple[str, ...]:
    """Return the names of all expectations of a study: the levels from coarse to fine, then those from other areas.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> expectation_names(example_study(areas=60, gemeenten=8, regions=2))
    ('determinants', 'typical', 'jeugdzorgregio', 'gemeente', 'gemeente_others')
    """
    return (*names_of_groups(study), *(f"{level}{OTHERS}" for level in _innermost(study)))


def names_of_groups(study: Study) -> tuple[str, ...]:
    """Return the names of the expectations of groups of areas, which all areas of the group are part of.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> names_of_groups(example_study(areas=60, gemeenten=8, regions=2))
    ('determinants', 'typical', 'jeugdzorgregio', 'gemeente')
    """
    return ("determinants", "typical", *levels_coarse_first(study))


def levels_coarse_first(study: Study) -> tuple[str, ...]:
    """Return the levels with an effect, from coarse to fine."""
    return tuple(sorted(study.effect_names, key=lambda name: len(_named_with(study, name))))


def main_names(study: Study, *, groups: bool = False) -> tuple[str, ...]:
    """Return the expectations that differences are reported against: the determinants, and each innermost level.

    An area is held against the others of its gemeente. Of `groups` of areas the gemeente has all its areas in it: from
    the others of each area, their expectations together would be its own use again.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> main_names(study), main_names(study, groups=True)
    (('determinants', 'gemeente_others'), ('determinants', 'gemeente'))
    """
    return ("determinants", *(level if groups else f"{level}{OTHERS}" for level in _innermost(study)))


def _innermost(study: Study) -> tuple[str, ...]:
    """Return the levels with an effect that no other level with one lies within, from coarse to fine."""
    outer = set(study.effects_within.values())
    return tuple(name for name in levels_coarse_first(study) if name not in outer)


def expectation_named(study: Study, name: str) -> Expectation:
    """Return the expectation of that name.

    Conditioning on a level also conditions on the levels it lies within: given the gemeente means given its region too.
    Crossing levels are averaged over.

    Parameters
    ----------
    study : Study
        Its levels.
    name : str
        ``determinants``, ``typical``, a level, or an innermost level and ``_others``.

    Returns
    -------
    Expectation

    Raises
    ------
    UnknownNameError
        There is no such level.
    ComparisonError
        The level has no effect in the model.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> expectation_named(example_study(areas=60, gemeenten=8, regions=2), "gemeente").levels
    ('gemeente', 'jeugdzorgregio')
    """
    if name not in expectation_names(study):
        if name in study.level_names:
            said = _("Level {name} has no effect in the model, so nothing is expected given it. There are: {names}.")
            raise ComparisonError(said.format(name=name, names=", ".join(expectation_names(study))))
        raise UnknownNameError(_("expectation"), name, expectation_names(study))
    if name == "typical":
        return Expectation(name, (), ())
    level = name.removesuffix(OTHERS)
    levels = () if name == "determinants" else _named_with(study, level)
    averaged = tuple(other for other in study.effect_names if other not in levels)
    return Expectation(name, levels, (*averaged, study.area), from_others=level != name)


def _named_with(study: Study, name: str) -> tuple[str, ...]:
    """Return a level and the levels with an effect it lies within, from fine to coarse."""
    return tuple(level for level in lineage(study, name) if level in study.effect_names)


def lineage(study: Study, name: str) -> tuple[str, ...]:
    """Return a level and all levels it lies within, from fine to coarse."""
    parents = {level.name: level.within for level in study.levels}
    found = [name]
    while (parent := parents[found[-1]]) is not None:
        found.append(parent)
    return tuple(found)


AT_ONCE = 500
"""Areas whose shares are in memory at the same time."""


def country_factor(fit: Fit, expectation: Expectation, shares: Callable[[Fit, Expectation, Indices], Floats]) -> Floats:
    """Return the factor that makes the shares of an expectation add up over the country (sample,).

    ``sum_i n_i p_i / sum_i n_i E[p_i | given]``. With a log link this turns the mean over the normal distribution
    of effects into the mean over the effects that this country actually has, weighted by expected use; with the other
    links it does so to first order. The mean of the country is known within a per cent; averaged over the distribution
    it would be a prediction for another country, with an error common to all areas
    (docs/decisions/what-expected-averages.md).

    Parameters
    ----------
    fit : Fit
    expectation : Expectation
    shares : callable
        Gives the shares of an expectation averaged over normal effects (sample, area).

    Returns
    -------
    ndarray (sample,), or (1,)
        1 for ``typical``, which averages over nothing.
    """
    if not expectation.averaged:
        return np.ones(1)
    use = _total(fit, "use", lambda rows: underlying_share(fit, rows))
    return use / _total(
        fit,
        f"expected given {sorted(expectation.levels)}{OTHERS * expectation.from_others}",
        lambda rows: shares(fit, expectation, rows),
    )


def _total(fit: Fit, name: str, share: Callable[[Indices], Floats]) -> Floats:
    """Return the count over the whole country that a share implies (sample,), computed once per fit."""
    if name not in fit.memo:
        people = fit.counts.population
        parts = [np.arange(start, min(start + AT_ONCE, len(people))) for start in range(0, len(people), AT_ONCE)]
        fit.memo[name] = np.sum([share(rows) @ people[rows] for rows in parts], axis=0)
    total: Floats = fit.memo[name]
    return total
