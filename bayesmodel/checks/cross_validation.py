"""Cross-validation: areas, or whole gemeenten or regions, left out and their counts predicted from the rest.

The score is the joint log probability of the published windows that are left out, with the effects that only they
inform integrated out. Draws are weighted (PSIS-LOO); where the weights fail, the unit is left out by refitting.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logsumexp

from bayesmodel.batch import Variation, fit_many
from bayesmodel.checks.group_loglik import Grid, grids_of, group_loglik
from bayesmodel.checks.left_out import DRAWS, LIMIT, without
from bayesmodel.checks.simulated_counts import built_like
from bayesmodel.data import Counts
from bayesmodel.errors import ComparisonError, UnknownNameError, listed
from bayesmodel.estimates.arviz_groups import area_loglik
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.linear_predictor import Floats, thinned, without_own_effect
from bayesmodel.estimates.result import CheckResult
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.inference.fit import Fit
from bayesmodel.laplace.importance import SAME
from bayesmodel.messages import Language, _, number
from bayesmodel.model.build import build_model
from bayesmodel.study import Label, Study

REFITS = 50
"""Most refits, starting with the largest Pareto k."""
ENGINE: Mapping[str, Any] = {
    "inference.engine": "laplace",
    "inference.fallback": "none",
    "inference.chains": 4,
    "inference.draws": 250,
}
TITLE = Label(
    nl="Kruisvalidatie: elke {unit} weggelaten en voorspeld uit de rest",
    en="Cross-validation: each {unit} left out and predicted from the rest",
)
SCORE = Label(
    nl="Elke {unit} weggelaten en voorspeld uit de rest: log-kans van wat gepubliceerd is {elpd} (standaardfout "
    "{error}), {mean} per {area}; {refitted} van {number} opnieuw geschat.",
    en="Each {unit} left out and predicted from the rest: log probability of what was published {elpd} (standard "
    "error {error}), {mean} per {area}; {refitted} of {number} refitted.",
)
POOR = Label(
    nl="Van {number} schiet het weglaten zonder opnieuw schatten tekort (Pareto k boven {limit}): {units}.",
    en="For {number} leaving out without refitting is unreliable (Pareto k above {limit}): {units}.",
)


@dataclass(frozen=True, eq=False, repr=False)
class CrossValidation(CheckResult):
    """The log predictive probability of each unit's published counts, from data without it.

    Parameters
    ----------
    study : Study
    unit : str
        What is left out: the area, or a level.
    points : DataFrame
        One row per unit with an informative count: ``areas`` (with an informative count), ``elpd`` (joint log
        probability of their windows, nats), ``pareto_k`` of the weights, and ``refitted``.
    windows : DataFrame
        What was predicted, one row per informative area: ``lower, upper``, and its ``unit``.
    good_k : float
        Largest Pareto k at which weights of this number of draws are reliable.
    """

    shown_rows: ClassVar[int] = 20

    study: Study
    unit: str
    points: pd.DataFrame
    windows: pd.DataFrame
    good_k: float

    @property
    def elpd(self) -> float:
        """The expected log pointwise predictive density, summed over units (nats)."""
        return float(self.points["elpd"].sum())

    @property
    def error(self) -> float:
        """The standard error of `elpd`, from the variation between units."""
        return _error(self.points["elpd"])

    @property
    def poor(self) -> pd.Index:
        """Units whose weights fail and that were not, or could not be, refitted."""
        return self.points.index[(self.points["pareto_k"] > self.good_k) & ~self.points["refitted"]]

    def summary(self) -> pd.DataFrame:
        """Return the units, worst predicted per area first; see `points`."""
        per_area = self.points["elpd"] / self.points["areas"]
        return self.points.loc[per_area.sort_values(kind="stable").index]

    def title_in(self, language: Language) -> str:
        """Return what was left out, in a language."""
        return TITLE[language].format(unit=self._unit(language))

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return sentences on how well units are predicted, and for which that is not known."""
        reader = language or self.study.report.language
        message = SCORE[reader].format(
            unit=self._unit(reader),
            area=self.study.area,
            elpd=number(self.elpd, ",.1f", reader),
            error=number(self.error, ",.1f", reader),
            mean=number(self.elpd / int(self.points["areas"].sum()), ".2f", reader),
            refitted=number(int(self.points["refitted"].sum()), ",", reader),
            number=number(len(self.points), ",", reader),
        )
        if not len(self.poor):
            return (message,)
        limit, units = number(self.good_k, ".2f", reader), listed(list(map(str, self.poor)))
        return message, POOR[reader].format(number=number(len(self.poor), ",", reader), limit=limit, units=units)

    def _unit(self, reader: Language) -> str:
        """Return the display name of a unit."""
        return self.unit if self.unit == self.study.area else level_label(self.study, self.unit)[reader]


