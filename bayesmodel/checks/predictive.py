"""Predictive checks: countries simulated from the fit, hidden and rounded like the published one.

The test quantities are ones the model was not directly fitted to: how many counts are hidden or zero, the total of the
shown counts, and how much areas differ within and between groups. Areas' own effects are always redrawn, and group
effects too for differences between those groups: posterior effects have seen the counts, and would agree with whatever
was published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.checks.classes import all_label, size_classes, trait_classes
from bayesmodel.checks.left_out import DRAWS
from bayesmodel.checks.replicates import Replicates, replicates
from bayesmodel.data import Status
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.linear_predictor import Floats, thinned
from bayesmodel.estimates.result import CheckResult
from bayesmodel.format import interval_name
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, number
from bayesmodel.study import Label, Study
from bayesmodel.study.parts import areas_label

UNUSUAL = 0.01
"""Tail probability below which a published quantity is called unusual."""

TITLE = Label(
    nl="Lijkt wat gepubliceerd is op wat het model zou hebben gepubliceerd?",
    en="Does what was published look like what the model would have published?",
)
QUANTITIES = {
    "hidden": Label(nl="verborgen aantallen", en="hidden counts"),
    "zeros": Label(nl="gepubliceerde nullen", en="published zeros"),
    "total": Label(nl="totaal van wat getoond is (midden)", en="total of what is shown (midpoints)"),
    "within": Label(
        nl="spreiding van het aandeel binnen {groups} (procentpunt)", en="spread of shares within {groups} (points)"
    ),
    "between": Label(
        nl="spreiding van het aandeel tussen {groups} (procentpunt)", en="spread of shares between {groups} (points)"
    ),
}
SENTENCE = Label(
    nl="{what}, {areas}: gepubliceerd {observed}, volgens het model {lower} tot {upper} ({interval}){more}",
    en="{what}, {areas}: {observed} published, {lower} to {upper} under the model ({interval}){more}",
)
MORE = Label(nl="; meer dan bij het model past", en="; more than fits the model")
LESS = Label(nl="; minder dan bij het model past", en="; less than fits the model")
NOTE = Label(
    nl="{draws} landen getrokken uit het model, verborgen en afgerond volgens de regel van de publicatie.",
    en="{draws} countries drawn from the model, hidden and rounded by the rule of the publication.",
)


@dataclass(frozen=True, eq=False, repr=False)
class PredictiveCheck(CheckResult):
    """What was published, compared with what the model would have published.

    Parameters
    ----------
    frame : DataFrame
        One row per quantity and class of areas: ``quantity, what, areas, observed, mean, lower, upper, p`` (share of
        replicated countries with less, half of those with the same).
    study : Study
    labels : tuple of (Label, Label)
        Display names of each row's quantity and areas.
    draws : int
        Number of replicated countries.
    """

    shown_rows: ClassVar[int] = 60

    frame: pd.DataFrame
    study: Study
    labels: tuple[tuple[Label, Label], ...]
    draws: int

    def title_in(self, language: Language) -> str:
        """Return the question in a language."""
        return TITLE[language]

    def summary(self) -> pd.DataFrame:
        """Return one row per quantity and class of areas; see `frame`."""
        return self.frame

    @property
    def unusual(self) -> pd.DataFrame:
        """The rows in which the published quantity has a tail probability below one in a hundred."""
        tail = np.minimum(self.frame["p"], 1 - self.frame["p"])
        return self.frame[tail < UNUSUAL]

    def sentences(self, language: Language | None = None, *, all_rows: bool = False) -> tuple[str, ...]:
        """Return sentences on unusual rows and on rows over all areas, or on all rows."""
        reader = language or self.study.report.language
        chosen = set(self.unusual.index)
        everywhere = self.labels[0][1]
        return tuple(
            self._sentence(row, what, areas, reader)
            for (index, row), (what, areas) in zip(self.frame.iterrows(), self.labels, strict=True)
            if all_rows or index in chosen or (areas == everywhere and row["upper"] > row["lower"])
        )

    def _sentence(self, row: pd.Series, what: Label, areas: Label, reader: Language) -> str:
        """Return the sentence of a row."""
        form = ",.2f" if row["quantity"] in ("within", "between") else ",.0f"
        more = ""
        if min(row["p"], 1 - row["p"]) < UNUSUAL:
            more = (LESS if row["p"] < 0.5 else MORE)[reader]
        message = SENTENCE[reader].format(
            what=what[reader],
            areas=areas[reader],
            observed=number(row["observed"], form, reader),
            lower=number(row["lower"], form, reader),
            upper=number(row["upper"], form, reader),
            interval=interval_name(self.study.report.interval, reader),
            more=more,
        )
        return message[:1].upper() + message[1:]

    def notes(self) -> tuple[str, ...]:
        """Return the method, and what is unusual."""
        reader = self.study.report.language
        return (NOTE[reader].format(draws=number(self.draws, ",", reader)), *self.sentences(reader))


def predictive_check(fit: Fit, by: str | pd.Series | None = None) -> PredictiveCheck:
    """Compare what was published with countries simulated from the fit, hidden and rounded by the same rule.

    Parameters
    ----------
    fit : Fit
        The posterior.
    by : str or Series, optional
        A determinant, or values by area code such as urbanity, to classify by instead of population.

    Returns
    -------
    PredictiveCheck

    Raises
    ------
    UnknownNameError
        The study has no such determinant.

    Notes
    -----
    Marshall and Spiegelhalter (2007), on redrawing effects (mixed replicates).

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> predictive_check(invented_fit()).frame[["quantity", "observed"]].head(2).values.tolist()
    [['hidden', 2.0], ['total', 344.0]]
    """
    thin, counts, study = thinned(fit, DRAWS), fit.counts, fit.study
    rows = np.flatnonzero(counts.observed & (counts.status != Status.SECONDARY))
    people = counts.population[rows].astype(float)
    hidden = (counts.status == Status.SUPPRESSED)[rows]
    shown = np.where(hidden, np.nan, (counts.lower + counts.upper)[rows] / 2)
    replicated = replicates(thin, rows)
    found = list[tuple[str, Label, Label, float, Floats]]()
    chosen = size_classes(counts) if by is None else trait_classes(counts, by)
    classes = [(label, inside[rows]) for label, inside in chosen.with_all(all_label(counts))]
    for label, inside in classes if len(classes) > 2 or by is not None else classes[:1]:
        one = shown[None, inside], hidden[None, inside]
        many = replicated.published[:, inside], replicated.hidden[:, inside]
        for (name, value), (_name, values) in zip(_amounts(*one), _amounts(*many), strict=True):
            if len(np.unique(values)) > 1 or values[0] != value[0]:
                found.append((name, QUANTITIES[name], label, float(value[0]), values))
    for name, level, values in _spreads(thin, rows, replicated):
        [value] = _spread(shown[None], people, _groups(fit, level, rows), name)
        found.append((name, _of_groups(QUANTITIES[name], study, level), all_label(counts), float(value), values))
    table = pd.DataFrame([_row(*row[:1], row[3], row[4], study) for row in found])
    labels = tuple((what, areas) for _name, what, areas, _value, _values in found)
    reader = study.report.language
    table.insert(1, "what", [what[reader] for what, _areas in labels])
    table.insert(2, "areas", [areas[reader] for _what, areas in labels])
    return PredictiveCheck(table, study, labels, len(replicated.counts))


def _amounts(shown: Floats, hidden: NDArray[np.bool_]) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield the numbers of hidden counts and zeros, and the total of shown counts (sample,)."""
    yield "hidden", hidden.sum(axis=1).astype(float)
    yield "zeros", (shown == 0).sum(axis=1).astype(float)
    yield "total", np.nansum(shown, axis=1)


