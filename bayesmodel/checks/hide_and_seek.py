"""Hide and seek: small known counts are hidden as a publisher would hide them, and estimated by a refit.

The real limit m is raised: shown counts from m up to a pretended limit are hidden, and are then known to lie in that
window, as truly hidden counts are known to lie in theirs. The model's estimates are compared with other treatments of
hidden counts: filling in the lowest, the middle or the highest count of the window, or dropping the areas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.batch.runner import fit_many
from bayesmodel.batch.variation import Variation
from bayesmodel.checks.left_out import coverage_of
from bayesmodel.checks.page import Section
from bayesmodel.checks.quick_check import readable
from bayesmodel.data import Counts, Status
from bayesmodel.data.publication import highest_hidden
from bayesmodel.errors import BayesModelError, ComparisonError
from bayesmodel.estimates.linear_predictor import Floats, coefficients
from bayesmodel.estimates.result import CheckResult
from bayesmodel.estimates.use import actual_count
from bayesmodel.format import interval_name
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, number
from bayesmodel.study import Label, Study

FEWEST = 10
"""Fewest counts to hide."""
UNHIDDEN = 10
"""Pretended limit if the publisher hides nothing."""
WINDOW, DROPPED = "window", "dropped"
TREATMENTS = {
    WINDOW: Label(nl="in het model als interval", en="in the model as an interval"),
    "lowest": Label(nl="laagste ingevuld", en="lowest filled in"),
    "middle": Label(nl="midden ingevuld", en="middle filled in"),
    "highest": Label(nl="hoogste ingevuld", en="highest filled in"),
    DROPPED: Label(nl="weggelaten", en="dropped"),
}
"""Treatments of hidden counts, the model's own first."""

OF_TREATMENTS = {
    "score": (Label(nl="gemiddelde fout (CRPS)", en="mean error (CRPS)"), ".2f"),
    "bias": (Label(nl="gemiddelde afwijking", en="mean deviation"), "+.2f"),
    "error": (Label(nl="wortel van de gemiddelde kwadratische fout", en="root mean square error"), ".2f"),
    "coverage": (Label(nl="in het interval", en="inside the interval"), ".1%"),
    "total": (Label(nl="samen", en="together"), ",.0f"),
    "total_lower": (Label(nl="van ({interval})", en="from ({interval})"), ",.0f"),
    "total_upper": (Label(nl="tot", en="to"), ",.0f"),
    "total_true": (Label(nl="in werkelijkheid", en="in truth"), ",.0f"),
    "shift": (
        Label(nl="grootste verschuiving van een coëfficiënt (sd)", en="largest shift of a coefficient (sd)"),
        ".2f",
    ),
}
"""Headings of the table of the page, and how its numbers are written."""

TITLE = Label(nl="Verstoppertje: bekende aantallen verborgen en teruggezocht", en="Hide and seek with known counts")
HOW = Label(
    nl="Van {number} {areas} is het aantal bekend en ligt het tussen {low} en {high}. Dat aantal is verborgen, het "
    "model opnieuw geschat, en de schatting vergeleken met wat het was.",
    en="For {number} {areas} the count is known and lies between {low} and {high}. That count was hidden, the model "
    "refitted, and the estimate compared with the true count.",
)
COVERED = Label(
    nl="Het {interval} hield het verborgen aantal {held} van de 100 keer (beloofd: {promised})",
    en="The {interval} contained the hidden count {held} of 100 times (promised: {promised})",
)
TOTAL = Label(
    nl="Samen waren het er {truth}; het model zegt {total} ({lower} tot {upper})",
    en="Together they were {truth}; the model estimates {total} ({lower} to {upper})",
)
OTHER = Label(
    nl="{treatment}: gemiddelde fout {score}, gemiddelde afwijking {bias}, samen {total}",
    en="{treatment}: mean error {score}, mean deviation {bias}, together {total}",
)


