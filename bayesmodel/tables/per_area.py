"""The table per area: what was known, what is estimated, how sure that is; and its codebook."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import CONCEALED, Counts, Status
from bayesmodel.data.delivery import partly_delivered
from bayesmodel.data.suppression import shown_windows
from bayesmodel.data.validation import whole_numbers
from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.disclosure import coarsened_areas
from bayesmodel.estimates.expectation import expectation_named, main_names
from bayesmodel.estimates.hidden_check import doubtful_hidden
from bayesmodel.estimates.leave_out_effects import NO_COMPARISON, without_others
from bayesmodel.estimates.relative_precision import imprecise_areas
from bayesmodel.estimates.special import LIKELY, special_probability
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.tables.columns import columns_of
from bayesmodel.tables.per_level import level_columns
from bayesmodel.tables.summaries import Estimated, estimated, with_verdicts

ENOUGH = 400
FLAGS = {
    Status.SUPPRESSED: "hidden_count",
    Status.SECONDARY: "protecting_count",
    Status.ROUNDED: "rounded_count",
    Status.MISSING: "missing_count",
}


def area_table(fit: Fit, found: Estimated | None = None) -> pd.DataFrame:
    """Return one row per area: what was known, every estimate with its interval, and how far to rely on it.

    Parameters
    ----------
    fit : Fit
        The posterior.
    found : Estimated, optional
        Its estimates, where they were made already.

    Returns
    -------
    DataFrame
        Indexed by the code of the area; the columns that `codebook` explains. A hidden count has bounds only: nothing
        below the publication limit is given as a number that could be taken for the count.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> table = area_table(invented_fit())
    >>> table[["actual_count", "actual_count_lower", "actual_count_upper"]].head(3)  # doctest: +NORMALIZE_WHITESPACE
              actual_count  actual_count_lower  actual_count_upper
    wijk
    WK000100          46.0                46.0                46.0
    WK000101          92.0                92.0                92.0
    WK000102           NaN                 1.0                 9.0
    """
    estimates = with_verdicts((found or estimated(fit, ())).areas, fit.counts)
    estimates["actual_count"] = estimates["actual_count"].mask(np.isin(fit.counts.status, CONCEALED))
    table = pd.concat([_facts(fit), estimates], axis=1)
    table["flags"] = _flags(fit, table)
    return table[[column.name for column in columns_of(fit.study)][1:]].rename_axis(fit.study.area)


def codebook(fit: Fit, level: str | None = None) -> pd.DataFrame:
    """Return what each column of `area_table` is, its index first; or of the `level_table` of a level.

    Parameters
    ----------
    fit : Fit
        The posterior.
    level : str, optional
        A level; the areas when left out.

    Returns
    -------
    DataFrame
        Indexed by ``column``; columns ``label_nl``, ``label_en``, ``unit`` and ``definition`` in the language of the
        study, ``form``, ``statistic``, and the probability ``interval`` and ``interval_kind`` of an estimate.

    Raises
    ------
    UnknownNameError
        There is no such level.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> codebook(invented_fit()).loc["ratio_gemeente_others", "unit"]
    'verhouding'
    """
    if level is not None and level not in fit.study.level_names:
        raise UnknownNameError(_("level"), str(level), fit.study.level_names)
    language = fit.study.report.language
    rows = {
        column.name: {
            "label_nl": column.label.nl,
            "label_en": column.label.en,
            "unit": column.unit[language],
            "definition": column.definition[language],
            "form": column.form,
            "statistic": column.statistic,
            "interval": column.interval.prob if column.interval else None,
            "interval_kind": column.interval.kind if column.interval else None,
        }
        for column in (columns_of(fit.study) if level is None else level_columns(fit.counts, level))
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("column")


def _facts(fit: Fit) -> pd.DataFrame:
    """Return what was known before the model."""
    areas, counts, (lower, upper) = fit.counts.areas, fit.counts, shown_windows(fit.counts)
    table = pd.DataFrame({f"{fit.study.area}_name": areas.names}, index=areas.codes)
    for level in fit.study.level_names:
        table[level] = areas.levels[level]
        table[f"{level}_name"] = areas.levels[level].map(areas.level_labels[level])
    numbers = pd.Series(whole_numbers(areas.published)[0], areas.codes, dtype="Int64")
    published = np.isin(counts.status, [Status.EXACT, Status.ROUNDED])
    return table.assign(
        year=fit.study.outcome.year,
        vintage=fit.study.outcome.vintage,
        population=counts.population,
        status=[str(status) for status in counts.status],
        published_count=numbers.where(published),
        count_lower=lower,
        count_upper=upper,
        determinants_missing=areas.determinants.isna().sum(axis=1),
    )


def alone_somewhere(counts: Counts) -> NDArray[np.bool_]:
    """Return which areas have no others to be held against by one of the main expectations (area,)."""
    main = (expectation_named(counts.study, name) for name in main_names(counts.study))
    alone = [without_others(counts, each.levels[0]) for each in main if each.from_others]
    return np.any(alone, axis=0) if alone else np.zeros(len(counts), dtype=bool)


def _flags(fit: Fit, table: pd.DataFrame) -> list[str]:
    """Return what to beware of in each row."""
    marks = {flag: table["status"] == status for status, flag in FLAGS.items()}
    marks |= {
        "hidden_unlikely": table.index.to_series().isin(doubtful_hidden(fit)),
        "partial_delivery": pd.Series(partly_delivered(fit.study, fit.counts.areas.levels), table.index),
        "no_people": table["population"] == 0,
        "missing_determinants": table["determinants_missing"] > 0,
        "special_area": special_probability(fit) > LIKELY,
        "imprecise": table.index.to_series().isin(imprecise_areas(fit)),
        NO_COMPARISON: pd.Series(alone_somewhere(fit.counts), table.index),
        "coarsened_count": table.index.to_series().isin(coarsened_areas(fit)),
        "low_ess": table["ess_min"] < ENOUGH,
    }
    names = np.array(list(marks))
    return ["; ".join(names[row]) for row in np.column_stack(list(marks.values()))]
