"""Each area left out in turn without refitting: draws are weighted by the inverse likelihood of its window (PSIS).

The area's own effect is integrated out of that likelihood, so that no parameter is informed by a single count. If the
weights fail nevertheless (Pareto k above .67) the area can be left out by refitting, in ten folds of such areas.
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
from bayesmodel.inference.certificate import reliable_shape
from bayesmodel.inference.fit import Fit
from bayesmodel.laplace.importance import smoothed
from bayesmodel.messages import _

Progress = Callable[[int, int], None]
"""Called with the number of refits done and their total."""
DRAWS = 1_000
"""Posterior draws used by checks: enough to rank a count, and seconds of computation for a whole country."""
LIMIT = reliable_shape(DRAWS)
"""Pareto k above which weights do not describe the posterior without the area."""
FOLDS = 10
AT_ONCE = 500
"""Areas whose replicates are in memory at the same time."""
SCARCE, TIMES, LEAST = 200, 40, 20
"""With fewer shown replicates than this, more are drawn; at most this many times as many; and fewest to be usable."""
LARGEST_WEIGHT = 600.0
"""Range of log weights that is kept, so that no weight underflows."""


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The prediction of each area's count from all other areas.

    Parameters
    ----------
    rows : ndarray of int64 (area,)
        Areas whose count was delivered and whose window excludes at least one possible count.
    low, high : ndarray (area,)
        Ends of the probability integral transform of the count: P(Y < lower) and P(Y <= upper). For a shown count both
        are conditional on its being shown; for a hidden count both are over all counts.
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
    """Leave each area out in turn and compare its published count with the prediction from the others.

    Parameters
    ----------
    fit : Fit
        The posterior.
    refit : bool
        Whether areas whose weights fail are left out by refitting with the Laplace engine, in ten folds.
    folder : str or Path, optional
        Where refits are stored, as in `fit_many`; by default they are not.
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
    Vehtari, Gelman and Gabry (2017). A shown count was at least the publisher's limit, so among small areas those with
    high use are over-represented; predictions of shown counts are therefore conditional on being shown.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> found = left_out(invented_fit())
    >>> len(found.rows), bool((found.low <= found.high).all())
    (5, True)
    """
    thin = thinned(fit, DRAWS)
    loglik = with_groups(thin, "log_likelihood").tree["log_likelihood"]["published"]
    shown = fit.counts.status != Status.SECONDARY  # the rule does not say which counts are hidden to protect others
    rows = np.flatnonzero(fit.counts.areas.codes.isin(loglik.indexes[fit.study.area]) & shown)
    logs = loglik.sel({fit.study.area: fit.counts.areas.codes[rows]}).to_numpy().reshape(-1, len(rows))
    transforms = np.zeros((4, len(rows)))
    for start in range(0, len(rows), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        weighted = [smoothed(_bounded(-log_lik)) for log_lik in logs[:, part].T]
        weights = np.array([weight for weight, _shape in weighted]).T.reshape(len(logs), -1)
        transforms[:3, part] = transform(thin, rows[part], weights, start)
        transforms[3, part] = [shape for _weight, shape in weighted]
    low, high, p_hidden, shape = transforms
    result = LeftOut(rows, low, high, p_hidden, shape, np.zeros(len(rows), dtype=bool))
    return _refitted(fit, result, folder, progress) if refit and result.doubtful.any() else result


def transform(fit: Fit, rows: Indices, weights: Floats | None = None, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Return the ends of the probability integral transform of counts, and the probability that each is hidden.

    Parameters
    ----------
    fit : Fit
        A posterior that has not seen the counts, or that is corrected for them by `weights`.
    rows : ndarray of int64 (area,)
    weights : ndarray (sample, area), optional
    seed : int
        Added to the seed of the study.

    Returns
    -------
    low, high, p_hidden : ndarray (area,)
        The first two are NaN for an area whose count is shown although the model would hardly ever show it.
    """
    counts = fit.counts
    replicated = replicates(fit, rows, seed=seed)
    if weights is None:
        weights = np.full(replicated.counts.shape, 1 / len(replicated.counts))
    p_hidden = (weights * replicated.hidden).sum(axis=0)
    is_hidden = counts.status[rows] == Status.SUPPRESSED
    low, high, enough = _ends(counts, rows, replicated, weights * (is_hidden | ~replicated.hidden))
    scarce = np.flatnonzero(enough < SCARCE)
    if scarce.size:
        again = replicates(fit, rows[scarce], seed=seed + 1, times=TIMES)
        shown = np.tile(weights[:, scarce], (TIMES, 1)) * ~again.hidden
        low[scarce], high[scarce], enough = _ends(counts, rows[scarce], again, shown)
        low[scarce[enough < LEAST]] = high[scarce[enough < LEAST]] = np.nan
    return low, high, p_hidden


