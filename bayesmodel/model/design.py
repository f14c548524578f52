"""The design: determinants transformed, standardised, and the missing ones as a normal distribution given the known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import AreaTable
from bayesmodel.data.transforms import domain_faults, transformed
from bayesmodel.errors import DataError, Fault, raise_faults
from bayesmodel.messages import _
from bayesmodel.model.missing import complete
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
    centre, scale : ndarray (determinant,)
        What was subtracted and divided by, on the transformed scale.
    pattern : ndarray of int (area,)
        Index into `covariances`.
    covariances : ndarray (pattern, determinant, determinant)
        Conditional covariance of the missing determinants, zero elsewhere.
    """

    names: tuple[str, ...]
    x: Floats
    centre: Floats
    scale: Floats
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
    centre, scale = _moments(values, weights)
    _check_scale(study.determinant_names, scale)
    x = (values - centre) / scale
    lower, upper = ((side - centre) / scale for side in _bounds(study.determinants, areas.highest, len(x)))
    completed = complete(x, lower, upper)
    return Design(study.determinant_names, completed.x, centre, scale, completed.pattern, completed.covariances)


def _bounds(determinants: tuple[Determinant, ...], highest: pd.DataFrame | None, rows: int) -> tuple[Floats, Floats]:
    """Return what missing values are known to lie between, transformed (row, determinant); infinite where not known."""
    sides = [(0.0, np.inf) if item.hidden else (-np.inf, np.inf) for item in determinants]
    raw = [item.bounds or side for item, side in zip(determinants, sides, strict=True)]
    bounds = np.repeat(np.array(raw).reshape(1, len(determinants), 2), rows, axis=0)
    if highest is not None:
        bounds[..., 1] = np.minimum(bounds[..., 1], highest.to_numpy())
    with np.errstate(divide="ignore", invalid="ignore"):
        for column, item in enumerate(determinants):
            known = np.isfinite(bounds[:, column])
            bounds[:, column] = np.where(known, transformed(bounds[:, column], item.transform), bounds[:, column])
    return bounds[..., 0], bounds[..., 1]


def _moments(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted mean and sd of each column over its known values."""
    known = np.ma.masked_invalid(values)
    centre = np.ma.average(known, axis=0, weights=weights)
    variance = np.ma.average((known - centre) ** 2, axis=0, weights=weights)
    return np.ma.filled(centre, np.nan), np.sqrt(np.ma.filled(variance, 0.0))


def _check_domain(raw: pd.DataFrame, determinants: tuple[Determinant, ...]) -> None:
    """Refuse values that a transform cannot be taken of."""
    faults = [fault for item in determinants for fault in domain_faults(raw[item.column], item)]
    raise_faults(DataError, _("The determinants"), faults)


def _check_scale(names: tuple[str, ...], scale: Floats) -> None:
    """Refuse determinants that do not vary."""
    faults = [
        Fault(name, _("one value in all areas"), _("a determinant that varies"), _("Leave it out of the study."))
        for name, sd in zip(names, scale, strict=True)
        if not sd > 1e-12
    ]
    raise_faults(DataError, _("The determinants"), faults)
