"""Several years as one model, and of each year the fit that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from bayesmodel.data import Counts
from bayesmodel.data.joined_years import JoinedYears, join_years
from bayesmodel.errors import ModelError
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.nuts import Progress
from bayesmodel.inference.sampling import fit_model
from bayesmodel.messages import _, speaking
from bayesmodel.model.build import build_model
from bayesmodel.model.families import family_named
from bayesmodel.model.priors import EXCESS
from bayesmodel.model.time import TIME, YEAR, TimeStructure, YearEffects, time_name, year_basis
from bayesmodel.study.model_parts import SPACE

YEARS = "years"
"""Key of the provenance of a fit of one year that says what it came from."""


@dataclass(frozen=True)
class YearsFit(Mapping[int, Fit]):
    """The fits of several years, from one model: a mapping from year to `Fit`, whose draws belong together.

    Parameters
    ----------
    joint : Fit
        Of a row for each area in each year; on the scale of the link ``effect_<area>`` stays over the years,
        ``effect_time`` (year) and ``effect_<level>_time`` (level, year) change.
    joined : JoinedYears
    time : TimeStructure
    """

    joint: Fit
    joined: JoinedYears
    time: TimeStructure

    @property
    def diagnostics(self) -> Diagnostics:
        """Whether the draws may be reported."""
        return self.joint.diagnostics

    @property
    def years(self) -> tuple[int, ...]:
        """All years, ascending."""
        return self.time.years

    @cached_property
    def fits(self) -> dict[int, Fit]:
        """The fit of each year."""
        return {year: _of_year(self, index) for index, year in enumerate(self.years)}

    def __getitem__(self, year: int) -> Fit:
        return self.fits[year]

    def __iter__(self) -> Any:
        return iter(self.years)

    def __len__(self) -> int:
        return len(self.years)

    def __repr__(self) -> str:
        said = _("Years {years} as one model: {fit}")
        return said.format(years=", ".join(map(str, self.years)), fit=repr(self.joint))


def fit_years(
    of_years: Sequence[Counts],
    *,
    earlier: Sequence[Fit] = (),
    effects: YearEffects | None = None,
    areas: bool | None = None,
    space: bool | None = None,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> YearsFit:
    """Fit the counts of several years as one model.

    ``eta_it = intercept + x_it' beta + effects of area i and its groups + effect of year t + effects of year t on each
    group of i + effect of i in t``. Coefficients and the effects of areas and groups stay over the years; the effects
    of years are a random walk, or independent. The engine and its settings are those of the study of the last year.

    Parameters
    ----------
    of_years : sequence of Counts
        Of two or more years, as `join_years` takes them; those of `earlier` count.
    earlier : sequence of Fit
        Of years that were fitted as one model before, such as those of a folder that `write_years` made. Their counts
        are taken from them, the three choices below too where these are left out, and the search for the
        hyperparameters starts where theirs ended.
    effects : {"walk", "independent"}, optional
        How the effects of years hang together; a walk when left out.
    areas : bool, optional
        Whether each area has effects of years as well, beside those of its groups: its own walk.
    space : bool, optional
        Whether effects of space (`model.space` of the studies) change over the years, beside those that stay.
    progress, notify : callable, optional
        As `fit_model` takes them.

    Returns
    -------
    YearsFit

    Raises
    ------
    StudyError, DataError
        As `join_years`.
    ModelError
        The family has no effect of the area; effects of space are to change, and the study has none; or an earlier fit
        is not one of several years.

    Examples
    --------
    >>> from bayesmodel import fit_years, interpret_counts, read_areas, read_study
    >>> studies = [read_study(f"{year}.toml") for year in (2022, 2023)]  # doctest: +SKIP
    >>> fit_years([interpret_counts(read_areas(study)) for study in studies])[2023]  # doctest: +SKIP
    """
    before = _of_earlier(earlier)
    chosen = {"effects": effects, "areas": areas, "space": space}
    how: dict[str, Any] = {name: before.get(name) if value is None else value for name, value in chosen.items()}
    joined = join_years([*(fit.counts for fit in earlier), *of_years])
    study = joined.of_years[-1].study
    if not family_named(study.model.family).area_effect:
        said = _("Several years need a family with an effect of the area, such as poisson; found {family}.")
        raise ModelError(said.format(family=study.model.family))
    if how["space"] and study.model.space is None:
        raise ModelError(_("Effects of space cannot change over the years in a study without model.space."))
    levels = (*study.effect_names, *((study.area,) if how["areas"] else ()))
    basis = year_basis(joined.years, how["effects"])
    time = TimeStructure(joined.years, joined.of_row, basis, study.area, levels, how["space"])
    built = replace(build_model(joined.counts, time=time), start=before.get("hyperparameters", {}))
    joint = fit_model(built, progress, notify)
    with speaking("en"):
        notes = list(joined.notes)
    posterior = joint.posterior
    names = [str(name) for name in posterior if str(name).startswith("sd_") or name == EXCESS]
    found = {name: round(float(posterior[name].mean()), 6) for name in names}
    how |= {"all": list(joined.years), "hyperparameters": found, "notes": notes, "unplaced": list(joined.unplaced)}
    return YearsFit(replace(joint, provenance={**joint.provenance, YEARS: how}), joined, time)


CHOICES: dict[str, Any] = {"effects": "walk", "areas": False, "space": False}
"""What effects of years there are where nobody says so."""


def _of_earlier(fits: Sequence[Fit]) -> dict[str, Any]:
    """Return what earlier fits say of their model of years: its choices, and its hyperparameters."""
    for fit in fits:
        if YEARS not in fit.provenance:
            said = _("The fit of {year} was made alone, not as one of several years. Give its study instead.")
            raise ModelError(said.format(year=fit.study.outcome.year))
    return CHOICES | (fits[-1].provenance[YEARS] if fits else {})


def _of_year(fitted: YearsFit, index: int) -> Fit:
    """Return the fit of one year: effects of that year added to those that stay, and their variances too."""
    joint, joined, time = fitted.joint, fitted.joined, fitted.time
    counts, rows, draws = joined.of_years[index], joined.rows(index), joint.tree["posterior"].dataset
    last = joined.of_years[-1].study
    variance, area = float(time.variance[index]), counts.study.area
    codes_of_areas = counts.areas.codes.to_numpy(dtype=object)
    folded: dict[str, Any] = {"intercept": draws["intercept"] + draws[f"effect_{TIME}"].isel({YEAR: index}, drop=True)}
    if "beta" in draws:
        folded["beta"] = draws["beta"]

    def sd(*names: str) -> xr.DataArray:
        parts = [draws[f"sd_{name}"] ** 2 for name in names]
        if f"sd_{time_name(names[0])}" in draws:
            parts.append(variance * draws[f"sd_{time_name(names[0])}"] ** 2)
        return xr.DataArray(np.sqrt(sum(parts[1:], start=parts[0])))

    for level in last.effect_names:
        codes = np.unique(counts.areas.levels[level].to_numpy(dtype=str)).astype(object)
        changed = draws[f"effect_{time_name(level)}"].isel({YEAR: index}, drop=True)
        folded[f"sd_{level}"] = sd(level)
        folded[f"effect_{level}"] = (draws[f"effect_{level}"] + changed).sel({level: codes})
    if last.model.space is not None:
        own = joined.identities(index).to_numpy(dtype=object)
        effect = draws[f"effect_{SPACE}"]
        if time.space:
            effect = effect + draws[f"effect_{time_name(SPACE)}"].isel({YEAR: index}, drop=True)
        folded[f"sd_{SPACE}"] = sd(SPACE)
        folded[f"effect_{SPACE}"] = effect.sel({area: own}).assign_coords({area: codes_of_areas})
    folded[f"sd_{area}"] = sd(area, joint.study.area)
    if EXCESS in draws:
        folded[EXCESS] = draws[EXCESS]
    eta = draws["linear_predictor"].isel({joint.study.area: rows}).rename({joint.study.area: area})
    folded["linear_predictor"] = eta.assign_coords({area: codes_of_areas})
    study = counts.study.model_copy(
        update={
            "levels": last.levels,
            "model": last.model.model_copy(update={"area_effect": "normal"}),
            "inference": last.inference,
            "totals": counts.study.totals.model_copy(update={"use": False}),
        }
    )
    design = replace(joint.design, x=joint.design.x[rows], pattern=joint.design.pattern[rows])
    how = {**joint.provenance[YEARS], "year": joined.years[index], "joint": joint.provenance["data_sha256"]}
    how["identities"] = {code: str(found) for code, found in joined.identities(index).items() if code != found}
    tree = xr.DataTree.from_dict(
        {"posterior": xr.Dataset(folded), "sample_stats": joint.tree["sample_stats"].to_dataset()}
    )
    return Fit(counts.with_study(study), design, tree, joint.diagnostics, {**joint.provenance, YEARS: how})