def _ends(counts: Counts, rows: Indices, replicated: Replicates, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the weighted shares of replicates below each window and not above it, and how many replicates were used.

    The count itself is added as a replicate: among n equally weighted ones its rank is then exactly uniform. Windows of
    randomly rounded counts overlap, so these are ranked by their midpoints, among replicates that are rounded too.
    """
    values, lower, upper = replicated.counts, counts.lower[rows], counts.upper[rows]
    if counts.weights is not None:
        values, lower, upper = replicated.lower + replicated.upper, lower + upper, lower + upper
    below = (weights * (values < lower)).sum(axis=0)
    until = (weights * (values <= upper)).sum(axis=0)
    total, used = weights.sum(axis=0), (weights > 0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        itself = (weights**2).sum(axis=0) / total
        return below / (total + itself), (until + itself) / (total + itself), used.astype(float)


def _bounded(log_weights: Floats) -> Floats:
    """Return log weights within a range in which none underflows."""
    return np.maximum(log_weights, log_weights.max() - LARGEST_WEIGHT)


def _refitted(fit: Fit, result: LeftOut, folder: str | Path | None, progress: Progress | None) -> LeftOut:
    """Return the result with the doubtful areas left out by refitting, one fold at a time."""
    doubtful = np.flatnonzero(result.doubtful)
    folds = np.array_split(np.random.default_rng(fit.study.inference.seed).permutation(doubtful), FOLDS)
    folds = [np.sort(fold) for fold in folds if fold.size]
    variations = [
        Variation(
            f"fold {number}",
            fit.counts,
            {"inference.engine": "laplace"},
            partial(without, rows=tuple(result.rows[fold].tolist())),
        )
        for number, fold in enumerate(folds)
    ]

    def report(done: int, total: int, _outcome: object) -> None:
        if progress is not None:
            progress(done, total)

    low, high, p_hidden = result.low.copy(), result.high.copy(), result.p_hidden.copy()
    with TemporaryDirectory() as scratch:
        fits = fit_many(variations, folder or Path(scratch, "folds"), progress=report)
        for number, fold in enumerate(folds):
            if fits.outcomes[number].failed:
                why = fits.outcomes[number].error
                raise BayesModelError(_("A refit without some of the areas failed: {why}").format(why=why))
            fold_fit = thinned(fits.fit(f"fold {number}"), DRAWS)
            fold_fit = replace(fold_fit, counts=fit.counts)  # the left-out counts, to compare with their predictions
            low[fold], high[fold], p_hidden[fold] = transform(fold_fit, result.rows[fold], seed=number)
    refitted = np.isin(np.arange(len(result.rows)), doubtful)
    return replace(result, low=low, high=high, p_hidden=p_hidden, refitted=refitted)


def without(counts: Counts, rows: tuple[int, ...]) -> Counts:
    """Return the counts with those of some areas set to not delivered.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> without(invented_fit().counts, (0,)).frame.iloc[0].astype(str).tolist()
    ['400', '0', '400', 'missing']
    """
    return counts.with_bounds(rows, np.zeros(len(rows), dtype=np.int64), counts.population[list(rows)], Status.MISSING)


def coverage_of(low: Floats, high: Floats, probability: float) -> Floats:
    """Return the part of each transform inside the central interval: 1 inside, 0 outside, in between where it is cut.

    A count is a whole number, so its transform is a segment of [0, 1]. Counting the part inside, the mean coverage is
    exactly `probability` if the model is right, however small the counts.

    Examples
    --------
    >>> import numpy as np
    >>> coverage_of(np.array([0.4, 0.0, 0.96]), np.array([0.5, 0.1, 0.99]), 0.9).round(2).tolist()
    [1.0, 0.5, 0.0]
    """
    tail = (1 - probability) / 2
    return share_between(low, high, tail, 1 - tail)


def share_between(low: Floats, high: Floats, start: float, end: float) -> Floats:
    """Return the part of each segment that lies between two probabilities (area,).

    Examples
    --------
    >>> import numpy as np
    >>> share_between(np.array([0.0]), np.array([0.5]), 0.25, 1.0).tolist()
    [0.5]
    """
    inside = np.clip(np.minimum(high, end) - np.maximum(low, start), 0, None)
    return np.asarray(inside / np.maximum(high - low, np.finfo(float).tiny))
