"""A rule is proposed from what the counts show, and asked for where they do not."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.interpret import publish
from bayesmodel.scaffold.publication_rule import propose_publication
from bayesmodel.study.parts import Publication

LARGE, SMALL = 1000.0, 40.0


def rule(shown, symbols=(), people=SMALL):
    cells = pd.Series([*map(str, shown), *symbols], dtype=str)
    population = pd.Series([LARGE] * len(shown) + [people] * len(symbols))
    return propose_publication(cells, population).rule


def test_rounded_to_five_from_ten_is_the_rule_of_cbs():
    proposed = rule([10, 15, 100, 85], ["."])
    assert (proposed["rounded_to"], proposed["hidden_below"], proposed["hidden_symbols"]) == (5, 8, ["."])


def test_exact_counts_from_ten():
    proposed = rule([10, 13, 101, 84], [".", "x"])
    assert (proposed["rounded_to"], proposed["hidden_below"], proposed["hidden_symbols"]) == (1, 10, [".", "x"])


@pytest.mark.parametrize(("symbol", "limit"), [("<5", 5), ("< 10", 10)])
def test_a_symbol_may_say_the_limit(symbol, limit):
    assert rule([31, 44, 101, 84], [symbol])["hidden_below"] == limit


@pytest.mark.parametrize("smallest", [3, 7, 45])
def test_a_smallest_count_that_is_no_usual_limit_is_asked(smallest):
    asked = rule([smallest, 101, 84, 91], ["."])["hidden_below"]
    assert asked == (5 if smallest == 7 else "?")


def test_without_symbols_nothing_is_hidden():
    assert rule([0, 3, 101, 84]) == {"rounded_to": 1, "hidden_symbols": [], "missing_symbols": [], "hidden_below": 0}


def test_empty_cells_are_hidden_where_few_are_expected_missing_where_many_are_and_asked_in_between():
    shown = [100, 120, 96, 133]
    assert rule(shown, [""] * 4, SMALL)["hidden_symbols"] == [""]
    assert rule(shown, [""] * 4, LARGE)["missing_symbols"] == [""]
    cells = pd.Series([*map(str, shown), "", ""])
    mixed = propose_publication(cells, pd.Series([LARGE] * 4 + [SMALL, LARGE]))
    assert (mixed.rule["hidden_symbols"], mixed.rule["missing_symbols"]) == ("?", "?")
    assert "empty 2 times" in mixed.evidence["hidden_symbols"]


def test_a_sign_of_hidden_counts_where_many_are_expected_is_asked():
    proposed = propose_publication(pd.Series(["100", "120", "96", "133", "."]), pd.Series([LARGE] * 5))
    assert proposed.rule["hidden_symbols"] == "?"
    assert "'.' 1 time, 0% of them in areas where fewer than 20 are expected" in proposed.evidence["hidden_symbols"]


@pytest.mark.parametrize("symbols", [["-"], [".", ""], ["anders"]])
def test_symbols_with_several_meanings_are_asked(symbols):
    assert rule([10, 13, 101, 84], symbols)["hidden_symbols"] == "?"


def test_where_zeros_are_shown_a_hidden_count_is_at_least_one():
    assert rule([0, 12, 13, 101], ["."])["hidden_from"] == 1
    assert "hidden_from" not in rule([12, 13, 101], ["."])


def test_a_table_of_symbols_only_asks():
    assert rule([], [".", "."])["hidden_below"] == "?"


def test_the_share_that_is_said_is_of_the_symbols_that_are_asked_about():
    """A date stands in an area of hundreds; that dots stand in small ones says nothing of it."""
    cells = pd.Series([".", ".", "90", "80", "120", "60", "12-3"])
    population = pd.Series([30.0, 40, 900, 800, 1100, 600, 900])
    said = propose_publication(cells, population).evidence["hidden_symbols"]
    assert "0% of them in areas where fewer than 20 are expected" in said
    assert "100%" not in said
    assert "12-3" in said


def test_without_a_population_no_share_is_said_and_a_symbol_is_asked_about():
    cells = pd.Series([".", ".", "90", "80", "120", "60"])
    found = propose_publication(cells, pd.Series(float("nan"), cells.index))
    assert found.rule["hidden_symbols"] == "?"
    assert "%" not in found.evidence["hidden_symbols"]


def test_not_all_is_never_a_hundred_per_cent():
    cells = pd.Series(["."] * 300 + ["90", "80", "120", "60"])
    population = pd.Series([30.0] * 299 + [900.0] + [900.0, 800, 1100, 600])
    assert propose_publication(cells, population).evidence["hidden_symbols"].startswith("'.' 300 times, 99%")


def published_by(rule, areas=4000):
    """Cells and people of areas whose counts are Poisson around a tenth, published by a rule."""
    rng = np.random.default_rng(4)
    people = rng.integers(20, 800, areas)
    return pd.Series(publish(rng.poisson(0.1 * people), rule)), pd.Series(people.astype(float))


def test_a_heap_at_the_limit_is_asked_about():
    proposed = propose_publication(*published_by(Publication(raised_from=8, hidden_symbols=(".",))))
    assert (proposed.rule["hidden_below"], proposed.rule["raised_from"]) == (10, "?")
    assert "The count 10 is shown" in proposed.evidence["raised_from"]
    assert "Then write 8" in proposed.evidence["raised_from"]


def test_without_a_heap_nothing_is_asked():
    for rule in (Publication(hidden_symbols=(".",)), Publication(hidden_below=8, rounded_to=5, hidden_symbols=(".",))):
        proposed = propose_publication(*published_by(rule))
        assert "raised_from" not in proposed.rule
        assert proposed.rule["hidden_below"] == rule.hidden_below


def test_a_limit_that_the_rounded_counts_contradict_is_asked():
    rule = Publication(hidden_below=10, rounded_to=5, hidden_symbols=(".",))
    proposed = propose_publication(*published_by(rule, 20_000))
    assert proposed.rule["hidden_below"] == "?"
    assert "Then write 10" in proposed.evidence["hidden_below"]