def cross_validate(
    fit: Fit,
    level: str | None = None,
    *,
    refits: int = REFITS,
    folder: str | Path | None = None,
    workers: int | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CrossValidation:
    """Leave out each area, or each group of a level with all its areas, and score its prediction from the rest.

    Parameters
    ----------
    fit : Fit
        The posterior.
    level : str, optional
        A level with an effect, such as ``gemeente``; by default each area is left out by itself.
    refits : int
        At most this many units whose weights fail are left out by refitting, worst first; 0 for none.
    folder : str or Path, optional
        Where results of refits are stored, so that an interrupted call can be resumed.
    workers : int or str, optional
        As in `fit_many`.
    progress : callable, optional
        ``progress(done, total)`` after each refit.

    Returns
    -------
    CrossValidation
        ``elpd`` is the log predictive probability of the published windows, ``points`` that of each unit.

    Raises
    ------
    UnknownNameError
        There is no such level with an effect.
    ComparisonError
        Fewer than two units have an informative count; or two levels lie within the one that is left out.

    Notes
    -----
    The score of a group is the joint score of its areas with the effect of the group integrated out: how well a *new*
    gemeente is predicted. Refits use the Laplace engine, with 1,000 draws each; call this under ``if __name__ ==
    "__main__":``, as they run in new processes.

    Vehtari, Gelman and Gabry (2017), Practical Bayesian model evaluation using leave-one-out cross-validation and WAIC;
    Merkle, Furr and Rabe-Hesketh (2019), Bayesian comparison of latent variable models: conditional versus marginal
    likelihoods.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> found = cross_validate(invented_fit(areas=40), "gemeente", refits=0)
    >>> len(found.points), found.error > 0
    (12, True)
    """
    if level is not None and level not in fit.study.effect_names:
        raise UnknownNameError(_("level"), level, fit.study.effect_names)
    if not isinstance(refits, int) or refits < 0:
        raise ComparisonError(_("Refits are a whole number of at least 0; found {refits}.").format(refits=refits))
    thin, unit = thinned(fit, DRAWS), level or fit.study.area
    grids = grids_of(thin, level) if level else ()
    windows = windows_of(fit.counts, unit)
    areas = windows["unit"].value_counts()
    if len(areas) < 2:
        message = _("Only {count} {unit} has a count that excludes anything; at least 2 are needed.")
        raise ComparisonError(message.format(count=len(areas), unit=unit))
    loglik = unit_loglik(thin, grids)[areas.index.sort_values()]
    elpd, shape, good_k = _weighted(thin, loglik)
    columns = {"areas": areas.reindex(loglik.columns), "elpd": elpd, "pareto_k": shape, "refitted": False}
    points = pd.DataFrame(columns, index=loglik.columns.rename(unit))
    bad = points["pareto_k"][points["pareto_k"] > good_k].nlargest(refits).index
    for code, score in _refitted(fit, bad, windows, grids, folder, workers, progress).items():
        points.loc[code, "elpd"], points.loc[code, "refitted"] = score, True
    return CrossValidation(fit.study, unit, points, windows, good_k)


def windows_of(counts: Counts, unit: str) -> pd.DataFrame:
    """Return the windows of informative areas and the unit of each: ``lower, upper, unit`` (area)."""
    rows = counts.informative
    own = pd.Series(counts.areas.codes, counts.areas.codes) if unit == counts.study.area else counts.areas.levels[unit]
    return counts.frame.iloc[rows][["lower", "upper"]].assign(unit=own.iloc[rows].astype(str))


def unit_loglik(fit: Fit, grids: tuple[Grid, ...]) -> pd.DataFrame:
    """Return the log probability of each unit's published windows, per draw (sample, unit).

    Parameters
    ----------
    fit : Fit
    grids : tuple of Grid
        Of the level whose groups are the units; empty if the units are areas.
    """
    if grids:
        return pd.DataFrame(group_loglik(fit, grids), columns=grids[-1].groups.astype(str))
    eta = without_own_effect(fit, np.arange(len(fit.counts)))
    return pd.DataFrame(area_loglik(fit)(eta), columns=fit.counts.areas.codes[fit.counts.informative].astype(str))


def compare_elpd(models: Mapping[str, CrossValidation]) -> pd.DataFrame:
    """Compare models by how well they predict data that they have not seen.

    Parameters
    ----------
    models : mapping of str to CrossValidation
        By name; all of the same areas and published counts, with the same units left out.

    Returns
    -------
    DataFrame
        One row per model, the best first: ``elpd`` with its ``error``, ``difference`` from the best (at most 0) with
        its ``difference_error``, from the differences per unit, and ``poor``: units whose Pareto k is too large.

    Raises
    ------
    ComparisonError
        There are fewer than two models; or they differ in areas, windows, or the units left out: probabilities of
        different data cannot be compared.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> models = {name: cross_validate(invented_fit(name), refits=0) for name in ("binomial", "poisson")}
    >>> compare_elpd(models).columns.tolist()
    ['elpd', 'error', 'difference', 'difference_error', 'poor']
    """
    if len(models) < 2:
        raise ComparisonError(_("A comparison is of at least two models; found {count}.").format(count=len(models)))
    (first, reference), *others = models.items()
    for name, other in others:
        _check_alike(first, reference, name, other)
    best = max(models.values(), key=lambda model: model.elpd).points["elpd"]
    rows = {}
    for name, model in models.items():
        gain = model.points["elpd"] - best.reindex(model.points.index)
        rows[name] = {
            "elpd": model.elpd,
            "error": model.error,
            "difference": float(gain.sum()),
            "difference_error": _error(gain),
            "poor": len(model.poor),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("model").astype({"poor": int})
    return table.sort_values("elpd", ascending=False)


def _check_alike(first: str, reference: CrossValidation, name: str, other: CrossValidation) -> None:
    """Raise if the predictions are of different observations."""
    both = {"first": first, "other": name}
    if reference.unit != other.unit:
        message = _("{first} leaves out each {unit}, {other} each {another}: leave out the same.")
        raise ComparisonError(message.format(**both, unit=reference.unit, another=other.unit))
    one, two = reference.windows, other.windows
    only = one.index.symmetric_difference(two.index)
    if len(only):
        message = _("{first} and {other} predict different areas ({areas}): fit both to the same areas.")
        raise ComparisonError(message.format(**both, areas=listed(list(map(str, only)))))
    differ = one.index[(one != two.reindex(one.index)).any(axis=1)]
    if len(differ):
        message = _(
            "{first} and {other} read the published counts of {areas} in another way, or have them in other groups: a "
            "probability of other data is no comparison. Give both the same [publication] and levels."
        )
        raise ComparisonError(message.format(**both, areas=listed(list(map(str, differ)))))


def _weighted(fit: Fit, loglik: pd.DataFrame) -> tuple[Floats, Floats, float]:
    """Return PSIS-LOO by ArviZ: score and Pareto k of each unit, and the largest reliable k.

    A unit whose probability is the same on every draw has equal weights, which have no tail; ArviZ refuses these.
    """
    import arviz_stats

    sizes = fit.posterior.sizes
    varies = np.ptp(loglik.to_numpy(), axis=0) > SAME
    elpd, shape = loglik.to_numpy().mean(axis=0), np.zeros(loglik.shape[1])
    if not varies.any():
        return elpd, shape, LIMIT
    values = loglik.loc[:, varies].to_numpy().reshape(sizes["chain"], sizes["draw"], -1)
    units = loglik.columns[varies].to_numpy(object)
    group = xr.Dataset({"published": (("chain", "draw", "unit"), values)}, {"unit": units})
    tree = xr.DataTree.from_dict({"posterior": fit.posterior, "log_likelihood": group})
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*Pareto.*")  # reported in the result
        loo = arviz_stats.loo(tree, pointwise=True)
    elpd[varies], shape[varies] = loo.elpd_i.to_numpy(), loo.pareto_k.to_numpy()
    return elpd, shape, float(loo.good_k)


def _refitted(
    fit: Fit,
    codes: pd.Index,
    windows: pd.DataFrame,
    grids: tuple[Grid, ...],
    folder: str | Path | None,
    workers: int | str | None,
    progress: Callable[[int, int], None] | None,
) -> dict[str, float]:
    """Return the score of each unit from a fit without it; units whose refit failed are left out."""
    if codes.empty:
        return {}
    counts = fit.counts
    build = partial(built_like, design=fit.design, priors=build_model(counts, fit.design).priors)
    members = {
        code: tuple(counts.areas.codes.get_indexer(windows.index[windows["unit"] == code]).tolist()) for code in codes
    }
    variations = [Variation(code, counts, ENGINE, partial(without, rows=rows), build) for code, rows in members.items()]

    def report(done: int, total: int, _outcome: object) -> None:
        if progress is not None:
            progress(done, total)

    summary = partial(predicted, counts=counts, grids=grids)
    with TemporaryDirectory(ignore_cleanup_errors=True) if folder is None else nullcontext(str(folder)) as kept:
        refits_made = fit_many(variations, kept, summary=summary, workers=workers, progress=report)
        good = [outcome.name for outcome in refits_made if not outcome.failed and _certified(outcome.diagnostics)]
        return {name: float(refits_made.summary(name)["elpd"][name]) for name in good}


def predicted(fit: Fit, counts: Counts, grids: tuple[Grid, ...]) -> pd.DataFrame:
    """Return the log predictive probability of each unit, one of which the fit has not seen.

    Parameters
    ----------
    fit : Fit
        Of the counts without those of one unit.
    counts : Counts
        All counts.
    grids : tuple of Grid
        Of the fit to all counts.
    """
    values = unit_loglik(replace(fit, counts=counts.with_study(fit.study)), grids)
    return pd.DataFrame({"elpd": logsumexp(values, axis=0) - np.log(len(values))}, index=values.columns)


def _certified(diagnostics: Diagnostics | None) -> bool:
    """Return whether the draws of a refit represent the posterior, even if too few to report every parameter."""
    return bool(diagnostics and diagnostics.certificate and diagnostics.certificate.reliable_tail)


def _error(values: pd.Series) -> float:
    """Return the standard error of a sum over units."""
    return float(np.sqrt(len(values)) * values.std(ddof=1)) if len(values) > 1 else float("nan")
