"""Sensitivity of parameters and verdicts to the prior and to the likelihood, by power-scaling and importance weights.

A component of the posterior, the prior of the parameters or the likelihood of the counts, is raised to a power alpha:
above 1 it counts for more, below 1 for less. Draws get the weights ``component^(alpha - 1)``, Pareto-smoothed.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.arviz_groups import with_groups
from bayesmodel.estimates.leave_out_effects import NO_COMPARISON
from bayesmodel.estimates.linear_predictor import Floats
from bayesmodel.estimates.result import CheckResult
from bayesmodel.estimates.verdict_rule import VerdictClass, classify
from bayesmodel.estimates.verdicts import Verdicts, verdicts
from bayesmodel.inference.fit import Fit
from bayesmodel.laplace.importance import smoothed
from bayesmodel.messages import Language, _, number
from bayesmodel.study import Label, Study

type Component = Literal["prior", "likelihood"]
COMPONENTS: tuple[Component, ...] = ("prior", "likelihood")
POWERS = (0.8, 1.25)
"""A fifth less, and its inverse."""
NEARER = 3
"""How often a power whose weights fail is moved towards 1, by taking its square root."""
SENSITIVE = 0.05
"""Distance between posteriors per doubling of the power above which a parameter is called sensitive."""
PARETO_K = 0.7
"""Tail shape above which the weights are unreliable."""
SUBSETS = 20
"""Random subsets of the draws used to estimate how many verdicts change by chance alone."""

TITLE = Label(
    nl="Rusten oordelen op de prior? Prior en likelihood zwaarder en lichter gewogen (verwachting: {expectation})",
    en="Do verdicts depend on the prior? Prior and likelihood given more and less weight (expectation: {expectation})",
)
NAMES = {
    "prior": Label(nl="prior", en="prior"),
    "likelihood": Label(nl="likelihood", en="likelihood"),
}
CHANGED = Label(
    nl="{component} tot de macht {power}: aantal van de {conclusions} conclusies ({expectation}) dat verandert: "
    "{changed}; door het toeval van trekkingen alleen: {chance}.",
    en="{component} to the power {power}: number of the {conclusions} conclusions ({expectation}) that change: "
    "{changed}; by chance in the draws alone: {chance}.",
)
NO_CONCLUSIONS = Label(
    nl="{component} tot de macht {power}: van geen gebied is nu iets te zeggen ({expectation}); dan wel van {changed}.",
    en="{component} to the power {power}: every area is inconclusive now ({expectation}); number that would not be: "
    "{changed}.",
)
FAILS = Label(
    nl="{component} tot de macht {power}: de gewichten zeggen niets (Pareto k {k}).",
    en="{component} to the power {power}: the weights are unreliable (Pareto k {k}).",
)
RESTS = Label(
    nl="Parameters die mede op de priors rusten: {names}.", en="Parameters that also depend on the priors: {names}."
)
NONE_RESTS = Label(nl="Geen parameter rust op de priors.", en="No parameter depends on the priors.")


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(CheckResult):
    """How parameters and verdicts change when the prior or the likelihood gets more or less weight.

    Parameters
    ----------
    study : Study
    expectation : str
        The expectation that use is compared with.
    parameters : DataFrame
        One row per parameter: ``prior`` and ``likelihood``, the distance between posteriors (cumulative
        Jensen-Shannon) per doubling of the power of each; ``diagnosis``: conflict, strong prior, or nothing.
    scalings : DataFrame
        One row per component and power: ``pareto_k`` and ``effective`` (draws) of the weights, ``reliable``,
        ``conclusions`` (verdicts other than *inconclusive*), ``changed`` (of all verdicts), ``conclusions_changed``,
        and ``by_chance``: how many conclusions would change in a random subset of that effective number of draws.
    verdicts : DataFrame of str (area, scaling)
        The verdict under each scaling; columns are component and power.
    shifts : DataFrame of float (area, scaling)
        The largest change of ``p_higher``, ``p_within`` and ``p_lower``.
    own : Series of str
        The unscaled verdict, by code of the area.
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
        """Summarise per area, those whose verdict depends most on the prior first.

        Returns
        -------
        DataFrame
            One row per area: ``name``, ``verdict``; and per component ``<component>_stands`` (the verdict is the same
            under each power with reliable weights) and ``<component>_shift`` (the largest change of a probability under
            these powers); NaN where no weights are reliable.
        """
        table = pd.DataFrame({"name": self.names, "verdict": self.own.astype(str)})
        reliable = self.scalings.index[self.scalings["reliable"]]
        for component in COMPONENTS:
            chosen = [scaling for scaling in reliable if scaling[0] == component]
            stands = self.verdicts[chosen].eq(self.own, axis=0).all(axis=1)
            table[f"{component}_stands"] = stands if chosen else np.nan
            table[f"{component}_shift"] = self.shifts[chosen].max(axis=1) if chosen else np.nan
        return table.sort_values(["prior_shift", "likelihood_shift"], ascending=False, kind="stable")

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return how many conclusions change under each power, and which parameters depend on their prior, in words."""
        reader = language or self.study.report.language
        resting = [str(name) for name in self.parameters.index[self.parameters["diagnosis"] != ""]]
        last = RESTS[reader].format(names=", ".join(resting)) if resting else NONE_RESTS[reader]
        return (*(self._sentence(row, reader) for row in self.scalings.reset_index().to_dict("records")), last)

    def _sentence(self, row: dict[Hashable, Any], reader: Language) -> str:
        """Return the sentence on one power."""
        name, power = NAMES[row["component"]][reader].capitalize(), number(row["power"], ".2f", reader)
        facts = {"component": name, "power": power, "expectation": self.expectation}
        if not row["reliable"]:
            return FAILS[reader].format(k=number(row["pareto_k"], ".2f", reader), **facts)
        if not row["conclusions"]:
            return NO_CONCLUSIONS[reader].format(changed=number(row["changed"], ",", reader), **facts)
        counted = {"conclusions": "conclusions", "changed": "conclusions_changed", "chance": "by_chance"}
        figures = {key: number(float(row[column]), ",.0f", reader) for key, column in counted.items()}
        return CHANGED[reader].format(**facts, **figures)

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the scalings, the parameters and the areas."""
        return self.scalings, self.parameters, self.summary()

    def title_in(self, language: Language) -> str:
        """Return the question in a language."""
        return TITLE[language].format(expectation=self.expectation)


