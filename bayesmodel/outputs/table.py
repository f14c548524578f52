"""The table per area: what was known, what is estimated, how sure that is; and its codebook."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.areas.cells import whole_numbers
from bayesmodel.counts import Status
from bayesmodel.estimates.difference import contrast
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.given import given_names, main_names
from bayesmodel.estimates.reliability import summary_with_size
from bayesmodel.estimates.use import use
from bayesmodel.estimates.verdicts import beyond
from bayesmodel.inference.fit import Fit
from bayesmodel.outputs.columns import columns_of

Numbers = NDArray[Any]
AREAS_AT_ONCE = 500
"""Areas whose draws are held at the same time: 16 MB a quantity for 4,000 draws."""
ENOUGH = 400
FLAGS = {Status.SUPPRESSED: "hidden_count", Status.ROUNDED: "rounded_count", Status.MISSING: "missing_count"}


def area_table(fit: Fit) -> pd.DataFrame:
    """Return one row per area: what was known, every estimate with its interval, and how far to rely on it.

    Parameters
    ----------
    fit : Fit
        The posterior.

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
    codes = fit.counts.areas.codes
    blocks = [codes[start : start + AREAS_AT_ONCE] for start in range(0, len(codes), AREAS_AT_ONCE)]
    table = pd.concat([_facts(fit), pd.concat([_estimates(fit, block) for block in blocks])], axis=1)
    table["flags"] = _flags(fit, table)
    return table[[column.name for column in columns_of(fit.study)][1:]].rename_axis(fit.study.area)


def codebook(fit: Fit) -> pd.DataFrame:
    """Return what each column of `area_table` is, its index first.

    Parameters
    ----------
    fit : Fit
        The posterior.

    Returns
    -------
    DataFrame
        Indexed by ``column``; columns ``label_nl``, ``label_en``, and ``unit`` and ``definition`` in the language of
        the study.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> codebook(invented_fit()).loc["ratio_gemeente", "unit"]
    'verhouding'
    """
    language = fit.study.report.language
    rows = {
        column.name: {
            "label_nl": column.label.nl,
            "label_en": column.label.en,
            "unit": column.unit[language],
            "definition": column.definition[language],
        }
        for column in columns_of(fit.study)
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("column")


def _facts(fit: Fit) -> pd.DataFrame:
    """Return what was known before the model."""
    areas, counts = fit.counts.areas, fit.counts
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
        count_lower=counts.lower,
        count_upper=counts.upper,
        determinants_missing=areas.determinants.isna().sum(axis=1),
    )


def _estimates(fit: Fit, codes: pd.Index) -> pd.DataFrame:
    """Return the estimates of some areas."""
    study, chosen = fit.study, list(codes)
    actual, underlying = use(fit, "actual", "count", chosen), use(fit, "underlying", "count", chosen)
    rows = fit.counts.areas.codes.get_indexer(codes)
    people = fit.counts.population[rows]
    per_head = 1 / np.where(people > 0, people, np.nan)
    counted, level = summary_with_size(actual), summary_with_size(underlying)
    table = _three("actual_count", counted) | _three("underlying_share", level, per_head)
    table["actual_count"] = np.where(fit.counts.status[rows] == Status.SUPPRESSED, np.nan, table["actual_count"])
    sizes = [counted["ess_min"], level["ess_min"]]
    for given in given_names(study):
        expectation = expected(fit, given, "count", chosen)
        counts = summary_with_size(expectation)
        table |= _three(f"expected_{given}_count", counts)
        sizes.append(counts["ess_min"])
        if given not in main_names(study):
            continue
        gap, ratio = (contrast(study, underlying, expectation, scale) for scale in ("count", "ratio"))
        gaps, ratios = summary_with_size(gap), summary_with_size(ratio)
        table |= _three(f"expected_{given}_share", counts, per_head)
        table |= _three(f"difference_{given}_count", gaps)
        table |= _three(f"difference_{given}_points", gaps, 100 * per_head)
        table |= _three(f"ratio_{given}", ratios)
        for kind, chance in zip(("higher", "within", "lower"), beyond(ratio.samples, study.report.margin), strict=True):
            table[f"p_{kind}_{given}"] = chance
        sizes += [gaps["ess_min"], ratios["ess_min"]]
    return pd.DataFrame(table | {"ess_min": np.fmin.reduce(sizes)}, index=codes)


def _three(name: str, summary: pd.DataFrame, factor: Numbers | float = 1.0) -> dict[str, Numbers]:
    """Return the columns of the mean and the interval, times a factor per area."""
    return {
        name + suffix: summary[column].to_numpy() * factor
        for suffix, column in (("", "mean"), ("_lower", "lower"), ("_upper", "upper"))
    }


def _flags(fit: Fit, table: pd.DataFrame) -> list[str]:
    """Return what to beware of in each row."""
    marks = {flag: table["status"] == status for status, flag in FLAGS.items()}
    marks |= {
        "no_people": table["population"] == 0,
        "missing_determinants": table["determinants_missing"] > 0,
        "low_ess": table["ess_min"] < ENOUGH,
    }
    names = np.array(list(marks))
    return ["; ".join(names[row]) for row in np.column_stack(list(marks.values()))]
