"""Hide and seek: small counts that are known are hidden as a publisher would, and found back by a refit.

The real limit m is scaled up: shown counts from m up to a pretended limit are hidden, and are then known to lie in that
window, as really hidden counts are known to lie in theirs. What the model says of them is held against other ways to
treat them: fill in the lowest, the middle or the highest count of the window, or drop the areas.
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
from bayesmodel.data import Counts, Status
from bayesmodel.data.publication import highest_hidden
from bayesmodel.errors import BayesModelError, ComparisonError
from bayesmodel.estimates.linear_predictor import Floats, coefficients
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.use import actual_count
from bayesmodel.format import interval_name
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, number
from bayesmodel.study import Label, Study
from bayesmodel.study.parts import areas_label

FEWEST = 10
"""Counts that must be there to hide."""
UNHIDDEN = 10
"""Pretended limit where the publisher hides nothing."""
WINDOW, DROPPED = "window", "dropped"
TREATMENTS = {
    WINDOW: Label(nl="in het model als interval", en="in the model as an interval"),
    "lowest": Label(nl="laagste ingevuld", en="lowest filled in"),
    "middle": Label(nl="midden ingevuld", en="middle filled in"),
    "highest": Label(nl="hoogste ingevuld", en="highest filled in"),
    DROPPED: Label(nl="weggelaten", en="dropped"),
}
"""Ways to treat hidden counts, the model's own first."""

TITLE = Label(nl="Verstoppertje: bekende aantallen verborgen en teruggezocht", en="Hide and seek with known counts")
HOW = Label(
    nl="Van {number} {areas} is het aantal bekend en ligt het tussen {low} en {high}. Dat aantal is verborgen, het "
    "model opnieuw geschat, en de schatting vergeleken met wat het was.",
    en="Of {number} {areas} the count is known and lies between {low} and {high}. That count was hidden, the model "
    "refitted, and the estimate compared with what it was.",
)
HELD = Label(
    nl="Het {interval} hield het verborgen aantal {held} van de 100 keer (beloofd: {promised})",
    en="The {interval} held the hidden count {held} of 100 times (promised: {promised})",
)
TOTAL = Label(
    nl="Samen waren het er {truth}; het model zegt {total} ({lower} tot {upper})",
    en="Together they were {truth}; the model says {total} ({lower} to {upper})",
)
OTHER = Label(
    nl="{treatment}: gemiddelde fout {score}, gemiddelde afwijking {bias}, samen {total}",
    en="{treatment}: mean error {score}, mean deviation {bias}, together {total}",
)


