"""Heaps and gaps: the rule they point to is named, and plain counts under any rule point to none."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import Counts, example_study, publish, read_areas
from bayesmodel.data.publication import intervals, published_cells
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.heaps import heap_remarks
from bayesmodel.study.parts import Publication

HIDDEN = (".",)
PLAIN = Publication(hidden_below=10, hidden_symbols=HIDDEN)
RAISED = Publication(hidden_below=10, raised_from=8, hidden_symbols=HIDDEN)
CBS = Publication(hidden_below=8, rounded_to=5, hidden_symbols=HIDDEN)
ROUNDED = Publication(hidden_below=10, rounded_to=5, hidden_symbols=HIDDEN)
ZEROS = Publication(hidden_below=10, hidden_from=1, hidden_symbols=HIDDEN)
FIVE = Publication(hidden_below=5, hidden_symbols=HIDDEN)
RULES = {"plain": PLAIN, "raised": RAISED, "cbs": CBS, "rounded": ROUNDED, "zeros": ZEROS, "five": FIVE}


@pytest.fixture(scope="module")
def country():
    return read_areas(example_study(areas=2000, gemeenten=250, regions=30))


def counts_of(areas, true, read, seed=1, size=1.0):
    """Poisson counts with effects of gemeente and wijk, published by one rule and read by another."""
    rng = np.random.default_rng(seed)
    people = np.maximum((areas.population.to_numpy() * size).astype(np.int64), 0)
    gemeente = pd.factorize(areas.levels["gemeente"])[0]
    effect = rng.normal(0, 0.2, gemeente.max() + 1)[gemeente] + rng.normal(0, 0.2, len(people))
    cells = pd.Series(publish(np.minimum(rng.poisson(0.1 * people * np.exp(effect)), people), true), areas.codes)
    study = areas.study.model_copy(update={"publication": read})
    table = replace(areas, study=study, published=cells, population=pd.Series(people, areas.codes))
    found = published_cells(cells, read)
    lower, upper, status = intervals(
        found.numbers, people, read, hidden=found.hidden, missing=found.missing, zero=found.zero
    )
    return Counts(table, lower, upper, status)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", range(5))
def test_counts_published_as_the_study_says_are_never_remarked(country, rule, seed):
    assert list(heap_remarks(counts_of(country, rule, rule, seed))) == []
    assert list(heap_remarks(counts_of(country, rule, rule, seed, size=0.1))) == []


@pytest.mark.parametrize(
    ("true", "read", "said"),
    [
        (RAISED, PLAIN, "state hidden_below = 10, raised_from = 8"),
        (PLAIN, RAISED, "state hidden_below = 10 in"),
        (PLAIN, FIVE, "No count from 5 to 9 is shown"),
        (CBS, ROUNDED, "hidden is 0..7, 10 is 8..12"),
    ],
    ids=["heap", "no heap", "gap", "rounded heap"],
)
def test_another_rule_is_named(country, true, read, said):
    (found,) = heap_remarks(counts_of(country, true, read, size=0.3))
    assert found.kind is RemarkKind.HEAP
    assert said in found.text.en
    assert "[publication]" in found.text.nl


def test_few_areas_say_too_little(country):
    few = counts_of(country, RAISED, PLAIN, size=0.3)
    rows = np.arange(40)
    areas = few.areas
    small = replace(
        areas,
        published=areas.published.iloc[rows],
        population=areas.population.iloc[rows],
        levels=areas.levels.iloc[rows],
        names=areas.names.iloc[rows],
        determinants=areas.determinants.iloc[rows],
    )
    assert list(heap_remarks(Counts(small, few.lower[rows], few.upper[rows], few.status[rows]))) == []


def test_a_gap_far_from_a_limit_of_few_large_areas_is_no_rule(country):
    """Areas of hundreds of counts: the smallest shown lies far above the limit, and nothing is expected near it."""
    assert list(heap_remarks(counts_of(country, PLAIN, PLAIN, size=30))) == []