def sensitivity(
    fit: Fit,
    expectation: str = "determinants",
    *,
    prior: Sequence[float] = POWERS,
    likelihood: Sequence[float] = POWERS,
) -> Sensitivity:
    """Measure how parameters and verdicts change when the prior or the likelihood gets more or less weight.

    Parameters
    ----------
    fit : Fit
        The posterior.
    expectation : str
        The expectation of the verdicts, named as in `expected`.
    prior, likelihood : sequence of float
        Powers to raise each to, above 0; 1 changes nothing. If the weights of a power fail (Pareto k above 0.7), powers
        closer to 1 are tried as well.

    Returns
    -------
    Sensitivity

    Raises
    ------
    UnknownNameError
        There is no such expectation.
    ComparisonError
        A power is not a number above 0; or the study has a horseshoe prior, whose density is not stored.

    Notes
    -----
    The prior is that of intercept, coefficients, sds and the share of special areas; the distribution of the effects of
    groups and areas is part of the model. The likelihood is that of the windows, with areas' own effects integrated
    out: the information of the counts on parameters and groups is scaled; that of a count on its own area's effect,
    given these, is not.

    Kallioinen, Paananen, Bürkner and Vehtari (2024), Detecting and diagnosing prior and likelihood sensitivity with
    power-scaling.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> found = sensitivity(invented_fit(), "gemeente")
    >>> found.scalings.loc["prior", "conclusions"].tolist()
    [0, 0]
    """
    powers: dict[Component, Sequence[float]] = {"prior": prior, "likelihood": likelihood}
    wrong = [power for values in powers.values() for power in values if not (power > 0 and np.isfinite(power))]
    if wrong:
        raise ComparisonError(_("A power of a prior or likelihood is above 0; found {power:g}.").format(power=wrong[0]))
    if fit.study.model.priors.coefficient.kind == "horseshoe" and fit.design.names:
        raise ComparisonError(_("Sensitivity needs a normal prior of the coefficients; this study has a horseshoe."))
    with_both = with_groups(fit, "log_prior", "log_likelihood")
    judged = verdicts(fit, expectation)
    own = judged.classes.astype(str)
    concluded = (own != VerdictClass.INCONCLUSIVE).to_numpy()
    before = judged.probabilities.to_numpy()
    rng = np.random.default_rng(fit.study.inference.seed)
    rows, columns, shifts = {}, {}, {}
    for component in COMPONENTS:
        logs = _total(with_both.tree[f"log_{component}"].to_dataset())
        for power, weights, shape in _scaled(logs, powers[component]):
            after, new_verdicts = _verdicts_under(judged, weights)
            changed, effective = (new_verdicts != own).to_numpy(), 1 / float((weights**2).sum())
            rows[component, power] = {
                "pareto_k": shape,
                "effective": effective,
                "reliable": bool(shape <= PARETO_K),
                "conclusions": int(concluded.sum()),
                "changed": int(changed.sum()),
                "conclusions_changed": int((changed & concluded).sum()),
                "by_chance": _by_chance(judged, effective, rng),
            }
            columns[component, power], shifts[component, power] = (
                new_verdicts,
                np.abs(after - before).max(axis=1).round(6),
            )
    index = pd.MultiIndex.from_tuples(list(rows), names=["component", "power"])
    return Sensitivity(
        fit.study,
        expectation,
        _parameters(with_both),
        pd.DataFrame(list(rows.values()), index=index),
        pd.DataFrame(columns, index=own.index),
        pd.DataFrame(shifts, index=own.index),
        own,
        judged.names,
    )


