"""Funnel: how far use may lie from expected through chance and ordinary variation, by number of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from bayesmodel.data import CONCEALED
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.decomposition import predictor_of
from bayesmodel.estimates.definition import Definition, titled
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import Expectation, expectation_named
from bayesmodel.estimates.leave_out_effects import effects_from_others
from bayesmodel.estimates.linear_predictor import Floats, flat, overdispersion_of, thinned
from bayesmodel.estimates.quantities import country_share
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.space_of_groups import averaged_variance
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import LANGUAGES, _, number
from bayesmodel.model.overdispersion import chance_variance
from bayesmodel.study import Label

TINY = 1e-12
POINT_DRAWS = 1000
"""Draws used for the interval of an area's own ratio, about and thinned evenly; the limits use all draws."""
SIZES = 40
"""Population sizes at which limits are computed, evenly spaced on a log scale."""


@dataclass(frozen=True, eq=False, repr=False)
class Funnel(Result):
    """Limits of the ratio of use to expected use by number of people, and the areas to compare with them.

    Parameters
    ----------
    limits : DataFrame
        Indexed by ``people``; columns ``lower_<p>`` and ``upper_<p>`` per probability p.
    ratio : Estimate
        Draws (chain, draw, area) of actual use over expected use, thinned evenly from those of the fit.
    points : DataFrame
        Per area: ``people``, ``ratio`` with ``lower`` and ``upper`` (of a hidden count an interval), ``status``.
    share : float
        The share at which the limits are computed.
    """

    limits: pd.DataFrame
    ratio: Estimate
    points: pd.DataFrame
    share: float

    @property
    def definition(self) -> Definition:
        """What is compared with the limits."""
        return self.ratio.definition

    def outside(self, prob: float) -> pd.DataFrame:
        """Return the areas that lie entirely outside the limits of a probability, those farthest out first.

        An area with a hidden count is outside if the whole interval of its ratio is.

        Raises
        ------
        ComparisonError
            No limits were computed for that probability.
        """
        columns = [f"lower_{prob:g}", f"upper_{prob:g}"]
        if not set(columns) <= set(self.limits):
            known = ", ".join(sorted({str(name).split("_")[1] for name in self.limits}))
            message = _("There are no limits for {probability}; known: {known}. Ask `funnel` for them.")
            raise ComparisonError(message.format(probability=f"{prob:g}", known=known))
        people = np.log(np.maximum(self.points["people"].to_numpy(float), 1))
        grid = np.log(self.limits.index.to_numpy(float))
        lower, upper = (np.interp(people, grid, self.limits[name]) for name in columns)
        low, high = self.points["lower"], self.points["upper"]
        distance = pd.Series(
            np.maximum(low / np.maximum(upper, TINY), lower / high.clip(lower=TINY)), self.points.index
        )
        out = (low > upper) | (high < lower)
        order = distance[out].sort_index().sort_values(ascending=False, kind="stable").index
        return pd.DataFrame(self.points.loc[order])

    def summary(self) -> pd.DataFrame:
        """Return the limits by number of people."""
        return self.limits

    @property
    def title(self) -> str:
        """What is compared with the limits, and the share at which they are computed."""
        share = {reader: number(self.share, ".1%", reader) for reader in LANGUAGES}
        detail = Label(nl=f"grenzen bij een aandeel van {share['nl']}", en=f"limits at a share of {share['en']}")
        return titled(self.definition, self.ratio.report, detail, interval=False)


def funnel(fit: Fit, expectation: str = "determinants", limits: Sequence[float] = (0.95, 0.998)) -> Funnel:
    """Return limits of the ratio of use to expected use by number of people.

    Quantiles of the predictive distribution of Y / E[Y] in an area of n people whose expected share is that of the
    country: the effects that the expectation averages over are drawn, then the count. Small areas may lie far from
    expected by chance alone; an area outside the limits for its size is a reason to look further.

    Parameters
    ----------
    fit : Fit
        The posterior.
    expectation : str
        The expectation, named as in `expected`: ``typical`` gives the limits of chance, with
        overdispersion where there is any.
    limits : sequence of float
        Probabilities of the limits.

    Returns
    -------
    Funnel

    Raises
    ------
    UnknownNameError
        There is no such expectation.
    ComparisonError
        A probability is not between 0 and 1.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> funnel(invented_fit()).limits.iloc[[0, -1]].round(1).to_numpy().tolist()
    [[0.0, 3.2, 0.0, 4.9], [0.6, 1.5, 0.5, 2.0]]

    Notes
    -----
    Spiegelhalter (2005), Funnel plots for comparing institutional performance; here with the model's own variation.
    """
    if not len(limits) or not all(0 < prob < 1 for prob in limits):
        wrong = _("Limits are probabilities between 0 and 1; found {limits}. Write 95% as 0.95.")
        raise ComparisonError(wrong.format(limits=list(limits)))
    conditioning = expectation_named(fit.study, expectation)
    ratio, share = difference(thinned(fit, POINT_DRAWS), "actual", expectation, "ratio"), country_share(fit)
    people = fit.counts.population
    inhabited = people[people > 0]
    sizes = np.unique(np.rint(np.geomspace(inhabited.min(), inhabited.max(), SIZES)).astype(np.int64))
    predicted = _predicted(fit, conditioning, share, sizes)
    quantiles = {}
    for prob in limits:
        tail = (1 - prob) / 2
        quantiles[f"lower_{prob:g}"], quantiles[f"upper_{prob:g}"] = np.quantile(predicted, [tail, 1 - tail], axis=0)
    table = ratio.summary()
    points = pd.DataFrame(
        {
            "name": fit.counts.areas.names,
            "people": people,
            "ratio": table["mean"].where(~np.isin(fit.counts.status, CONCEALED)),
            "lower": table["lower"],
            "upper": table["upper"],
            "status": [str(status) for status in fit.counts.status],
        },
        index=fit.counts.areas.codes,
    )
    return Funnel(pd.DataFrame(quantiles, index=pd.Index(sizes, name="people")), ratio, points, share)


def _predicted(fit: Fit, conditioning: Expectation, share: float, sizes: NDArray[np.int64]) -> Floats:
    """Draw Y / E[Y] in areas of each size whose expected share is `share` (sample, size)."""
    variance = averaged_variance(fit, conditioning)[:, None]
    if conditioning.from_others:  # uncertainty about the effects given the other areas, averaged over areas
        every = np.arange(len(fit.counts))
        variance = variance + effects_from_others(fit, conditioning.levels, every).variance.mean(axis=1, keepdims=True)
    centre, _ = predictor_of(fit, np.full(len(variance), share), variance)
    rng = np.random.default_rng(fit.study.inference.seed)
    # the same stratified effects for every size, so that the limits are smooth
    effect = ndtri((rng.permutation(len(centre)) + 0.5) / len(centre))
    extra = (overdispersion_of(fit)[:, None] - 1) * chance_variance(fit.family, share, sizes)
    centres = centre[:, None] - fit.family.link.curvature(share) / 2 * extra
    eta = centres + np.sqrt(variance + extra) * effect[:, None]
    spread = np.ones_like(variance) if fit.family.area_effect else flat(fit, "dispersion")[:, None]
    return np.asarray(fit.family.draw(rng, sizes, eta, spread) / (sizes * share))
