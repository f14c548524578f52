"""Each area left out in turn, without refitting: weights of draws by the likelihood of its window, Pareto-smoothed.

The area's own effect is integrated out of that likelihood, so that no parameter is informed by one count alone. Where
the weights fail all the same (Pareto k above 0.7) the area can be left out by refitting, ten folds of such areas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bayesmodel.batch.runner import fit_many
from bayesmodel.batch.variation import Variation
from bayesmodel.checks.replicates import Replicates, replicates
from bayesmodel.data import Counts, Status
from bayesmodel.errors import BayesModelError
from bayesmodel.estimates.arviz_groups import with_groups
from bayesmodel.estimates.linear_predictor import Floats, Indices, thinned
from bayesmodel.inference.fit import Fit
from bayesmodel.laplace.importance import smoothed
from bayesmodel.messages import _

Progress = Callable[[int, int], None]
"""Called with refits done, and refits in all."""
DRAWS = 1_000
"""Draws of the posterior that checks use: enough for the rank of a count, and seconds of work nationally."""
LIMIT = 0.7
"""Pareto k above which weights do not describe the posterior without the area."""
FOLDS = 10
AT_ONCE = 500
"""Areas whose replicates are held at the same time."""
SCARCE, TIMES, LEAST = 200, 40, 20
"""Shown replicates below which more are drawn; how many times as many at most; with how few nothing can be said."""
LARGEST_WEIGHT = 600.0
"""Range of log weights that is kept, so that none vanishes."""


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What the model says of each area from all others.

    Parameters
    ----------
    rows : ndarray of int64 (area,)
        Those whose count was delivered and whose window excludes at least one possible count.
    low, high : ndarray (area,)
        Ends of the probability integral transform of the count: P(Y < lower) and P(Y <= upper). Of an area whose count
        is shown both are given that it is shown; of a hidden one both are over all counts.
    p_hidden : ndarray (area,)
        Probability that the publisher hides the count.
    shape : ndarray (area,)
        Pareto k of the weights.
    refitted : ndarray of bool (area,)
        Whether the area was left out by refitting instead.
    """

    rows: Indices
    low: Floats
    high: Floats
    p_hidden: Floats
    shape: Floats
    refitted: NDArray[np.bool_]

    @property
    def doubtful(self) -> NDArray[np.bool_]:
        """Areas whose weights fail and that were not refitted (area,)."""
        return (self.shape > LIMIT) & ~self.refitted


