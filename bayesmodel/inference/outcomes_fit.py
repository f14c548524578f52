"""Several outcomes of the same areas as one model, and of each outcome the fit that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from bayesmodel.data import Counts
from bayesmodel.data.joined_outcomes import JoinedOutcomes, join_outcomes
from bayesmodel.errors import ModelError
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.nuts import Progress
from bayesmodel.inference.sampling import fit_model
from bayesmodel.messages import _, speaking
from bayesmodel.model.build import BuiltModel, build_model
from bayesmodel.model.design import Design, design_of
from bayesmodel.model.families import family_named
from bayesmodel.model.initial_sds import crude_predictor
from bayesmodel.model.outcomes import OUTCOME, OutcomeStructure
from bayesmodel.model.priors import EXCESS

OUTCOMES = "outcomes"
"""Key of the provenance of a fit of one outcome that says what it came from."""


@dataclass(frozen=True)
class OutcomesFit(Mapping[str, Fit]):
    """The fits of several outcomes, from one model: a mapping from name to `Fit`, whose draws belong together.

    Parameters
    ----------
    joint : Fit
        Of a row for each area and outcome; on the scale of the link ``sd_<level>`` (outcome) and
        ``correlation_<level>`` (outcome, other_outcome) are those of areas and of groups of each level,
        ``effect_<level>`` (level, outcome) the effects of groups.
    joined : JoinedOutcomes
    """

    joint: Fit
    joined: JoinedOutcomes

    @property
    def diagnostics(self) -> Diagnostics:
        """Whether the draws may be reported."""
        return self.joint.diagnostics

    @cached_property
    def fits(self) -> dict[str, Fit]:
        """The fit of each outcome."""
        return {name: _of_outcome(self, name) for name in self.joined.names}

    def __getitem__(self, name: str) -> Fit:
        return self.fits[name]

    def __iter__(self) -> Any:
        return iter(self.joined.names)

    def __len__(self) -> int:
        return len(self.joined.names)

    def __repr__(self) -> str:
        said = _("Outcomes {names} as one model: {fit}")
        return said.format(names=", ".join(self.joined.names), fit=repr(self.joint))


def fit_outcomes(
    of_outcomes: Mapping[str, Counts],
    *,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> OutcomesFit:
    """Fit the counts of several outcomes of the same areas as one model.

    ``eta_ip = intercept_p + x_ip' beta_p + effects of area i and of its groups on outcome p``: each outcome has its own
    coefficients, and the effects of an area or a group on all outcomes are normal with an sd for each and a correlation
    for each two. What is counted of one outcome so tells of another, most where its counts are small or hidden. The
    engine and its settings are those of the study of the last outcome.

    Parameters
    ----------
    of_outcomes : mapping of str to Counts
        Of two to four outcomes, as `join_outcomes` takes them.
    progress, notify : callable, optional
        As `fit_model` takes them.

    Returns
    -------
    OutcomesFit

    Raises
    ------
    StudyError, DataError
        As `join_outcomes`.
    ModelError
        The family has no effect of the area, or the coefficients have a horseshoe prior.

    Examples
    --------
    >>> from bayesmodel import fit_outcomes, interpret_counts, read_areas, read_study
    >>> counts = {name: interpret_counts(read_areas(read_study(f"{name}.toml"))) for name in ("youth", "wmo")}
    ... # doctest: +SKIP
    >>> fit_outcomes(counts)["youth"]  # doctest: +SKIP
    """
    joined = join_outcomes(of_outcomes)
    joint = fit_model(outcomes_model(joined), progress, notify)
    with speaking("en"):
        how: dict[str, Any] = {"all": list(joined.names), "notes": list(joined.notes)}
    return OutcomesFit(replace(joint, provenance={**joint.provenance, OUTCOMES: how}), joined)


def outcomes_model(joined: JoinedOutcomes) -> BuiltModel:
    """Build the model of several outcomes.

    Raises
    ------
    ModelError
        As `fit_outcomes`.
    """
    model = joined.counts.study.model
    family = family_named(model.family)
    if not family.area_effect:
        said = _("Several outcomes need a family with an effect of the area, such as poisson; found {family}.")
        raise ModelError(said.format(family=model.family))
    if model.priors.coefficient.kind == "horseshoe":
        raise ModelError(_("Several outcomes take a normal prior of the coefficients; found a horseshoe."))
    spread = [np.std(crude_predictor(counts, family)[counts.observed]) for counts in joined.of_outcomes.values()]
    order = np.argsort(-np.array(spread), kind="stable")
    names = tuple(joined.names[index] for index in order)
    structure = OutcomeStructure(names, np.argsort(order)[joined.of_row], joined.area)
    return build_model(joined.counts, _design(joined), outcomes=structure)


def _design(joined: JoinedOutcomes) -> Design:
    """Return the designs of all outcomes as one: determinants of one outcome are zero in the rows of another."""
    designs = {name: design_of(counts.areas) for name, counts in joined.of_outcomes.items()}
    columns = np.cumsum([0, *(len(design.names) for design in designs.values())])
    patterns = np.cumsum([0, *(len(design.covariances) for design in designs.values())])
    x, pattern = np.zeros((len(joined.counts), columns[-1])), np.zeros(len(joined.counts), dtype=np.int64)
    covariances = np.zeros((patterns[-1], columns[-1], columns[-1]))
    for i, (name, design) in enumerate(designs.items()):
        own = slice(columns[i], columns[i + 1])
        x[joined.rows(name), own] = design.x
        pattern[joined.rows(name)] = patterns[i] + design.pattern
        covariances[patterns[i] : patterns[i + 1], own, own] = design.covariances
    return Design(
        names=tuple(f"{name}: {determinant}" for name, design in designs.items() for determinant in design.names),
        x=x,
        centre=np.concatenate([design.centre for design in designs.values()]),
        scale=np.concatenate([design.scale for design in designs.values()]),
        pattern=pattern,
        covariances=covariances,
    )


def _of_outcome(fitted: OutcomesFit, name: str) -> Fit:
    """Return the fit of one outcome."""
    joint, joined = fitted.joint, fitted.joined
    counts, rows, draws = joined.of_outcomes[name], joined.rows(name), joint.tree["posterior"].dataset
    area, design = counts.study.area, design_of(counts.areas)
    one = {OUTCOME: name}
    folded: dict[str, Any] = {"intercept": draws["intercept"] + draws[f"effect_{OUTCOME}"].sel(one, drop=True)}
    if design.names:
        own = [f"{name}: {determinant}" for determinant in design.names]
        folded["beta"] = draws["beta"].sel(determinant=own).assign_coords(determinant=list(design.names))
    for level in counts.study.effect_names:
        codes = np.unique(counts.areas.levels[level].to_numpy(dtype=str)).astype(object)
        folded[f"effect_{level}"] = draws[f"effect_{level}"].sel(one, drop=True).sel({level: codes})
        folded[f"sd_{level}"] = draws[f"sd_{level}"].sel(one, drop=True)
    folded[f"sd_{area}"] = draws[f"sd_{area}"].sel(one, drop=True)
    if (excess := f"{EXCESS}_{name}") in draws:
        folded[EXCESS] = draws[excess]
    eta = draws["linear_predictor"].isel({joint.study.area: rows}).rename({joint.study.area: area})
    folded["linear_predictor"] = eta.assign_coords({area: counts.areas.codes.to_numpy(dtype=object)})
    last = joined.of_outcomes[joined.names[-1]].study
    study = counts.study.model_copy(
        update={
            "model": counts.study.model.model_copy(update={"area_effect": "normal"}),
            "inference": last.inference,
            "totals": counts.study.totals.model_copy(update={"use": False}),
        }
    )
    how = {**joint.provenance[OUTCOMES], "outcome": name, "joint": joint.provenance["data_sha256"]}
    tree = xr.DataTree.from_dict(
        {"posterior": xr.Dataset(folded), "sample_stats": joint.tree["sample_stats"].to_dataset()}
    )
    return Fit(counts.with_study(study), design, tree, joint.diagnostics, {**joint.provenance, OUTCOMES: how})
