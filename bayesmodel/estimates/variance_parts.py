"""What explains the differences between areas: their variance, split over the parts of the waterfall."""

from __future__ import annotations

import numpy as np

from bayesmodel.estimates.definition import Definition
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.labels import with_labels
from bayesmodel.estimates.pieces import COUNTRY, determinant_pieces, other_pieces, pieces_of
from bayesmodel.estimates.predictor import Floats, thinned
from bayesmodel.estimates.profile import country_profile
from bayesmodel.estimates.use import use
from bayesmodel.inference.fit import Fit
from bayesmodel.study import Label


def variance_parts(fit: Fit, draws: int = 1000) -> Estimate:
    """Return which part of the variance of actual use between areas each part of the waterfall explains.

    Share of part k: Cov(part_k, use) / Var(use), over the areas weighted by people, on every draw. As the parts add up
    to use, the shares add up to one. A share is negative where a part makes differences smaller than they would be.

    Parameters
    ----------
    fit : Fit
        The posterior.
    draws : int
        At most about this many of the draws, evenly taken: a share of the variance of all areas needs no more.

    Returns
    -------
    Estimate
        Draws (chain, draw, part); coordinates ``part_name`` and ``direction``, the direction of explanation of a block
        where the study gives one.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> float(variance_parts(invented_fit()).draws.sum("part").mean().round(6))
    1.0
    """
    fit = thinned(fit, draws)
    people = fit.counts.population
    lived = np.flatnonzero(people > 0)
    weights = people[lived] / people.sum()
    away = use(fit, "actual", "share", list(fit.counts.areas.codes[lived])).samples
    away = away - (away @ weights)[:, None]
    total = np.square(away) @ weights
    away *= weights
    profile = country_profile(fit)
    shares = determinant_pieces(fit, profile, away, lived)
    for name, piece in other_pieces(fit, profile, lived):
        shares[name] = np.einsum("sa,sa->s", away, piece)
    pieces = [piece for piece in pieces_of(fit) if piece.name != COUNTRY]
    values: Floats = np.column_stack([shares[piece.name] for piece in pieces]) / total[:, None]
    beside = {
        "part_name": [piece.label[fit.study.report.language] for piece in pieces],
        "direction": [piece.direction or "" for piece in pieces],
    }
    names = [piece.name for piece in pieces]
    return Estimate(with_labels(fit, values, "part", names, beside), _DEFINITION, fit.study)


_DEFINITION = Definition(
    "variance.parts",
    Label(nl="aandeel in de verschillen tussen gebieden", en="share of the differences between areas"),
    Label(
        nl="Welk deel van de verschillen in feitelijk gebruik tussen gebieden, gewogen naar mensen, hoort hierbij?",
        en="Which part of the differences in actual use between areas, weighted by people, goes with this?",
    ),
    "Cov(part, Y / n) / Var(Y / n)",
    Label(nl="aandeel, samen 1", en="share, 1 together"),
)
