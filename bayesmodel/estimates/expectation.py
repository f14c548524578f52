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
        ``determinants``, ``typical``, or a level.
    levels : tuple of str
        Levels whose effects are taken at their draws.
    averaged : tuple of str
        Levels, and the area, whose effects are averaged over; all other effects are zero.
    """

    name: str
    levels: tuple[str, ...]
    averaged: tuple[str, ...]


def expectation_names(study: Study) -> tuple[str, ...]:
    """Return the names of all expectations of a study, the levels from coarse to fine.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> expectation_names(example_study(areas=60, gemeenten=8, regions=2))
    ('determinants', 'typical', 'jeugdzorgregio', 'gemeente')
    """
    coarse_first = sorted(study.effect_names, key=lambda name: len(_named_with(study, name)))
    return ("determinants", "typical", *coarse_first)


def main_names(study: Study) -> tuple[str, ...]:
    """Return the expectations that differences are reported against: the determinants, and each innermost level.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> main_names(example_study(areas=60, gemeenten=8, regions=2))
    ('determinants', 'gemeente')
    """
    outer = set(study.effects_within.values())
    return ("determinants", *(name for name in expectation_names(study)[2:] if name not in outer))


def expectation_named(study: Study, name: str) -> Expectation:
    """Return the expectation of that name.

    Conditioning on a level also conditions on the levels it lies within: given the gemeente means given its region too.
    Crossing levels are averaged over.

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
    levels = () if name == "determinants" else _named_with(study, name)
    others = tuple(level for level in study.effect_names if level not in levels)
    return Expectation(name, levels, (*others, study.area))


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
        fit, f"expected given {sorted(expectation.levels)}", lambda rows: shares(fit, expectation, rows)
    )


def _total(fit: Fit, name: str, share: Callable[[Indices], Floats]) -> Floats:
    """Return the count over the whole country that a share implies (sample,), computed once per fit."""
    if name not in fit.memo:
        people = fit.counts.population
        parts = [np.arange(start, min(start + AT_ONCE, len(people))) for start in range(0, len(people), AT_ONCE)]
        fit.memo[name] = np.sum([share(rows) @ people[rows] for rows in parts], axis=0)
    return fit.memo[name]
