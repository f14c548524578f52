"""The disclosure guard attacked: hidden counts of simulated microdata sought in all that is published of them.

The attacker has what the package publishes, every total of every group that it does not say to keep back, exactly, and
once also the count of another hidden wijk. Here the arithmetic is linear programming, and none of the package's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.stats import poisson

from bayesmodel import (
    Counts,
    Fit,
    Study,
    disclosure_check,
    example_study,
    example_truth,
    fit,
    interpret_counts,
    read_areas,
    use,
)
from bayesmodel.data import CONCEALED, Status
from bayesmodel.example.published import published_areas
from bayesmodel.tables.collect import tables_of

COUNTRIES = ((300, 40, 8, 1), (300, 40, 8, 2), (300, 120, 12, 3), (2918, 388, 42, 2017))
"""Wijken, gemeenten, regions and seed of the countries; the third has gemeenten of two or three wijken."""
FITTED = 3
"""Countries that are fitted too, the first ones."""
DETERMINANTS = 4


def of_the_guard(fit_2017: Fit) -> dict[str, Any]:
    """Return how many attacks there were, how many told a count, and what the guard did to the file of 2017."""
    tries = pd.DataFrame([row for size in COUNTRIES for row in _attacks(*size)])
    bare = pd.DataFrame([row for size in COUNTRIES[:FITTED] for row in _by_arithmetic(*_microdata(*size, guard=False))])
    guessed = tries[tries["attack"] == "posterior"]
    check = disclosure_check(fit_2017)
    return {
        "guard_attacks": len(tries),
        "guard_recovered": int(tries["recovered"].sum()),
        "guard_narrowed": int(tries["narrowed"].sum()),
        "guard_attacks_by_kind": tries["attack"].value_counts().to_dict(),
        "guard_recovered_if_small_counts_alone_are_hidden": f"{int(bare['recovered'].sum())} of {len(bare)}",
        "guard_guesses_right": round(float(guessed["right"].mean()), 3),
        "guard_guesses_said_to_be_right": round(float(guessed["certainty"].mean()), 3),
        "guard_small_counts": int(sum(_small(size) for size in COUNTRIES)),
        "guard_protecting_counts": int(sum(_protecting(size) for size in COUNTRIES)),
        "cells_coarsened_2017": int(check.table["coarsened"].sum()),
        "hidden_2017": len(check.table),
        "hidden_told_2017": len(check.told),
        "most_certain_guess_2017": round(float(check.table["certainty"].max()), 3),
    }


@cache
def _microdata(areas: int, gemeenten: int, regions: int, seed: int, *, guard: bool = True) -> tuple[Counts, np.ndarray]:
    """Return a country whose study reads every count as it is, and these counts."""
    truth = example_truth(example_study(areas=areas, gemeenten=gemeenten, regions=regions, seed=seed))
    table = published_areas(truth)
    names = list(table.determinants.columns[:DETERMINANTS])
    frame = table.frame.reset_index().assign(count=np.asarray(truth.counts))
    frame[names] = table.determinants[names].fillna(table.determinants[names].mean()).to_numpy()
    columns = {"count": "count", "population": "population", "area": "wijk", "levels": ["gemeente", "jeugdzorgregio"]}
    settings = {"disclosure": {"public_totals": guard, "insiders": guard}, "publication": {"hidden_below": 0}}
    study = Study.from_dataframe(frame, **columns, determinants=names, year=2017, settings=settings)
    return interpret_counts(read_areas(study)), np.asarray(truth.counts)


def _small(size: tuple[int, int, int, int]) -> int:
    """Return how many small counts a country has."""
    made = _microdata(*size)[0].areas.suppression
    return len(made.small) if made else 0


def _protecting(size: tuple[int, int, int, int]) -> int:
    """Return how many counts are hidden to protect them."""
    made = _microdata(*size)[0].areas.suppression
    return len(made.protects) if made else 0


def _attacks(*size: int) -> Iterator[dict[str, Any]]:
    """Yield every attack on a country."""
    counts, truth = _microdata(*size)
    yield from _by_arithmetic(counts, truth)
    if size in COUNTRIES[:FITTED]:
        yield from _by_posterior(fit(counts, engine="laplace"), truth)


def _by_arithmetic(counts: Counts, truth: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yield what each hidden small count can still be by differences of tables and totals, alone or with an insider."""
    rows = np.flatnonzero(np.isin(counts.status, CONCEALED))
    small = counts.status[rows] == Status.SUPPRESSED
    ranges = np.column_stack([counts.lower[rows], counts.upper[rows]]).astype(float)
    sums, totals, inside = _public(counts, truth, rows)
    for nth in np.flatnonzero(small):
        mates = [other for other in np.flatnonzero(inside == inside[nth]) if other != nth]
        for known in (None, *mates):
            bounds = ranges.copy()
            if known is not None:
                bounds[known] = truth[rows[known]]
            low, high = _least_and_most(nth, sums, totals, bounds)
            window = ranges[nth]
            yield {
                "attack": "differencing" if known is None else "insider",
                "recovered": high - low < 1 and window[1] > window[0],
                "narrowed": low > window[0] or high < window[1],
            }


