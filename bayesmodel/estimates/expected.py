"""Expected use: what one would expect of an area given its determinants and the effects of named levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from bayesmodel.estimates.definition import Definition, level_label, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import SHARES_OF, Expectation, country_factor, expectation_named
from bayesmodel.estimates.labels import labelled
from bayesmodel.estimates.leave_out_effects import effects_from_others
from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    coefficients,
    flat,
    group_of,
    missing_variance_of,
    people,
)
from bayesmodel.estimates.lookup import area_indices
from bayesmodel.estimates.space_of_groups import averaged_variance, group_effect
from bayesmodel.inference.fit import Fit
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Label, Study


def expected(
    fit: Fit,
    expectation: str = "determinants",
    scale: Literal["count", "share"] = "count",
    areas: str | Sequence[str] | None = None,
) -> Estimate:
    """Return expected use given the determinants and the effects of the named levels, averaged over all other effects.

    E[Y_i] = n_i E[ g(alpha + x_i' beta + named effects + e) ], with g the inverse link and
    e ~ Normal(0, variance of the other effects, of the area and of its missing determinants).

    Parameters
    ----------
    fit : Fit
        The posterior.
    expectation : str
        ``determinants`` averages over all effects; ``typical`` sets all effects to zero (only missing determinants are
        averaged over); the name of a level conditions on the effects of that level and of the levels it lies within;
        an innermost level followed by ``_others``, such as ``gemeente_others``, estimates those effects from the
        underlying use of the other areas only, so that an area's own use does not affect its expectation.
    scale : {"count", "share"}
        Number of people, or their share (0 to 1; NaN where nobody lives).
    areas : str or sequence of str, optional
        Codes or names; defaults to all areas.

    Returns
    -------
    Estimate
        Draws (chain, draw, area).

    Raises
    ------
    UnknownNameError
        There is no such expectation or area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> expected(invented_fit(), "gemeente", areas="WK000101").summary()["mean"].round(1).tolist()
    [74.0]

    Notes
    -----
    Conditioning on ``gemeente`` includes all that is particular to that gemeente and its region; this is the
    expectation that the study of 2017 published. An area is part of its gemeente and pulls this expectation towards its
    own use, completely so where it is the only area; to compare an area with the rest of its gemeente, use
    ``gemeente_others``. In a model with effects of space their mean over the gemeente is particular to it as well.

    Averages are over the effects actually present in this country, not over a hypothetical normal population of
    effects: every expectation except ``typical`` is scaled so that it adds up to the underlying use of the country on
    every draw.
    """
    what = expectation_named(fit.study, expectation)
    rows = area_indices(fit.counts, areas)
    share = expected_share(fit, what, rows)
    share *= people(fit, rows, scale)
    return Estimate(labelled(fit, share, rows), expected_definition(fit.study, what, scale), fit.study)


def expected_share(fit: Fit, expectation: Expectation, rows: Indices) -> Floats:
    """Return the expected share (sample, area)."""
    share = averaged_share(fit, expectation, rows)
    share *= country_factor(fit, expectation, averaged_share)[:, None]
    return share


KEPT = 4_000_000
"""Draws of the shares of all areas that are kept for the next estimate of the same fit: 32 MB an expectation."""


def averaged_share(fit: Fit, expectation: Expectation, rows: Indices) -> Floats:
    """Return the expected share, averaged over normal effects of the levels not conditioned on (sample, area)."""
    areas = len(fit.counts)
    if len(flat(fit, "intercept")) * areas > KEPT:
        return _averaged_share(fit, expectation, rows)
    name = f"{SHARES_OF} {replace(expectation, name='')}"  # names of the steps of a waterfall are not unique
    if name not in fit.memo:
        fit.memo[name] = _averaged_share(fit, expectation, np.arange(areas))
    return np.asarray(np.take(fit.memo[name], rows, axis=1))


def _averaged_share(fit: Fit, expectation: Expectation, rows: Indices) -> Floats:
    """Return what `averaged_share` does, worked out anew."""
    # a single matrix product already uses all cores; products inside blocks would compete for them
    share = np.asarray(coefficients(fit) @ fit.design.x[rows].T)
    intercept = flat(fit, "intercept")
    missing, pattern = missing_variance_of(fit, rows)
    variance = missing + averaged_variance(fit, expectation)[:, None]
    if expectation.from_others:
        share += intercept[:, None]
        return _from_others(fit, expectation, rows, share, variance[:, pattern])
    effects = [
        (group_effect(fit, level, expectation.levels), group_of(fit, level, rows)) for level in expectation.levels
    ]

    def work(part: slice) -> None:
        eta = share[part]
        eta += intercept[part, None]
        for effect, group in effects:
            eta += effect[part][:, group]
        share[part] = fit.family.marginal_mean(eta, variance[part], pattern)

    in_blocks(work, len(share), len(rows))
    return share


def _from_others(fit: Fit, expectation: Expectation, rows: Indices, share: Floats, variance: Floats) -> Floats:
    """Return the expected share (sample, area) from predictors without effects, which it overwrites, and variances.

    The uncertainty about the effects given the other areas is averaged over, like the effect of the area itself.
    """
    effects = effects_from_others(fit, expectation.levels, rows)

    def work(part: slice) -> None:
        share[part] = fit.family.marginal_mean(
            share[part] + effects.mean[part], variance[part] + effects.variance[part]
        )

    in_blocks(work, len(share), len(rows))
    return share


def expected_definition(study: Study, expectation: Expectation, scale: Literal["count", "share"]) -> Definition:
    """Return the definition of an expectation."""
    taken = [level_label(study, level) for level in expectation.levels]
    if expectation.from_others:
        areas = study.areas_label
        taken[0] = Label(
            nl=f"de andere {areas.nl} in de {taken[0].nl}", en=f"the other {areas.en} in the {taken[0].en}"
        )
    given_by = Label(
        nl=_enumerated(["kenmerken", *(label.nl for label in taken)], "en"),
        en=_enumerated(["the determinants", *(label.en for label in taken)], "and"),
    )
    if expectation.name == "typical":
        label = Label(nl="verwacht, in een doorsnee omgeving", en="expected, in typical surroundings")
        answers = Label(
            nl="Wat is te verwachten als alle groepen en het eigen effect gemiddeld waren (alle effecten nul)?",
            en="What would one expect if all groups and its own effect were average (all effects zero)?",
        )
    else:
        label = Label(nl=f"verwacht op grond van {given_by.nl}", en=f"expected from {given_by.en}")
        averaged = ", ".join(expectation.averaged)
        answers = Label(
            nl=f"Wat is te verwachten op grond van {given_by.nl}, gemiddeld over de aanwezige effecten van: "
            f"{averaged}?",
            en=f"What would one expect from {given_by.en}, averaged over the actual effects of: {averaged}?",
        )
        if expectation.from_others:
            answers = Label(nl=f"{answers.nl} {WITHOUT_OWN.nl}", en=f"{answers.en} {WITHOUT_OWN.en}")
    if expectation.name == "typical":
        condition = "effects = 0"
    elif expectation.from_others:
        condition = "x, p of all others"
    else:
        condition = ", ".join(["x", *(f"u_{name}" for name in expectation.levels)])
    formula = f"E[Y | {condition}]" + (" / n" if scale == "share" else "")
    return Definition(f"expected.{expectation.name}", label, answers, formula, unit_of(study, scale))


WITHOUT_OWN = Label(
    nl="Het eigen gebruik telt niet mee.",
    en="Its own use has no part in it.",
)


def _enumerated(names: Sequence[str], last: str) -> str:
    """Return names as in a sentence: separated by commas, with a word before the last one."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
