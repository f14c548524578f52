"""What determinants explain at each level: the model with them compared with the null model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.data import Counts
from bayesmodel.errors import SHOWN, ComparisonError
from bayesmodel.estimates.definition import Definition
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import levels_coarse_first
from bayesmodel.estimates.labels import warning
from bayesmodel.estimates.linear_predictor import Floats, flat
from bayesmodel.estimates.variance import level_names
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.study import Label


def without_determinants(counts: Counts) -> Counts:
    """Return the same counts in a study without determinants, to fit the null model to.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> without_determinants(invented_fit().counts).study.determinants
    ()
    """
    study = counts.study.model_copy(update={"determinants": (), "blocks": ()})
    empty = pd.DataFrame(index=counts.areas.codes)
    return replace(counts, areas=replace(counts.areas, study=study, determinants=empty, highest=None))


def variance_explained(null: Fit, full: Fit) -> Estimate:
    """Return the proportion of the variance at each level that the determinants explain.

    1 - sigma_full^2 / sigma_null^2 per level, and over all levels together. Negative where the determinants
    reveal differences that were masked.

    Parameters
    ----------
    null : Fit
        Fitted to the same counts without determinants: ``fit_model(build_model(without_determinants(counts)))``.
    full : Fit
        The fit with determinants.

    Returns
    -------
    Estimate
        Draws (chain 1, draw, level), the last level ``all``. The draws of the two fits are independent and are
        paired in order.

    Raises
    ------
    ComparisonError
        The fits differ in areas, years, levels or family, or the null model has determinants.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> variance_explained(invented_fit(), invented_fit())
    Traceback (most recent call last):
    ...
    bayesmodel.errors.ComparisonError: The null model has determinants: poverty, divorce. Fit it without_determinants.
    """
    if null.study.determinants:
        names = ", ".join(null.study.determinant_names[:SHOWN])
        said = _("The null model has determinants: {names}. Fit it without_determinants.")
        raise ComparisonError(said.format(names=names))
    require_comparable(null, full)
    levels = [*levels_coarse_first(full.study), full.study.area]
    squares = [{name: _square(fit, name) for name in levels} for fit in (null, full)]
    for table in squares:
        table["all"] = np.sum(list(table.values()), axis=0)
    size = min(len(table["all"]) for table in squares)
    ratios = {name: 1 - squares[1][name][:size] / squares[0][name][:size] for name in squares[0]}
    labels = level_names(full.study) | {"all": Label(nl="alle niveaus", en="all levels")}
    shown = [labels[name][full.study.report.language] for name in ratios]
    draws = xr.DataArray(
        np.column_stack(list(ratios.values()))[None],
        {"level": list(ratios)},
        ("chain", "draw", "level"),
        attrs=warning(full) or warning(null),
    )
    draws = draws.assign_coords(level_name=("level", shown))
    return Estimate(draws, _DEFINITION, full.study)


def require_comparable(one: Fit, other: Fit) -> None:
    """Raise unless both fits have the same areas, year, levels and family.

    Raises
    ------
    ComparisonError
        They differ; the message lists the differences.
    """
    differences = []
    pairs: list[tuple[str, object, object]] = [
        (_("the year of the boundaries"), one.study.outcome.vintage, other.study.outcome.vintage),
        (_("the year that was counted"), one.study.outcome.year, other.study.outcome.year),
        (_("the levels"), one.study.effect_names, other.study.effect_names),
        (_("the family"), one.family.name, other.family.name),
        (_("the number of areas"), len(one.counts), len(other.counts)),
    ]
    differences += [f"{what} ({left}, {right})" for what, left, right in pairs if left != right]
    codes = one.counts.areas.codes.symmetric_difference(other.counts.areas.codes)
    if len(codes):
        what = _("the areas")
        differences.append(f"{what} ({', '.join(codes[:SHOWN])}{', ...' if len(codes) > SHOWN else ''})")
    if differences:
        said = _("These fits cannot be compared. They differ in {differences}.")
        raise ComparisonError(said.format(differences="; ".join(differences)))


def _square(fit: Fit, name: str) -> Floats:
    """Return the variance of a level, or of the area (sample,)."""
    own = name == fit.study.area and not fit.family.area_effect
    return np.square(flat(fit, "dispersion" if own else f"sd_{name}"))


_DEFINITION = Definition(
    "variance.explained",
    Label(nl="verklaard door kenmerken", en="explained by the determinants"),
    Label(
        nl="Welk deel van de verschillen op dit niveau verdwijnt als de kenmerken meedoen?",
        en="What part of the differences at this level disappears when the determinants are included?",
    ),
    "1 - sigma_full^2 / sigma_null^2",
    Label(nl="aandeel, hoogstens 1", en="share, at most 1"),
)
