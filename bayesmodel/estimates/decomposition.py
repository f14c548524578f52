"""The share of each area as a sum: the country's average, determinants, effects of levels and the area, and chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bayesmodel.data.suppression import shown_windows
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.expectation import Expectation, country_factor, effects_in_order, expectation_named
from bayesmodel.estimates.expected import averaged_share, expected_share
from bayesmodel.estimates.labels import mean_label
from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    coefficients,
    effect_variance,
    flat,
)
from bayesmodel.estimates.use import actual_count, underlying_share
from bayesmodel.inference.fit import Fit
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Label, Study

COUNTRY, UNKNOWN, REST, CHANCE = "country", "unknown", "rest", "chance"


@dataclass(frozen=True)
class Component:
    """A component of the use of an area.

    Parameters
    ----------
    name : str
        ``country``, a block of determinants, ``rest`` (determinants without a block), ``unknown`` (determinants that
        are missing), a level, ``space``, the area, or ``chance``.
    label : Label
        For readers.
    direction : str, optional
        Of the five directions of explanation, where the study assigns one; chance is statistical.
    """

    name: str
    label: Label
    direction: str | None = None


def components_of(fit: Fit) -> tuple[Component, ...]:
    """Return the components of a fit, in the order in which they add up.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> [component.name for component in components_of(invented_fit())]
    ['country', 'means', 'family', 'unknown', 'regio', 'gemeente', 'wijk', 'chance']
    """
    study = fit.study
    used = {determinant.block for determinant in study.determinants}
    blocks = [Component(block.name, block.label, block.direction) for block in study.blocks if block.name in used]
    # without blocks there is nothing for "other" determinants to be other than
    rest = (
        Label(nl="overige kenmerken", en="other determinants") if blocks else Label(nl="kenmerken", en="determinants")
    )
    unknown = Label(nl="kenmerken die ontbreken", en="determinants that are missing")
    return (
        Component(COUNTRY, mean_label(fit.counts)),
        *blocks,
        *([Component(REST, rest)] if None in used else []),
        *([Component(UNKNOWN, unknown)] if fit.design.incomplete.any() else []),
        *(Component(level, level_label(study, level)) for level in effects_in_order(study)),
        Component(study.area, Label(nl=study.area, en=study.area)),
        Component(CHANCE, Label(nl="toeval", en="chance"), "statistical"),
    )


def determinant_components(fit: Fit, reference: ReferenceArea, rows: Indices) -> Iterator[tuple[str, Floats]]:
    """Yield the name and the draws (sample, area) of what each block of determinants adds, as a share.

    s_i beta_b' (x_ib - xbar_b), in the order of `components_of`.

    Parameters
    ----------
    fit : Fit
    reference : ReferenceArea
        Of the country.
    rows : ndarray of int (area,)
    """
    beta, slopes = coefficients(fit), columns_of(reference.slopes, rows)
    for name, columns in _columns(fit).items():
        added = beta[:, columns] @ fit.design.x[np.ix_(rows, columns)].T
        added -= np.einsum("sd,sd->s", beta[:, columns], reference.x[:, columns])[:, None]
        added *= slopes
        yield name, added


def other_components(fit: Fit, reference: ReferenceArea, rows: Indices) -> Iterator[tuple[str, Floats]]:
    """Yield the name and the draws (sample, area) of each component other than the blocks of determinants, as a share.

    Where nobody lives, the share at the linear predictor replaces the actual one.
    """
    people = fit.counts.population
    incomplete = np.flatnonzero(fit.design.incomplete)
    # missing determinants contribute through their variance; relative to the country
    expected_shares = reference.shares.copy()
    expected_shares[:, incomplete] = expected_share(fit, expectation_named(fit.study, "determinants"), incomplete)
    added = (expected_shares[:, incomplete] - reference.shares[:, incomplete]) @ (people[incomplete] / people.sum())
    yield COUNTRY, np.repeat((reference.share + added)[:, None], len(rows), axis=1)
    before = columns_of(expected_shares, rows)
    if len(incomplete):
        unknown = before - columns_of(reference.shares, rows)
        unknown -= added[:, None]
        yield UNKNOWN, unknown
    for expectation in _steps(fit.study):
        after = expected_share(fit, expectation, rows)
        yield expectation.name, after - before
        before = after
    underlying = underlying_share(fit, rows)
    yield fit.study.area, underlying - before
    yield CHANCE, _chance(fit, rows, underlying)


def columns_of(values: Floats, rows: Indices) -> Floats:
    """Return the columns of some areas; a view when these are all areas in order."""
    every = len(rows) == values.shape[1] and np.array_equal(rows, np.arange(len(rows)))
    return values if every else values[:, rows]


def _chance(fit: Fit, rows: Indices, underlying: Floats) -> Floats:
    """Return the actual minus the underlying share, overwriting the latter; 0 where nobody lives."""
    people, (lower, upper) = fit.counts.population[rows], (bound[rows] for bound in shown_windows(fit.counts))
    drawn = np.flatnonzero(lower < upper)
    chance = np.subtract(lower / np.maximum(people, 1), underlying, out=underlying)
    chance[:, drawn] += (actual_count(fit, rows[drawn]) - lower[drawn]) / people[drawn]
    chance[:, people == 0] = 0.0
    return chance


def _columns(fit: Fit) -> dict[str, Indices]:
    """Return the columns of the determinants of each block, in the order of the blocks; those without a block last."""
    blocks = np.array([determinant.block or REST for determinant in fit.study.determinants], dtype=object)
    blocks = blocks[fit.design.determinant_of]
    names = [*(block.name for block in fit.study.blocks), REST]
    return {name: np.flatnonzero(blocks == name) for name in names if name in blocks}


def _steps(study: Study) -> Iterator[Expectation]:
    """Yield expectations, each conditioning on one more level, from coarse to fine."""
    given: tuple[str, ...] = ()
    for level in effects_in_order(study):
        given = (level, *given)  # from fine to coarse, as `expectation_named` has them
        others = tuple(name for name in study.random_effects if name not in given)
        yield Expectation(level, given, (*others, study.area))


STEPS, CLOSE, TINY = 50, 1e-13, 1e-5
"""Newton's method: steps at most, tolerance on the share, and step of the numerical derivative."""


