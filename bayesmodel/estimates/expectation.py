"""Expectations: the effects each conditions on and averages over, and the scaling that makes them add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.linear_predictor import MISSING_VARIANCE, Floats, Indices
from bayesmodel.estimates.use import DRAWN, underlying_share
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.study import Study


@dataclass(frozen=True)
class Expectation:
    """What an expectation conditions on.

    Parameters
    ----------
    name : str
        ``determinants``, ``typical``, a level, or a level followed by ``_others``.
    levels : tuple of str
        Levels whose effects it conditions on, from fine to coarse.
    averaged : tuple of str
        Levels, and the area, whose effects it averages over; all other effects are zero.
    from_others : bool
        Whether the effects of `levels` are estimated from the use of the other areas only.
    """

    name: str
    levels: tuple[str, ...]
    averaged: tuple[str, ...]
    from_others: bool = False


OTHERS = "_others"
"""Suffix of a level's name: its effect as estimated from the other areas of the group."""


def expectation_names(study: Study) -> tuple[str, ...]:
    """Return the names of all expectations of a study: levels from coarse to fine, then those from the other areas.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> expectation_names(example_study(areas=60, gemeenten=8, regions=2))
    ('determinants', 'typical', 'jeugdzorgregio', 'gemeente', 'gemeente_others')
    """
    return (*names_of_groups(study), *(f"{level}{OTHERS}" for level in _innermost(study)))


def names_of_groups(study: Study) -> tuple[str, ...]:
    """Return the names of the expectations that use all areas of a group, as an expectation of the group must.

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


def effects_in_order(study: Study) -> tuple[str, ...]:
    """Return the effects that a waterfall goes down: levels from coarse to fine, then space."""
    return (*levels_coarse_first(study), *study.random_effects[len(study.effect_names) :])


def main_names(study: Study, *, groups: bool = False) -> tuple[str, ...]:
    """Return the expectations that differences are reported against: the determinants, and each innermost level.

    An area is compared with the others of its gemeente. For `groups` of areas the expectation uses all areas of the
    gemeente: expectations from the others, added up over a gemeente, would only return its own use.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> main_names(study), main_names(study, groups=True)
    (('determinants', 'gemeente_others'), ('determinants', 'gemeente'))
    """
    return ("determinants", *(level if groups else f"{level}{OTHERS}" for level in _innermost(study)))


def _innermost(study: Study) -> tuple[str, ...]:
    """Return the levels with an effect that have no other such level inside them, from coarse to fine."""
    outer = set(study.effects_within.values())
    return tuple(name for name in levels_coarse_first(study) if name not in outer)


def expectation_named(study: Study, name: str) -> Expectation:
    """Return the expectation of that name.

    Conditioning on a level also conditions on the levels it lies within: on the gemeente means on its region as well.
    Levels that cross it are averaged over.

    Parameters
    ----------
    study : Study
        Its levels.
    name : str
        ``determinants``, ``typical``, a level, or an innermost level followed by ``_others``.

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
            message = _("Level {name} has no effect in the model, so nothing is expected given it. There are: {names}.")
            raise ComparisonError(message.format(name=name, names=", ".join(expectation_names(study))))
        raise UnknownNameError(_("expectation"), name, expectation_names(study))
    if name == "typical":
        return Expectation(name, (), ())
    level = name.removesuffix(OTHERS)
    levels = () if name == "determinants" else _named_with(study, level)
    averaged = tuple(other for other in study.random_effects if other not in levels)
    return Expectation(name, levels, (*averaged, study.area), from_others=level != name)


def _named_with(study: Study, name: str) -> tuple[str, ...]:
    """Return a level and the levels with an effect it lies within, from fine to coarse."""
    return tuple(level for level in lineage(study, name) if level in study.effect_names)


def lineage(study: Study, name: str) -> tuple[str, ...]:
    """Return a level and all levels it lies within, from fine to coarse."""
    parents = {level.name: level.within for level in study.levels}
    names = [name]
    while (parent := parents[names[-1]]) is not None:
        names.append(parent)
    return tuple(names)


AT_ONCE = 500
"""Areas whose shares are in memory at the same time."""


SHARES_OF = "shares of all areas:"
"""Start of the names under which a fit keeps shares, as opposed to totals of its country."""


def country_factor(fit: Fit, expectation: Expectation, shares: Callable[[Fit, Expectation, Indices], Floats]) -> Floats:
    """Return the factor that makes the shares of an expectation add up over the country (sample,).

    ``sum_i n_i p_i / sum_i n_i E[p_i | given]``. With a log link this turns the mean over the normal distribution
    of effects into the mean over the effects that this country actually has, weighted by expected use; with the other
    links it does so to first order. The country's mean is known to within one per cent; averaged over the distribution
    it would be a prediction for a hypothetical country, with an error common to all areas
    (docs/decisions/what-expected-averages.md).

    Parameters
    ----------
    fit : Fit
    expectation : Expectation
    shares : callable
        Returns the shares of an expectation averaged over normal effects (sample, area).

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
    """Return the count over the whole country that a share implies (sample,); computed once per fit."""
    if name not in fit.memo:
        people = fit.counts.population
        parts = [np.arange(start, min(start + AT_ONCE, len(people))) for start in range(0, len(people), AT_ONCE)]
        fit.memo[name] = np.sum([share(rows) @ people[rows] for rows in parts], axis=0)
    total: Floats = fit.memo[name]
    return total


def keep_totals(changed: Fit, fit: Fit) -> None:
    """Let a fit with other determinants be scaled as the country is, by what is known of it but areas' own values."""
    own = (SHARES_OF, DRAWN, MISSING_VARIANCE)
    changed.memo.update({name: value for name, value in fit.memo.items() if not name.startswith(own)})
