"""Sensitivity to the prior and to the likelihood, of parameters and of verdicts, by power-scaling and importance weights.

A component of the posterior, the prior of the parameters or the likelihood of the counts, is raised to a power alpha:
above 1 it counts for more, below 1 for less. Draws get the weights ``component^(alpha - 1)``, Pareto-smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.arviz_groups import with_groups
from bayesmodel.estimates.linear_predictor import Floats
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.verdict_rule import VerdictClass, classify
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.inference.fit import Fit
from bayesmodel.laplace.importance import smoothed
from bayesmodel.messages import _, number
from bayesmodel.study import Label, Study

Component = Literal["prior", "likelihood"]
POWERS: dict[Component, tuple[float, ...]] = {"prior": (0.5, 2.0), "likelihood": (0.9, 1.1)}
"""Half and twice the prior; of the likelihood a tenth less and more, as weights soon fail where it tells so much."""
SENSITIVE = 0.05
"""Distance of posteriors, per doubling of the power, from which a parameter is called sensitive."""
PARETO_K = 0.7
"""Shape of the tail of the weights above which they say nothing."""
TITLE = Label(
    nl="gevoeligheid van parameters en oordelen voor prior en likelihood (verwachting: {expectation})",
    en="sensitivity of parameters and verdicts to prior and likelihood (expectation: {expectation})",
)


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Result):
    """How parameters and verdicts change when the prior or the likelihood counts for more or less.

    Parameters
    ----------
    study : Study
    expectation : str
        What use is held against.
    parameters : DataFrame
        One row per parameter: ``prior`` and ``likelihood``, the distance between posteriors (cumulative
        Jensen-Shannon) per doubling of the power of each; ``diagnosis``, empty where nothing is off.
    scalings : DataFrame
        One row per component and power: ``pareto_k`` and ``effective`` (draws) of the weights, ``reliable``,
        ``conclusions`` (verdicts other than *inconclusive*), ``changed`` (of all verdicts), ``conclusions_changed``.
    verdicts : DataFrame of str (area, scaling)
        The verdict under each scaling; columns are component and power.
    shifts : DataFrame of float (area, scaling)
        The largest change of ``p_higher``, ``p_within`` and ``p_lower``.
    own : Series of str
        The verdict itself, by code of the area.
    names : Series of str
        Name of each area, by code.
    """

    shown_rows: ClassVar[int] = 40

    study: Study
    expectation: str
    parameters: pd.DataFrame
    scalings: pd.DataFrame
    verdicts: pd.DataFrame
    shifts: pd.DataFrame
    own: pd.Series
    names: pd.Series

    def summary(self) -> pd.DataFrame:
        """Summarise per area, those whose verdict rests on the prior first.

        Returns
        -------
        DataFrame
            One row per area: ``name``, ``verdict``; and per component ``<component>_stands`` (the verdict is the same
            under each power whose weights are reliable) and ``<component>_shift`` (the largest change of a
            probability under these); NaN where no weights are.
        """
        table = pd.DataFrame({"name": self.names, "verdict": self.own.astype(str)})
        reliable = self.scalings.index[self.scalings["reliable"]]
        for component in POWERS:
            chosen = [scaling for scaling in reliable if scaling[0] == component]
            stands = self.verdicts[chosen].eq(self.own, axis=0).all(axis=1)
            table[f"{component}_stands"] = stands if chosen else np.nan
            table[f"{component}_shift"] = self.shifts[chosen].max(axis=1) if chosen else np.nan
        return table.sort_values(["prior_shift", "likelihood_shift"], ascending=False, kind="stable")

    @property
    def problems(self) -> tuple[str, ...]:
        """Parameters that the diagnosis names, and scalings whose weights say nothing."""
        off = self.parameters[self.parameters["diagnosis"] != ""]
        found = [f"{name}: {row['diagnosis']}" for name, row in off.iterrows()]
        unreliable = self.scalings[~self.scalings["reliable"]]
        for (component, power), row in unreliable.iterrows():
            said = _("{component} to the power {power}: Pareto k {k}, its weights say nothing; refit by `multiverse`")
            k = number(row["pareto_k"], ".2f")
            found.append(said.format(component=component, power=number(power, "g"), k=k))
        return tuple(found)

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the scalings, the parameters and the areas."""
        return self.scalings, self.parameters, self.summary()

    def notes(self) -> tuple[str, ...]:
        """Return what is off."""
        return self.problems or (_("Nothing is off."),)

    @property
    def title(self) -> str:
        """Against which expectation."""
        return TITLE[self.study.report.language].format(expectation=self.expectation)