@dataclass(frozen=True, eq=False, repr=False)
class HideAndSeek(Result):
    """How well hidden counts were found back, by each way to treat them.

    Parameters
    ----------
    frame : DataFrame
        One row per treatment: ``bias`` (mean estimate minus truth) and ``error`` (root mean square) per area;
        ``score``, the continuous ranked probability score, which is the mean absolute error of a filled-in number;
        ``coverage`` of intervals; ``total, total_lower, total_upper`` of all hidden counts together and ``total_true``;
        ``shift``: the largest shift of a coefficient from the fit that knew the counts, in its standard deviations. NaN
        where there is none.
    areas : DataFrame
        One row per hidden area: ``truth`` (the middle of a rounded one) and the estimate from its window: ``mean,
        lower, upper``.
    window : (int, int)
        Lowest and highest count that was hidden.
    study : Study
    """

    shown_rows: ClassVar[int] = 10

    frame: pd.DataFrame
    areas: pd.DataFrame
    window: tuple[int, int]
    study: Study

    @property
    def title(self) -> str:
        """What was done, in the language of the study."""
        return self.title_in(self.study.report.language)

    def title_in(self, language: Language) -> str:
        """Return what was done, in a language."""
        return TITLE[language]

    def summary(self) -> pd.DataFrame:
        """Return one row per treatment; see `frame`."""
        return self.frame

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Say how well counts were found back, and how other ways to treat them did."""
        reader = language or self.study.report.language
        own = self.frame.loc[WINDOW]

        def said(value: Any, form: str = ",.0f") -> str:
            return number(float(value), form, reader)

        low, high = self.window
        first = HOW[reader].format(
            number=said(len(self.areas)), areas=areas_label(self.study.area)[reader], low=said(low), high=said(high)
        )
        held = HELD[reader].format(
            interval=interval_name(self.study.report.interval, reader),
            held=said(100 * own["coverage"]),
            promised=said(100 * self.study.report.interval, "g"),
        )
        total = TOTAL[reader].format(
            truth=said(own["total_true"]),
            total=said(own["total"]),
            lower=said(own["total_lower"]),
            upper=said(own["total_upper"]),
        )
        each = (
            OTHER[reader].format(
                treatment=TREATMENTS[str(name)][reader],
                score=said(row["score"], ".2f"),
                bias=said(row["bias"], "+.2f"),
                total=said(row["total"]),
            )
            for name, row in self.frame.iterrows()
        )
        return (first, held, total, *(text[:1].upper() + text[1:] for text in each))

    def notes(self) -> tuple[str, ...]:
        """Return the sentences."""
        return self.sentences()


def hide_and_seek(
    fit: Fit,
    up_to: int | None = None,
    *,
    share: float = 1.0,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> HideAndSeek:
    """Hide small counts that are known, refit, and report how well they are found back.

    Parameters
    ----------
    fit : Fit
        A posterior of the data as they are; its counts and its model are used.
    up_to : int, optional
        The pretended limit: shown counts below it are hidden. Twice the publisher's when left out.
    share : float
        Share of those counts to hide, drawn at random; all when left out.
    folder : str or Path, optional
        Where refits are kept, as in `fit_many`.
    progress : callable, optional
        ``progress(done, total)`` after each of five refits, by the Laplace engine.

    Returns
    -------
    HideAndSeek

    Raises
    ------
    ComparisonError
        Fewer than ten counts can be hidden so.
    BayesModelError
        A refit failed.

    Notes
    -----
    Gneiting and Raftery (2007), on scores. The window starts at the real limit: below it no truth is known, and to
    pretend that those hidden counts could lie there would make the known ones the largest of their kind by selection.

    Examples
    --------
    >>> from bayesmodel import hide_and_seek, load_fit
    >>> hide_and_seek(load_fit("results/fit.nc")).frame["score"]  # doctest: +SKIP
    """
    counts, study = fit.counts, fit.study
    low = highest_hidden(study.publication) + 1
    high = (up_to if up_to is not None else 2 * low or UNHIDDEN) - 1
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

    summary = partial(found_back, rows=rows, lower=counts.lower[list(rows)], upper=counts.upper[list(rows)])
    with TemporaryDirectory() as scratch:
        fits = fit_many(variations, folder or Path(scratch, "hidden"), summary=summary, progress=report)
        for outcome in fits.failed:
            raise BayesModelError(_("A refit with counts hidden failed: {why}").format(why=outcome.error))
        tables = {name: fits.summary(name) for name in TREATMENTS}
    return HideAndSeek(_scored(fit, tables), tables[WINDOW].iloc[: len(rows)][AREA_COLUMNS], (low, high), study)


AREA_COLUMNS = ["truth", "mean", "lower", "upper"]


def _hideable(counts: Counts, window: tuple[int, int], share: float) -> tuple[int, ...]:
    """Return the shown areas whose count lies in a window, or a random share of them."""
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED])
    rows = np.flatnonzero(shown & (counts.lower >= window[0]) & (counts.upper <= window[1]))
    if share < 1:
        rng = np.random.default_rng(counts.study.inference.seed)
        rows = np.sort(rng.choice(rows, round(share * len(rows)), replace=False))
    return tuple(rows.tolist())


def treated(counts: Counts, rows: tuple[int, ...], window: tuple[int, int], as_: str) -> Counts:
    """Return the counts with some of them hidden in a window, and treated in one of the `TREATMENTS`.

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


def found_back(fit: Fit, rows: tuple[int, ...], lower: NDArray[np.int64], upper: NDArray[np.int64]) -> pd.DataFrame:
    """Return, for each hidden area, its truth and the estimate; then the total and each coefficient.

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
        ``truth, mean, lower, upper, score, held``; in the row ``total`` those of the sum, then one row per coefficient.
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
    apart = 2 * (weights * ordered).sum(axis=0) / size**2
    return np.asarray(np.abs(draws - truth).mean(axis=0) - apart / 2)


def _scored(fit: Fit, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per treatment."""
    reference = coefficients(fit)
    rows = {}
    for name, table in tables.items():
        areas = table.iloc[: table.index.get_loc("total")]
        total, slopes = table.loc["total"], table[table.index.str.startswith("beta[")]["mean"]
        away = areas["mean"] - areas["truth"]
        uncertain = name in (WINDOW, DROPPED)
        shift = np.abs(slopes.to_numpy() - reference.mean(axis=0)) / reference.std(axis=0) if len(slopes) else [np.nan]
        rows[name] = {
            "bias": away.mean(),
            "error": float(np.sqrt((away**2).mean())),
            "score": areas["score"].mean(),
            "coverage": areas["held"].mean() if uncertain else np.nan,
            "total": total["mean"],
            "total_lower": total["lower"] if uncertain else np.nan,
            "total_upper": total["upper"] if uncertain else np.nan,
            "total_true": total["truth"],
            "shift": float(np.max(shift)),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("treatment")
