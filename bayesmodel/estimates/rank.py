"""Rank: where each place stands among all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.definition import Definition, Scale
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping, Groups, groups_of
from bayesmodel.estimates.quantity import estimate_of, quantity_named
from bayesmodel.estimates.ranks import Ranks
from bayesmodel.inference.blocks import in_blocks
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.study import Label


def rank(fit: Fit, places: Grouping = None, what: str = "use.underlying", scale: Scale | None = None) -> Ranks:
    """Rank places on every draw, 1 for the highest.

    R_i = 1 + sum_j 1[q_j > q_i], with q the quantity that is ranked.

    Parameters
    ----------
    fit : Fit
        The posterior.
    places : str, sequence of str, mapping, or Series
        As in `aggregate`; each area when left out. One group of a level, such as a gemeente, means the areas in it.
        Places where nobody lives are left out, as they have no share.
    what : str
        ``use.actual``, ``use.underlying``, ``expected.<which>`` or ``difference.<use>.<which>``.
    scale : {"count", "share", "points", "ratio"}, optional
        The share, or of a difference the ratio, when left out.

    Returns
    -------
    Ranks

    Raises
    ------
    UnknownNameError
        There is no such quantity, scale, area or group.
    ComparisonError
        There are fewer than two places where anybody lives, one is given twice, or a group is empty.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> rank(invented_fit(), "gemeente").summary(highest=1)[["lower", "upper", "p_among_1"]].round(2).values.tolist()
    [[1.0, 3.0, 0.49], [1.0, 3.0, 0.34], [1.0, 3.0, 0.18]]
    """
    quantity = quantity_named(fit.study, what, scale)
    groups = groups_of(fit.counts, fit.study.area if places is None else places)
    one_group = len(groups.codes) == 1 and groups.dim in fit.study.level_names
    if one_group and not (isinstance(places, str) and places in fit.study.level_names):
        groups = groups_of(fit.counts, fit.counts.areas.codes[groups.rows].tolist())
    found = estimate_of(fit, quantity, groups)
    kept = np.flatnonzero(groups.total(fit.counts.population[groups.rows]) > 0)
    if len(kept) < 2:
        raise ComparisonError(_("Ranking needs at least two places where anybody lives."))
    ranked = Estimate(found.draws.isel({groups.dim: kept}), found.definition, fit.study)
    draws = ranked.draws.copy(data=ranks_of(ranked.samples).reshape(ranked.draws.shape))
    estimate = Estimate(draws, _definition(ranked.definition, groups), fit.study)
    return Ranks(estimate, ranked)


def ranks_of(samples: NDArray[Any]) -> NDArray[np.int32]:
    """Return the rank of each place on each sample (sample, place): 1 for the highest, equals share the better one.

    Examples
    --------
    >>> import numpy as np
    >>> ranks_of(np.array([[0.2, 0.5, 0.2, 0.1]])).tolist()
    [[2, 1, 2, 4]]
    """
    ranks = np.empty(samples.shape, dtype=np.int32)
    places = np.arange(1, samples.shape[1] + 1, dtype=np.int32)

    def work(part: slice) -> None:
        for row, values in zip(ranks[part], samples[part], strict=True):
            order = np.argsort(-values)
            ordered = values[order]
            fresh = np.append(True, ordered[1:] != ordered[:-1])
            row[order] = np.maximum.accumulate(np.where(fresh, places, 0))

    in_blocks(work, len(samples), samples.shape[1])
    return ranks


def _definition(of: Definition, groups: Groups) -> Definition:
    """Return what the rank of a quantity is."""
    return Definition(
        f"rank.{of.name}",
        Label(nl=f"rang naar {of.label.nl}", en=f"rank by {of.label.en}"),
        Label(
            nl=f"De hoeveelste is dit gebied van de {len(groups.codes)}, van hoog naar laag?",
            en=f"Which place does it take among the {len(groups.codes)}, from high to low?",
        ),
        "1 + sum_j 1[q_j > q_i]",
        Label(nl="rang, 1 is het hoogst", en="rank, 1 is the highest"),
    )