def _spreads(fit: Fit, rows: NDArray[np.int64], replicated: Replicates) -> Iterator[tuple[str, str, Floats]]:
    """Yield the spread within the groups of the finest level, and between those of each level (sample,)."""
    people = fit.counts.population[rows].astype(float)
    for nth, level in enumerate(fit.study.effect_names):
        group = _groups(fit, level, rows)
        if group.max() == 0 or len(np.unique(group)) < 3:
            continue
        if nth == 0:
            yield "within", level, _spread(replicated.published, people, group, "within")
        redrawn = replicates(fit, rows, [level], seed=nth + 1)
        yield "between", level, _spread(redrawn.published, people, group, "between")


def _groups(fit: Fit, level: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the group of each area."""
    return np.asarray(pd.factorize(fit.counts.areas.levels[level].iloc[rows])[0], dtype=np.int64)


def _spread(shown: Floats, people: Floats, group: NDArray[np.int64], which: str) -> Floats:
    """Return the standard deviation of shares, weighted by people, within or between groups, in points (sample,).

    Only areas with a shown count are included, as in the data.
    """
    size = int(group.max()) + 1
    belongs = np.zeros((len(group), size))
    belongs[np.arange(len(group)), group] = 1
    seen = np.isfinite(shown) & (people > 0)
    weights, values = np.where(seen, people, 0.0), np.where(seen, np.nan_to_num(shown), 0.0)
    n, y = weights @ belongs, values @ belongs
    with np.errstate(invalid="ignore", divide="ignore"):
        of_group = np.where(n > 0, y / n, 0.0)
        if which == "between":
            mean = (y.sum(axis=1) / n.sum(axis=1))[:, None]
            return np.asarray(100 * np.sqrt((n * (of_group - mean) ** 2).sum(axis=1) / n.sum(axis=1)))
        deviations = np.where(seen, values / np.maximum(people, 1) - of_group[:, group], 0.0)
    return np.asarray(100 * np.sqrt((weights * deviations**2).sum(axis=1) / weights.sum(axis=1)))


def _of_groups(label: Label, study: Study, level: str) -> Label:
    """Return the label of a spread at a level."""
    plural = study.areas_label if level == study.area else areas_label(level)
    known = plural.nl != "gebieden"
    name = level_label(study, level)
    return Label(
        nl=label.nl.format(groups=plural.nl if known else name.nl),
        en=label.en.format(groups=plural.en if known else name.en),
    )


def _row(name: str, observed: float, values: Floats, study: Study) -> dict[str, object]:
    """Return a row of the table."""
    tail = (1 - study.report.interval) / 2
    lower, upper = np.quantile(values, [tail, 1 - tail])
    p = float((values < observed).mean() + 0.5 * (values == observed).mean())
    known = {"quantity": name, "observed": observed, "mean": float(values.mean())}
    return known | {"lower": lower, "upper": upper, "p": p}
