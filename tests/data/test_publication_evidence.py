"""Evidence for a rule: candidates publish as the numbers begin, and a score is a likelihood of how areas divide."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.data.interpret import publish
from bayesmodel.data.publication import highest_hidden
from bayesmodel.data.publication_evidence import (
    CLEARLY,
    PublishedNumbers,
    better_rules,
    candidate_rules,
    highest_looked_at,
    rule_as_toml,
    rule_in_words,
    rule_scores,
)
from bayesmodel.study.parts import Publication

RULES = [
    Publication(hidden_below=10, hidden_symbols=(".",)),
    Publication(hidden_below=10, raised_from=8, hidden_symbols=(".",)),
    Publication(hidden_below=10, hidden_from=1, hidden_symbols=(".",)),
    Publication(hidden_below=8, rounded_to=5, hidden_symbols=(".",)),
    Publication(hidden_below=10, rounded_to=5, hidden_symbols=(".",)),
    Publication(hidden_below=10, rounded_to=5, hidden_when="after rounding", hidden_symbols=(".",)),
]
NAMES = [rule_as_toml(rule) for rule in RULES]


def published(counts, rule):
    """What is published of counts, by writing every cell."""
    cells = publish(counts, rule)
    return PublishedNumbers.of((cells == ".").sum(), cells[cells != "."].astype(int))


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_under_every_candidate_the_numbers_begin_at_the_same_number(rule):
    every = np.arange(60)
    smallest = published(every, rule).smallest(rule)
    candidates = candidate_rules(rule, smallest)
    assert candidates[0] is rule
    assert {published(every, each).smallest(each) for each in candidates} == {smallest}
    highest = [highest_hidden(each) for each in candidates]
    assert len(set(highest)) == len(highest)


def test_a_rule_that_hides_nothing_has_no_other():
    assert candidate_rules(Publication(hidden_below=0), 3) == (Publication(hidden_below=0),)


@given(st.sampled_from(RULES), st.integers(0, 10_000))
def test_on_average_no_rule_scores_above_the_true_one(rule, seed):
    """Gibbs: with numbers as expected under a rule, any other loses."""
    expected = np.random.default_rng(seed).uniform(1, 50, 60)
    cells = publish(np.arange(60), rule)
    found = PublishedNumbers(
        int(1e6 * expected[cells == "."].sum()),
        (pd.Series(1e6 * expected[cells != "."]).groupby(cells[cells != "."].astype(int)).sum()).astype(int),
    )
    smallest = found.smallest(rule)
    scores = rule_scores(expected, found, candidate_rules(rule, smallest), highest_looked_at(rule, smallest))
    assert (scores["score"] <= 1e-6).all()
    assert better_rules(scores) == []


def test_the_score_is_the_difference_of_multinomial_log_likelihoods():
    from scipy.stats import multinomial

    expected = np.linspace(30, 20, 20)
    found = PublishedNumbers(250, pd.Series({10: 80, 11: 25, 12: 24, 13: 20, 14: 25, 15: 20, 16: 99}))
    own, other = Publication(hidden_below=10), Publication(hidden_below=10, raised_from=8)
    scores = rule_scores(expected, found, (own, other), 15)
    seen = [250, 80, 25, 24, 20, 25, 20]
    both = []
    for first in (10, 8):
        mass = np.r_[expected[:first].sum(), expected[first:11].sum(), expected[11:16]]
        both.append(multinomial.logpmf(seen, sum(seen), mass / mass.sum()))
    assert scores["score"].tolist() == pytest.approx([0, both[1] - both[0]])
    assert scores["hidden"].tolist() == [9, 7]


def test_what_all_small_counts_share_changes_no_score():
    expected, found = np.linspace(30, 20, 30), PublishedNumbers(250, pd.Series({10: 80, 11: 25, 12: 24}))
    rules = candidate_rules(Publication(hidden_below=10), 10)
    pd.testing.assert_frame_equal(rule_scores(expected, found, rules, 15), rule_scores(7 * expected, found, rules, 15))


def test_zeros_that_are_shown_change_no_score():
    expected, rule = np.linspace(30, 20, 30), Publication(hidden_below=10, hidden_from=1)
    few, many = (PublishedNumbers(200, pd.Series({0: zeros, 10: 80, 11: 25})) for zeros in (3, 3000))
    rules = candidate_rules(rule, 10)
    pd.testing.assert_frame_equal(rule_scores(expected, few, rules, 15), rule_scores(expected, many, rules, 15))


def test_a_rule_is_clearly_better_by_all_cells_and_by_the_numbers_shown():
    just = CLEARLY + 0.01
    for score, shown, expected in ((just, just, [1]), (just, CLEARLY - 0.01, []), (CLEARLY - 0.01, just, [])):
        assert better_rules(pd.DataFrame({"score": [0, score], "shown": [0, shown]})) == expected
    assert np.exp(CLEARLY) == pytest.approx(1000)


def test_a_rule_is_said_as_toml_and_in_words():
    assert [rule_as_toml(rule) for rule in RULES[1:4:2]] == [
        "hidden_below = 10, raised_from = 8",
        'hidden_below = 8, rounded_to = 5, hidden_when = "before rounding"',
    ]
    assert rule_in_words(RULES[0], 10) == "hidden is 0..9, 10 is 10"
    assert rule_in_words(RULES[3], 10) == "hidden is 0..7, 10 is 8..12"
