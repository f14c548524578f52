"""The design: determinants transformed, standardised, and the missing ones as a normal distribution given the known.

Of curved determinants the squares follow, as columns of their own. Beyond `FARTHEST` sds from the mean a square no
longer grows, so that a few areas far from the rest do not say what curvature there is. Where a determinant is missing,
its square has the mean and covariances that the normal distribution gives it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
Indices = NDArray[np.int64]

FARTHEST = 3.0
"""Sds from the mean of a determinant beyond which its square no longer grows."""
CURVED_LEAST = 3
"""Fewest values of a curved determinant: with two its square says the same."""


@dataclass(frozen=True)
class Design:
    """Determinants as they enter the linear predictor.

    A missing determinant is integrated out: its place in `x` holds its conditional mean given the known ones of that
    area, and the variance it leaves in the predictor is ``beta' S beta`` with S the conditional covariance, which
    depends on the area only through *which* determinants are missing (its pattern).

    Parameters
    ----------
    names : tuple of str
        The determinants, in the order of the columns of `x`; then the squares of curved ones, as ``<determinant>^2``.
    x : ndarray (area, determinant)
        Transformed and standardised; conditional means where missing.
    centre, scale : ndarray (determinant,)
        What was subtracted and divided by, on the transformed scale; of a square, on that of the standardised one.
    pattern : ndarray of int (area,)
        Index into `covariances`.
    covariances : ndarray (pattern, determinant, determinant)
        Conditional covariance of the missing determinants, zero elsewhere.
    curved : tuple of int
        The determinants whose squares are the last columns.
    """

    names: tuple[str, ...]
    x: Floats
    centre: Floats
    scale: Floats
    pattern: NDArray[np.int64]
    covariances: Floats
    curved: tuple[int, ...] = ()

    @property
    def incomplete(self) -> NDArray[np.bool_]:
        """Whether an area misses a determinant (area,)."""
        return np.asarray(self.covariances.any(axis=(1, 2))[self.pattern])

    @property
    def determinant_of(self) -> Indices:
        """The determinant of each column (column,)."""
        return np.array([*range(len(self.names) - len(self.curved)), *self.curved], dtype=np.int64)

    @property
    def linear(self) -> Design:
        """The same without squares."""
        size = len(self.names) - len(self.curved)
        return Design(
            self.names[:size],
            self.x[:, :size],
            self.centre[:size],
            self.scale[:size],
            self.pattern,
            self.covariances[:, :size, :size],
        )

    def at(self, determinants: Indices, values: Floats) -> Floats:
        """Return areas whose determinants are all at their mean but one each, at a standardised value (value, column).

        Parameters
        ----------
        determinants : ndarray of int (value,)
        values : ndarray (value,)
        """
        found = np.zeros((len(values), len(self.names)))
        found[np.arange(len(values)), determinants] = values
        for column, determinant in enumerate(self.curved, len(self.names) - len(self.curved)):
            here = determinants == determinant
            found[here, column] = (_squared(values[here]) - self.centre[column]) / self.scale[column]
        return found


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
    names = study.determinant_names
    design = Design(names, completed.x, centre, scale, completed.pattern, completed.covariances)
    few = [names[place] for place in study.curved if len(np.unique(x[~np.isnan(x[:, place]), place])) < CURVED_LEAST]
    _check_curved(few)
    return _with_own_squares(design, study.curved, weights) if study.curved else design


def _with_own_squares(design: Design, curved: tuple[int, ...], weights: Floats) -> Design:
    """Return a design with squares, standardised over its own areas."""
    size = len(curved)
    plain = with_squares(design, curved, np.zeros(size), np.ones(size))
    centre, scale = _moments(plain.x[:, len(design.names) :], weights)
    return with_squares(design, curved, centre, scale)


def with_squares(design: Design, curved: tuple[int, ...], centre: Floats, scale: Floats) -> Design:
    """Return a design with the squares of some determinants.

    Parameters
    ----------
    design : Design
        Without squares.
    curved : tuple of int
        Which determinants.
    centre, scale : ndarray (curved,)
        What is subtracted from and divides each square.

    Notes
    -----
    With z normal of mean m and covariance C, Cov(z_i, z_j^2) = 2 m_j C_ij and Cov(z_i^2, z_j^2) = 2 C_ij^2 + 4 m_i m_j
    C_ij. Rows that miss a curved determinant have covariances of their own.
    """
    chosen, rows = list(curved), np.arange(len(design.x))
    variance = np.diagonal(design.covariances, axis1=1, axis2=2)[design.pattern][:, chosen]
    mean = design.x[:, chosen]
    square = np.minimum(_squared(mean) + variance, FARTHEST**2)
    apart = np.flatnonzero(variance.any(axis=1))
    pattern = np.where(np.isin(rows, apart), len(design.covariances) + np.searchsorted(apart, rows), design.pattern)
    covariance = design.covariances[np.concatenate([np.arange(len(design.covariances)), design.pattern[apart]])]
    slope = np.zeros((len(covariance), len(chosen)))  # of each square in its determinant; none where it no longer grows
    slope[len(design.covariances) :] = np.where(np.abs(mean[apart]) < FARTHEST, 2 * mean[apart], 0.0)
    both = covariance[:, :, chosen] * slope[:, None, :] / scale
    among = covariance[:, chosen][:, :, chosen]
    squares = (2 * among**2 + slope[:, :, None] * slope[:, None, :] * among) / np.outer(scale, scale)
    return replace(
        design,
        names=(*design.names, *(f"{design.names[column]}^2" for column in curved)),
        x=np.column_stack([design.x, (square - centre) / scale]),
        centre=np.append(design.centre, centre),
        scale=np.append(design.scale, scale),
        pattern=pattern,
        covariances=np.block([[covariance, both], [both.transpose(0, 2, 1), squares]]),
        curved=curved,
    )


def _squared(values: Floats) -> Floats:
    """Return squares that grow no longer beyond `FARTHEST`."""
    return np.minimum(np.abs(values), FARTHEST) ** 2


def _bounds(determinants: tuple[Determinant, ...], highest: pd.DataFrame | None, rows: int) -> tuple[Floats, Floats]:
    """Return what missing values are known to lie between, transformed (row, determinant); infinite where not known."""
    sides = [(0.0, np.inf) if item.hidden else (-np.inf, np.inf) for item in determinants]
    raw = [item.bounds or side for item, side in zip(determinants, sides, strict=True)]
    bounds = np.repeat(np.array(raw).reshape(1, len(determinants), 2), rows, axis=0)
    if highest is not None:
        known_highest = highest[[item.column for item in determinants]].to_numpy(dtype=float)
        bounds[..., 1] = np.minimum(bounds[..., 1], known_highest)
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
    raise_faults(DataError, _("The list of determinants"), faults)


def _check_curved(few: list[str]) -> None:
    """Refuse curved determinants of two values."""
    said = _("values that differ more: a curve needs {number}").format(number=CURVED_LEAST)
    faults = [Fault(name, _("fewer values"), said, _("Leave out curved = true.")) for name in few]
    raise_faults(DataError, _("The list of determinants"), faults)


def _check_scale(names: tuple[str, ...], scale: Floats) -> None:
    """Refuse determinants that do not vary."""
    faults = [
        Fault(name, _("one value in all areas"), _("a determinant that varies"), _("Leave it out of the study."))
        for name, sd in zip(names, scale, strict=True)
        if not sd > 1e-12
    ]
    raise_faults(DataError, _("The list of determinants"), faults)