@dataclass(frozen=True, eq=False, repr=False)
class HideAndSeek(CheckResult):
    """How well hidden counts were recovered, by treatment.

    Parameters
    ----------
    frame : DataFrame
        One row per treatment: ``bias`` (mean estimate minus truth) and ``error`` (root mean square) per area;
        ``score``, the continuous ranked probability score, which is the mean absolute error of a filled-in number;
        ``coverage`` of intervals; ``total, total_lower, total_upper`` of all hidden counts together and ``total_true``;
        ``shift``: the largest shift of a coefficient from the fit that knew the counts, in posterior standard
        deviations. NaN where not applicable.
    areas : DataFrame
        One row per hidden area: ``truth`` (the midpoint if rounded) and the estimate from its window: ``mean, lower,
        upper``.
    window : (int, int)
        Lowest and highest hidden count.
    study : Study
    """

    shown_rows: ClassVar[int] = 10

    frame: pd.DataFrame
    areas: pd.DataFrame
    window: tuple[int, int]
    study: Study

    def title_in(self, language: Language) -> str:
        """Return what was done, in a language."""
        return TITLE[language]

    def summary(self) -> pd.DataFrame:
        """Return one row per treatment; see `frame`."""
        return self.frame

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return sentences on how well counts were recovered, by the model and by the other treatments."""
        reader = language or self.study.report.language
        own = self.frame.loc[WINDOW]

        def formatted(value: Any, form: str = ",.0f") -> str:
            return number(float(value), form, reader)

        low, high = self.window
        first = HOW[reader].format(
            number=formatted(len(self.areas)),
            areas=self.study.areas_label[reader],
            low=formatted(low),
            high=formatted(high),
        )
        held = COVERED[reader].format(
            interval=interval_name(self.study.report.interval, reader),
            held=formatted(100 * own["coverage"]),
            promised=formatted(100 * self.study.report.interval, "g"),
        )
        total = TOTAL[reader].format(
            truth=formatted(own["total_true"]),
            total=formatted(own["total"]),
            lower=formatted(own["total_lower"]),
            upper=formatted(own["total_upper"]),
        )
        treatments = (
            OTHER[reader].format(
                treatment=TREATMENTS[str(name)][reader],
                score=formatted(row["score"], ".2f"),
                bias=formatted(row["bias"], "+.2f"),
                total=formatted(row["total"]),
            )
            for name, row in self.frame.iterrows()
        )
        return (first, held, total, *(text[:1].upper() + text[1:] for text in treatments))

    def section(self, language: Language) -> Section:
        """Return the section of the page: sentences, the picture, and a row per treatment."""
        names = [TREATMENTS[str(name)][language] for name in self.frame.index]
        named = self.frame.set_axis(pd.Index(names, name=self.frame.index.name))
        table = readable(named, OF_TREATMENTS, language, self.study.report.interval)
        return Section(self.title_in(language), self.sentences(language), [table], [self.plot(language=language)])


def hide_and_seek(
    fit: Fit,
    up_to: int | None = None,
    *,
    share: float = 1.0,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> HideAndSeek:
    """Hide small known counts, refit, and report how well they are recovered.

    Parameters
    ----------
    fit : Fit
        A posterior of the actual data; its counts and its model are used.
    up_to : int, optional
        The pretended limit: shown counts below it are hidden. Defaults to twice the publisher's. Where counts are
        rounded it is raised to the end of a class of rounding.
    share : float
        Share of those counts to hide, above 0 and at most 1, chosen at random; defaults to all.
    folder : str or Path, optional
        Where refits are stored, as in `fit_many`.
    progress : callable, optional
        ``progress(done, total)`` after each of five refits, by the Laplace engine.

    Returns
    -------
    HideAndSeek

    Raises
    ------
    ComparisonError
        Fewer than ten counts can be hidden in this way; the pretended limit is not above the publisher's; or the share
        is not above 0 and at most 1.
    BayesModelError
        A refit failed.

    Notes
    -----
    Gneiting and Raftery (2007), on scoring rules. The window starts at the real limit: below it no true count is known,
    and a window that extended below it would contain only its largest counts, by selection.

    Examples
    --------
    >>> from bayesmodel import hide_and_seek, load_fit
    >>> hide_and_seek(load_fit("results/fit.nc")).frame["score"]  # doctest: +SKIP
    """
    counts, study = fit.counts, fit.study
    low = highest_hidden(study.publication) + 1
    high = (up_to if up_to is not None else 2 * low or UNHIDDEN) - 1
    if high < low:
        message = _("up_to is a limit above that of the publisher, {limit}; found {found}.")
        raise ComparisonError(message.format(limit=number(low), found=number(high + 1)))
    if not 0 < share <= 1:
        raise ComparisonError(_("share is above 0 and at most 1; found {share:g}.").format(share=share))
    high = _to_end_of_class(counts, low, high)
    rows = _hideable(counts, (low, high), share)
    if len(rows) < FEWEST:
        few = _("Between {low} and {high} there are {count} shown counts to hide; at least {fewest} are needed.")
        raise ComparisonError(few.format(low=low, high=high, count=len(rows), fewest=FEWEST))
    engine = {"inference.engine": "laplace"}
    variations = [
        Variation(name, counts, engine, partial(treated, rows=rows, window=(low, high), as_=name))
        for name in TREATMENTS
    ]

    def report(done: int, total: int, _outcome: object) -> None:
        if progress is not None:
            progress(done, total)

    summary = partial(score_treatments, rows=rows, lower=counts.lower[list(rows)], upper=counts.upper[list(rows)])
    with TemporaryDirectory() as scratch:
        fits = fit_many(variations, folder or Path(scratch, "hidden"), summary=summary, progress=report)
        for outcome in fits.failed:
            raise BayesModelError(_("A refit with counts hidden failed: {why}").format(why=outcome.error))
        tables = {name: fits.summary(name) for name in TREATMENTS}
    return HideAndSeek(_scored(fit, tables), tables[WINDOW].iloc[: len(rows)][AREA_COLUMNS], (low, high), study)


AREA_COLUMNS = ["truth", "mean", "lower", "upper"]


def _to_end_of_class(counts: Counts, low: int, high: int) -> int:
    """Return the highest count that is shown as one from `low` to `high` may be, where counts are rounded.

    A window that ends within a class of rounding would hold counts that are not hidden: those of that class.
    """
    inside = (counts.status == Status.ROUNDED) & (counts.lower >= low) & (counts.lower <= high)
    return int(counts.upper[inside].max(initial=high))


def _hideable(counts: Counts, window: tuple[int, int], share: float) -> tuple[int, ...]:
    """Return the shown areas whose count lies in a window, or a random share of them."""
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED])
    rows = np.flatnonzero(shown & (counts.lower >= window[0]) & (counts.upper <= window[1]))
    if share < 1:
        rng = np.random.default_rng(counts.study.inference.seed)
        rows = np.sort(rng.choice(rows, round(share * len(rows)), replace=False))
    return tuple(rows.tolist())


def treated(counts: Counts, rows: tuple[int, ...], window: tuple[int, int], as_: str) -> Counts:
    """Return the counts with some of them hidden in a window and treated in one of the `TREATMENTS`.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> [treated(counts, (0,), (40, 59), way).frame.iloc[0, 1:].astype(str).tolist() for way in ("window", "middle")]
    [['40', '59', 'suppressed'], ['49', '49', 'exact']]
    """
    people = counts.population[list(rows)]
    low, high = window
    middle = (low + high) // 2
    bounds = {"lowest": (low, low), "middle": (middle, middle), "highest": (high, high), WINDOW: window}
    status = {WINDOW: Status.SUPPRESSED, DROPPED: Status.MISSING}.get(as_, Status.EXACT)
    first, last = bounds.get(as_, (0, people))
    return counts.with_bounds(rows, np.minimum(first, people), np.minimum(last, people), status)


def score_treatments(
    fit: Fit, rows: tuple[int, ...], lower: NDArray[np.int64], upper: NDArray[np.int64]
) -> pd.DataFrame:
    """Return the true count and the estimate of each hidden area, then their total and each coefficient.

    Parameters
    ----------
    fit : Fit
        With the counts of `rows` hidden.
    rows : tuple of int
    lower, upper : ndarray of int64 (area,)
        Window of the true count: the count itself unless it is rounded.

    Returns
    -------
    DataFrame
        ``truth, mean, lower, upper, score, held``; the row ``total`` for their sum, then one row per coefficient.
    """
    tail = (1 - fit.study.report.interval) / 2
    draws, truth = actual_count(fit, np.array(rows)).astype(float), (lower + upper) / 2
    below, until = (draws < lower).mean(axis=0), (draws <= upper).mean(axis=0)
    table = pd.DataFrame(
        {
            "truth": truth,
            "mean": draws.mean(axis=0),
            "lower": np.quantile(draws, tail, axis=0),
            "upper": np.quantile(draws, 1 - tail, axis=0),
            "score": crps(draws, truth),
            "held": coverage_of(below, until, fit.study.report.interval),
        },
        index=fit.counts.areas.codes[list(rows)].astype(str),
    )
    total = draws.sum(axis=1)
    sums = [truth.sum(), total.mean(), *np.quantile(total, [tail, 1 - tail]), np.nan, np.nan]
    table.loc["total"] = np.array(sums, dtype=float)
    for name, values in zip(fit.design.names, coefficients(fit).T, strict=True):
        table.loc[f"beta[{name}]"] = [np.nan, values.mean(), np.nan, np.nan, np.nan, np.nan]
    return table


def crps(draws: Floats, truth: Floats) -> Floats:
    """Return the continuous ranked probability score E|X - y| - E|X - X'| / 2 of draws (sample, area).

    Examples
    --------
    >>> crps(np.array([[3.0], [3.0]]), np.array([5.0])).tolist()
    [2.0]
    """
    ordered, size = np.sort(draws, axis=0), len(draws)
    weights = (2 * np.arange(1, size + 1) - size - 1)[:, None]
    spread_of_draws = 2 * (weights * ordered).sum(axis=0) / size**2
    return np.asarray(np.abs(draws - truth).mean(axis=0) - spread_of_draws / 2)


def _scored(fit: Fit, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per treatment."""
    reference = coefficients(fit)
    rows = {}
    for name, table in tables.items():
        areas = table.iloc[: table.index.get_loc("total")]
        total, slopes = table.loc["total"], table[table.index.str.startswith("beta[")]["mean"]
        errors = areas["mean"] - areas["truth"]
        uncertain = name in (WINDOW, DROPPED)
        shift = np.abs(slopes.to_numpy() - reference.mean(axis=0)) / reference.std(axis=0) if len(slopes) else [np.nan]
        rows[name] = {
            "bias": errors.mean(),
            "error": float(np.sqrt((errors**2).mean())),
            "score": areas["score"].mean(),
            "coverage": areas["held"].mean() if uncertain else np.nan,
            "total": total["mean"],
            "total_lower": total["lower"] if uncertain else np.nan,
            "total_upper": total["upper"] if uncertain else np.nan,
            "total_true": total["truth"],
            "shift": float(np.max(shift)),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("treatment")
