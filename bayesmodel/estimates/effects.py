"""Effects of determinants: the difference in use, in percentage points, between areas that differ in one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from bayesmodel.data.transforms import natural, transformed
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.definition import Definition, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import country_factor, expectation_named
from bayesmodel.estimates.expected import averaged_share
from bayesmodel.estimates.labels import Codes, with_labels
from bayesmodel.estimates.linear_predictor import Floats, coefficients, effect_variance, flat
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _, number
from bayesmodel.study import Label
from bayesmodel.study.parts import Determinant

Step = Literal["sd", "range"] | Mapping[str, float]
POINTS = 21
"""Points at which a curve is evaluated."""


def effects(fit: Fit, step: Step = "sd") -> Estimate:
    """Return the association of each determinant with use: the difference in expected share, in percentage points.

    100 (E[p | x_j = to] - E[p | x_j = from]), all other determinants at their mean, averaged over all effects.
    This describes differences between areas; it does not say what would happen if a determinant were changed.

    Parameters
    ----------
    fit : Fit
        The posterior.
    step : {"sd", "range"} or mapping of str to float
        ``sd``: from the mean to one standard deviation above it. ``range``: from the 10th to the 90th percentile over
        areas (for a binary determinant: from one value to the other). A mapping: a step up from the mean, in the
        determinant's own units, for each determinant named.

    Returns
    -------
    Estimate
        Draws (chain, draw, determinant); coordinates ``determinant_name``, ``from`` and ``to`` in the units of the
        table, and ``block``.

    Raises
    ------
    UnknownNameError
        There is no such determinant or step.
    ComparisonError
        The study has no determinants.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> effects(invented_fit()).summary()["mean"].round(2).to_dict()
    {'poverty': 2.12, 'divorce': 1.02}
    """
    if not fit.design.names:
        raise ComparisonError(_("This study has no determinants, so there are no effects of them."))
    if isinstance(step, Mapping) and not step:
        none = _("No determinant is named; give steps such as {example}.")
        raise ComparisonError(none.format(example={fit.design.names[0]: 1.0}))
    chosen = _named(fit, list(step) if isinstance(step, Mapping) else list(fit.study.determinant_names))
    between = np.array([_ends(fit, column, step) for column in chosen])
    low, high = (_shares(fit, chosen, side) for side in between.T)
    parts = [fit.study.determinants[column] for column in chosen]
    language = fit.study.report.language
    ends = np.array([_back(fit, column, between[row]) for row, column in enumerate(chosen)])
    coordinates: dict[str, Codes] = {
        "determinant_name": [label_of(part)[language] for part in parts],
        "from": ends[:, 0],
        "to": ends[:, 1],
        "block": [part.block or "" for part in parts],
    }
    draws = with_labels(fit, 100 * (high - low), "determinant", [part.column for part in parts], coordinates)
    return Estimate(draws, _definition(fit), fit.study)


def effect_curve(fit: Fit, determinant: str, values: Sequence[float] | None = None) -> Estimate:
    """Return the expected share along one determinant, all others at their mean, averaged over all effects.

    Parameters
    ----------
    fit : Fit
        The posterior.
    determinant : str
        Its column.
    values : sequence of float, optional
        In the units of the table; by default evenly spaced from the lowest to the highest known value.

    Returns
    -------
    Estimate
        Draws (chain, draw, value) of the share, 0 to 1.

    Raises
    ------
    UnknownNameError
        There is no such determinant.
    ComparisonError
        The determinant cannot take a value, such as 0 when it enters by its logarithm.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> effect_curve(invented_fit(), "poverty", [-1, 0, 1]).summary()["mean"].round(3).tolist()
    [0.093, 0.111, 0.132]
    """
    (column,) = _named(fit, [determinant])
    known = fit.counts.areas.determinants[determinant].dropna()
    raw = np.linspace(known.min(), known.max(), POINTS) if values is None else np.asarray(values, dtype=float)
    part = fit.study.determinants[column]
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = (transformed(raw, part.transform) - fit.design.centre[column]) / fit.design.scale[column]
    if not np.isfinite(scaled).all():
        wrong = ", ".join(number(value, "g") for value in raw[~np.isfinite(scaled)])
        raise ComparisonError(
            _("{name} enters by its {transform} and cannot be {values}. Leave these values out.").format(
                name=determinant, transform=part.transform, values=wrong
            )
        )
    shares = _shares(fit, np.full(len(raw), column), scaled)
    label = label_of(part)
    draws = with_labels(fit, shares, "value", raw, {}).assign_attrs(determinant=determinant)
    definition = Definition(
        f"effect.{determinant}",
        Label(nl=f"verwacht naar {label.nl}", en=f"expected by {label.en}"),
        Label(
            nl="Wat is te verwachten bij elke waarde van dit kenmerk, alle andere gemiddeld? Geen gevolg ervan.",
            en="What would one expect at each value of this determinant, others at their mean? Not a causal effect.",
        ),
        f"E[p | {determinant} = value, others = mean]",
        unit_of(fit.study, "share"),
    )
    return Estimate(draws, definition, fit.study)


def label_of(part: Determinant) -> Label:
    """Return the label of a determinant, or its column where the study has none."""
    return part.label or Label(nl=part.column, en=part.column)


def _named(fit: Fit, names: list[str]) -> list[int]:
    """Return the columns of determinants in the design, by name."""
    known = fit.study.determinant_names
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownNameError(_("determinant"), unknown[0], known)
    return [known.index(name) for name in names]


def _ends(fit: Fit, column: int, step: Step) -> tuple[float, float]:
    """Return the two values of a determinant to compare, on the standardised scale of the model."""
    part, centre, scale = fit.study.determinants[column], fit.design.centre[column], fit.design.scale[column]
    if step == "sd":
        return 0.0, 1.0
    if isinstance(step, Mapping):
        raw = natural(np.array([centre]), part.transform)[0] + np.array([0.0, step[part.column]])
    elif step == "range":
        known = fit.counts.areas.determinants[part.column].dropna()
        few = sorted(set(known))
        raw = np.array(few) if len(few) == 2 else np.quantile(known, [0.1, 0.9])
    else:
        raise UnknownNameError(_("step"), step, ["sd", "range"])
    low, high = (transformed(raw, part.transform) - centre) / scale
    return float(low), float(high)


def _back(fit: Fit, column: int, scaled: Floats) -> Floats:
    """Return standardised values of a determinant in the units of its table."""
    part = fit.study.determinants[column]
    return natural(fit.design.centre[column] + fit.design.scale[column] * scaled, part.transform)


def _shares(fit: Fit, chosen: Sequence[int] | np.ndarray, scaled: Floats) -> Floats:
    """Return the expected share with one determinant at a value and the others at their mean (sample, value)."""
    eta = flat(fit, "intercept")[:, None] + coefficients(fit) @ fit.design.at(np.asarray(chosen), scaled).T
    given = expectation_named(fit.study, "determinants")
    variance = effect_variance(fit, given.averaged)[:, None]
    shares = fit.family.marginal_mean(eta, variance, np.zeros(eta.shape[1], dtype=np.int64))
    return shares * country_factor(fit, given, averaged_share)[:, None]


def _definition(fit: Fit) -> Definition:
    """Return the definition of the effects."""
    return Definition(
        "effects",
        Label(nl="samenhang met het gebruik", en="association with use"),
        Label(
            nl="Hoeveel procentpunt hoger is het verwachte gebruik waar dit kenmerk hoger is, al het andere gelijk? "
            "Een samenhang, geen gevolg van het kenmerk.",
            en="How many percentage points higher is expected use where this determinant is higher, all else equal? "
            "An association, not a causal effect of the determinant.",
        ),
        "100 (E[p | x_j = to] - E[p | x_j = from])",
        unit_of(fit.study, "points"),
    )
