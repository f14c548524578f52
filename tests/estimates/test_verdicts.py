"""Verdicts: six classes from three probabilities, with the false discoveries of each list."""

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule, beyond, classify, threshold
from bayesmodel.estimates.verdicts import verdicts


@pytest.fixture(scope="module")
def judged(spread):
    return verdicts(spread)


def test_probabilities_are_shares_of_draws(judged):
    ratio = judged.ratio.samples
    table = judged.probabilities.to_numpy()
    some = ~np.isnan(ratio[0])
    assert np.allclose(table[some, 0], (ratio[:, some] > 1.1).mean(axis=0))
    assert np.allclose(table[some, 2], (ratio[:, some] < 0.9).mean(axis=0))
    assert np.allclose(table[some].sum(axis=1), 1)
    assert np.isnan(table[~some]).all()


def test_every_class_occurs_and_keeps_its_rule(judged):
    table, rule = judged.summary(), judged.rule
    clear = table[table["verdict"] == "clearly higher"]
    assert len(clear) > 1
    assert (clear["p_higher"] >= rule.clear).all()
    assert 1 - clear["p_higher"].mean() == pytest.approx(judged.false_discovery_rate(VerdictClass.CLEARLY_HIGHER))
    assert judged.false_discovery_rate(VerdictClass.CLEARLY_HIGHER) <= rule.false_discovery
    probable = table[table["verdict"] == "probably higher"]
    assert probable["p_higher"].between(rule.probable, clear["p_higher"].min()).all()
    rest = table[table["verdict"] == "inconclusive"].dropna()
    assert (rest[["p_higher", "p_within", "p_lower"]].max(axis=1) < rule.probable).all()


def test_of_nobody_nothing_is_to_say(judged):
    assert set(judged.classes[judged.probabilities["p_within"].isna()]) == {VerdictClass.INCONCLUSIVE}


def test_the_order_is_from_high_to_low_and_that_of_the_codes_does_not_matter(judged, spread):
    order = judged.summary()["verdict"].map({str(verdict): place for place, verdict in enumerate(VerdictClass)})
    assert order.is_monotonic_increasing
    codes = judged.classes.index[judged.ratio.samples[0] > 0].tolist()
    turned = verdicts(spread, areas=codes[::-1]).summary()
    assert turned.equals(verdicts(spread, areas=codes).summary())


def test_numbers_of_places_add_up(judged):
    assert judged.counts["areas"].sum() == 40
    for verdict in VerdictClass:
        assert len(judged.listed(verdict)) == judged.counts.loc[verdict, "areas"]


def test_the_margin_is_the_studys_unless_the_rule_says_so(fit):
    assert verdicts(fit).rule.margin == fit.study.report.margin


def test_a_list_is_as_long_as_its_false_discoveries_allow():
    chance = np.array([0.99, 0.97, 0.95, 0.93, 0.6, np.nan])
    assert threshold(chance, 0.05) == 0.93  # of 0.01, 0.03, 0.05 and 0.07 the mean is 0.04; with 0.4 it is 0.112
    assert threshold(chance, 0.035) == 0.95
    assert threshold(chance, 0.001) == np.inf


def test_places_of_one_probability_are_listed_together_or_not_at_all():
    chance = np.array([1.0, 0.9, 0.9])
    assert threshold(chance, 0.05) == 1.0  # with one of both the rate is 0.05, with both 0.067


def test_a_list_within_its_rate_still_asks_each_area_to_be_clear():
    higher = np.array([1.0] * 20 + [0.85])
    found = classify(higher, 1 - higher, np.zeros(21), VerdictRule())
    assert found[-1] is VerdictClass.PROBABLY_HIGHER
    assert set(found[:-1]) == {VerdictClass.CLEARLY_HIGHER}


def test_lower_mirrors_higher():
    higher = np.array([0.99, 0.85, 0.2])
    upside = classify(higher, np.zeros(3), 1 - higher, VerdictRule())
    downside = classify(1 - higher, np.zeros(3), higher, VerdictRule())
    assert [str(each).replace("higher", "lower") for each in upside] == [str(each) for each in downside[:2]] + [
        str(upside[2])
    ]
    assert downside[2] is VerdictClass.PROBABLY_HIGHER


def test_beyond_counts_draws_on_either_side():
    ratio = np.array([[1.2, 0.8], [1.05, 0.95], [0.7, 1.3], [1.0, 0.85]])
    higher, within, lower = beyond(ratio, 0.1)
    assert higher.tolist() == [0.25, 0.25]
    assert within.tolist() == [0.5, 0.25]
    assert lower.tolist() == [0.25, 0.5]


def test_every_verdict_has_words_in_both_languages():
    assert {verdict.label.en for verdict in VerdictClass} == {str(verdict) for verdict in VerdictClass}
    assert len({verdict.label.nl for verdict in VerdictClass}) == len(VerdictClass)


def test_a_rule_that_contradicts_itself_is_refused():
    with pytest.raises(ComparisonError, match="probable <= clear"):
        VerdictRule(clear=0.7)


def test_an_unknown_expectation_is_named_as_one(fit):
    with pytest.raises(UnknownNameError, match=r"Unknown expectation 'nosuch'. Known: determinants"):
        verdicts(fit, "nosuch")


def test_an_unknown_use_gets_help(fit):
    with pytest.raises(UnknownNameError, match=r"difference\.actual\.gemeente"):
        verdicts(fit, "gemeente", of="actuel")


def test_an_empty_list_claims_nothing(fit):
    counts = verdicts(fit).counts
    empty = counts["areas"] == 0
    assert empty.any()
    assert counts.loc[empty, "false_discovery_rate"].isna().all()