def _public(counts: Counts, truth: np.ndarray, rows: np.ndarray) -> tuple[csr_array, np.ndarray, np.ndarray]:
    """Return which hidden counts add up to what, by every total that may be known; and the gemeente of each."""
    made, levels = counts.areas.suppression, counts.areas.levels.assign(country="country")
    kept_back = set(made.totals) if made else set()
    lines, totals = list[np.ndarray](), list[float]()
    for level in levels:
        labels = levels[level].to_numpy()[rows]
        for group in np.unique(labels):
            if (level, group) not in kept_back:
                lines.append(labels == group)
                totals.append(float(truth[rows[labels == group]].sum()))
    return csr_array(np.array(lines, dtype=float)), np.array(totals), levels["gemeente"].to_numpy()[rows]


def _least_and_most(nth: int, sums: csr_array, totals: np.ndarray, bounds: np.ndarray) -> tuple[int, int]:
    """Return the least and the most that a count can be, to the whole number."""
    one = np.zeros(len(bounds))
    one[nth] = 1
    ends = [linprog(sign * one, A_eq=sums, b_eq=totals, bounds=bounds, method="highs") for sign in (1, -1)]
    if not all(end.success for end in ends):
        raise ArithmeticError([end.message for end in ends])
    return int(np.ceil(ends[0].fun - 1e-6)), int(np.floor(-ends[1].fun + 1e-6))


def _by_posterior(fitted: Fit, truth: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yield the best guess of each hidden small count by results: its own draws, share times people, rows of groups."""
    check, limit = disclosure_check(fitted).table, fitted.study.disclosure.most_certain
    counts = fitted.counts
    places = counts.areas.codes.get_indexer(check.index)
    for place, (_code, row) in zip(places, check.iterrows(), strict=True):
        right = int(row["guess"]) == truth[place]
        sure = row["certainty"] > limit
        yield {
            "attack": "posterior",
            "recovered": sure,
            "narrowed": sure,
            "right": right,
            "certainty": row["certainty"],
        }
    means = use(fitted, "underlying", areas=list(check.index)).summary()["mean"].to_numpy()
    for place, mean in zip(places, means, strict=True):  # a count is Poisson around the share times people
        window = poisson.pmf(np.arange(counts.lower[place], counts.upper[place] + 1), mean)
        sure = bool(window.max() / window.sum() > limit)
        yield {"attack": "share times people", "recovered": sure, "narrowed": sure}
    frames = tables_of(fitted).frames
    shown = np.where(np.isin(counts.status, CONCEALED), 0, counts.lower)
    for level in fitted.study.level_names:
        labels = counts.areas.levels[level].to_numpy()
        for group, row in frames[level].iterrows():
            hidden = np.isin(counts.status, CONCEALED) & (labels == group)
            if not hidden.any():
                continue
            ends = row[["actual_count_lower", "actual_count_upper"]].to_numpy(float) - shown[labels == group].sum()
            yield {"attack": "row of a group", "recovered": bool(ends[0] == ends[1]), "narrowed": False}