@dataclass(frozen=True, eq=False)
class ReferenceArea:
    """The starting point of a waterfall: the country as if it were a single area.

    With g(eta) the share at a predictor averaged over all effects (as `expected` does: it adds up over the country),
    and s_i the slope of the line from the country to area i, (g(eta_i) - share) / (eta_i - predictor)::

        g(predictor) = share = sum_i n_i g(eta_i) / sum_i n_i
        x = sum_i n_i s_i x_i / sum_i n_i s_i,  which makes  intercept + x' beta = predictor

    so that s_i beta_j (x_ij - x_j) is what determinant j adds in area i: summed over determinants it is
    g(eta_i) - share, and summed over the people of the country it is zero.

    Parameters
    ----------
    share : ndarray (sample,)
        Mean share of the country, expected from its determinants.
    x : ndarray (sample, determinant)
        Standardised determinants of the reference area.
    slopes : ndarray (sample, area)
        The slopes s_i, of all areas.
    shares : ndarray (sample, area)
        g(eta_i), of all areas.
    """

    share: Floats
    x: Floats
    slopes: Floats
    shares: Floats


def country_average(fit: Fit) -> ReferenceArea:
    """Return the reference area of the country on every draw."""
    beta, intercept = coefficients(fit), flat(fit, "intercept")
    variance = effect_variance(fit, expectation_named(fit.study, "determinants").averaged)[:, None]
    weights = fit.counts.population / fit.counts.population.sum()
    slopes = np.asarray(beta @ fit.design.x.T)  # holds the predictors until secant_slopes overwrites them
    shares = np.empty_like(slopes)
    one = np.zeros(len(weights), dtype=np.int64)

    def average(part: slice) -> None:
        slopes[part] += intercept[part, None]
        shares[part] = fit.family.marginal_mean(slopes[part], variance[part], one)

    in_blocks(average, *slopes.shape)
    share = shares @ weights
    predictor, slope = predictor_of(fit, share, variance)

    def secant_slopes(part: slice) -> None:
        distance = slopes[part] - predictor[part, None]
        near = np.abs(distance) < TINY
        distance[near] = 1.0
        np.divide(shares[part] - share[part, None], distance, out=slopes[part])
        np.copyto(slopes[part], slope[part, None], where=near)

    in_blocks(secant_slopes, *slopes.shape)
    mean_slope = slopes @ weights
    x = (slopes @ (weights[:, None] * fit.design.x)) / mean_slope[:, None]
    factor = country_factor(fit, expectation_named(fit.study, "determinants"), averaged_share)
    slopes *= factor[:, None]
    shares *= factor[:, None]
    return ReferenceArea(share * factor, np.asarray(x), slopes, shares)


def predictor_of(fit: Fit, share: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the predictor whose share, averaged over effects, equals `share`, and the slope there (sample,).

    Newton's method; `variance` is that of the effects (sample, 1).
    """
    link, half = fit.family.link, TINY / 2
    predictor = np.array([link.predictor(float(value)) for value in share])
    slope = np.ones_like(share)
    for _ in range(STEPS):
        value, above, below = (
            fit.family.marginal_mean(predictor[:, None] + step, variance)[:, 0] for step in (0.0, half, -half)
        )
        slope = (above - below) / TINY
        predictor = predictor - (value - share) / slope
        if np.abs(value - share).max() < CLOSE:
            break
    return predictor, slope