def left_out(
    fit: Fit, *, refit: bool = False, folder: str | Path | None = None, progress: Progress | None = None
) -> LeftOut:
    """Leave each area out in turn and hold its published count against what the others say of it.

    Parameters
    ----------
    fit : Fit
        The posterior.
    refit : bool
        Whether areas whose weights fail are left out by refitting with the Laplace engine, in ten folds.
    folder : str or Path, optional
        Where refits are kept, as in `fit_many`; nowhere when left out.
    progress : callable, optional
        ``progress(done, total)`` after each refit.

    Returns
    -------
    LeftOut

    Raises
    ------
    BayesModelError
        A refit failed.

    Notes
    -----
    Vehtari, Gelman and Gabry (2017). A count that is shown was at least the publisher's limit, so among small areas
    those with much use are seen most; what the model says of a shown count is therefore taken given that it is shown.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> found = left_out(invented_fit())
    >>> len(found.rows), bool((found.low <= found.high).all())
    (5, True)
    """
    few = thinned(fit, DRAWS)
    loglik = with_groups(few, "log_likelihood").tree["log_likelihood"]["published"]
    shown = fit.counts.status != Status.SECONDARY  # of these nothing says which counts are hidden so
    rows = np.flatnonzero(fit.counts.areas.codes.isin(loglik.indexes[fit.study.area]) & shown)
    logs = loglik.sel({fit.study.area: fit.counts.areas.codes[rows]}).to_numpy().reshape(-1, len(rows))
    found = np.zeros((4, len(rows)))
    for start in range(0, len(rows), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        weighted = [smoothed(_bounded(-each)) for each in logs[:, part].T]
        weights = np.array([weight for weight, _shape in weighted]).T.reshape(len(logs), -1)
        found[:3, part] = transform(few, rows[part], weights, start)
        found[3, part] = [shape for _weight, shape in weighted]
    low, high, p_hidden, shape = found
    result = LeftOut(rows, low, high, p_hidden, shape, np.zeros(len(rows), dtype=bool))
    return _refitted(fit, result, folder, progress) if refit and result.doubtful.any() else result


def transform(fit: Fit, rows: Indices, weights: Floats | None = None, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Return the ends of the probability integral transform of counts, and the probability that each is hidden.

    Parameters
    ----------
    fit : Fit
        A posterior that has not seen the counts, or has after weighting.
    rows : ndarray of int64 (area,)
    weights : ndarray (sample, area), optional
    seed : int
        Added to the seed of the study.

    Returns
    -------
    low, high, p_hidden : ndarray (area,)
        The first two are NaN of an area whose count is shown, where the model says it would hardly ever be.
    """
    counts = fit.counts
    drawn = replicates(fit, rows, seed=seed)
    if weights is None:
        weights = np.full(drawn.counts.shape, 1 / len(drawn.counts))
    p_hidden = (weights * drawn.hidden).sum(axis=0)
    is_hidden = counts.status[rows] == Status.SUPPRESSED
    low, high, enough = _ends(counts, rows, drawn, weights * (is_hidden | ~drawn.hidden))
    scarce = np.flatnonzero(enough < SCARCE)
    if scarce.size:
        again = replicates(fit, rows[scarce], seed=seed + 1, times=TIMES)
        shown = np.tile(weights[:, scarce], (TIMES, 1)) * ~again.hidden
        low[scarce], high[scarce], enough = _ends(counts, rows[scarce], again, shown)
        low[scarce[enough < LEAST]] = high[scarce[enough < LEAST]] = np.nan
    return low, high, p_hidden


def _ends(counts: Counts, rows: Indices, drawn: Replicates, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the weighted shares of replicates below each window and not above it, and how many replicates count.

    The count itself is one more replicate: among n equally weighted ones its rank is then exactly uniform. Windows of
    randomly rounded counts overlap, so these are ranked by their middles, among replicates that are rounded too.
    """
    values, lower, upper = drawn.counts, counts.lower[rows], counts.upper[rows]
    if counts.weights is not None:
        values, lower, upper = drawn.lower + drawn.upper, lower + upper, lower + upper
    below = (weights * (values < lower)).sum(axis=0)
    until = (weights * (values <= upper)).sum(axis=0)
    total, used = weights.sum(axis=0), (weights > 0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        itself = (weights**2).sum(axis=0) / total
        return below / (total + itself), (until + itself) / (total + itself), used.astype(float)


def _bounded(log_weights: Floats) -> Floats:
    """Return log weights none of which vanishes."""
    return np.maximum(log_weights, log_weights.max() - LARGEST_WEIGHT)


def _refitted(fit: Fit, found: LeftOut, folder: str | Path | None, progress: Progress | None) -> LeftOut:
    """Return the same with the doubtful areas left out by refits, a fold of them at a time."""
    doubtful = np.flatnonzero(found.doubtful)
    folds = np.array_split(np.random.default_rng(fit.study.inference.seed).permutation(doubtful), FOLDS)
    folds = [np.sort(fold) for fold in folds if fold.size]
    variations = [
        Variation(
            f"fold {number}",
            fit.counts,
            {"inference.engine": "laplace"},
            partial(without, rows=tuple(found.rows[fold].tolist())),
        )
        for number, fold in enumerate(folds)
    ]

    def report(done: int, total: int, _outcome: object) -> None:
        if progress is not None:
            progress(done, total)

    low, high, p_hidden = found.low.copy(), found.high.copy(), found.p_hidden.copy()
    with TemporaryDirectory() as scratch:
        fits = fit_many(variations, folder or Path(scratch, "folds"), progress=report)
        for number, fold in enumerate(folds):
            if fits.outcomes[number].failed:
                why = fits.outcomes[number].error
                raise BayesModelError(_("A refit without some of the areas failed: {why}").format(why=why))
            blind = thinned(fits.fit(f"fold {number}"), DRAWS)
            blind = replace(blind, counts=fit.counts)  # to hold what was left out against what the rest says
            low[fold], high[fold], p_hidden[fold] = transform(blind, found.rows[fold], seed=number)
    refitted = np.isin(np.arange(len(found.rows)), doubtful)
    return replace(found, low=low, high=high, p_hidden=p_hidden, refitted=refitted)


def without(counts: Counts, rows: tuple[int, ...]) -> Counts:
    """Return the counts with those of some areas not delivered.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> without(invented_fit().counts, (0,)).frame.iloc[0].astype(str).tolist()
    ['400', '0', '400', 'missing']
    """
    return counts.with_bounds(rows, np.zeros(len(rows), dtype=np.int64), counts.population[list(rows)], Status.MISSING)


def coverage_of(low: Floats, high: Floats, probability: float) -> Floats:
    """Return how much of each transform lies within the central interval: 1 inside, 0 outside, a part where it is cut.

    A count is a whole number, so its transform is a stretch; with the part that is inside, coverage is exactly
    `probability` on average where the model is right, however small the counts.

    Examples
    --------
    >>> import numpy as np
    >>> coverage_of(np.array([0.4, 0.0, 0.96]), np.array([0.5, 0.1, 0.99]), 0.9).round(2).tolist()
    [1.0, 0.5, 0.0]
    """
    tail = (1 - probability) / 2
    return share_between(low, high, tail, 1 - tail)


def share_between(low: Floats, high: Floats, start: float, end: float) -> Floats:
    """Return the part of each stretch that lies between two probabilities (area,).

    Examples
    --------
    >>> import numpy as np
    >>> share_between(np.array([0.0]), np.array([0.5]), 0.25, 1.0).tolist()
    [0.5]
    """
    inside = np.clip(np.minimum(high, end) - np.maximum(low, start), 0, None)
    return np.asarray(inside / np.maximum(high - low, np.finfo(float).tiny))
