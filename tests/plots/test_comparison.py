"""Comparison: the probability is that of the comparison itself, in words."""

from bayesmodel.estimates.compare import compare
from bayesmodel.plots.posteriors import comparison


def test_the_probability_is_said(fit, look_at):
    found = compare(fit, ["WK000100", "GM0002", "WK000102"])
    seen = look_at(comparison(found))
    for other, name in (("GM0002", "Gemeente 0002"), ("WK000102", "Wijk 000102")):
        told = f"De kans dat Wijk 000100 hoger is dan {name}: {100 * found.p_higher.loc['WK000100', other]:.0f}%."
        assert told in seen.caption
    assert "The probability that Wijk 000100 is above" in look_at(comparison(found, language="en")).caption


def test_a_hidden_wijk_among_groups_is_still_hidden(fit, look_at):
    seen = look_at(comparison(compare(fit, ["GM0002", "WK000102", "WK000100"])))
    assert seen.legend == [
        "schatting (gebieden samen)",
        "schatting (aantal gepubliceerd)",
        "schatting (aantal verborgen)",
    ]


def test_groups_are_neither_published_nor_hidden(fit, look_at):
    assert look_at(comparison(compare(fit, ["GM0001", "GM0002"]))).axes.get_legend() is None
