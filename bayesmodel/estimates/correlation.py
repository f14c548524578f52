"""Correlation of outcomes that were fitted as one model: of areas and of the groups of each level."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.definition import Definition, Kind, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.labels import warning
from bayesmodel.estimates.outcomes_together import in_period, study_together
from bayesmodel.estimates.result import Result
from bayesmodel.inference.outcomes_fit import OutcomesFit
from bayesmodel.messages import Language, _
from bayesmodel.model.outcomes import OTHER, OUTCOME
from bayesmodel.study import Label

LEVEL = "level"
"""Name of the column of levels."""
DEFINITION = Definition(
    "correlation.outcomes",
    Label(nl="samenhang van wat de kenmerken niet verklaren", en="correlation of what determinants do not explain"),
    Label(
        nl="Gaat meer gebruik van het een dan verwacht samen met meer gebruik van het ander dan verwacht? Van "
        "gebieden, en van de groepen van elk niveau.",
        en="Does more use of one than expected go with more use of the other than expected? Of areas, and of the "
        "groups of each level.",
    ),
    "cov(u_p, u_q) / (sd(u_p) sd(u_q))",
    Label(nl="correlatie, -1 tot 1", en="correlation, -1 to 1"),
)
FEW = Label(
    nl="Een interval dat bijna van -1 tot 1 loopt zegt dat er te weinig groepen zijn, of dat ze te weinig verschillen, "
    "om iets over de samenhang te zeggen.",
    en="An interval from nearly -1 to 1 says that there are too few groups, or too small differences between them, to "
    "say anything about the correlation.",
)
PERSONS = Label(
    nl="Geteld zijn gebieden, geen personen: dat twee uitkomsten in dezelfde gebieden hoog zijn, zegt niet dat het "
    "dezelfde mensen zijn.",
    en="Areas are counted, not persons: that two outcomes are high in the same areas does not say that it is the same "
    "people.",
)
"""What cannot be concluded from outcomes of areas."""


@dataclass(frozen=True, eq=False, repr=False)
class Correlations(Result):
    """Correlations between outcomes of the effects of areas, and of the groups of each level.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, level, pair), -1 to 1; a pair is called ``<outcome>, <other outcome>``, the finest level
        first.
    pairs : tuple of (str, str)
        Names of the outcomes of each pair.
    groups : Series of int
        How many areas or groups there are of each level: with few of them little can be known.
    """

    estimate: Estimate
    pairs: tuple[tuple[str, str], ...]
    groups: pd.Series

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the correlations.

        Parameters
        ----------
        prob, kind
            Of the intervals, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per level and pair, indexed by ``level``; columns ``outcome, other_outcome, groups, mean, lower,
            upper, p_positive``.
        """
        found = self.estimate.summary(prob, kind)
        levels = found.index.get_level_values(LEVEL)
        first, second = zip(*self.pairs, strict=True)
        columns = {
            OUTCOME: first * len(self.groups),
            OTHER: second * len(self.groups),
            "groups": self.groups[levels].to_numpy(),
            **{name: found[name].to_numpy() for name in ("mean", "lower", "upper")},
            "p_positive": (self.estimate.samples > 0).mean(axis=0).ravel(),
        }
        return pd.DataFrame(columns, index=levels)

    def notes(self) -> tuple[str, ...]:
        """Return what it says, and what it does not."""
        return self.notes_in(self.estimate.report.language)

    def notes_in(self, language: Language) -> tuple[str, ...]:
        """Return the same in a language."""
        return (DEFINITION.answers[language], FEW[language], PERSONS[language])

    @property
    def title(self) -> str:
        """What it is, with the interval."""
        return titled(self.estimate.definition, self.estimate.report)


def correlations(fitted: OutcomesFit) -> Correlations:
    """Estimate how outcomes go together, beyond what their determinants explain.

    The correlations are those of the model: of the effects of areas, and of the groups of each level, on the scale of
    its link. They are no correlations of published counts, which chance brings nearer to zero.

    Parameters
    ----------
    fitted : OutcomesFit
        What `fit_outcomes` returns.

    Returns
    -------
    Correlations

    Raises
    ------
    ComparisonError
        It is no fit of several outcomes.

    Examples
    --------
    >>> from bayesmodel import correlations, fit_outcomes
    >>> correlations(fit_outcomes(counts)).summary()  # doctest: +SKIP
    """
    if not isinstance(fitted, OutcomesFit):
        said = _("Correlations are of what fit_outcomes returns; found a {kind}. They also stand in correlations.csv.")
        raise ComparisonError(said.format(kind=type(fitted).__name__))
    joint, joined = fitted.joint, fitted.joined
    posterior = joint.tree["posterior"].dataset
    pairs = tuple(combinations(joined.names, 2))
    levels = [name for name in joint.study.effect_names if f"correlation_{name}" in posterior]
    draws = [
        [posterior[f"correlation_{level}"].sel({OUTCOME: one, OTHER: other}).to_numpy() for one, other in pairs]
        for level in levels
    ]
    values = xr.DataArray(
        np.moveaxis(np.array(draws), (0, 1), (2, 3)),
        {
            "chain": posterior["chain"].to_numpy(),
            "draw": posterior["draw"].to_numpy(),
            LEVEL: levels,
            "pair": [", ".join(pair) for pair in pairs],
        },
        ("chain", "draw", LEVEL, "pair"),
        attrs=warning(joint) | in_period(fitted),
    )
    sizes = [joint.counts.areas.levels[level].nunique() for level in levels]
    study = study_together(fitted)
    return Correlations(Estimate(values, DEFINITION, study), pairs, pd.Series(sizes, pd.Index(levels, name=LEVEL)))
