"""Patterns that counts do not make: each is remarked, and clean countries never are."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import Status, example_study, interpret_counts, read_areas
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks import remarks_on
from bayesmodel.data.remarks.patterns import pattern_remarks

COUNTS = interpret_counts(read_areas(example_study(areas=300, gemeenten=40, regions=5)))


def shown(counts=COUNTS, **changes):
    """The country with every count shown: hidden ones as a publisher without rules would show them."""
    rng = np.random.default_rng(3)
    lower = np.where(counts.status == Status.SUPPRESSED, rng.integers(0, 10, len(counts)), counts.lower)
    study = counts.study.model_copy(
        update={"publication": counts.study.publication.model_copy(update={"hidden_below": 0})}
    )
    whole = replace(counts.with_study(study), lower=lower, upper=lower, status=np.full(len(counts), str(Status.EXACT)))
    return replace(whole, **changes)


def kinds(counts):
    return [found.kind for found in pattern_remarks(counts)]


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("size", [(120, 20, 3), (400, 60, 8)])
def test_a_clean_country_is_never_remarked(size, seed):
    areas, gemeenten, regions = size
    counts = interpret_counts(read_areas(example_study(areas=areas, gemeenten=gemeenten, regions=regions, seed=seed)))
    assert kinds(counts) == []
    assert kinds(shown(counts)) == []


@pytest.mark.parametrize("value", [0, 5])
def test_small_counts_that_are_all_one_number_were_filled_in(value):
    hidden = COUNTS.status == Status.SUPPRESSED
    filled = np.where(hidden, value, COUNTS.lower)
    counts = shown(lower=filled, upper=filled)
    [found] = pattern_remarks(counts)
    assert found.kind is RemarkKind.FILLED_IN
    assert set(found.areas) == set(COUNTS.areas.codes[hidden])
    assert f"are {value}" in found.text.en


def test_counts_that_are_all_round_are_rounded():
    counts = shown()
    rounded = 5 * np.round(counts.lower / 5).astype(np.int64)
    assert kinds(replace(counts, lower=rounded, upper=rounded)) == [RemarkKind.ROUND]


def test_a_population_of_nines_is_a_code():
    people = COUNTS.areas.population.copy()
    people.iloc[7] = 9_999_999
    counts = replace(COUNTS, areas=replace(COUNTS.areas, population=people))
    assert RemarkKind.CODED in kinds(counts)


def test_a_gemeente_in_another_unit_is_seen():
    sizes = COUNTS.areas.population.groupby(COUNTS.areas.levels["gemeente"].to_numpy()).sum()
    code = sizes.idxmax()
    other = (COUNTS.areas.levels["gemeente"] != code).to_numpy()
    people = COUNTS.areas.population.where(other, COUNTS.areas.population * 10)
    counts = replace(COUNTS, areas=replace(COUNTS.areas, population=people))
    [found] = [each for each in pattern_remarks(counts) if each.kind is RemarkKind.ODD_SHARE]
    assert found.areas == (code,)


def test_the_outcome_of_the_gemeente_is_no_determinant():
    """Its share, and its rank by that share, given to each of its wijken."""
    counts = shown()
    groups = counts.areas.levels["gemeente"].to_numpy()
    table = counts.frame.assign(group=groups)[["lower", "population", "group"]].groupby("group").sum()
    share = (table["lower"] / table["population"]).round(4)
    for values in (share, share.rank()):
        column = counts.areas.determinants.iloc[:, :1].copy()
        column.iloc[:, 0] = values.loc[groups].to_numpy()
        found = remarks_on(replace(counts, areas=replace(counts.areas, determinants=column)))
        assert {RemarkKind.OWN_OUTCOME, RemarkKind.IDENTIFIER} & {each.kind for each in found}
