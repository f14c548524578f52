"""Explanations: the numbers of the tables in words, the same in both languages, hidden counts worded as such."""

import re
from dataclasses import replace

import pytest

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.explain import _short_of, explain
from bayesmodel.estimates.use import use
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.testing import invented_fit

SURE = VerdictRule(margin=0.02, clear=0.51, probable=0.501, false_discovery=0.5)


def numbers(text, point):
    """The numbers of a sentence, decimals after `point`."""
    found = re.findall(r"(?<![A-Z])\b\d[\d.,]*\d|\b\d\b", text)
    return [each.replace(point, "!").replace(",", "").replace(".", "").replace("!", ".") for each in found]


@pytest.mark.parametrize("areas", ["wijk", "gemeente", None])
@pytest.mark.parametrize("rule", [None, SURE])
def test_dutch_and_english_hold_the_same_numbers(fit, areas, rule):
    for _, row in explain(fit, areas, rule=rule).iterrows():
        assert numbers(row["nl"], ",") == numbers(row["en"], ".")
        assert "{" not in row["nl"] + row["en"]


def test_a_known_count_is_told_with_its_share(fit):
    text = explain(fit, "WK000100").loc["WK000100"]
    assert text["nl"].startswith("Wijk 000100 (WK000100) telt 46 jongeren met jeugdhulp op 400 jongeren (11,5%); ")
    assert text["en"].startswith("Wijk 000100 (WK000100) has 46 young people in care among 400 young people (11.5%); ")


def test_a_hidden_count_is_an_estimate_within_what_was_published(fit):
    table = use(fit, "actual", areas="WK000102").summary().iloc[0]
    text = explain(fit, "WK000102").loc["WK000102", "nl"]
    assert f"naar schatting {table['lower']:.0f} tot {table['upper']:.0f} jongeren" in text
    assert "het aantal is verborgen en ligt tussen 0 en 9" in text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("WK000200", "het aantal is afgerond en ligt tussen 32 en 36"),
        ("WK000202", "er is geen aantal gepubliceerd"),
        ("WK000300", "Wijk 000300 (WK000300) telt geen jongeren."),
        ("GM0001", "samen 3 wijken, waarvan 1 met een verborgen aantal"),
    ],
)
def test_every_state_of_a_count_has_its_own_words(fit, code, words):
    assert words in explain(fit, code).loc[code, "nl"]


def test_the_expectation_is_named_with_its_interval(fit):
    row = expected(fit, "gemeente", areas="WK000101").summary().iloc[0]
    text = explain(fit, "WK000101", "gemeente").loc["WK000101", "en"]
    wanted = f"{row['mean']:.1f} (90% interval {row['lower']:.1f} to {row['upper']:.1f})"
    assert f"expected from the determinants, gemeente and youth-care region: {wanted}" in text


def test_an_area_reads_the_same_whoever_asks(fit):
    everyone = explain(fit, "wijk", rule=SURE)
    for code in ("WK000100", "WK000202"):
        assert explain(fit, [code], rule=SURE).loc[code].equals(everyone.loc[code])


def test_the_words_are_those_of_the_verdict(spread):
    judged, texts = verdicts(spread), explain(spread, "wijk")
    said = judged.classes[judged.probabilities["p_within"].notna()]
    assert len(set(said)) > 3
    for code, verdict in said.items():
        assert VerdictClass(verdict).label.nl in texts.loc[code, "nl"]


def test_own_groups_are_explained_too(fit):
    assert (
        explain(fit, {"centre": ["WK000100", "WK000102"]}).loc["centre", "nl"].startswith("centre telt naar schatting")
    )


def test_an_unknown_expectation_gets_help(fit):
    with pytest.raises(UnknownNameError, match=r"Unknown expectation 'gemeenten'\. Did you mean gemeente"):
        explain(fit, "wijk", "gemeenten")


def test_no_probability_is_told_as_certain():
    texts = explain(invented_fit(), "wijk", rule=VerdictRule(margin=0.9))
    assert "meer dan 99%" in texts.loc["WK000100", "nl"]
    assert not texts["en"].str.contains(r"\b100%|\b0%").any()


def test_what_is_inconclusive_gives_each_side_its_own_probability(spread):
    found = verdicts(spread, rule=VerdictRule(probable=0.98, clear=0.985))
    table = found.summary()
    unsure = table[(table["verdict"] == "inconclusive") & ((table["p_higher"] - table["p_lower"]).abs() > 0.2)]
    code, row = unsure.index[0], unsure.iloc[0]
    text = explain(spread, code, rule=found.rule).loc[code, "en"]
    up, down = (f"{row[name]:.0%}" if row[name] >= 0.01 else "less than 1%" for name in ("p_higher", "p_lower"))
    assert f"the probability of more than 10% higher is {up}, and that of more than 10% lower {down}" in text


@pytest.mark.parametrize(
    ("chance", "text"), [(0.794, "79%"), (0.7964, "79.6%"), (0.79996, "79.9%"), (0.8, "80%"), (0.9964, "more than 99%")]
)
def test_a_probability_that_gives_no_verdict_does_not_read_as_one_that_does(chance, text):
    """Whole per cents would say 80% of .796, where a verdict needs .8."""
    assert _short_of(0.8, chance, "en") == text


@pytest.mark.parametrize(
    ("code", "said"), [("GM0001", "this is no comparison: each wijk is held"), ("GM0004", "no comparison inside the")]
)
def test_a_whole_gemeente_is_not_compared_with_the_others_in_it(code, said):
    """All its wijken are among these others; of a gemeente of one wijk there are none."""
    assert said in explain(invented_fit(areas=10), code, "gemeente_others").loc[code, "en"]


def test_rounded_counts_of_a_group_are_why_its_sum_is_estimated(fit):
    assert (
        "3 wijken together, 1 of them with a count that stands for several"
        in explain(fit, "GM0002").loc["GM0002", "en"]
    )


def test_a_name_that_two_levels_have_is_said_with_its_level(fit):
    areas = fit.counts.areas
    assert "(GM0001)" in explain(fit, "GM0001").loc["GM0001", "nl"]
    labels = {
        level: names.where(names.index != names.index[0], "Groningen") for level, names in areas.level_labels.items()
    }
    named = replace(fit, counts=replace(fit.counts, areas=replace(areas, level_labels=labels)))
    assert "Groningen (gemeente GM0001) telt" in explain(named, "GM0001").loc["GM0001", "nl"]
    assert "Groningen (youth-care region JZ01) has" in explain(named, "JZ01").loc["JZ01", "en"]
    assert "(GM0002)" in explain(named, "GM0002").loc["GM0002", "nl"]