def sensitivity(
    fit: Fit,
    expectation: str = "determinants",
    *,
    prior: Sequence[float] = POWERS["prior"],
    likelihood: Sequence[float] = POWERS["likelihood"],
) -> Sensitivity:
    """Say how parameters and verdicts change when the prior or the likelihood counts for more or less.

    Parameters
    ----------
    fit : Fit
        The posterior.
    expectation : str
        The expectation of the verdicts, named as in `expected`.
    prior, likelihood : sequence of float
        Powers that each is raised to, above 0; 1 changes nothing. The prior is that of intercept, coefficients, sds
        and the share of special areas; that of the effects of groups and areas is part of the model.

    Returns
    -------
    Sensitivity

    Raises
    ------
    UnknownNameError
        There is no such expectation.
    ComparisonError
        A power is not above 0; or the study has a horseshoe prior, whose density is not kept.

    Notes
    -----
    Kallioinen, Paananen, Bürkner and Vehtari (2024), Detecting and diagnosing prior and likelihood sensitivity with
    power-scaling.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> found = sensitivity(invented_fit(), "gemeente")
    >>> found.scalings["conclusions"].tolist()
    [0, 0, 0, 0]
    """
    powers: dict[Component, Sequence[float]] = {"prior": prior, "likelihood": likelihood}
    wrong = [power for each in powers.values() for power in each if not power > 0]
    if wrong:
        raise ComparisonError(_("A power of a prior or likelihood is above 0; found {power:g}.").format(power=wrong[0]))
    if fit.study.model.priors.coefficient.kind == "horseshoe" and fit.design.names:
        raise ComparisonError(_("Sensitivity needs a normal prior of the coefficients; this study has a horseshoe."))
    with_both = with_groups(fit, "log_prior", "log_likelihood")
    logs = {component: _total(with_both.tree[f"log_{component}"].to_dataset()) for component in powers}
    found = verdicts(fit, expectation)
    margin = found.rule.margin or 0.0
    ratio = found.ratio.samples
    beyond = (ratio > 1 + margin).astype(float), (ratio < 1 - margin).astype(float)
    unknown = np.isnan(ratio[0])
    before = found.probabilities[["p_higher", "p_within", "p_lower"]].to_numpy()
    own = found.classes.astype(str)
    concluded = (own != VerdictClass.INCONCLUSIVE).to_numpy()
    rows, columns, shifts = {}, {}, {}
    for component, each in powers.items():
        for power in each:
            weights, shape = smoothed((power - 1) * logs[component])
            higher, lower = (np.where(unknown, np.nan, weights @ side) for side in beyond)
            after = np.stack([higher, 1 - higher - lower, lower], axis=1)
            said = pd.Series(classify(after[:, 0], after[:, 1], after[:, 2], found.rule), own.index).astype(str)
            changed = (said != own).to_numpy()
            effective = 1 / float((weights**2).sum())
            rows[component, power] = {
                "pareto_k": shape,
                "effective": effective,
                "reliable": bool(shape <= PARETO_K),
                "conclusions": int(concluded.sum()),
                "changed": int(changed.sum()),
                "conclusions_changed": int((changed & concluded).sum()),
            }
            columns[component, power], shifts[component, power] = said, np.abs(after - before).max(axis=1)
    index = pd.MultiIndex.from_tuples(list(rows), names=["component", "power"])
    return Sensitivity(
        fit.study,
        expectation,
        _parameters(with_both),
        pd.DataFrame(list(rows.values()), index=index),
        pd.DataFrame(columns, index=own.index),
        pd.DataFrame(shifts, index=own.index),
        own,
        found.names,
    )


def _total(logs: xr.Dataset) -> Floats:
    """Return the sum of log densities over everything but draws (sample,)."""
    parts = [values.to_numpy().reshape(values.sizes["chain"] * values.sizes["draw"], -1) for values in logs.values()]
    return np.asarray(sum(part.sum(axis=1) for part in parts))


def _parameters(fit: Fit) -> pd.DataFrame:
    """Return how far the posterior of each parameter moves with the prior and with the likelihood."""
    from arviz_stats import psense

    names = [str(name) for name in fit.tree["log_prior"].data_vars]
    columns = {}
    for component in POWERS:
        distances = psense(fit.tree, var_names=names, group=component)
        columns[component] = pd.Series(
            {
                name if not values.dims else f"{name}[{label}]": float(value)
                for name, values in distances.items()
                for label, value in zip(
                    values.indexes[values.dims[0]] if values.dims else [""],
                    np.atleast_1d(values.to_numpy()),
                    strict=True,
                )
            }
        )
    table = pd.DataFrame(columns).rename_axis("parameter")
    prior, likelihood = table["prior"] > SENSITIVE, table["likelihood"] > SENSITIVE
    table["diagnosis"] = np.select(
        [prior & likelihood, prior], [_("prior and data may disagree"), _("rests on its prior")], ""
    )
    return table