def _scaled(logs: Floats, powers: Sequence[float]) -> Iterator[tuple[float, Floats, float]]:
    """Yield each power with its weights and their Pareto k; if these fail, also powers closer to 1 until they work."""
    for power in powers:
        for _time in range(NEARER + 1):
            weights, shape = smoothed((power - 1) * logs)
            yield round(power, 4), weights, shape
            if shape <= PARETO_K:
                break
            power = float(np.sqrt(power))


def _verdicts_under(judged: Verdicts, weights: Floats) -> tuple[Floats, pd.Series]:
    """Return the probabilities of higher, within and lower under weights (area, 3), and the verdict on each area."""
    margin, ratio = judged.rule.margin or 0.0, judged.ratio.samples
    unknown = np.isnan(ratio).any(axis=0)
    higher, lower = (
        np.where(unknown, np.nan, weights @ side.astype(float)) for side in (ratio > 1 + margin, ratio < 1 - margin)
    )
    chances = np.stack([higher, 1 - higher - lower, lower], axis=1)
    known = np.where((judged.withheld == NO_COMPARISON).to_numpy()[:, None], np.nan, chances)
    classes = pd.Series(
        classify(known[:, 0], known[:, 1], known[:, 2], judged.rule), judged.classes.index, dtype=object
    )
    return chances, classes.where(judged.withheld == "", VerdictClass.INCONCLUSIVE).astype(str)


def _by_chance(judged: Verdicts, effective: float, rng: np.random.Generator) -> float:
    """Return how many conclusions change on average when they are based on a random subset of the draws."""
    size, own = len(judged.ratio.samples), judged.classes.astype(str)
    concluded, kept = own != VerdictClass.INCONCLUSIVE, int(np.clip(round(effective), 1, size))
    changed = 0
    for _time in range(SUBSETS):
        weights = np.zeros(size)
        weights[rng.permutation(size)[:kept]] = 1 / kept
        changed += int(((_verdicts_under(judged, weights)[1] != own) & concluded).sum())
    return changed / SUBSETS


def _total(logs: xr.Dataset) -> Floats:
    """Return the sum of log densities over all dims except draws (sample,)."""
    parts = [values.to_numpy().reshape(values.sizes["chain"] * values.sizes["draw"], -1) for values in logs.values()]
    return np.asarray(sum(part.sum(axis=1) for part in parts))


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a logger from saying anything below an error."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _parameters(fit: Fit) -> pd.DataFrame:
    """Return how far the posterior of each parameter shifts with the prior and the likelihood, by ArviZ."""
    from arviz_stats import psense_summary

    names = [str(name) for name in fit.tree["log_prior"].data_vars]
    with _quiet("arviz_stats.psense"):  # it refers to its own diagnosis, which `diagnosis` replaces
        table: pd.DataFrame = psense_summary(fit.tree, var_names=names, round_to=6)
    prior, likelihood = table["prior"].astype(float) >= SENSITIVE, table["likelihood"].astype(float) >= SENSITIVE
    table = table[list(COMPONENTS)].astype(float)
    table["diagnosis"] = np.select([prior & likelihood, prior], ["conflict", "strong prior"], "")
    return table.rename_axis("parameter")
