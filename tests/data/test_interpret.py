import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.errors import DataError

HIDDEN_UNDER_TEN = {"hidden_below": 10, "hidden_symbols": ["."], "missing_symbols": [""], "zero_symbols": ["-"]}
KWB = {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": ["."]}


def faults_of(table):
    with pytest.raises(DataError) as caught:
        interpret_counts(table)
    return {fault.found: list(fault.rows) for fault in caught.value.faults}


def test_the_states_are_never_mixed(table_of):
    counts = interpret_counts(table_of(["12", ".", "", "-", "."], [50, 50, 50, 50, 0], HIDDEN_UNDER_TEN))
    assert counts.status.tolist() == ["exact", "suppressed", "missing", "exact", "zero"]
    assert counts.lower.tolist() == [12, 0, 0, 0, 0]
    assert counts.upper.tolist() == [12, 9, 50, 0, 0]


def test_rounded_counts_stand_for_five_counts(table_of):
    counts = interpret_counts(table_of(["10", "15", ".", "10", "."], [80, 80, 80, 9, 3], KWB))
    assert counts.status.tolist() == ["rounded", "rounded", "suppressed", "rounded", "suppressed"]
    assert counts.lower.tolist() == [8, 13, 0, 8, 0]
    assert counts.upper.tolist() == [12, 17, 7, 9, 3]


def test_notes_say_what_each_symbol_was_taken_for(table_of):
    counts = interpret_counts(table_of(["12", ".", "", "-", "."], [50, 50, 50, 50, 0], HIDDEN_UNDER_TEN))
    assert counts.notes == (
        "1 hidden ('.'), read as 0..9; 1 missing (empty cell); 2 exact; 1 of them a symbol of zero ('-'); "
        "1 without people, left out of the fit.",
    )
    counts = interpret_counts(table_of(["10"], [50], KWB))
    assert counts.notes == ("0 hidden ('.'), read as 0..7; 0 missing (none); 1 rounded to 5; 0 exact.",)


def test_all_faults_at_once(table_of):
    published = ["12", "5", "60", "-3", "12,5", "geheim", "12.0", "0"]
    faults = faults_of(table_of(published, [50] * 7 + [0], HIDDEN_UNDER_TEN))
    assert faults == {
        "numbers that the rule hides": ["WK000001 ('5')"],
        "counts above the population": ["WK000002 ('60 of 50')"],
        "negative numbers": ["WK000003 ('-3')"],
        "numbers with decimals": ["WK000004 ('12,5')"],
        "text that is no known symbol": ["WK000005 ('geheim')"],
    }


def test_the_message_says_which_symbols_are_known_and_where_to_state_them(table_of):
    with pytest.raises(DataError, match=r"hidden_symbols '\.'; missing_symbols empty cell; zero_symbols '-'") as caught:
        interpret_counts(table_of(["x"], [50], HIDDEN_UNDER_TEN))
    assert "[publication]" in str(caught.value)


def test_a_published_zero_must_be_stated_where_small_counts_are_hidden(table_of):
    with pytest.raises(DataError, match="hidden_from = 1"):
        interpret_counts(table_of(["0"], [50], HIDDEN_UNDER_TEN))
    shown = interpret_counts(table_of(["0", "."], [50, 50], HIDDEN_UNDER_TEN | {"hidden_from": 1}))
    assert (shown.lower.tolist(), shown.upper.tolist()) == ([0, 1], [0, 9])
    assert shown.status.tolist() == ["exact", "suppressed"]
    stated = interpret_counts(table_of(["0"], [50], HIDDEN_UNDER_TEN | {"zero_symbols": ["0"]}))
    assert (stated.lower.tolist(), stated.upper.tolist(), stated.status.tolist()) == ([0], [0], ["exact"])


def test_a_zero_that_rounding_gives_to_other_counts_is_no_symbol_of_zero(table_of):
    rule = {"hidden_below": 0, "rounded_to": 5, "zero_symbols": ["0"]}
    assert faults_of(table_of(["0"], [50], rule)) == {"'0' as a symbol of zero": ["WK000000 ('0')"]}
    read = interpret_counts(table_of(["0"], [50], rule | {"zero_symbols": []}))
    assert (read.lower.tolist(), read.upper.tolist(), read.status.tolist()) == ([0], [2], ["rounded"])


def test_a_number_that_is_no_multiple(table_of):
    assert faults_of(table_of(["12", "10"], [50, 50], KWB)) == {"numbers that are no multiple": ["WK000000 ('12')"]}


def test_a_rounded_count_may_exceed_the_population_only_by_rounding(table_of):
    assert faults_of(table_of(["15"], [12], KWB)) == {"counts above the population": ["WK000000 ('15 of 12')"]}
    assert interpret_counts(table_of(["15"], [13], KWB)).upper.tolist() == [13]


def test_a_hidden_symbol_where_nothing_is_hidden(table_of):
    assert faults_of(table_of(["."], [50], {"hidden_below": 0, "hidden_symbols": ["."]})) == {
        "a symbol of hidden": ["WK000000 ('.')"]
    }


def test_a_symbol_that_looks_like_a_number_is_a_symbol(table_of):
    rule = {"missing_symbols": ["-99999999"], "hidden_symbols": ["."]}
    assert interpret_counts(table_of(["-99999999"], [50], rule)).status.tolist() == ["missing"]
