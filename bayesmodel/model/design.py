"""The design: determinants transformed, standardised, and the missing ones as a normal distribution given the known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from bayesmodel.data import AreaTable
from bayesmodel.errors import DataError, Fault, raise_faults
from bayesmodel.messages import _
from bayesmodel.model.missing import complete, truncate
from bayesmodel.study.parts import Determinant

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """Determinants as they enter the linear predictor.

    A missing determinant is integrated out: its place in `x` holds its conditional mean given the known ones of that
    area, and the variance it leaves in the predictor is ``beta' S beta`` with S the conditional covariance, which
    depends on the area only through *which* determinants are missing (its pattern).

    Parameters
    ----------
    names : tuple of str
        The determinants, in the order of the columns of `x`.
    x : ndarray (area, determinant)
        Transformed and standardised; conditional means where missing.
    centre, spread : ndarray (determinant,)
        What was subtracted and divided by, on the transformed scale.
    pattern : ndarray of int (area,)
        Index into `covariances`.
    covariances : ndarray (pattern, determinant, determinant)
        Conditional covariance of the missing determinants, zero elsewhere.
    """

    names: tuple[str, ...]
    x: Floats
    centre: Floats
    spread: Floats
    pattern: NDArray[np.int64]
    covariances: Floats

    @property
    def incomplete(self) -> NDArray[np.bool_]:
        """Whether an area misses a determinant (area,)."""
        return np.asarray(self.covariances.any(axis=(1, 2))[self.pattern])


def design_of(areas: AreaTable) -> Design:
    """Make the design of a study's areas.

    Parameters
    ----------
    areas : AreaTable
        Its `determinants` hold NaN where a value is not known.

    Returns
    -------
    Design

    Raises
    ------
    DataError
        A determinant does not vary, or holds a value its transformation cannot take.

    Examples
    --------
    >>> from bayesmodel import example_study, read_areas
    >>> from bayesmodel.model.design import design_of
    >>> design = design_of(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> design.x.shape[0], bool(abs(design.x).max() < 10)
    (60, True)
    """
    study = areas.study
    raw = areas.determinants
    _check_domain(raw, study.determinants)
    columns = [transformed(raw[item.column].to_numpy(float), item.transform) for item in study.determinants]
    values = np.column_stack(columns) if columns else np.empty((len(areas), 0))
    weights = areas.population.to_numpy(float) if study.model.standardise == "population" else np.ones(len(areas))
    centre, spread = _moments(values, weights)
    _check_spread(study.determinant_names, spread)
    x = (values - centre) / spread
    lower, upper = ((side - centre) / spread for side in _bounds(study.determinants))
    completed = truncate(complete(x), np.isnan(x), lower, upper)
    return Design(study.determinant_names, completed.x, centre, spread, completed.pattern, completed.covariances)


def transformed(values: Floats, transform: str) -> Floats:
    """Return raw values on the scale they enter the model; percentages 0 to 100 for `logit`."""
    match transform:
        case "log":
            return np.log(values)
        case "sqrt":
            return np.sqrt(values)
        case "logit":
            return np.asarray(special.logit((values + 0.5) / 101.0))
        case _:
            return values


def natural(values: Floats, transform: str) -> Floats:
    """Return values of the scale of the model in the units of the table: the way back of `transformed`."""
    match transform:
        case "log":
            return np.exp(values)
        case "sqrt":
            return np.maximum(values, 0) ** 2
        case "logit":
            return np.clip(101.0 * special.expit(values) - 0.5, 0.0, 100.0)
        case _:
            return values


def _bounds(determinants: tuple[Determinant, ...]) -> tuple[Floats, Floats]:
    """Return what missing values are known to lie between, transformed (determinant,); infinite where not known."""
    bounds = np.array([item.bounds or (-np.inf, np.inf) for item in determinants]).reshape(len(determinants), 2)
    with np.errstate(divide="ignore"):
        for row, item in zip(bounds, determinants, strict=True):
            row[:] = transformed(row, item.transform) if item.bounds else row
    return bounds[:, 0], bounds[:, 1]


def _moments(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted mean and sd of each column over its known values."""
    known = np.ma.masked_invalid(values)
    centre = np.ma.average(known, axis=0, weights=weights)
    variance = np.ma.average((known - centre) ** 2, axis=0, weights=weights)
    return np.ma.filled(centre, np.nan), np.sqrt(np.ma.filled(variance, 0.0))


def _check_domain(raw: pd.DataFrame, determinants: tuple[Determinant, ...]) -> None:
    """Refuse values that a transformation cannot take."""
    faults = []
    for item in determinants:
        values = raw[item.column]
        wrong = {
            "log": values <= 0,
            "sqrt": values < 0,
            "logit": (values < 0) | (values > 100),
        }.get(item.transform)
        if wrong is not None and wrong.any():
            expected = {
                "log": _("values above 0"),
                "sqrt": _("values of at least 0"),
                "logit": _("percentages 0 to 100"),
            }
            found = f"{values[wrong].iloc[0]:g}"
            rows = [str(code) for code in raw.index[wrong]]
            advice = _("Choose another transform for this determinant, or mend the table.")
            faults.append(
                Fault(
                    item.column,
                    found,
                    _("{expected} for transform {transform}").format(
                        expected=expected[item.transform], transform=item.transform
                    ),
                    advice,
                    rows,
                )
            )
    raise_faults(DataError, _("The determinants"), faults)


def _check_spread(names: tuple[str, ...], spread: Floats) -> None:
    """Refuse determinants that do not vary."""
    faults = [
        Fault(name, _("one value in all areas"), _("a determinant that varies"), _("Leave it out of the study."))
        for name, sd in zip(names, spread, strict=True)
        if not sd > 1e-12
    ]
    raise_faults(DataError, _("The determinants"), faults)
