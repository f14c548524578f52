import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bayesmodel.data import interpret_counts, mask, publish
from bayesmodel.errors import StudyError
from bayesmodel.study.parts import Publication

RULES = st.fixed_dictionaries(
    {
        "hidden_below": st.integers(0, 20),
        "hidden_when": st.sampled_from(["before rounding", "after rounding"]),
        "rounded_to": st.integers(1, 10),
        "hidden_symbols": st.just(("", "x")),
        "missing_symbols": st.just((".",)),
        "zero_symbols": st.sampled_from([(), ("-",)]),
    }
)
PEOPLE = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted), min_size=1, max_size=30)


def split(pairs):
    """Counts and populations from sorted pairs."""
    counts, population = np.array(pairs).T
    return counts, population


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RULES, PEOPLE)
def test_what_is_published_is_read_as_an_interval_that_holds_the_count(table_of, rule, pairs):
    counts, population = split(pairs)
    read = interpret_counts(table_of(publish(counts, Publication(**rule)), population, rule))
    assert (read.lower <= counts).all()
    assert (counts <= read.upper).all()
    assert (read.lower >= 0).all()
    assert (read.upper <= population).all()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RULES, PEOPLE)
def test_masking_is_publishing_and_reading(table_of, rule, pairs):
    counts, population = split(pairs)
    read = interpret_counts(table_of(publish(counts, Publication(**rule)), population, rule))
    lower, upper, status = mask(counts, population, Publication(**rule))
    assert lower.tolist() == read.lower.tolist()
    assert upper.tolist() == read.upper.tolist()
    assert status.tolist() == read.status.tolist()


@given(RULES, PEOPLE)
def test_counts_that_cannot_be_told_apart_get_the_same_interval(rule, pairs):
    """Whatever the count within an interval, publication gives that interval again: nothing leaks."""
    counts, population = split(pairs)
    rule = Publication(**(rule | {"zero_symbols": ()}))
    lower, upper, _ = mask(counts, population, rule)
    for end in (lower, upper):
        again_lower, again_upper, _ = mask(end, population, rule)
        assert again_lower.tolist() == lower.tolist()
        assert again_upper.tolist() == upper.tolist()


def test_draws_are_masked_in_one_go():
    draws, population = np.array([[3, 40], [12, 41]]), np.array([20, 50])
    lower, upper, status = mask(draws, population, Publication(hidden_below=10))
    assert lower.tolist() == [[0, 40], [12, 41]]
    assert upper.tolist() == [[9, 40], [12, 41]]
    assert status.tolist() == [["suppressed", "exact"], ["exact", "exact"]]


def test_hiding_needs_a_symbol():
    with pytest.raises(StudyError, match="hidden_symbols"):
        publish(np.array([3]), Publication(hidden_symbols=()))
